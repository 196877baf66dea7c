import type { Express, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { DATA_CENTER_SCOPES } from '../identity/data-center-access.ts';
import { makePersonalToken } from '../identity/personal-tokens.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { userNamed } from './people.ts';

/** The control API of what only Data Center has, below `/__sim`. README.md lists it. */

const oauth2Link = z.strictObject({
  name: z.string().min(1),
  redirectUris: z.array(z.url()).min(1),
  scope: z.enum(DATA_CENTER_SCOPES).default('WRITE'),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
});
const oauth1Link = z.strictObject({
  name: z.string().min(1),
  consumerKey: z.string().min(1),
  publicKey: z.string().min(1),
  callbackUrl: z.url().nullable().default(null),
});
const personalToken = z.strictObject({
  user: z.string(),
  name: z.string().default('made by the control API'),
  days: z.int().min(1).nullable().default(null),
});
const rateLimit = z.strictObject({ limit: z.int().min(0), fillRate: z.int().min(1), intervalSeconds: z.int().min(1) }).nullable();
const revocation = z.strictObject({ user: z.string().optional(), client: z.string().optional() });

const reading =
  <T>(schema: z.ZodType<T>, use: (value: T, response: Response) => void) =>
  (request: Request, response: Response): void => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ error: z.prettifyError(parsed.error) });
    else use(parsed.data, response);
  };

function mountLinks(api: express.Router, { heart, access }: DataCenterSite): void {
  api.get('/links', (_request, response) => {
    response.json({ oauth2: [...access.links.values()], oauth1: [...access.consumers.values()] });
  });
  api.post(
    '/links/oauth2',
    reading(oauth2Link, ({ clientId, clientSecret, ...link }, response) => {
      const whole = {
        ...link,
        clientId: clientId ?? heart.random.hex(32),
        clientSecret: clientSecret ?? heart.random.hex(64),
      };
      access.links.set(whole.clientId, whole);
      response.status(201).json(whole);
    }),
  );
  api.post(
    '/links/oauth1',
    reading(oauth1Link, ({ consumerKey, ...link }, response) => {
      access.consumers.set(consumerKey, { ...link, key: consumerKey });
      response.status(201).json({ consumerKey });
    }),
  );
  api.delete('/links/:client', (request, response) => {
    const client = request.params['client'] ?? '';
    for (const [id, grant] of access.grants) if (grant.clientId === client) access.grants.delete(id);
    for (const [id, token] of access.oauth1Tokens) if (token.consumerKey === client) access.oauth1Tokens.delete(id);
    const known = [access.links.delete(client), access.consumers.delete(client)].includes(true);
    response.status(known ? 204 : 404).end();
  });
}

/** Takes back what was granted: of one user, of one client, or all. */
function revoke({ access, heart }: DataCenterSite, { user, client }: z.infer<typeof revocation>): number {
  const key = user === undefined ? undefined : (userNamed(heart, user)?.accountId ?? user);
  const fits = (owner: string | null, of: string | null): boolean =>
    (key === undefined || key === owner) && (client === undefined || client === of);
  let revoked = 0;
  const drop = <Key>(map: Map<Key, unknown>, id: Key): void => {
    if (map.delete(id)) revoked += 1;
  };
  for (const [id, grant] of access.grants) if (fits(grant.userKey, grant.clientId)) drop(access.grants, id);
  for (const [id, token] of access.oauth1Tokens) if (fits(token.userKey, token.consumerKey)) drop(access.oauth1Tokens, id);
  for (const [id, token] of access.personalTokens) if (fits(token.userKey, null)) drop(access.personalTokens, id);
  return revoked;
}

/** Adds to the control API of every site. */
export function mountDataCenterControl(server: Express, site: DataCenterSite): void {
  const api = express.Router();
  api.use(express.json());
  mountLinks(api, site);
  api.post(
    '/personal-tokens',
    reading(personalToken, ({ user, name, days }, response) => {
      const person = userNamed(site.heart, user);
      const token = person === undefined ? null : makePersonalToken(site.heart, site.access, person, name, days);
      if (token === null) response.status(400).json({ error: 'There is no such user, or they have too many tokens.' });
      else response.status(201).json({ id: token.id, token: token.token });
    }),
  );
  api.post(
    '/revoke',
    reading(revocation, (body, response) => response.json({ revoked: revoke(site, body) })),
  );
  api.get('/rate-limit', (_request, response) => response.json(site.rateLimit.settings()));
  api.put(
    '/rate-limit',
    reading(z.strictObject({ settings: rateLimit }), ({ settings }, response) => {
      site.rateLimit.change(settings);
      response.json({ settings });
    }),
  );
  server.use('/__sim', api);
}
