import type { CommentId, FieldId, PieceKey } from './ids.ts';
import { type PingPong, thawAfter } from './ping-pong.ts';
import { onSides, type Side, type Sides } from './side.ts';

/** What is remembered of a piece: no content, only what each side's content hashed to when they last agreed. */
export interface PieceBase {
  /**
   * Per side, the fingerprint last agreed; null when the piece was absent there. For a set (labels) the sorted fingerprints of
   * its members joined by commas, so that additions and removals can be told apart.
   */
  readonly fingerprints: Sides<string | null>;
  /** For comments: the comment id on each side; GONE_COPY (deleted-copy.ts), which no comment has, where only its deletion is known. Null for other pieces. */
  readonly comments: Sides<CommentId | null> | null;
  /**
   * Parked: the last attempt was refused for `cause`. `seen` are the fingerprints that the attempt saw, so that the same content
   * is not tried again at every turn (SPEC R3). `decided`: for a conflict that a person decides, whose value they chose (F8).
   * `answer`: for a piece that the brake stopped, what they said (M8).
   */
  readonly state:
    | { readonly kind: 'synchronized' }
    | {
        readonly kind: 'parked';
        readonly cause: string;
        readonly since: number;
        readonly seen: Sides<string | null>;
        readonly decided?: Side;
        readonly answer?: BrakeAnswer;
      };
  /** What crossed lately, to see that the piece goes back and forth (SPEC M1). */
  readonly pingPong?: PingPong;
}

/** What a person said about many changes that were stopped: let them happen, or bring back what they would destroy. */
export type BrakeAnswer = 'carry-out' | 'take-back';

/** The key of a field's piece, whatever the field. */
export const fieldPiece = (field: FieldId): PieceKey => `field:${field}` as PieceKey;
/** The field whose piece that is. */
export const fieldOfPiece = (piece: PieceKey): FieldId => piece.slice(piece.indexOf(':') + 1) as FieldId;
/** The item as a whole: what a creation writes. */
export const ITEM_PIECE = 'item' as PieceKey;
/** The piece that is an item's status. */
export const STATUS_PIECE = 'status' as PieceKey;
/**
 * Is there while one of the two items is known to be gone, hidden or in another space: then both are looked at before anything is written
 * (SPEC I6). Parked since Jira does not show the item.
 */
export const AWAY_PIECE = 'away' as PieceKey;
/** A comment is named by the side and id it was first made under; its copy has another id. */
export const commentPiece = (origin: Side, commentId: CommentId): PieceKey => `comment:${origin}:${commentId}` as PieceKey;

/** Takes a comment's piece key apart again. */
export function originOfComment(piece: PieceKey): { readonly side: Side; readonly commentId: CommentId } {
  const [, side, commentId = ''] = piece.split(':');
  return { side: side === 'B' ? 'B' : 'A', commentId: commentId as CommentId };
}

/** How long a parked piece rests before the same content is tried again by itself (R3): Jira's settings change by people, in minutes. */
export const PARKED_REST_MS = 10 * 60 * 1000;

/**
 * Stands for a fingerprint that nothing equals but a set without members: whatever else that side shows counts as changed there, and all
 * members of a set as added.
 */
export const COUNTS_AS_CHANGED = '';

/**
 * The fingerprints on which both sides agreed, or null when they never did: a piece can be parked before its first success, and
 * a field can be missing on one side (SPEC F5, F7).
 */
export const agreedBase = (base: PieceBase | null): Sides<string> | null => {
  const { A, B } = base?.fingerprints ?? { A: null, B: null };
  return A === null || B === null ? null : { A, B };
};

/** What that side showed when it was last looked at: for a parked piece more than what was agreed. Null: it was not there. */
export const lastSeen = ({ state, fingerprints }: PieceBase, side: Side): string | null =>
  state.kind === 'parked' ? (state.seen[side] ?? fingerprints[side]) : fingerprints[side];

/** Both sides agree on these fingerprints; nothing is left to do. */
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
  ...(before?.pingPong === undefined ? {} : { pingPong: before.pingPong }),
});

/** A parked piece whose sides show again what they last agreed on has nothing left to wait for (R3). Null when not parked. */
export const releasedBase = (base: PieceBase | null): PieceBase | null =>
  base?.state.kind === 'parked' ? synchronizedBase(base.fingerprints, base.comments) : null;

/** The cause of a piece that both sides changed and about which a person decides (F8). */
export const UNDECIDED = 'conflict-undecided';

/** Both sides changed it, and a person is asked. */
export const isUndecided = (base: PieceBase): boolean => base.state.kind === 'parked' && base.state.cause === UNDECIDED;

/** Whether a parked piece is due to be tried again, whatever its sides show (R3, M3). One that waits for a person is, once answered. */
export function restIsOver(base: PieceBase, at: number): boolean {
  const { state } = base;
  if (state.kind !== 'parked') return false;
  if (isUndecided(base)) return state.decided !== undefined;
  if (isForTheBrake(state.cause)) return state.answer !== undefined;
  return at >= (state.cause === 'ping-pong' ? thawAfter(base.pingPong, state.since) : state.since + PARKED_REST_MS);
}

/** Whether a parked piece should rest: nothing about it changed since the attempt, and the rest is not over (R3). */
export function stillParked(base: PieceBase | null, now: Sides<string | null>, at: number): boolean {
  if (base?.state.kind !== 'parked' || isUndecided(base) || isForTheBrake(base.state.cause)) return false;
  const { seen, since } = base.state;
  return seen.A === now.A && seen.B === now.B && at < since + PARKED_REST_MS;
}

/** A piece that the brake stopped is planned by every turn, and the brake asked again (SPEC M7). */
const isForTheBrake = (cause: string): boolean => cause.startsWith('mass-');

/** A comment's ids. One that parked before it was ever copied is known by its piece key alone. */
export const commentIds = (piece: PieceKey, base: PieceBase): Sides<CommentId | null> => {
  const origin = originOfComment(piece);
  return base.comments ?? onSides<CommentId | null>(origin.side, origin.commentId, null);
};
