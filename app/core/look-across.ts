import type { Verdict } from './decide-scalar.ts';
import type { PieceBase } from './piece.ts';
import { ownReturnsUntil } from './ping-pong.ts';
import type { Look } from './plan.ts';
import type { Direction, Side, Sides } from './side.ts';
import type { View } from './view.ts';

/** When a person changed each side and changed it back, as far as a look or an event tells; null: nobody did (SPEC F10). */
export function changesBack(views: Sides<View>, field: string, base: PieceBase | null): Sides<number | null> {
  const at = (side: Side): number | null => {
    const back = views[side].changedBackAt.get(field) ?? null;
    return back !== null && back > ownReturnsUntil(base?.pingPong, side) ? back : null;
  };
  return { A: at('A'), B: at('B') };
}

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
