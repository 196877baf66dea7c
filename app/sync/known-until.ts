import type { Side } from '../core/side.ts';
import type { KnownUntil } from '../core/view.ts';
import type { Pair } from './ports.ts';

/** Up to where one side of a pair is known (SPEC O13). */
export const knownUntil = ({ seenAt, seenChange, toldAt, toldChange }: Pair, side: Side): KnownUntil => ({
  seen: { id: seenChange[side], at: seenAt[side] },
  told: { id: toldChange[side], at: toldAt[side] },
});
