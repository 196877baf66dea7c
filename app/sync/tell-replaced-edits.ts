import { replacedEdits } from '../core/own-edits.ts';
import { otherSide, SIDES } from '../core/side.ts';
import { keepValue, wordsAsValue } from './keep-value.ts';
import type { PairState } from './pair-state.ts';
import type { Turn } from './turn.ts';
import { commentsTold, isOurs } from './view-told.ts';

/** Edits of comments that a write of ours replaced before they were seen, as their events tell at last: they are kept, and told of (SPEC O11). */
export function tellReplacedEdits(turn: Turn, state: PairState): void {
  for (const side of SIDES) {
    const ownEdits = state.pair.ownEdits[side];
    if (ownEdits.length === 0) continue;
    const events = commentsTold(turn, side).filter((event) => !isOurs(turn, ownEdits, event));
    const { replaced, edits } = replacedEdits(ownEdits, events);
    state.pair = { ...state.pair, ownEdits: { ...state.pair.ownEdits, [side]: edits } };
    for (const { piece, words } of replaced) {
      state.kept.push(keepValue(turn, { piece, side, value: wordsAsValue(words) }));
      state.lines.push({ piece, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
    }
  }
}
