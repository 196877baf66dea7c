import type { CommentId, PieceKey } from './ids.ts';
import { wordsPrint } from './loose-print.ts';
import type { Fingerprinter } from './normal-form.ts';
import type { CommentEvent } from './observation.ts';

/**
 * An edit or a deletion of a comment that we made. Jira tells nothing of what it replaced, and keeps no history of comments: it is remembered
 * for what events tell of it, which may be late (SPEC O11).
 */
export interface OwnEdit {
  readonly piece: PieceKey;
  readonly commentId: CommentId;
  /** The last edit of the comment that was known before, by its site's clock, epoch milliseconds. */
  readonly since: number;
  /** Null: it was deleted, so that nobody edited it later. */
  readonly written: {
    /** By the same clock. */
    readonly at: number;
    /** What an event says of the words (loose-print.ts). */
    readonly told: string;
  } | null;
}

/** An edit of somebody's that one of ours replaced before it was seen. */
export interface ReplacedEdit {
  readonly piece: PieceKey;
  readonly words: string;
}

/** Of how many of our edits of a comment, and of all comments of an item's side, events may be outstanding; beyond that the oldest are forgotten. */
const MOST_OF_A_COMMENT = 4;
const MOST_OF_A_SIDE = 64;

/** Jira's answer and its event should name the same moment. */
const SAME_MOMENT_MS = 1000;

/** These, and one more. */
export function withOwnEdit(edits: readonly OwnEdit[], edit: OwnEdit): readonly OwnEdit[] {
  const same = edits.filter(({ commentId }) => commentId === edit.commentId);
  const [oldest] = same.length < MOST_OF_A_COMMENT ? [] : same;
  return [...edits.filter((one) => one !== oldest), edit].slice(-MOST_OF_A_SIDE);
}

/**
 * Whether an event without a trace tells of one of these. Its site names the millisecond in its answer and in the event alike: with any other
 * it is somebody's, who may have changed what letters do not show.
 */
export const isOwnEdit = (edits: readonly OwnEdit[], event: CommentEvent, fingerprint: Fingerprinter): boolean =>
  event.kind === 'edited' &&
  edits.some(
    ({ commentId, written }) =>
      commentId === event.commentId && written?.at === event.editedAt && written.told === wordsPrint(event.words, fingerprint),
  );

/**
 * Whether an edit that is ours by the trace of its event is one of these, or older than one. If not, its write was given up, and was carried out
 * after all, later than what we know.
 */
export const isRemembered = (edits: readonly OwnEdit[], event: CommentEvent): boolean =>
  edits.some(
    ({ commentId, written }) =>
      commentId === event.commentId && (written === null || written.at + SAME_MOMENT_MS >= event.editedAt),
  );

/**
 * Edits that ours replaced before anybody had seen them (SPEC O11): made since the comment was known, and before ours. Of several that one
 * of ours replaced, the last: whoever wrote it saw the others. One that says the same is told of, too: an event shows no more than letters.
 *
 * @param events of others
 * @returns `edits`: the same, with nothing left to be told twice
 */
export function replacedEdits(
  edits: readonly OwnEdit[],
  events: readonly CommentEvent[],
): { readonly replaced: readonly ReplacedEdit[]; readonly edits: readonly OwnEdit[] } {
  const replaced: ReplacedEdit[] = [];
  const after = edits.map((edit) => {
    const { piece, commentId, since, written } = edit;
    const isUnseen = (event: CommentEvent): boolean =>
      event.kind === 'edited' &&
      event.commentId === commentId &&
      event.editedAt > since &&
      event.editedAt < (written?.at ?? Infinity);
    const last = events
      .filter(isUnseen)
      .toSorted((one, other) => one.editedAt - other.editedAt)
      .at(-1);
    if (last === undefined) return edit;
    replaced.push({ piece, words: last.words });
    return { ...edit, since: last.editedAt };
  });
  return { replaced, edits: after };
}
