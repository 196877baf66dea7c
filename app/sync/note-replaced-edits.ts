import type { Item } from '../core/item.ts';
import { STATUS_PIECE } from '../core/piece.ts';
import { replacedEdits } from '../core/replaced-edits.ts';
import { replacedStatus } from '../core/replaced-status.ts';
import type { Side } from '../core/side.ts';
import { wordsAsValue } from './keep-value.ts';
import { commentsTold, toldOf } from './observe-pair.ts';
import type { PairState } from './pair-state.ts';
import type { Turn } from './turn.ts';

/** Edits of comments, and a status, that a write of ours replaced before they were seen, as their events tell (SPEC O11). */
export function noteReplacedEdits(turn: Turn, state: PairState, side: Side, item: Item): void {
  noteReplacedStatus(turn, state, side, item);
  const events = commentsTold(turn, side);
  if (events.length === 0) return;
  const { comments } = item;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const seenAt = state.pair.seenAt[side];
  const replaced = replacedEdits({ side, events, seenAt, comments, bases: state.bases, fingerprint });
  state.replaced.push(...replaced.map(({ piece, words }) => ({ piece, side, value: wordsAsValue(words) })));
}

function noteReplacedStatus(turn: Turn, state: PairState, side: Side, item: Item): void {
  if (turn.memory.synchronization.configuration.status === null) return;
  const told = toldOf(turn, side).flatMap((one) => (one.kind === 'observation' ? one.observation.changes : []));
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const value = replacedStatus({ side, told, seenAt: state.pair.seenAt[side], item, bases: state.bases, fingerprint });
  if (value !== null) state.replaced.push({ piece: STATUS_PIECE, side, value });
}
