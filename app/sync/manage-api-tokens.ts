import { fail, type Result, succeed } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import { hashSecret, type MakeSecret } from '../platform/make-secret.ts';
import type { ApiToken, ApiTokenStore } from './api-token-ports.ts';
import { writeApiToken } from './api-token-text.ts';
import type { Actor, Audit } from './audit-ports.ts';
import type { TokenScope } from './set-up-ports.ts';

const DAY_MS = 86_400_000;
/** Nobody looks after a token for longer; a program that still runs then gets a new one. */
export const LONGEST_TOKEN_DAYS = 365;
/** More than a tenant has programs. What an admin cannot look through, nobody looks after. */
const MOST_TOKENS = 100;

export interface TokenPorts {
  readonly tokens: ApiTokenStore;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly makeSecret: MakeSecret;
}

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** 1 to {@link LONGEST_TOKEN_DAYS}. */
  readonly expiresInDays: number;
}

/** The token itself is in the answer, and nowhere else: it cannot be shown again. */
export interface MadeToken {
  readonly token: ApiToken;
  readonly text: string;
}

/**
 * Makes a token. Of its secret a plain SHA-256 is kept: a slow hash makes guessing dear where there is something to guess, as with
 * passwords; 256 random bits leave nothing, and the hash is computed with every call.
 */
export async function makeApiToken(
  { tokens, audit, clock, makeId, makeSecret }: TokenPorts,
  tenantId: TenantId,
  actor: Actor,
  wish: TokenWish,
): Promise<Result<MadeToken, 'token-limit'>> {
  const now = clock.now();
  const living = (await tokens.list(tenantId)).filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > now);
  if (living.length >= MOST_TOKENS) return fail('token-limit');
  const secret = makeSecret();
  const token: ApiToken = {
    tenantId,
    tokenId: makeId(),
    name: wish.name,
    scopes: wish.scopes,
    createdBy: actor.kind === 'person' ? actor.accountId : null,
    createdAt: now,
    expiresAt: now + Math.min(wish.expiresInDays, LONGEST_TOKEN_DAYS) * DAY_MS,
    lastUsedAt: null,
    revokedAt: null,
  };
  await tokens.insert(token, hashSecret(secret));
  const detail = wish.scopes.join(' ');
  await audit.note(tenantId, { at: now, actor, action: 'token.made', subject: token.tokenId, detail, outcome: 'done' });
  return succeed({ token, text: writeApiToken({ tenantId, tokenId: token.tokenId, secret }) });
}

/** From now on it is refused. */
export async function revokeApiToken(
  { tokens, audit, clock }: Pick<TokenPorts, 'tokens' | 'audit' | 'clock'>,
  tenantId: TenantId,
  actor: Actor,
  tokenId: string,
): Promise<Result<null, 'token-not-found'>> {
  const now = clock.now();
  if (!(await tokens.revoke(tenantId, tokenId, now))) return fail('token-not-found');
  await audit.note(tenantId, { at: now, actor, action: 'token.revoked', subject: tokenId, detail: null, outcome: 'done' });
  return succeed(null);
}
