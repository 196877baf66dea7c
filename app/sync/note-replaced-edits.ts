import type { Item } from '../core/item.ts';
import { replacedEdits } from '../core/replaced-edits.ts';
import type { Side } from '../core/side.ts';
import { wordsAsValue } from './keep-value.ts';
import type { PairState } from './pair-state.ts';
import type { Turn } from './turn.ts';
import { commentsTold } from './view-told.ts';

/** Edits of comments that a write of ours replaced before they were seen, as their events tell (SPEC O11). */
export function noteReplacedEdits(turn: Turn, state: PairState, side: Side, item: Item): void {
  const events = commentsTold(turn, side);
  if (events.length === 0) return;
  const { comments } = item;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const seenAt = state.pair.seenAt[side];
  const replaced = replacedEdits({ side, events, seenAt, comments, bases: state.bases, fingerprint });
  state.replacedEdits.push(...replaced.map(({ piece, words }) => ({ piece, side, value: wordsAsValue(words) })));
}
