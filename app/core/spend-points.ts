import type { ConnectionId, TenantId } from './ids.ts';

/**
 * Jira's hourly points: who may spend how many of what is left (SPEC Q1–Q6). A pool is what Jira counts against: all sites of the
 * app together, or one site whose quota Atlassian has granted apart. Points that are left at the full hour are lost, so what is kept
 * back for others melts as the hour goes by.
 */

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Who has what belongs to the app on all sites together: a tenant that no site is, before all others in order. */
export const APP = { tenantId: NOBODY as TenantId, connectionId: NOBODY as ConnectionId };

/** What a call to Jira is made for, the most urgent first. Their places are the priorities of lanes. */
export const WORKS = ['edit', 'repair', 'backfill', 'check'] as const;
export type Work = (typeof WORKS)[number];

export type PointsByWork = Readonly<Record<Work, number>>;
export const NO_POINTS: PointsByWork = { edit: 0, repair: 0, backfill: 0, check: 0 };

/** The app's own quota for all sites together, unless Atlassian granted more (tier 1 of its rate limits, August 2026). */
export const APP_POINTS_PER_HOUR = 65_000;

/** How a pool stands in the present hour, as far as is known. */
export interface PoolHour {
  /** Points that may be spent an hour. */
  readonly budget: number;
  /** What has been spent, or taken for calls under way. */
  readonly spent: PointsByWork;
  /** Tenants that have spent of it. */
  readonly payers: number;
}

/** A call that is about to be made. */
export interface SpendingRequest {
  readonly pool: PoolHour;
  /** What the tenant on whose account it goes has spent of the pool in this hour. */
  readonly paid: number;
  readonly work: Work;
  /** What it will cost, as far as that can be known before. */
  readonly points: number;
  /** Epoch milliseconds; hours are those of UTC. */
  readonly now: number;
}

export type Spending =
  | { readonly kind: 'go' }
  /** The pool is empty until the full hour. */
  | { readonly kind: 'exhausted'; readonly until: number }
  /** Not empty, but there is less left than this call costs; cheaper ones may go. */
  | { readonly kind: 'too-dear'; readonly until: number }
  /** What is left is kept for more urgent work, or for tenants that have had less. */
  | { readonly kind: 'held'; readonly until: number };

const HOUR_MS = 3_600_000;

/** The part of an hour's points that a kind of work leaves to more urgent ones, at the beginning of the hour. */
const KEPT: PointsByWork = { edit: 0, repair: 0.1, backfill: 0.4, check: 0.7 };
/** The part that a kind of work gets in any case, evenly over the hour. */
const GUARANTEED: PointsByWork = { edit: 0, repair: 0.05, backfill: 0.05, check: 0.02 };
/** The part kept for others from a tenant that has had a multiple of its share; less from one that is little above it. */
const KEPT_FROM_GREEDY = 0.5;
/** Who is held comes back when so much more is free: to work off a handful at once, and not one call at a time. */
const WAVE = 0.001;

/** The hour of UTC that a moment lies in, counted from 1970. */
export const hourOf = (now: number): number => Math.floor(now / HOUR_MS);
/** When that hour ends, and Jira's quotas begin anew. */
export const hourEnd = (now: number): number => (hourOf(now) + 1) * HOUR_MS;

/** Clocks differ, answers travel, and Jira tells whole seconds. */
const BLUR_MS = 60_000;

/**
 * The hour of which an answer tells how many points are left (SPEC Q7); null: that cannot be known. `now`: when it came.
 * `resetsInMs`: how long until the quota begins anew, as the answer says; null: it does not say.
 */
export function hourCounted(now: number, resetsInMs: number | null): number | null {
  if (resetsInMs === null) return hourOf(now - BLUR_MS) === hourOf(now + BLUR_MS) ? hourOf(now) : null;
  const resetsAt = now + resetsInMs;
  const next = Math.round(resetsAt / HOUR_MS);
  return Math.abs(resetsAt - next * HOUR_MS) <= BLUR_MS ? next - 1 : null;
}

/** All points, whatever they were spent for. */
export const totalOf = (points: PointsByWork): number => points.edit + points.repair + points.backfill + points.check;

/** Whether a call may be made now, and if not, when to ask again. */
export function spendPoints({ pool, paid, work, points, now }: SpendingRequest): Spending {
  const spent = totalOf(pool.spent);
  const left = pool.budget - spent - points;
  const end = hourEnd(now);
  // Even a single call that costs more than an hour's points has to be made at some time: first thing in an hour.
  if (spent === 0) return { kind: 'go' };
  if (left < 0) return { kind: spent < pool.budget ? 'too-dear' : 'exhausted', until: end };
  const share = pool.budget / Math.max(1, pool.payers);
  const greed = Math.max(0, 1 - share / Math.max(1, paid + points));
  const kept = KEPT[work] + (1 - KEPT[work]) * KEPT_FROM_GREEDY * greed;
  if (left >= (kept * pool.budget * (end - now)) / HOUR_MS) return { kind: 'go' };
  const wave = WAVE * pool.budget;
  const free = end - (Math.max(0, left - wave) * HOUR_MS) / (kept * pool.budget);
  const guaranteed = greed > 0 ? end : whenGuaranteed(pool, work, points, end);
  if (guaranteed <= now) return { kind: 'go' };
  return { kind: 'held', until: Math.ceil(Math.min(end, Math.max(now + 1, Math.min(free, guaranteed)))) };
}

/** When the guaranteed part of that work has grown by enough for this call. */
function whenGuaranteed(pool: PoolHour, work: Work, points: number, end: number): number {
  const rate = GUARANTEED[work] * pool.budget;
  return rate === 0 ? end : end - HOUR_MS + ((pool.spent[work] + points) * HOUR_MS) / rate;
}
