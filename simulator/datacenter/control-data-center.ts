import type { Express, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { makePersonalToken } from '../identity/personal-tokens.ts';
import { addOAuth1Consumer, addOAuth2Link, newOAuth1Consumer, newOAuth2Link, removeLink } from './application-links.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { userNamed } from './people.ts';

/** The control API of what only Data Center has, below `/__sim`. README.md lists it. */

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

function mountLinks(api: express.Router, site: DataCenterSite): void {
  const { access } = site;
  api.get('/links', (_request, response) => {
    response.json({ oauth2: [...access.links.values()], oauth1: [...access.consumers.values()] });
  });
  api.post(
    '/links/oauth2',
    reading(newOAuth2Link, (link, response) => response.status(201).json(addOAuth2Link(site, link))),
  );
  api.post(
    '/links/oauth1',
    reading(newOAuth1Consumer, (consumer, response) => {
      response.status(201).json({ consumerKey: addOAuth1Consumer(site, consumer).key });
    }),
  );
  api.delete('/links/:client', (request, response) => {
    response.status(removeLink(site, request.params['client'] ?? '') ? 204 : 404).end();
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
