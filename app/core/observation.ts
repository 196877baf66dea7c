import type { CommentId, EffectId, FieldId, IssueId, IssueKey, ProjectId, SynchronizationId } from './ids.ts';
import type { FieldChange, FieldValue } from './item.ts';

/**
 * What one webhook told of an item: its plain parts as they were when it was sent, and what that change replaced. It is a read that
 * cost nothing and may be late. Rich text and comments are not in it. Epoch milliseconds throughout.
 */
export interface Observation {
  readonly event: 'created' | 'updated';
  readonly issueId: IssueId;
  readonly issueKey: IssueKey;
  readonly projectId: ProjectId;
  readonly type: { readonly id: string; readonly name: string };
  readonly status: { readonly id: string; readonly name: string };
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The fields that a webhook tells whole: all kinds but filled rich text. Offered but unset ones are `empty`. */
  readonly fields: ReadonlyMap<FieldId, FieldValue>;
  /** Rich-text fields that show something; what they show has to be read. */
  readonly richFilled: readonly FieldId[];
  /** What this event changed, as its changelog says. Empty for `created`. */
  readonly changes: readonly FieldChange[];
  /** The number of its entry in the changelog, also when it changed nothing that is synchronized; null where it does not tell. */
  readonly changeId: number | null;
}

/**
 * What the event of a comment's edit or deletion told of it. Jira keeps no history of comments: should a write of ours replace the edit, or
 * a copy of ours be deleted before we know it, only this tells.
 */
export interface CommentEvent {
  readonly kind: 'edited' | 'deleted';
  readonly commentId: CommentId;
  /** When it got these words, epoch milliseconds. */
  readonly editedAt: number;
  /** As the event shows them: wiki markup, or plain text. */
  readonly words: string;
  /** The write of ours that did it, as its trace proves; null: somebody's, or of a site that does not say. */
  readonly writer: Writer | null;
}

/** A write of ours, and for which synchronization it was made: for any other it is a change like anybody's. */
export interface Writer {
  readonly synchronizationId: SynchronizationId;
  readonly effectId: EffectId;
}

/**
 * Why a lane was made dirty, as far as it saves reads: what was told of an item on one side, or only that it has to be looked at.
 */
export type Told =
  | { readonly kind: 'observation'; readonly observation: Observation }
  /** An edit of a comment that was ours. */
  | { readonly kind: 'own-edit' }
  /** One that we had given up, and that arrived after all: both sides have to be looked at. */
  | { readonly kind: 'stray-edit' }
  /** Something changed there that the event does not tell whole. */
  | { readonly kind: 'look' };

/** Whether an event told both values of a change; of a rich text it tells neither. */
export const isTold = ({ from, to }: FieldChange): boolean => from !== null && to !== null;
