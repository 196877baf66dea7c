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
    if (state.kind !== 'parked' || retryClassOf(state.cause) === 'person' || !restIsOver(base, now)) return [];
    // Its rest is over the moment that both items are there.
    return [[piece, parkedBase(base, absence, now - PARKED_REST_MS, state.seen)] as const];
  });
  return new Map([...(bases.has(AWAY_PIECE) ? [] : [[AWAY_PIECE, IS_AWAY] as const]), ...waiting]);
}

const IS_AWAY = synchronizedBase({ A: null, B: null });
