/** What one overlap scan of a site found, and what it cost. */
export interface ScanOutcome {
  /** Everything that it should see was read. */
  readonly complete: boolean;
  /** For how long a scan of the site has been due that reads everything, ms; 0 or less: this is the first to try. */
  readonly unreadMs: number;
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
  /** The site tells us nothing, so that scans are how its changes are found at all. */
  readonly isPolled: boolean;
  /** The site sends each event once, whatever becomes of it: what a restart of ours loses, nothing but a scan brings back. */
  readonly isTriedOnce: boolean;
  /** It is the first one. */
  readonly isFirst: boolean;
  /** Items that somebody was sent to look at. */
  readonly found: number;
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
/** Where deliveries are tried once: Data Center, which knows no points either. */
const SLOWEST_ONCE_MS = 5 * MINUTE_MS;
/**
 * How soon a scan that could not read everything is tried again: an answer costs a point, no answer costs nothing but a hand, which a site
 * that hangs keeps for half a minute. So each time after as long as it has been unread; at most the quickest pace, and a minute where the site is polled.
 */
const SHORTEST_UNREAD_REST_MS = 15_000;
const LONGEST_UNREAD_REST_MS = { polled: MINUTE_MS, otherwise: 5 * MINUTE_MS };
/** How quickly scans follow one another where no event comes: while people work there, and once they rest. */
export const QUICKEST_POLL_MS = 15_000;
export const SLOWEST_POLL_MS = 5 * MINUTE_MS;
const POLL_SLOWS_BY = 1.5;
/** What polling one site may cost: 3 % of the app's 65,000 points an hour. A poll of eight points can follow the one before in 15 s. */
const POLL_POINTS_PER_HOUR = 2_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The share of all that is spent on a site, carrying changes there and looking, that may go into looking for lost ones. */
const SHARE = 0.1;
/** Points a scan may cost whatever is spent otherwise: at the quickest pace 0.2 % of the app's 65,000 an hour. */
const FREE_POINTS = 10;

/**
 * How far a scan reaches back behind what the last one proved seen. Covers Jira's search index, which lags by seconds, in bulk
 * edits by minutes, and clocks that are ten minutes off (SPEC H2).
 */
export const OVERLAP_MS = 15 * MINUTE_MS;

/** Most polls reach back this far only, which covers an index that lags by seconds: what they list they pay for again and again. */
export const SHORT_OVERLAP_MS = 2 * MINUTE_MS;
/** How often one reaches back as far as any other scan; well within that reach, so that nothing falls between two of them. */
const FULL_EVERY_MS = 4 * MINUTE_MS;

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
  if (!complete) return { afterMs: unreadRest(outcome), paceMs };
  if (outcome.isPolled) return planPoll(outcome, jitter);
  const lost = foundLate + givenUp > 0;
  const dear = points > Math.max(FREE_POINTS, SHARE * (points + spent));
  const slowest = outcome.isTriedOnce ? SLOWEST_ONCE_MS : SLOWEST_PACE_MS;
  const pace = lost && !dear ? QUICKEST_PACE_MS : Math.min(slowest, Math.max(QUICKEST_PACE_MS, paceMs * 2));
  return planned(pace, jitter);
}

function unreadRest({ unreadMs, isPolled }: ScanOutcome): number {
  const longest = isPolled ? LONGEST_UNREAD_REST_MS.polled : LONGEST_UNREAD_REST_MS.otherwise;
  return Math.round(Math.min(longest, Math.max(SHORTEST_UNREAD_REST_MS, unreadMs)));
}

const planned = (pace: number, jitter: number): ScanPlan => ({
  afterMs: Math.round(pace * (0.9 + 0.1 * jitter)),
  paceMs: pace,
});

/** The pace of scans of a site that tells us nothing (SPEC H7): quick while there are changes, slower with each quiet one, as rare as its cost asks. */
function planPoll({ found, isFirst, paceMs, points }: ScanOutcome, jitter: number): ScanPlan {
  const slower = Math.round(Math.max(QUICKEST_POLL_MS, paceMs) * POLL_SLOWS_BY);
  const wished = found > 0 || isFirst ? QUICKEST_POLL_MS : Math.min(SLOWEST_POLL_MS, slower);
  const affordable = Math.ceil((points * HOUR_MS) / POLL_POINTS_PER_HOUR);
  return planned(Math.min(SLOWEST_PACE_MS, Math.max(wished, affordable)), jitter);
}

/**
 * Whether a site that has not installed the app tells us of its changes: it is to, an event has come, and what the scan found late
 * does not say that the events have stopped. Not by the hope that a registered webhook works (SPEC H7).
 */
export const isHeard = (site: {
  readonly webhook: 'none' | 'registered' | 'manual' | 'polling';
  /** To the minute. */
  readonly lastEventAt: number | null;
  /** When the scan before began; null: there was none. */
  readonly lastScanAt: number | null;
  readonly foundLate: number;
}): boolean => {
  if (site.webhook === 'none' || site.webhook === 'polling' || site.lastEventAt === null) return false;
  return site.foundLate === 0 || site.lastEventAt + MINUTE_MS > (site.lastScanAt ?? 0);
};

/** How far a scan reaches back behind what is proven seen. */
export const reachBack = (isPolled: boolean, fullAt: number | null, now: number): number =>
  isPolled && fullAt !== null && now - fullAt < FULL_EVERY_MS ? SHORT_OVERLAP_MS : OVERLAP_MS;

/** What counts as proven seen at a first start: nothing, when existing items are to be synchronized; else everything up to now. */
export const firstMark = (existingItems: 'leave' | 'synchronize', now: number): number => (existingItems === 'leave' ? now : 0);

/** From when on a scan lists changes, given what is proven seen. */
export const scanFrom = (provenUntil: number, overlapMs = OVERLAP_MS): number => Math.max(0, provenUntil - overlapMs);
