/** What one overlap scan of a site found, and what it cost. */
export interface ScanOutcome {
  /** Everything that it should see was read. */
  readonly complete: boolean;
  /** Changes that no webhook told of. */
  readonly foundLate: number;
  /** Deliveries that Jira gave up since the last scan. */
  readonly givenUp: number;
  /** Points of Jira that it cost. */
  readonly points: number;
  /** Points that carrying changes to that site cost since the scan before. */
  readonly spent: number;
  /** The pace at which scans of the site followed one another so far, ms. */
  readonly paceMs: number;
}

export interface ScanPlan {
  /** When to scan again, ms from now. */
  readonly afterMs: number;
  /** The pace from now on, ms. */
  readonly paceMs: number;
}

const MINUTE_MS = 60_000;
/** After a loss: what Jira lost once it is losing, and the next change should not wait long. */
export const QUICKEST_PACE_MS = 5 * MINUTE_MS;
/** A lost event that nothing else reveals waits no longer than this. */
export const SLOWEST_PACE_MS = 60 * MINUTE_MS;
/** How soon a scan that could not read everything is tried again: an answer costs a point, no answer costs nothing. */
const UNREAD_REST_MS = 15_000;
/** The share of what a site's changes cost that may go into looking for lost ones. */
const SHARE = 0.1;
/** Points a scan may cost whatever is spent otherwise: at the quickest pace 0.2 % of the app's 65,000 an hour. */
const FREE_POINTS = 10;

/**
 * How far a scan reaches back behind what the last one proved seen. Covers Jira's search index, which lags by seconds, in bulk
 * edits by minutes, and clocks that are ten minutes off (SPEC H2).
 */
export const OVERLAP_MS = 15 * MINUTE_MS;

/**
 * A change younger than this may still be on its way: webhooks mostly arrive within seconds. A scan that meets it looks at once
 * all the same, but does not call it lost (SPEC H4).
 */
export const GRACE_MS = 30_000;

/**
 * The pace of scans (SPEC H5): quickest after a loss, each quiet scan doubles it, up to the slowest. A scan that cost more than its
 * share doubles it even after a loss.
 *
 * @param jitter 0 to 1, random, so that sites that began together do not scan together
 */
export function planScan(outcome: ScanOutcome, jitter: number): ScanPlan {
  const { complete, foundLate, givenUp, points, spent, paceMs } = outcome;
  if (!complete) return { afterMs: UNREAD_REST_MS, paceMs };
  const lost = foundLate + givenUp > 0;
  const dear = points > Math.max(FREE_POINTS, SHARE * (points + spent));
  const pace = lost && !dear ? QUICKEST_PACE_MS : clampPace(paceMs * 2);
  return { afterMs: Math.round(pace * (0.9 + 0.1 * jitter)), paceMs: pace };
}

const clampPace = (paceMs: number): number => Math.min(SLOWEST_PACE_MS, Math.max(QUICKEST_PACE_MS, paceMs));

/** What counts as proven seen at a first start: nothing, when existing items are to be synchronized; else everything up to now. */
export const firstMark = (existingItems: 'leave' | 'synchronize', now: number): number => (existingItems === 'leave' ? now : 0);

/** From when on a scan lists changes, given what is proven seen. */
export const scanFrom = (provenUntil: number): number => Math.max(0, provenUntil - OVERLAP_MS);
