import type { Express, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Clock } from '../heart/clock.ts';
import type { Random } from '../heart/random.ts';
import type { Site } from '../heart/site.ts';
import { CLOUD_SCOPES, type CloudIdentity } from './cloud-identity.ts';
import { beginAuthorization, endAuthorization, grantOf, issueCloudTokens, type Parameters } from './cloud-oauth.ts';
import { consentPage, messagePage } from './consent-pages.ts';

export interface IdentityWorld {
  readonly identity: CloudIdentity;
  readonly clock: Clock;
  readonly random: Random;
  /** The Cloud sites with the servers that answer for them. */
  readonly sites: readonly { readonly heart: Site; readonly face: express.RequestHandler }[];
}

const form = z.record(z.string(), z.string()).catch({});
const queryOf = (request: Request): Parameters =>
  Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]));

/** People of all sites: the account that is chosen decides the site. */
const peopleOf = ({ sites }: IdentityWorld) =>
  sites.flatMap(({ heart }) =>
    [...heart.users.values()]
      .filter((user) => user.accountType === 'atlassian' && user.active)
      .map((user) => ({ value: `${heart.cloudId} ${user.accountId}`, label: `${heart.title} – ${user.displayName}` })),
  );

/** auth.atlassian.com: the consent page and the token endpoint, which takes JSON, and a form as well. */
function mountAuthorization(server: Express, world: IdentityWorld): void {
  server.get('/authorize', (request, response) => {
    const begun = beginAuthorization(world, queryOf(request));
    if (begun.kind === 'misdirected') response.status(400).send(messagePage('Something is wrong with this app', begun.reason));
    else if (begun.kind === 'refused') response.redirect(302, begun.address);
    else
      response.send(
        consentPage({
          client: begun.app.name,
          site: 'your Atlassian account',
          person: null,
          people: peopleOf(world),
          rights: begun.consent.scopes.map((scope) => CLOUD_SCOPES[scope] ?? scope),
          action: '/authorize',
          hiddenFields: { consent: begun.consent.id },
          returnTo: begun.consent.redirectUri,
        }),
      );
  });
  server.post('/authorize', express.urlencoded({ extended: false }), (request, response) => {
    const fields = form.parse(request.body);
    const consent = world.identity.pending.get(fields['consent'] ?? '');
    if (consent === undefined) {
      response.status(400).send(messagePage('Nothing to authorize', 'This request was answered already, or never made.'));
      return;
    }
    const [cloudId = '', accountId = ''] = (fields['person'] ?? '').split(' ');
    const known = peopleOf(world).some(({ value }) => value === fields['person']);
    const allowed = fields['decision'] === 'allow' && known;
    response.redirect(302, endAuthorization(world, consent, allowed ? { cloudId, accountId } : null));
  });
  server.post('/oauth/token', express.json(), express.urlencoded({ extended: false }), (request, response) => {
    const issued = issueCloudTokens(world, form.parse(request.body));
    response.set('Cache-Control', 'no-store');
    if (issued.ok) response.json(issued.body);
    else response.status(issued.status).json({ error: issued.error, error_description: issued.error_description });
  });
}

const bearerOf = (request: Request): string => /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
const unauthorized = (response: Response): void => void response.status(401).json({ code: 401, message: 'Unauthorized' });

/** api.atlassian.com: where a token may go, who it is of, and the way to the sites. */
function mountGatewayRoutes(server: Express, world: IdentityWorld): void {
  const { identity, sites } = world;
  server.get('/oauth/token/accessible-resources', (request, response) => {
    const grant = grantOf(world, bearerOf(request));
    if (grant === null) {
      unauthorized(response);
      return;
    }
    const scopes = grant.scopes.filter((scope) => scope.includes('jira'));
    response.json(
      sites
        .filter(({ heart }) => heart.cloudId === grant.cloudId)
        .map(({ heart }) => ({
          id: heart.cloudId,
          url: heart.baseUrl,
          name: heart.name,
          scopes,
          avatarUrl: `${heart.baseUrl}/avatars/site.png`,
        })),
    );
  });
  server.get('/me', (request, response) => {
    const grant = grantOf(world, bearerOf(request));
    const user = sites.find(({ heart }) => heart.cloudId === grant?.cloudId)?.heart.users.get(grant?.accountId ?? '');
    if (grant === null || user === undefined || !grant.scopes.includes('read:me')) unauthorized(response);
    else
      response.json({ account_type: 'atlassian', account_id: user.accountId, email: user.emailAddress, name: user.displayName });
  });
  server.use('/ex/jira/:cloudId', (request, response, next) => {
    const site = sites.find(({ heart }) => heart.cloudId === request.params['cloudId']);
    if (site === undefined) {
      response.status(404).json({ code: 404, message: 'Not found' });
      return;
    }
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const [email = '', token = ''] = Buffer.from(basic ?? '', 'base64')
      .toString('utf8')
      .split(':');
    const scoped = identity.scopedTokens.get(token);
    // An API token with scopes comes with its person's address; from here on it is like any other token of the gateway.
    if (scoped !== undefined && site.heart.users.get(scoped.accountId)?.emailAddress === email.toLowerCase())
      request.headers.authorization = `Bearer ${token}`;
    request.url = request.originalUrl;
    site.face(request, response, next);
  });
}

/** What auth.atlassian.com and api.atlassian.com are in the real world, at one address. */
export function mountIdentity(server: Express, world: IdentityWorld): void {
  mountAuthorization(server, world);
  mountGatewayRoutes(server, world);
}
