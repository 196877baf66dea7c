import { plainText } from './document.ts';
import type { CommentId } from './ids.ts';
import { type Comment, DELETED_COMMENT, type FieldChange } from './item.ts';
import { lettersOf } from './loose-print.ts';
import type { CommentEvent } from './observation.ts';

/** Stands for the id of a copy of which nothing but its deletion is known. Jira's ids are numbers, so no comment has it. */
export const GONE_COPY = 'gone' as CommentId;

/** What is asked about the copy of a comment of which nobody heard that it was made, and which is not there. */
export interface DeletedCopyQuestion {
  /** As it is now; with other words than were sent nothing fits, and it is copied anew (SPEC K7). */
  readonly original: Comment;
  /** What events told of comments of the side that was to get the copy. */
  readonly events: readonly CommentEvent[];
  /** The comments of that side that are known. */
  readonly known: ReadonlySet<CommentId>;
  /** What that side's changelog tells since it was last seen, but for what is explained already. */
  readonly changes: readonly FieldChange[];
  /** The originals of known copies that are gone, too: each explains one deletion of its words. */
  readonly gone: readonly Comment[];
}

/** `line`: of the changelog; null: an event told it. */
export interface DeletedCopy {
  readonly commentId: CommentId;
  readonly line: FieldChange | null;
}

/** The copy, if it was made and deleted before we knew of it: an event or the changelog tells that its words were (SPEC K9). Null: nothing says so. */
export function findDeletedCopy({ original, events, known, changes, gone }: DeletedCopyQuestion): DeletedCopy | null {
  const told = events.find(
    ({ kind, commentId, words }) => kind === 'deleted' && !known.has(commentId) && isCopy(words, original),
  );
  if (told !== undefined) return { commentId: told.commentId, line: null };
  const lines = changes.filter(({ field, fromText }) => field === DELETED_COMMENT && isCopy(fromText ?? '', original));
  const explained = gone.filter((other) => isCopy(plainText(other.body), original)).length;
  const line = lines.at(explained);
  return line === undefined ? null : { commentId: GONE_COPY, line };
}

/** Whether a comment with these words is a copy of it, with an author line or without. */
function isCopy(words: string, { body, authorName }: Comment): boolean {
  const sent = lettersOf(plainText(body));
  return sent !== '' && [sent, `${lettersOf(authorName)}${sent}`].includes(lettersOf(words));
}
