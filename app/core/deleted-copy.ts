import type { CommentId } from './ids.ts';
import { DELETED_COMMENT, type FieldChange } from './item.ts';
import { lettersOf, wordsPrint } from './loose-print.ts';
import type { Fingerprinter } from './normal-form.ts';
import type { CommentEvent } from './observation.ts';

/** Stands for the id of a copy of which nothing but its deletion is known. Jira's ids are numbers, so no comment has it. */
export const GONE_COPY = 'gone' as CommentId;

/** What is asked about a comment that is not there, and of which nobody heard whether a write of ours made it, or gave it its words. */
export interface DeletionQuestion {
  /** What that write sent, as the event of a deletion tells it; null: not known. */
  readonly sent: string | null;
  /** When it was meant to be made, epoch milliseconds: what was deleted before cannot have been made by it. */
  readonly intendedAt: number;
  /** What events told of comments of that side. */
  readonly events: readonly CommentEvent[];
  /** Whether an event is about the comment that was written, as far as its id tells. */
  readonly isAbout: (event: CommentEvent) => boolean;
  /** What that side's changelog tells since it was last seen. */
  readonly changes: readonly FieldChange[];
  /** Of each other known comment that is gone there, too, the words as its counterpart has them; null where that is gone as well. */
  readonly gone: readonly (string | null)[];
  readonly fingerprint: Fingerprinter;
}

/**
 * Whether what the write sent was there and was deleted, so that the deletion is what somebody wants (SPEC K9, O10): an event tells its words, or
 * the changelog does, which names no comment. A line of it that another comment may explain counts for that one: in doubt the write was not
 * made, since a comment too many is a nuisance, and one deleted by mistake is a loss.
 *
 * @returns the comment's id, or GONE_COPY where only the changelog tells; null: nothing says so
 */
export function findDeletion(question: DeletionQuestion): CommentId | null {
  const { sent, intendedAt, events, isAbout, changes, gone, fingerprint } = question;
  const isSent = (words: string | null): boolean =>
    lettersOf(words ?? '') !== '' && wordsPrint(words ?? '', fingerprint) === sent;
  const told = events.find((event) => event.kind === 'deleted' && isAbout(event) && isSent(event.words));
  if (told !== undefined) return told.commentId;
  const lines = changes.filter(({ field, at, fromText }) => field === DELETED_COMMENT && at >= intendedAt && isSent(fromText));
  const explained = gone.filter((words) => lines.some((line) => mayBe(words, line))).length;
  return lines.length > explained ? GONE_COPY : null;
}

/** With an author line on either side, or on none. */
function mayBe(words: string | null, { fromText }: FieldChange): boolean {
  if (words === null) return true;
  const [known, deleted] = [lettersOf(words), lettersOf(fromText ?? '')];
  return known.endsWith(deleted) || deleted.endsWith(known);
}
