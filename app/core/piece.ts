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
/** The item as a whole: what a creation writes. */
export const ITEM_PIECE = 'item' as PieceKey;
export const STATUS_PIECE = 'status' as PieceKey;
/** A comment is named by the side and id it was first made under; its copy has another id. */
export const commentPiece = (origin: Side, commentId: CommentId): PieceKey => `comment:${origin}:${commentId}` as PieceKey;

/** Takes a comment's piece key apart again. */
export function originOfComment(piece: PieceKey): { readonly side: Side; readonly commentId: CommentId } {
  const [, side, commentId = ''] = piece.split(':');
  return { side: side === 'B' ? 'B' : 'A', commentId: commentId as CommentId };
}

/** How long a parked piece rests before the same content is tried again by itself (R3): Jira's settings change by people, in minutes. */
export const PARKED_REST_MS = 10 * 60 * 1000;

/** The fingerprints on which both sides agreed, or null when they never did (a piece can be parked before its first success). */
export const agreedBase = (base: PieceBase | null): Sides<string | null> | null =>
  base === null || (base.fingerprints.A === null && base.fingerprints.B === null) ? null : base.fingerprints;

export const synchronizedBase = (fingerprints: Sides<string | null>, comments: PieceBase['comments'] = null): PieceBase => ({
  fingerprints,
  comments,
  state: { kind: 'synchronized' },
});

/** The piece as parked: what was agreed stays, what the attempt saw is remembered. */
export const parkedBase = (before: PieceBase | null, cause: string, since: number, seen: Sides<string | null>): PieceBase => ({
  fingerprints: before?.fingerprints ?? { A: null, B: null },
  comments: before?.comments ?? null,
  state: { kind: 'parked', cause, since, seen },
});

/** Whether a parked piece should rest: nothing about it changed since the attempt, and the rest is not over (R3). */
export function stillParked(base: PieceBase | null, now: Sides<string | null>, at: number): boolean {
  if (base?.state.kind !== 'parked') return false;
  const { seen, since } = base.state;
  return seen.A === now.A && seen.B === now.B && at < since + PARKED_REST_MS;
}
