import type { Clock } from '../heart/clock.ts';

/** Settings of Data Center's own rate limiting: a token bucket for each user. */
export interface RateLimitSettings {
  /** The bucket's size; 0 blocks the user for good. */
  readonly limit: number;
  /** Tokens that flow in… */
  readonly fillRate: number;
  /** …every so many seconds. */
  readonly intervalSeconds: number;
}

export interface RateLimit {
  /** Null: switched off, as on every fresh site. */
  settings(): RateLimitSettings | null;
  change(settings: RateLimitSettings | null): void;
  /** Takes one token of a user. `headers` go on every answer; null while switched off. */
  take(userKey: string): { readonly allowed: boolean; readonly headers: Readonly<Record<string, string>> } | null;
}

/** What a blocked user is told to wait; clients have to cap it. */
const FOREVER_SECONDS = 2_147_483_647;

export function createRateLimit(clock: Clock): RateLimit {
  let current: RateLimitSettings | null = null;
  const buckets = new Map<string, { tokens: number; filledAt: number }>();

  const fill = (userKey: string, { limit, fillRate, intervalSeconds }: RateLimitSettings) => {
    const now = clock.now();
    const bucket = buckets.get(userKey) ?? { tokens: limit, filledAt: now };
    const intervals = Math.floor((now - bucket.filledAt) / (intervalSeconds * 1000));
    bucket.tokens = Math.min(limit, bucket.tokens + intervals * fillRate);
    bucket.filledAt += intervals * intervalSeconds * 1000;
    buckets.set(userKey, bucket);
    return bucket;
  };

  return {
    settings: () => current,
    change: (settings) => {
      current = settings;
      buckets.clear();
    },
    take: (userKey) => {
      if (current === null) return null;
      const bucket = fill(userKey, current);
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      const untilNext = Math.ceil((bucket.filledAt + current.intervalSeconds * 1000 - clock.now()) / 1000);
      const wait = allowed ? 0 : current.limit === 0 ? FOREVER_SECONDS : untilNext;
      return {
        allowed,
        headers: {
          'X-RateLimit-Limit': String(current.limit),
          'X-RateLimit-Remaining': String(Math.floor(bucket.tokens)),
          'X-RateLimit-FillRate': String(current.fillRate),
          'X-RateLimit-Interval-Seconds': String(current.intervalSeconds),
          'retry-after': String(wait),
        },
      };
    },
  };
}
