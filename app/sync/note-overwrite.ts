import type { Agreement } from '../core/agreement.ts';
import type { PieceKey } from '../core/ids.ts';
import type { PlannedWrite } from '../core/plan.ts';
import type { Side } from '../core/side.ts';
import type { JudgedWrite } from './judge-writes.ts';
import { keepValue, wordsAsValue } from './keep-value.ts';
import type { Effect, KeptValue } from './ports.ts';
import type { Turn } from './turn.ts';

export interface PutBack {
  readonly target: Side;
  readonly write: PlannedWrite;
  /** What the write that replaced it was to make both sides agree on, and how the changelog tells of that write. */
  readonly agreement: Agreement;
  /** When that write was meant to be made, epoch milliseconds. */
  readonly intendedAt: number;
}

/** What follows from edits that our writes replaced. */
interface Noted {
  readonly overwritten: Set<PieceKey>;
  readonly kept: KeptValue[];
  readonly putBack: PutBack[];
  /** Pieces about which nothing is agreed by the write. */
  readonly unfinished: Set<PieceKey>;
}

/** An edit slipped in between what we knew of the target and our write (SPEC O7). */
export function noteOverwrite(
  turn: Turn,
  noted: Noted,
  { target, intendedAt }: Effect,
  { piece, field, agreement, overwrite }: JudgedWrite,
): void {
  switch (overwrite.kind) {
    case 'none':
    case 'restored':
      return;
    case 'stands': {
      const value = overwrite.value ?? (overwrite.text === null ? null : wordsAsValue(overwrite.text));
      if (value !== null) noted.kept.push(keepValue(turn, { piece, side: target, value }));
      noted.overwritten.add(piece);
      return;
    }
    case 'put-back':
      noted.putBack.push({ target, write: { piece, field, value: overwrite.value }, agreement, intendedAt });
      noted.unfinished.add(piece);
  }
}
