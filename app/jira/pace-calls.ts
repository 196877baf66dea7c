import { fail, type Result, succeed } from '../core/failure.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { RateLimited } from '../sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * Keeps this process within a site's limits on bursts and on writes to one item, so that Jira seldom has to say it. A site that never
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * told of a limit has none.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Pace {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** When a call may go, now or soon (its place is taken then); or what it would have to wait longer for. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  take(call: { readonly endpoint: string; readonly issueId: string | null }, now: number): Result<number, RateLimited>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** An answer told how many calls a second that endpoint takes; null: it told of limits of other kinds. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  told(endpoint: string, perSecond: number | null): void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Jira said 429 for that endpoint: others call it too. From now on this process takes half as much, and slowly more again. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  slowDown(endpoint: string, now: number): void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A call that would have to wait longer goes back to its lane, so that the worker's hand is free. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export const LONGEST_WAIT_MS = 1_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Calls a second that a site answers for each endpoint, where its answers do not say, by method (rate limits of Jira Cloud, August 2026). */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const BY_METHOD: Readonly<Record<string, number>> = { GET: 100, POST: 100, PUT: 50, DELETE: 50 };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Endpoints with a rate of their own. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const BY_ENDPOINT: Readonly<Record<string, number>> = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'GET /issue/{id}': 150,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'GET /issue/{id}/changelog': 200,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'GET /attachment/content/{id}': 300,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'GET /user': 150,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'POST /search/approximate-count': 150,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  'PUT /component/{id}': 500,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const SLOWEST_RATE = 50;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The network squeezes calls together: what left in 1.1 seconds can arrive in one. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const OUR_PART = 0.9;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** How slow this process lets itself be made, and how much of the full rate it takes back a second. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const LEAST_FACTOR = 1 / 32;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const REGAIN_PER_MS = 0.02 / 1000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Writes to one item: 20 within 2 s and 100 within 30 s; a little less, for the same reason. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const WINDOWS = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { ms: 2_000, writes: 18 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { ms: 30_000, writes: 95 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
] as const;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const LONGEST_WINDOW_MS = 30_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** When as many items are remembered, those not written to for long are forgotten. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const MANY_ITEMS = 1_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface Bucket {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  tokens: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  factor: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  at: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The pace on one site, which begins with full buckets. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function createPace(): Pace {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const buckets = new Map<string, Bucket>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const rates = new Map<string, number>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const windows = createWriteWindows();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let isLimited = false;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const rateOf = (endpoint: string): number => OUR_PART * (rates.get(endpoint) ?? documentedRate(endpoint));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const bucketAt = (endpoint: string, now: number): Bucket => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const full = rateOf(endpoint);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const bucket = buckets.get(endpoint) ?? { tokens: full, factor: 1, at: now };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const passed = Math.max(0, now - bucket.at);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    bucket.factor = Math.min(1, bucket.factor + passed * REGAIN_PER_MS);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    bucket.tokens = Math.min(full * bucket.factor, bucket.tokens + (passed * full * bucket.factor) / 1000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    bucket.at = now;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    buckets.set(endpoint, bucket);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return bucket;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    take({ endpoint, issueId }, now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (!isLimited) return succeed(now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const bucket = bucketAt(endpoint, now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const missing = Math.max(0, 1 - bucket.tokens);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const endpointFree = now + Math.ceil((missing * 1000) / (rateOf(endpoint) * bucket.factor));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (endpointFree > now + LONGEST_WAIT_MS) return fail({ kind: 'rate-limited', scope: 'endpoint', retryAt: endpointFree });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const itemFree = issueId === null ? now : windows.freeAt(issueId, endpointFree);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (itemFree > now + LONGEST_WAIT_MS) return fail({ kind: 'rate-limited', scope: 'item', retryAt: itemFree });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const at = Math.max(endpointFree, itemFree);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      // Below nothing: whoever comes next waits behind this one.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      bucket.tokens -= 1;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (issueId !== null) windows.note(issueId, at);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return succeed(at);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    told(endpoint, perSecond) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      isLimited = true;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (perSecond !== null) rates.set(endpoint, perSecond);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    slowDown(endpoint, now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      isLimited = true;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const bucket = bucketAt(endpoint, now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      bucket.factor = Math.max(LEAST_FACTOR, bucket.factor / 2);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      bucket.tokens = 0;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const documentedRate = (endpoint: string): number =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  BY_ENDPOINT[endpoint] ?? BY_METHOD[endpoint.split(' ', 1)[0] ?? ''] ?? SLOWEST_RATE;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function createWriteWindows(): { freeAt(issueId: string, now: number): number; note(issueId: string, now: number): void } {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Times of the last writes to each item, the oldest first. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const writes = new Map<string, number[]>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const forgetOld = (now: number): void => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const [issueId, times] of writes) if ((times.at(-1) ?? 0) <= now - LONGEST_WINDOW_MS) writes.delete(issueId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    freeAt(issueId, now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const times = (writes.get(issueId) ?? []).filter((at) => at > now - LONGEST_WINDOW_MS);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return Math.max(now, ...WINDOWS.map((window) => (times.at(-window.writes) ?? Number.NEGATIVE_INFINITY) + window.ms));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    note(issueId, now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (writes.size >= MANY_ITEMS) forgetOld(now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const times = (writes.get(issueId) ?? []).filter((at) => at > now - LONGEST_WINDOW_MS);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      writes.set(issueId, [...times, now]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
