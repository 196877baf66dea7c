import type { CauseCode } from './causes.ts';
import type { Failure } from './failure.ts';
import type { FieldId } from './ids.ts';

/** What to do with a lane, or with the pieces of one operation, after Jira did not do what was asked (SPEC R1–R8). */
export type FailureDecision =
  /**
   * Come back to the whole lane at this time (epoch ms). `counts`: whether it is a failed turn of ours. `yields`: there are no points for it
   * until then, but there may be for more urgent work, which need not wait so long (Q6).
   */
  | {
      readonly kind: 'again';
      readonly at: number;
      readonly counts: boolean;
      readonly cause: CauseCode;
      readonly yields?: boolean | undefined;
    }
  /** Park these pieces of the operation; `refused: 'all'` parks every piece in it. The rest of the item goes on. */
  | { readonly kind: 'park'; readonly cause: CauseCode; readonly refused: readonly FieldId[] | 'all' }
  /** The item is gone at that side, or hidden from us. */
  | { readonly kind: 'gone' };

/** First wait after a failed turn; doubles each time. */
const FIRST_WAIT_MS = 2_000;
/** Longest wait between turns in an outage: short enough to catch up quickly, long enough not to press a site that is down. */
const LONGEST_WAIT_MS = 5 * 60_000;
/** After a lost answer Jira may still be working on our request; looking sooner could miss what it is about to make. */
export const UNCERTAIN_WAIT_MS = 10_000;
/** Rights and credentials change by people. */
const RIGHTS_WAIT_MS = 10 * 60_000;
/** A reinstallation replaces the secret while turns are under way: a signature refused for that is good a moment later. */
export const SIGNATURE_TRIES = 3;

/**
 * @param doing whether the failed call was reading the item or writing pieces of it
 * @param attempts failed turns so far, 0 for the first
 * @param jitter 0 to 1, random, so that lanes that failed together do not come back together
 */
export function decideOnFailure(
  failure: Failure,
  doing: 'read' | 'write',
  attempts: number,
  now: number,
  jitter: number,
): FailureDecision {
  switch (failure.kind) {
    case 'rate-limited':
      return {
        kind: 'again',
        at: Math.max(failure.retryAt, now) + Math.round(jitter * 1_000),
        counts: false,
        cause: 'rate-limited',
        // Points are the app's or a site's. What the endpoint or the item has to be left alone for concerns every call.
        yields: failure.scope === 'app' || failure.scope === 'site',
      };
    case 'unavailable':
      return { kind: 'again', at: now + backoff(attempts, jitter), counts: true, cause: 'still-unavailable' };
    case 'uncertain':
      return {
        kind: 'again',
        at: now + Math.max(UNCERTAIN_WAIT_MS, backoff(attempts, jitter)),
        counts: true,
        cause: 'still-uncertain',
      };
    case 'contended':
      return { kind: 'again', at: now + backoff(attempts, jitter), counts: true, cause: 'contended' };
    case 'unauthorized':
      return {
        kind: 'again',
        at: now + (attempts < SIGNATURE_TRIES ? backoff(attempts, jitter) : RIGHTS_WAIT_MS),
        counts: true,
        cause: 'unauthorized',
      };
    case 'forbidden':
      return doing === 'read'
        ? { kind: 'again', at: now + RIGHTS_WAIT_MS, counts: true, cause: 'forbidden' }
        : { kind: 'park', cause: 'forbidden', refused: 'all' };
    case 'missing':
      return { kind: 'gone' };
    case 'too-large':
      return { kind: 'park', cause: 'too-large', refused: 'all' };
    case 'rejected':
      return failure.fields.length === 0
        ? { kind: 'park', cause: 'request-rejected', refused: 'all' }
        : { kind: 'park', cause: 'field-refused', refused: failure.fields };
  }
}

/** 2 s, 4 s, 8 s … 5 min, each times 0.7 to 1.3 (Atlassian's advice for its own limits, applied to all waits). */
function backoff(attempts: number, jitter: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS);
  return Math.round(wait * (0.7 + 0.6 * jitter));
}
