import type { Express, Request, Response } from 'express';
import type { User } from '../heart/site.ts';
import { consentPage, messagePage } from '../identity/consent-pages.ts';
import type { DataCenterScope } from '../identity/data-center-access.ts';
import {
  beginConsent,
  endConsent,
  issueTokens,
  type OAuthError,
  type Parameters,
  refusedAddress,
  revokeTokens,
} from '../identity/data-center-oauth.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { sessionUser } from './dc-authenticate.ts';
import { askToLogIn, formOf } from './login-routes.ts';

const BASE = '/rest/oauth2/latest';
const CONSENT = '/plugins/servlet/oauth2/consent';

const RIGHTS: Readonly<Record<DataCenterScope, string>> = {
  READ: 'See what you see',
  WRITE: 'See and change what you can change',
  ADMIN: 'Administer Jira, as far as you may',
  SYSTEM_ADMIN: 'Administer the system, as far as you may',
};

const queryOf = (request: Request): Parameters =>
  Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]));

/** Only a form is read, as RFC 6749 has it; JSON is not. */
const isForm = (request: Request): boolean => request.is('application/x-www-form-urlencoded') !== false;

const noForm: OAuthError = { error: 'invalid_request', error_description: 'The request must be form-encoded.' };

const noStore = (response: Response): Response => response.set('Cache-Control', 'no-store').set('Pragma', 'no-cache');

function mountAuthorize(server: Express, site: DataCenterSite): void {
  const { heart, access } = site;
  server.get(`${BASE}/authorize`, (request, response) => {
    if (sessionUser(site, request) === null) {
      askToLogIn(site, request, response);
      return;
    }
    const query = queryOf(request);
    const begun = beginConsent(heart, access, query);
    if (begun.kind === 'misdirected')
      response.status(400).send(messagePage('The application cannot be authorized', begun.reason));
    else if (begun.kind === 'refused')
      response.redirect(302, refusedAddress(begun.redirectUri, begun.error, query['state'] ?? null));
    else response.redirect(302, `${site.url}${CONSENT}?request=${begun.pending.id}`);
  });
  server.get(CONSENT, (request, response) => {
    const user = sessionUser(site, request);
    const pending = access.pending.get(String(request.query['request']));
    const link = access.links.get(pending?.clientId ?? '');
    if (user === null) askToLogIn(site, request, response);
    else if (pending === undefined || link === undefined)
      response.status(404).send(messagePage('Nothing to authorize', 'This request was answered already, or never made.'));
    else
      response.send(
        consentPage({
          client: link.name,
          site: heart.title,
          person: user.displayName,
          people: [],
          rights: [RIGHTS[pending.scope]],
          action: `${site.contextPath}${CONSENT}`,
          hiddenFields: { request: pending.id },
          returnTo: pending.redirectUri,
        }),
      );
  });
  server.post(CONSENT, (request, response) => {
    const user: User | null = sessionUser(site, request);
    const form = formOf(request);
    const pending = access.pending.get(form['request'] ?? '');
    if (user === null || pending === undefined)
      response
        .status(400)
        .send(messagePage('Nothing to authorize', 'This request was answered already, or you are not logged in.'));
    else response.redirect(302, endConsent(heart, access, pending, user, form['decision'] === 'allow'));
  });
}

/** Jira Data Center as an OAuth 2.0 provider: authorize, consent, token, revoke. */
export function mountOAuth2(server: Express, site: DataCenterSite): void {
  mountAuthorize(server, site);
  server.post(`${BASE}/token`, (request, response) => {
    const issued = isForm(request) ? issueTokens(site.heart, site.access, formOf(request)) : { ok: false as const, ...noForm };
    if (issued.ok) {
      noStore(response).json(issued.value);
      return;
    }
    const { ok: _ok, ...error } = issued;
    noStore(response)
      .status(error.error === 'invalid_client' ? 401 : 400)
      .json(error);
  });
  server.post(`${BASE}/revoke`, (request, response) => {
    const revoked = isForm(request) ? revokeTokens(site.access, formOf(request)) : { ok: false as const, ...noForm };
    if (revoked.ok) response.status(200).end();
    else response.status(revoked.error === 'invalid_client' ? 401 : 400).json({ error: revoked.error });
  });
}
