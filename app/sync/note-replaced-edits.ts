import type { Item } from '../core/item.ts';
import { STATUS_PIECE } from '../core/piece.ts';
import { replacedEdits } from '../core/replaced-edits.ts';
import { replacedStatus } from '../core/replaced-status.ts';
import { otherSide, type Side } from '../core/side.ts';
import { keepValue, wordsAsValue } from './keep-value.ts';
import { commentsTold } from './observe-pair.ts';
import type { PairState } from './pair-state.ts';
import type { Turn } from './turn.ts';

/** Edits of comments that a write of ours replaced before they were seen, as their events tell (SPEC O11). */
export function noteReplacedEdits(turn: Turn, state: PairState, side: Side, item: Item): void {
  const events = commentsTold(turn, side);
  if (events.length === 0) return;
  const { comments } = item;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const seenAt = state.pair.seenAt[side];
  const replaced = replacedEdits({ side, events, seenAt, comments, bases: state.bases, fingerprint });
  state.replaced.push(...replaced.map(({ piece, words }) => ({ piece, side, value: wordsAsValue(words) })));
}

/** The status that our last transition replaced before it was seen, as the item shows now (SPEC O11). */
export function noteReplacedStatus(turn: Turn, state: PairState, side: Side, item: Item): void {
  const made = state.pair.transitioned[side];
  if (made === null) return;
  state.pair = { ...state.pair, transitioned: { ...state.pair.transitioned, [side]: null } };
  const value = replacedStatus(made, item.changes, turn.ports.fingerprinter(turn.claim.tenantId));
  if (value === null) return;
  state.kept.push(keepValue(turn, { piece: STATUS_PIECE, side, value }));
  state.lines.push({ piece: STATUS_PIECE, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
}
