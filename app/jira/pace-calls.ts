import { fail, type Result, succeed } from '../core/failure.ts';
import type { RateLimited } from '../sync/quota-ports.ts';

/**
 * Keeps this process within a site's limits on bursts and on writes to one item, so that Jira seldom has to say it. A site that never
 * told of a limit has none.
 */
export interface Pace {
  /** When a call may go, now or soon (its place is taken then); or what it would have to wait longer for. */
  take(call: { readonly endpoint: string; readonly issueId: string | null }, now: number): Result<number, RateLimited>;
  /** An answer told how many calls a second that endpoint takes; null: it told of limits of other kinds. */
  told(endpoint: string, perSecond: number | null): void;
  /** Jira said 429 for that endpoint: others call it too. From now on this process takes half as much, and slowly more again. */
  slowDown(endpoint: string, now: number): void;
}

/** A call that would have to wait longer goes back to its lane, so that the worker's hand is free. */
export const LONGEST_WAIT_MS = 1_000;

/** Calls a second that a site answers for each endpoint, where its answers do not say, by method (rate limits of Jira Cloud, August 2026). */
const BY_METHOD: Readonly<Record<string, number>> = { GET: 100, POST: 100, PUT: 50, DELETE: 50 };
/** Endpoints with a rate of their own. */
const BY_ENDPOINT: Readonly<Record<string, number>> = {
  'GET /issue/{id}': 150,
  'GET /issue/{id}/changelog': 200,
  'GET /attachment/content/{id}': 300,
  'GET /user': 150,
  'POST /search/approximate-count': 150,
  'PUT /component/{id}': 500,
};
const SLOWEST_RATE = 50;
/** The network squeezes calls together: what left in 1.1 seconds can arrive in one. */
const OUR_PART = 0.9;
/** How slow this process lets itself be made, and how much of the full rate it takes back a second. */
const LEAST_FACTOR = 1 / 32;
const REGAIN_PER_MS = 0.02 / 1000;

/** Writes to one item: 20 within 2 s and 100 within 30 s; a little less, for the same reason. */
const WINDOWS = [
  { ms: 2_000, writes: 18 },
  { ms: 30_000, writes: 95 },
] as const;
const LONGEST_WINDOW_MS = 30_000;
/** When as many items are remembered, those not written to for long are forgotten. */
const MANY_ITEMS = 1_000;

interface Bucket {
  tokens: number;
  factor: number;
  at: number;
  /** When calls go that have their token and wait for their item. Until then the bucket must not be filled up in their place. */
  waiting: readonly number[];
}

const fill = (bucket: Bucket, full: number, now: number): void => {
  const passed = Math.max(0, now - bucket.at);
  bucket.factor = Math.min(1, bucket.factor + passed * REGAIN_PER_MS);
  const room = full * bucket.factor - bucket.waiting.length;
  bucket.tokens = Math.min(room, bucket.tokens + (passed * full * bucket.factor) / 1000);
  bucket.at = Math.max(bucket.at, now);
};

/** The pace on one site, which begins with full buckets. */
export function createPace(): Pace {
  const buckets = new Map<string, Bucket>();
  const rates = new Map<string, number>();
  const windows = createWriteWindows();
  let isLimited = false;

  const rateOf = (endpoint: string): number => OUR_PART * (rates.get(endpoint) ?? documentedRate(endpoint));
  const bucketAt = (endpoint: string, now: number): Bucket => {
    const full = rateOf(endpoint);
    const bucket = buckets.get(endpoint) ?? { tokens: full, factor: 1, at: now, waiting: [] };
    for (const gone of bucket.waiting.filter((at) => at <= now).toSorted((a, b) => a - b)) {
      fill(bucket, full, gone);
      bucket.waiting = bucket.waiting.toSpliced(bucket.waiting.indexOf(gone), 1);
    }
    fill(bucket, full, now);
    buckets.set(endpoint, bucket);
    return bucket;
  };

  return {
    take({ endpoint, issueId }, now) {
      if (!isLimited) return succeed(now);
      const bucket = bucketAt(endpoint, now);
      const missing = Math.max(0, 1 - bucket.tokens);
      const endpointFree = now + Math.ceil((missing * 1000) / (rateOf(endpoint) * bucket.factor));
      if (endpointFree > now + LONGEST_WAIT_MS) return fail({ kind: 'rate-limited', scope: 'endpoint', retryAt: endpointFree });
      const itemFree = issueId === null ? now : windows.freeAt(issueId, endpointFree);
      if (itemFree > now + LONGEST_WAIT_MS) return fail({ kind: 'rate-limited', scope: 'item', retryAt: itemFree });
      const at = Math.max(endpointFree, itemFree);
      // Below nothing: whoever comes next waits behind this one.
      bucket.tokens -= 1;
      if (at > endpointFree) bucket.waiting = [...bucket.waiting, at];
      if (issueId !== null) windows.note(issueId, at);
      return succeed(at);
    },
    told(endpoint, perSecond) {
      isLimited = true;
      if (perSecond !== null) rates.set(endpoint, perSecond);
    },
    slowDown(endpoint, now) {
      isLimited = true;
      const bucket = bucketAt(endpoint, now);
      bucket.factor = Math.max(LEAST_FACTOR, bucket.factor / 2);
      bucket.tokens = 0;
    },
  };
}

const documentedRate = (endpoint: string): number =>
  BY_ENDPOINT[endpoint] ?? BY_METHOD[endpoint.split(' ', 1)[0] ?? ''] ?? SLOWEST_RATE;

function createWriteWindows(): { freeAt(issueId: string, now: number): number; note(issueId: string, now: number): void } {
  /** Times of the last writes to each item, the oldest first. */
  const writes = new Map<string, number[]>();
  const forgetOld = (now: number): void => {
    for (const [issueId, times] of writes) if ((times.at(-1) ?? 0) <= now - LONGEST_WINDOW_MS) writes.delete(issueId);
  };
  return {
    freeAt(issueId, now) {
      const times = (writes.get(issueId) ?? []).filter((at) => at > now - LONGEST_WINDOW_MS);
      return Math.max(now, ...WINDOWS.map((window) => (times.at(-window.writes) ?? Number.NEGATIVE_INFINITY) + window.ms));
    },
    note(issueId, now) {
      if (writes.size >= MANY_ITEMS) forgetOld(now);
      const times = (writes.get(issueId) ?? []).filter((at) => at > now - LONGEST_WINDOW_MS);
      writes.set(issueId, [...times, now]);
    },
  };
}
