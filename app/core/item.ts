import type { AccountId, CommentId, EffectId, FieldId, IssueId, IssueKey, ProjectId, SynchronizationId } from './ids.ts';
import type { Side } from './side.ts';

/** A node of the Atlassian Document Format. Unknown node types are kept as they are. */
export interface AdfNode {
  readonly type: string;
  readonly version?: number;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly AdfNode[];
  readonly content?: readonly AdfNode[];
}

/** The value of one field, in the shape that decisions need. */
export type FieldValue =
  | { kind: 'empty' }
  | { kind: 'text'; text: string }
  | { kind: 'rich'; document: AdfNode }
  /** Unordered, without repeats: labels. A set field without members is an empty set, never `empty`. */
  | { kind: 'set'; members: readonly string[] }
  /** One of a list that each site keeps for itself; matched between sites by name. */
  | { kind: 'option'; id: string; name: string }
  /** `YYYY-MM-DD`, without a time zone. */
  | { kind: 'date'; date: string };

/** What the lines of the changelog that tell of deleted comments name as their field: `fromText` are the words that went. */
export const DELETED_COMMENT = 'comment';

/** One line of Jira's changelog. */
export interface FieldChange {
  /** Jira's number of the entry that the line is in: later ones have higher ones. Null where Jira tells none, or none in order (Data Center). */
  readonly id: number | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** A field id, `status`, or `DELETED_COMMENT`. */
  readonly field: string;
  /** What the field held before and after; null where the changelog does not carry the value in a form we can compare (rich text). */
  readonly from: FieldValue | null;
  readonly to: FieldValue | null;
  /** The former value as the changelog's words, for showing it to a person when `from` is null. */
  readonly fromText: string | null;
  /** The new value as the changelog's words when `to` is null: how a write of ours is known again (SPEC O10). */
  readonly toText: string | null;
}

export interface Comment {
  readonly commentId: CommentId;
  readonly authorId: AccountId | null;
  readonly authorName: string;
  readonly body: AdfNode;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Seen by some roles or groups only. Such comments never leave their site (SPEC K5). */
  readonly restricted: boolean;
}

/**
 * The mark that a twin carries in the issue property `tandem.twin` from the moment of its creation.
 * It lets us recognise our own creation when the answer to the create call was lost.
 */
export interface TwinMark {
  readonly synchronizationId: SynchronizationId;
  readonly effectId: EffectId;
  /** The side and item it was made from. */
  readonly originSide: Side;
  readonly originIssueId: IssueId;
  /** The spaces in which this content was an item before it came here, the first one first; opaque names (SPEC I7). */
  readonly through: readonly string[];
}

/** One side's work item as one read showed it. Epoch milliseconds throughout. */
export interface Item {
  readonly issueId: IssueId;
  readonly issueKey: IssueKey;
  readonly projectId: ProjectId;
  readonly type: { readonly id: string; readonly name: string };
  readonly status: { readonly id: string; readonly name: string };
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Only the fields asked for. A field that the item does not offer is absent, an offered but unset one is `empty`. */
  readonly fields: ReadonlyMap<FieldId, FieldValue>;
  /** When each field, and `status`, last changed, by Jira's changelog; absent if never since creation, or too many changes ago for a read to carry. */
  readonly changedAt: ReadonlyMap<string, number>;
  /** The newest changes that the read carried (up to 40), oldest first. */
  readonly changes: readonly FieldChange[];
  readonly comments: readonly Comment[];
  /** What may be done with its status now; null where the answer did not say. */
  readonly transitions: readonly Transition[] | null;
  /** Every mark found: an item can take part in several synchronizations. */
  readonly twinMarks: readonly TwinMark[];
}

/** What may be done with an item's status now. */
export interface Transition {
  readonly id: string;
  readonly to: { readonly id: string; readonly name: string };
}

/** What a space offers to a mapping. */
export interface SpaceShape {
  readonly projectId: ProjectId;
  readonly projectKey: string;
  readonly projectName: string;
  readonly types: readonly {
    readonly id: string;
    readonly name: string;
    readonly subtask: boolean;
    readonly statuses: readonly { readonly id: string; readonly name: string }[];
  }[];
  readonly priorities: readonly { readonly id: string; readonly name: string }[];
}
