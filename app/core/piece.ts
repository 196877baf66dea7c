import type { CommentId, FieldId, PieceKey } from './ids.ts';
import type { Side, Sides } from './side.ts';

/** What is remembered of a piece: no content, only what each side's content hashed to when they last agreed. */
export interface PieceBase {
  /**
   * Per side, the fingerprint last agreed; null when the piece was absent there. For a set (labels) the sorted fingerprints of
   * its members joined by commas, so that additions and removals can be told apart.
   */
  readonly fingerprints: Sides<string | null>;
  /** For comments: the comment id on each side. Null for other pieces. */
  readonly comments: Sides<CommentId | null> | null;
  /**
   * Parked: the last attempt was refused for `cause`. `seen` are the fingerprints that the attempt saw, so that the same content
   * is not tried again at every turn (SPEC R3).
   */
  readonly state:
    | { readonly kind: 'synchronized' }
    | { readonly kind: 'parked'; readonly cause: string; readonly since: number; readonly seen: Sides<string | null> };
}

export const fieldPiece = (field: FieldId): PieceKey => `field:${field}` as PieceKey;
export const STATUS_PIECE = 'status' as PieceKey;
/** A comment is named by the side and id it was first made under; its copy has another id. */
export const commentPiece = (origin: Side, commentId: CommentId): PieceKey => `comment:${origin}:${commentId}` as PieceKey;
