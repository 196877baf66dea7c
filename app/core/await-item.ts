import type { CauseCode } from './causes.ts';
import type { PieceKey } from './ids.ts';
import { AWAY_PIECE, PARKED_REST_MS, type PieceBase, parkedBase, restIsOver, synchronizedBase } from './piece.ts';
import { retryClassOf } from './plan-retries.ts';

/** Why a pair has to wait for one of its items: Jira does not show it, or shows it in another space. */
export type Absence = Extract<CauseCode, 'item-missing' | 'moved-away'>;

/** Whether a piece is parked because one of the two items is not there. */
export const awaitsItem = (cause: string): boolean => cause === 'item-missing' || cause === 'moved-away';

/**
 * What is remembered differently once a turn met with the absence of one of the two items: that it is so (SPEC I6), and that the parked
 * pieces which this turn was to try wait for the item, for no other cause (R13). What waits for a person does so still, and what still
 * rests is not touched.
 *
 * @param now epoch milliseconds
 */
export function awaitItem(
  bases: ReadonlyMap<PieceKey, PieceBase>,
  absence: Absence,
  now: number,
): ReadonlyMap<PieceKey, PieceBase> {
  const waiting = [...bases].flatMap(([piece, base]) => {
    const { state } = base;
    if (piece === AWAY_PIECE || state.kind !== 'parked') return [];
    if (retryClassOf(state.cause) === 'person' || !restIsOver(base, now)) return [];
    // Its rest is over the moment that both items are there.
    return [[piece, parkedBase(base, absence, now - PARKED_REST_MS, state.seen)] as const];
  });
  const away = bases.get(AWAY_PIECE);
  const isMissing = absence === 'item-missing';
  const isKnown = away !== undefined && (away.state.kind === 'parked') === isMissing;
  const since = isMissing ? parkedBase(null, absence, now, { A: null, B: null }) : synchronizedBase({ A: null, B: null });
  return new Map([...(isKnown ? [] : [[AWAY_PIECE, since] as const]), ...waiting]);
}

const HOUR_MS = 60 * 60_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/**
 * When to look again for an item that Jira does not show, in epoch milliseconds: it may be hidden only, and its return tells nobody (SPEC
 * R14). Null: none is missing. Most are deleted for good, and each look costs points: so one takes the longer the longer it is missing.
 */
export function nextLookFor(bases: ReadonlyMap<PieceKey, PieceBase>, now: number): number | null {
  const state = bases.get(AWAY_PIECE)?.state;
  if (state?.kind !== 'parked') return null;
  return now + Math.min(WEEK_MS, Math.max(HOUR_MS, now - state.since));
}
