import { plainText } from './document.ts';
import type { CommentId } from './ids.ts';
import type { Comment } from './item.ts';
import type { CommentEvent } from './observation.ts';
import { lettersOf } from './replaced-edits.ts';

/**
 * The copy of a comment of which nobody heard that it was made, and which is not there: deleted before we knew of it, if an event tells that
 * a comment with its words was (SPEC K9). Null: nothing says so.
 *
 * @param events what events told of comments of the side that was to get the copy
 * @param known the comments of that side that are known
 * @param original as it is now; with other words than were sent no event fits, and it is copied anew (K7)
 */
export function findDeletedCopy(
  events: readonly CommentEvent[],
  known: ReadonlySet<CommentId>,
  original: Comment,
): CommentId | null {
  const words = lettersOf(plainText(original.body));
  const sent = [words, `${lettersOf(original.authorName)}${words}`];
  const isIt = (event: CommentEvent): boolean =>
    event.kind === 'deleted' && !known.has(event.commentId) && words !== '' && sent.includes(lettersOf(event.words));
  return events.find(isIt)?.commentId ?? null;
}
