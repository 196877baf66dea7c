import { laterOf } from '../core/change-mark.ts';
import { fingerprintStatus } from '../core/normal-form.ts';
import type { OwnEdit } from '../core/own-edits.ts';
import type { Operation } from '../core/plan.ts';
import type { Transitioned } from '../core/replaced-status.ts';
import type { Done } from './carry-out.ts';
import type { Ground } from './ground.ts';
import { knownUntil } from './known-until.ts';
import type { Effect } from './ports.ts';
import type { Turn } from './turn.ts';

/** Writes of which Jira does not tell what they replaced: what is remembered of them until an event or a look does (SPEC O11). */

/** What a transition is remembered by. Null: Jira offered or took none, or it was not seen what the item was in. */
export function transitionedBy(
  turn: Turn,
  { pair, views }: Ground,
  { target, piece }: Operation & { kind: 'transition' },
  { settled }: Done,
): Transitioned | null {
  const { status } = views[target];
  const to = settled.get(piece)?.fingerprint;
  if (status === null || to === undefined) return null;
  const { seen, told } = knownUntil(pair, target);
  const from = fingerprintStatus(status, turn.ports.fingerprinter(turn.claim.tenantId));
  return { from, to, since: laterOf(seen, told), at: turn.ports.clock.now() };
}

/** What an edit or a deletion of a comment is remembered by. None: the comment was gone already. */
export function ownEditsBy(
  { piece, commentId, since }: Operation & { kind: 'edit-comment' | 'delete-comment' },
  { agreed }: Effect,
  { comment }: Done,
): readonly OwnEdit[] {
  if (comment === null) return [];
  if (comment === 'deleted') return [{ piece, commentId, since, written: null }];
  const told = agreed.get(piece)?.told ?? '';
  return [{ piece, commentId, since, written: { at: comment.updatedAt, told } }];
}
