import type { Verdict } from './decide-scalar.ts';
import { isUndecided, lastSeen, type PieceBase } from './piece.ts';
import { ownReturnsUntil } from './ping-pong.ts';
import type { Look } from './plan.ts';
import type { Direction, Side, Sides } from './side.ts';
import type { View } from './view.ts';

/**
 * When a person changed each side and changed it back, as far as a look or an event tells; null: nobody did (SPEC F10).
 * @param now the fingerprints of what the sides show
 */
export function changesBack(views: Sides<View>, field: string, base: PieceBase | null, now: Sides<string>): Sides<number | null> {
  const at = (side: Side): number | null => {
    const { changedAt, changedBackAt } = views[side];
    const back = changedBackAt.get(field) ?? (isReturned(base, side, now) ? changedAt.get(field) : null) ?? null;
    return back !== null && back > ownReturnsUntil(base?.pingPong, side) ? back : null;
  };
  return { A: at('A'), B: at('B') };
}

/**
 * That side's change was seen and could not be carried, and it shows again what was agreed. Where a person is asked, who takes an edit back has
 * decided (F8).
 */
const isReturned = (base: PieceBase | null, side: Side, now: Sides<string>): boolean =>
  base !== null && !isUndecided(base) && now[side] === base.fingerprints[side] && now[side] !== lastSeen(base, side);

/**
 * What a side was changed back to is the last word, and nobody tried to carry it yet: a refusal takes away the fingerprint that it is known by
 * (app/sync/apply-plan.ts).
 */
export const isUntriedReturn = (source: Side, back: Sides<number | null>, base: PieceBase | null, now: Sides<string>): boolean =>
  back[source] !== null && base?.fingerprints[source] === now[source];

/**
 * Somebody changed one side and changed it back: as if nothing had happened, but for an edit of the other side in between of which nothing
 * was told yet. Once that crossed nobody would know any more that it was not the last word, so that side is looked at now (SPEC F10).
 * @param blind the sides that were not looked at
 */
export const lookAcross = (
  verdict: Verdict,
  direction: Direction,
  back: Sides<number | null>,
  blind: readonly Side[],
): Look | null =>
  verdict.kind === 'unchanged' && direction === 'both' && blind.length === 1 && (back.A !== null || back.B !== null)
    ? { look: blind }
    : null;
