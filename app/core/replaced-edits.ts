import { plainText } from './document.ts';
import type { PieceKey } from './ids.ts';
import type { Comment } from './item.ts';
import { lettersOf } from './loose-print.ts';
import { type Fingerprinter, normalRich } from './normal-form.ts';
import type { CommentEvent } from './observation.ts';
import type { PieceBase } from './piece.ts';
import type { Side } from './side.ts';

export interface ReplacedQuestion {
  readonly side: Side;
  /** What events told of comments there. */
  readonly events: readonly CommentEvent[];
  /** `updated` of that side's item when it was seen last, before this look; what is older was seen then. */
  readonly seenAt: number;
  /** What this look shows. */
  readonly comments: readonly Comment[];
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly fingerprint: Fingerprinter;
}

export interface ReplacedEdit {
  readonly piece: PieceKey;
  readonly words: string;
}

/**
 * Edits of comments that a write of ours replaced before anybody had seen them (SPEC O11): made after the last look at that side and before
 * the write, and what that side shows now is what both agreed on by it. Of several edits the last one: whoever wrote it saw the others.
 */
export function replacedEdits(question: ReplacedQuestion): readonly ReplacedEdit[] {
  const { bases, comments, events, fingerprint, seenAt, side } = question;
  return [...bases].flatMap(([piece, base]) => {
    const commentId = base.comments?.[side];
    const edit = events
      .filter((one) => one.kind === 'edited' && one.commentId === commentId)
      .toSorted((one, other) => one.editedAt - other.editedAt)
      .at(-1);
    const shown = comments.find((comment) => comment.commentId === commentId);
    if (edit === undefined || shown === undefined || edit.editedAt <= seenAt || shown.updatedAt <= edit.editedAt) return [];
    const isAgreed = base.fingerprints[side] === fingerprint(normalRich(shown.body));
    return isAgreed && lettersOf(edit.words) !== lettersOf(plainText(shown.body)) ? [{ piece, words: edit.words }] : [];
  });
}
