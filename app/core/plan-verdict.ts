import { planQuestion } from './ask-person.ts';
import type { Verdict } from './decide-scalar.ts';
import type { PieceKey } from './ids.ts';
import { type PieceBase, releasedBase, synchronizedBase } from './piece.ts';
import type { Note, PiecePlan } from './plan.ts';
import type { Sides } from './side.ts';

export type Flow = Verdict & { readonly kind: 'flow' };

/** The plan for every verdict that writes nothing; null when there is nothing to record either. */
export function planWithoutWrite(
  piece: PieceKey,
  verdict: Exclude<Verdict, Flow>,
  base: PieceBase | null,
  now: Sides<string>,
  at: number,
): PiecePlan | null {
  switch (verdict.kind) {
    case 'unchanged':
      return planRelease(piece, base);
    case 'ask':
      return planQuestion(piece, base, now, at);
    case 'agreed':
      return { piece, operations: [], base: synchronizedBase(now, base?.comments ?? null), note: noteAgreed(piece) };
    case 'declined':
      return {
        piece,
        operations: [],
        base: synchronizedBase(now, base?.comments ?? null),
        note: { piece, outcome: 'declined', source: verdict.source, cause: 'direction' },
      };
  }
}

/** What was known loosely is known exactly now; nothing else is to be recorded. */
export const planSettled = (before: PieceBase | null, settled: PieceBase | null, piece: PieceKey): PiecePlan | null =>
  settled === null || settled === before ? null : { piece, operations: [], base: settled };

/** The change that was refused has been taken back: the piece is no longer parked (R3). Null when it was not parked. */
export function planRelease(piece: PieceKey, base: PieceBase | null): PiecePlan | null {
  const released = releasedBase(base);
  return released === null ? null : { piece, operations: [], base: released, note: noteAgreed(piece) };
}

/** Both sides came to the same without a write. */
export const noteAgreed = (piece: PieceKey): Note => ({ piece, outcome: 'agreed', source: null, cause: null });

/** A value crossed; when the other side had changed as well, its value lost (F4, F8). */
export const noteFlow = (piece: PieceKey, { source, overwrites, decided }: Flow): Note => ({
  piece,
  outcome: overwrites ? 'overwritten' : 'applied',
  source,
  cause: overwrites ? (decided === true ? 'conflict-decided' : 'conflict-lost') : null,
});
