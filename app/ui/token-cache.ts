/** A token this close to its end is not used any more: the call it is for, and clocks that differ, take time too. */
const SPARE_MS = 60_000;

/** A source of tokens for calls to our server. */
export interface TokenSource {
  token(): Promise<string>;
  /** The server refused the token: the next call asks the host again. */
  forget(): void;
}

/**
 * When a token ends, in epoch milliseconds, as its own `exp` says (RFC 7519, seconds). Null when that cannot be read; the
 * signature is the server's business.
 */
export function readExpiry(token: string): number | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims) || typeof claims.exp !== 'number') return null;
    return claims.exp * 1000;
  } catch {
    return null;
  }
}

/**
 * Keeps one token until shortly before its end, and asks only once when several calls need a new one together.
 * A token whose end cannot be read is used once.
 */
export function tokenCache(fetchToken: () => Promise<string>, now: () => number): TokenSource {
  let held: { token: string; usableUntil: number } | null = null;
  let asking: Promise<string> | null = null;

  const ask = async (): Promise<string> => {
    try {
      const token = await fetchToken();
      const expiry = readExpiry(token);
      held = expiry === null ? null : { token, usableUntil: expiry - SPARE_MS };
      return token;
    } finally {
      asking = null;
    }
  };

  return {
    token: () => {
      if (held !== null && now() < held.usableUntil) return Promise.resolve(held.token);
      asking ??= ask();
      return asking;
    },
    forget: () => {
      held = null;
    },
  };
}
