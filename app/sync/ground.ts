import type { PieceKey } from '../core/ids.ts';
import type { LookedAt } from '../core/looked-lately.ts';
import type { PieceBase } from '../core/piece.ts';
import type { Sides } from '../core/side.ts';
import type { View } from '../core/view.ts';
import type { Pair } from './ports.ts';

/** What a plan is made from and carried out against. */
export interface Ground {
  readonly pair: Pair;
  readonly views: Sides<View>;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly lookedAt: LookedAt;
}
