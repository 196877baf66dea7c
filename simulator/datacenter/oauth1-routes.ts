import type { Express, Request, Response } from 'express';
import { consentPage, messagePage } from '../identity/consent-pages.ts';
import type { OAuth1Token } from '../identity/data-center-access.ts';
import { ACCESS_TOKEN_SECONDS, accessToken, type Checked, decide, requestToken } from '../identity/oauth1-provider.ts';
import { percentEncode } from '../identity/oauth1-signature.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { sessionUser, signedCallOf } from './dc-authenticate.ts';
import { askToLogIn, formOf } from './login-routes.ts';

const BASE = '/plugins/servlet/oauth';
const REQUEST_TOKEN_SECONDS = 600;
/** Beyond the token itself Jira lets a session be renewed for another month. */
const SESSION_SECONDS = ACCESS_TOKEN_SECONDS + 2_592_000;

const encoded = (fields: Readonly<Record<string, string | number>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(String(value))}`)
    .join('&');

function tell(
  site: DataCenterSite,
  response: Response,
  checked: Checked<OAuth1Token>,
  rest: Readonly<Record<string, string | number>>,
): void {
  if (checked.ok) {
    const { token, secret } = checked.value;
    response.type('text/plain').send(encoded({ oauth_token: token, oauth_token_secret: secret, ...rest }));
    return;
  }
  response
    .status(401)
    .set('WWW-Authenticate', `OAuth realm="${percentEncode(site.url)}", oauth_problem="${checked.problem}"`)
    .type('text/plain')
    .send(encoded({ oauth_problem: checked.problem }));
}

const waiting = (site: DataCenterSite, name: string | undefined): OAuth1Token | null => {
  const token = site.access.oauth1Tokens.get(name ?? '');
  const usable = token?.kind === 'request' && token.userKey === null && token.expiresAt > site.heart.clock.now();
  return usable ? token : null;
};

const GONE = 'The request token is not known, was answered already or has expired.';

function mountAuthorize(server: Express, site: DataCenterSite): void {
  server.get(`${BASE}/authorize`, (request: Request, response: Response) => {
    const user = sessionUser(site, request);
    const name = String(request.query['oauth_token'] ?? '');
    const token = waiting(site, name);
    if (user === null) askToLogIn(site, request, response);
    else if (token === null) response.status(400).send(messagePage('The application cannot be authorized', GONE));
    else
      response.send(
        consentPage({
          client: site.access.consumers.get(token.consumerKey)?.name ?? token.consumerKey,
          site: site.heart.title,
          person: user.displayName,
          people: [],
          rights: ['See and change everything that you can see and change'],
          action: `${site.contextPath}${BASE}/authorize`,
          hiddenFields: { oauth_token: name },
          returnTo: token.callback === 'oob' ? null : token.callback,
        }),
      );
  });
  server.post(`${BASE}/authorize`, (request: Request, response: Response) => {
    const user = sessionUser(site, request);
    const form = formOf(request);
    const token = waiting(site, form['oauth_token']);
    if (user === null || token === null) {
      response.status(400).send(messagePage('The application cannot be authorized', GONE));
      return;
    }
    const allowed = form['decision'] === 'allow';
    const target = decide(site.heart, token, user, allowed);
    if (!allowed) site.access.oauth1Tokens.delete(token.token);
    if (target !== null) response.redirect(302, target);
    else if (allowed) response.send(messagePage('Access approved', `Your verification code is ${token.verifier ?? ''}`));
    else response.send(messagePage('Access denied', 'The application was told nothing.'));
  });
}

/** Jira Data Center as an OAuth 1.0a provider: the three servlets, with RSA-SHA1 alone. */
export function mountOAuth1(server: Express, site: DataCenterSite): void {
  const { heart, access } = site;
  mountAuthorize(server, site);
  for (const method of ['get', 'post'] as const) {
    server[method](`${BASE}/request-token`, (request: Request, response: Response) =>
      tell(site, response, requestToken(heart, access, signedCallOf(site, request)), {
        oauth_callback_confirmed: 'true',
        oauth_expires_in: REQUEST_TOKEN_SECONDS,
      }),
    );
    server[method](`${BASE}/access-token`, (request: Request, response: Response) =>
      tell(site, response, accessToken(heart, access, signedCallOf(site, request)), {
        oauth_expires_in: ACCESS_TOKEN_SECONDS,
        oauth_session_handle: heart.random.hex(32),
        oauth_authorization_expires_in: SESSION_SECONDS,
      }),
    );
  }
}
