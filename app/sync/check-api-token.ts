import { fail, type Result, succeed } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { isHashOf } from '../platform/make-secret.ts';
import type { ApiTokenStore } from './api-token-ports.ts';
import { readApiToken } from './api-token-text.ts';
import { createAttemptLimit } from './limit-attempts.ts';
import type { TokenCaller } from './set-up-ports.ts';

/**
 * `token-refused`: there is no such token, or its secret is another one; who cannot show the secret does not learn which. The others
 * are told to who can.
 */
export type ApiTokenRefusal = 'token-refused' | 'token-expired' | 'token-revoked' | 'token-attempts' | 'site-uninstalled';

export interface RefusedToken {
  readonly code: ApiTokenRefusal;
  /** Whose token was misused, where a tenant has one of that id. */
  readonly tenantId: TenantId | null;
  readonly tokenId: string | null;
}

export type CheckApiToken = (text: string) => Promise<Result<TokenCaller, RefusedToken>>;

export interface TokenCheckPorts {
  readonly tokens: Pick<ApiTokenStore, 'read' | 'noteUse'>;
  readonly clock: Pick<Clock, 'now'>;
}

type Found = NonNullable<Awaited<ReturnType<ApiTokenStore['read']>>>;

const HOUR_MS = 3_600_000;

const MOST_KNOWN = 10_000;

/** Hash of nothing anybody can show: whoever names an unknown token waits for the same comparison. */
const NO_HASH = 'A'.repeat(43);

/** Why a token that was shown with its secret is not good; null: it is. */
function judge({ token, isLeaving }: Found, now: number): ApiTokenRefusal | null {
  if (token.revokedAt !== null) return 'token-revoked';
  if (token.expiresAt <= now) return 'token-expired';
  return isLeaving ? 'site-uninstalled' : null;
}

/**
 * Who shows a token, by what is stored at this moment: a revoked one is refused at once. However many try, tokens that were good in the
 * last hour are looked up, so nobody at work is shut out.
 */
export function createApiTokenCheck({ tokens, clock }: TokenCheckPorts): CheckApiToken {
  const limit = createAttemptLimit(clock);
  /** Ids of tokens that were good, and when. */
  const good = new Map<string, number>();
  const remember = (tokenId: string, now: number): void => {
    good.delete(tokenId);
    good.set(tokenId, now);
    const [oldest] = good.keys();
    if (good.size > MOST_KNOWN && oldest !== undefined) good.delete(oldest);
  };
  return async (text) => {
    const shown = readApiToken(text);
    if (shown === null) return fail({ code: 'token-refused', tenantId: null, tokenId: null });
    const now = clock.now();
    const { tenantId, tokenId, secret } = shown;
    const wasGood = (good.get(tokenId) ?? Number.NEGATIVE_INFINITY) > now - HOUR_MS;
    const counts = limit.begin(tenantId);
    if (!wasGood && !counts) return fail({ code: 'token-attempts', tenantId: null, tokenId: null });
    const found = await tokens.read(tenantId, tokenId);
    if (!isHashOf(found?.secretHash ?? NO_HASH, secret) || found === null)
      return fail({ code: 'token-refused', tenantId: found === null ? null : tenantId, tokenId });
    if (counts) limit.succeed(tenantId);
    const refused = judge(found, now);
    if (refused !== null) return fail({ code: refused, tenantId, tokenId });
    const { token } = found;
    remember(tokenId, now);
    const hour = now - (now % HOUR_MS);
    if ((token.lastUsedAt ?? 0) < hour) await tokens.noteUse(tenantId, tokenId, hour);
    return succeed({ kind: 'token', siteTenantId: tenantId, tokenId, scopes: token.scopes });
  };
}
