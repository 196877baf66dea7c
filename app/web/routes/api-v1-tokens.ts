import { type MadeToken, makeToken, type Token, type TokenList } from '../../contract/administration.ts';
import type { ApiToken } from '../../sync/api-token-ports.ts';
import { makeApiToken, revokeApiToken } from '../../sync/manage-api-tokens.ts';
import { type Refusal, sendRefusal } from '../errors.ts';
import type { PersonHandler } from '../guards.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const TOKEN_NOT_FOUND: Refusal = {
  status: 404,
  code: 'token-not-found',
  message: 'Your site has no API token of that id that could be revoked.',
  remedy: 'Reload the list: it may have been revoked before.',
};

const TOKEN_LIMIT: Refusal = {
  status: 409,
  code: 'token-limit',
  message: 'Your site has a hundred API tokens, which is the most it can have at a time.',
  remedy: 'Revoke those that no program uses any more: the list shows when each was last used.',
};

const isoTime = (at: number): string => new Date(at).toISOString();

const stateOf = ({ revokedAt, expiresAt }: ApiToken, now: number): Token['state'] => {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
};

const viewToken = (token: ApiToken, now: number): Token => ({
  id: token.tokenId,
  name: token.name,
  scopes: [...token.scopes],
  createdBy: token.createdBy,
  createdAt: isoTime(token.createdAt),
  expiresAt: isoTime(token.expiresAt),
  lastUsedAt: token.lastUsedAt === null ? null : isoTime(token.lastUsedAt),
  state: stateOf(token, now),
});

/** GET /api/v1/tokens */
export const tokensGet =
  ({ administration: { tokens, clock } }: Pick<ApiPorts, 'administration'>): PersonHandler =>
  async ({ tenantId }, _request, response) => {
    const now = clock.now();
    const listed = await tokens.list(tenantId);
    response.json({ tokens: listed.map((token) => viewToken(token, now)) } satisfies TokenList);
  };

/** POST /api/v1/tokens: the answer is the only place where the token stands, so no cache keeps it. */
export const tokensPost =
  ({ administration }: Pick<ApiPorts, 'administration'>): PersonHandler =>
  async ({ tenantId, accountId }, request, response) => {
    const body = bodyOf(makeToken, request, response);
    if (body === null) return;
    const made = await makeApiToken(administration, tenantId, { kind: 'person', accountId }, body);
    if (!made.ok) return sendRefusal(request, response, TOKEN_LIMIT);
    const { token, text } = made.value;
    const view = viewToken(token, administration.clock.now());
    response.status(201).set('Cache-Control', 'no-store');
    response.json({ token: view, secret: text } satisfies MadeToken);
  };

/** DELETE /api/v1/tokens/:id */
export const tokenDelete =
  ({ administration }: Pick<ApiPorts, 'administration'>): PersonHandler =>
  async ({ tenantId, accountId }, request, response) => {
    const actor = { kind: 'person', accountId } as const;
    const revoked = await revokeApiToken(administration, tenantId, actor, request.params.id ?? '');
    if (!revoked.ok) return sendRefusal(request, response, TOKEN_NOT_FOUND);
    response.status(204).end();
  };
