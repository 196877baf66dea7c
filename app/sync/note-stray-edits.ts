import type { Comment } from '../core/item.ts';
import { wordsPrint } from '../core/loose-print.ts';
import { normalRich } from '../core/normal-form.ts';
import type { CommentEvent } from '../core/observation.ts';
import { COUNTS_AS_CHANGED } from '../core/piece.ts';
import { onSides, type Side } from '../core/side.ts';
import { change, noteOwnEdit, type PairState } from './pair-state.ts';
import type { Turn } from './turn.ts';
import { commentsTold, isStray } from './view-told.ts';

/**
 * Edits of comments that we had given up, and that arrived after all, as their events tell now that both sides were looked at (SPEC O11). Such a
 * one may have replaced something unseen, and what the other side has said since has to go again.
 *
 * @param comments as the look shows them
 */
export function noteStrayEdits(turn: Turn, state: PairState, side: Side, comments: readonly Comment[]): void {
  for (const event of commentsTold(turn, side))
    if (isStray(turn, state.pair.ownEdits[side], event)) noteStray(turn, state, side, event, comments);
}

function noteStray(turn: Turn, state: PairState, side: Side, event: CommentEvent, comments: readonly Comment[]): void {
  const { commentId, editedAt, words } = event;
  const [piece, base] = [...state.bases].find(([, one]) => one.comments?.[side] === commentId) ?? [];
  if (piece === undefined || base === undefined) return;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const remembered = state.pair.ownEdits[side].filter((one) => one.commentId === commentId);
  const since = remembered.at(-1)?.written?.at ?? state.start.pair.seenAt[side];
  noteOwnEdit(state, side, { piece, commentId, since, written: { at: editedAt, told: wordsPrint(words, fingerprint) } });
  const shown = comments.find((one) => one.commentId === commentId);
  const stands = shown?.updatedAt === editedAt ? fingerprint(normalRich(shown.body)) : base.fingerprints[side];
  change(state, new Map([[piece, { ...base, fingerprints: onSides<string | null>(side, stands, COUNTS_AS_CHANGED) }]]));
}
