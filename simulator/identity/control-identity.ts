import type { Express, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { CLOUD_SCOPES } from './cloud-identity.ts';
import type { IdentityWorld } from './identity-routes.ts';

/** The control API of the identity server, below `/__sim`. README.md lists it. */

const app = z.strictObject({
  name: z.string().min(1),
  redirectUris: z.array(z.url()).min(1),
  scopes: z.array(z.string()).default(Object.keys(CLOUD_SCOPES)),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
});
const apiToken = z.strictObject({
  site: z.string(),
  accountId: z.string(),
  scopes: z.array(z.string()),
  days: z.int().min(1).max(365).default(365),
});
const revocation = z.strictObject({ clientId: z.string().optional(), accountId: z.string().optional() });
const DAY = 86_400_000;

const reading =
  <T>(schema: z.ZodType<T>, use: (value: T, response: Response) => void) =>
  (request: Request, response: Response): void => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ error: z.prettifyError(parsed.error) });
    else use(parsed.data, response);
  };

export function mountIdentityControl(server: Express, { identity, clock, random, sites }: IdentityWorld): void {
  const api = express.Router();
  api.use(express.json());
  api.get('/apps', (_request, response) => response.json([...identity.apps.values()]));
  api.post(
    '/apps',
    reading(app, ({ clientId, clientSecret, ...rest }, response) => {
      const whole = { ...rest, clientId: clientId ?? random.hex(32), clientSecret: clientSecret ?? random.hex(64) };
      identity.apps.set(whole.clientId, whole);
      response.status(201).json(whole);
    }),
  );
  api.post(
    '/api-tokens',
    reading(apiToken, ({ site, accountId, scopes, days }, response) => {
      const heart = sites.find((each) => each.heart.name === site)?.heart;
      if (heart?.users.has(accountId) !== true) {
        response.status(400).json({ error: 'There is no such person on a site of that name.' });
        return;
      }
      const token = `ATATT3x${random.hex(48)}`;
      identity.scopedTokens.set(token, { token, cloudId: heart.cloudId, accountId, scopes, expiresAt: clock.now() + days * DAY });
      response.status(201).json({ token });
    }),
  );
  api.delete('/api-tokens/:token', (request, response) => {
    response.status(identity.scopedTokens.delete(request.params['token'] ?? '') ? 204 : 404).end();
  });
  api.post(
    '/revoke',
    reading(revocation, ({ clientId, accountId }, response) => {
      let revoked = 0;
      for (const [id, grant] of identity.grants) {
        if ((clientId ?? grant.clientId) !== grant.clientId || (accountId ?? grant.accountId) !== grant.accountId) continue;
        identity.grants.delete(id);
        revoked += 1;
      }
      response.json({ revoked });
    }),
  );
  server.use('/__sim', api);
}
