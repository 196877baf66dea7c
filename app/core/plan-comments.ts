import { hasAuthorLine, withAuthorLine, withoutAuthorLine } from './author-line.ts';
import type { Configuration } from './configuration.ts';
import { decideScalar } from './decide-scalar.ts';
import { toPortable } from './document.ts';
import type { CommentId, PieceKey } from './ids.ts';
import type { AdfNode, Comment } from './item.ts';
import { normalRich } from './normal-form.ts';
import {
  commentIds,
  commentPiece,
  lastSeen,
  originOfComment,
  type PieceBase,
  restIsOver,
  stillParked,
  synchronizedBase,
} from './piece.ts';
import type { Look, PiecePlan, PlanInput } from './plan.ts';
import { noteFlow, planRelease, planWithoutWrite } from './plan-verdict.ts';
import { restoreOriginals } from './restore-originals.ts';
import { flowsFrom, onSides, otherSide, SIDES, type Side, type Sides } from './side.ts';

/** What is asked about comments, when they are synchronized at all. */
interface CommentsInput extends PlanInput {
  readonly settings: NonNullable<Configuration['comments']>;
  /** Each side's comments by id: an item may have thousands. Empty for a side that was not looked at. */
  readonly shown: Sides<ReadonlyMap<string, Comment>>;
  readonly unread: readonly Side[];
}

/** SPEC K. Known comments first, then new ones in the order they were made. */
export function planComments(plan: PlanInput): readonly (PiecePlan | Look)[] {
  const settings = plan.configuration.comments;
  if (settings === null) return [];
  const listOf = (side: Side): readonly Comment[] => plan.views[side].comments ?? [];
  const byId = (side: Side) => new Map(listOf(side).map((comment) => [comment.commentId, comment]));
  const unread = SIDES.filter((side) => plan.views[side].comments === null);
  const input: CommentsInput = { ...plan, settings, shown: { A: byId('A'), B: byId('B') }, unread };
  const known = [...plan.bases].filter(([piece]) => piece.startsWith('comment:'));
  const ids = known.map(([piece, base]) => commentIds(piece, base));
  const listed = { A: new Set(ids.map(({ A }) => A)), B: new Set(ids.map(({ B }) => B)) };
  const followed = known.flatMap(([piece, base]) => planKnown(piece, base, input) ?? []);
  const fresh = SIDES.flatMap((side) => listOf(side).map((comment) => ({ side, comment })))
    .filter(({ side, comment }) => !listed[side].has(comment.commentId) && mayLeave(side, comment, input))
    .sort((a, b) => a.comment.createdAt - b.comment.createdAt || Number(a.comment.commentId) - Number(b.comment.commentId))
    .map(({ side, comment }) => planCopy(commentPiece(side, comment.commentId), side, comment, input));
  return [...followed, ...fresh];
}

/** Whether content of this comment may be carried away from its side (K5). */
const mayLeave = (side: Side, comment: Comment, { settings }: CommentsInput): boolean =>
  !comment.restricted && flowsFrom(side, settings.direction);

/** The comment is missing on the other side: make its copy there. */
function planCopy(piece: PieceKey, source: Side, comment: Comment, input: CommentsInput): PiecePlan {
  const body = carryBody(piece, source, onSides<Comment | null>(source, comment, null), input);
  const print = { source: input.fingerprint(normalRich(comment.body)), target: input.fingerprint(normalRich(body)) };
  return {
    piece,
    seen: onSides<string | null>(source, print.source, null),
    operations: [{ kind: 'create-comment', target: otherSide(source), piece, body }],
    base: synchronizedBase(onSides(source, print.source, print.target), onSides(source, comment.commentId, null)),
    note: { piece, outcome: 'applied', source, cause: null },
  };
}

function planKnown(piece: PieceKey, base: PieceBase, input: CommentsInput): PiecePlan | Look | null {
  const ids = commentIds(piece, base);
  const hidden = input.unread.filter((side) => ids[side] !== null);
  if (hidden.length > 0) return planHalfSeen(base, ids, input);
  const A = input.shown.A.get(ids.A ?? '') ?? null;
  const B = input.shown.B.get(ids.B ?? '') ?? null;
  if (A !== null && B !== null) return planEdit(piece, base, { A, B }, input);
  if (A !== null) return planOneLeft(piece, base, { left: 'A', comment: A, wasCopied: ids.B !== null }, input);
  if (B !== null) return planOneLeft(piece, base, { left: 'B', comment: B, wasCopied: ids.A !== null }, input);
  return { piece, operations: [], base: 'forget' };
}

/**
 * The comment is there, as far as we know, on a side that was not looked at. Nothing is to do while the side that is known shows what
 * it showed; any change of it needs both bodies (K4, K7, D3).
 */
function planHalfSeen(base: PieceBase, ids: Sides<CommentId | null>, input: CommentsInput): Look | null {
  const look: Look = { look: input.unread };
  if (restIsOver(base, input.now)) return look;
  const changed = SIDES.filter((side) => !input.unread.includes(side)).some((side) => {
    const comment = input.shown[side].get(ids[side] ?? '');
    if (comment === undefined) return ids[side] !== null;
    return input.fingerprint(normalRich(comment.body)) !== lastSeen(base, side);
  });
  return changed ? look : null;
}

interface OneLeft {
  readonly left: Side;
  readonly comment: Comment;
  /** Whether the other side once had it: then it was deleted there, else it never got there. */
  readonly wasCopied: boolean;
}

/** Present on one side only (K6, K7). */
function planOneLeft(piece: PieceKey, base: PieceBase, one: OneLeft, input: CommentsInput): PiecePlan | null {
  const { left, comment, wasCopied } = one;
  const print = input.fingerprint(normalRich(comment.body));
  const now = onSides<string | null>(left, print, null);
  const changed = base.fingerprints[left] !== print;
  if (wasCopied && !changed) return planDeletion(piece, base, one, now, input);
  if (!changed) return planRelease(piece, base);
  if (mayLeave(left, comment, input)) return stillParked(base, now, input.now) ? null : planCopy(piece, left, comment, input);
  return wasCopied ? keepLast(piece, one, now) : null;
}

function planDeletion(
  piece: PieceKey,
  base: PieceBase,
  one: OneLeft,
  now: Sides<string | null>,
  input: CommentsInput,
): PiecePlan | null {
  const source = otherSide(one.left);
  if (!flowsFrom(source, input.settings.direction)) return keepLast(piece, one, now);
  if (stillParked(base, now, input.now)) return null;
  return {
    piece,
    seen: now,
    operations: [
      { kind: 'delete-comment', target: one.left, piece, commentId: one.comment.commentId, since: one.comment.updatedAt },
    ],
    base: 'forget',
    note: { piece, outcome: 'applied', source, cause: null },
  };
}

/** The deletion is not carried and the comment that is left is not copied again: it stays where it is, and that is said (K6). */
function keepLast(piece: PieceKey, { left, comment }: OneLeft, now: Sides<string | null>): PiecePlan {
  return {
    piece,
    operations: [],
    base: synchronizedBase(now, onSides<CommentId | null>(left, comment.commentId, null)),
    note: {
      piece,
      outcome: 'declined',
      source: otherSide(left),
      cause: comment.restricted ? 'restricted-comment' : 'direction',
    },
  };
}

function planEdit(piece: PieceKey, base: PieceBase, found: Sides<Comment>, input: CommentsInput): PiecePlan | null {
  const now: Sides<string> = {
    A: input.fingerprint(normalRich(found.A.body)),
    B: input.fingerprint(normalRich(found.B.body)),
  };
  const verdict = decideScalar({
    base: base.fingerprints,
    now,
    empty: { A: false, B: false },
    same: normalRich(ownWords(piece, 'A', found, input)) === normalRich(ownWords(piece, 'B', found, input)),
    direction: input.settings.direction,
    conflict: 'newest',
    changedAt: { A: found.A.updatedAt, B: found.B.updatedAt },
    // Of comments Jira tells nothing that stood in between.
    changedBackAt: { A: null, B: null },
  });
  if (verdict.kind !== 'flow') return planWithoutWrite(piece, verdict, base, now, input.now);
  const { source } = verdict;
  // Left as it is, not recorded as seen: when the restriction is lifted, the edit is carried after all (K5).
  if (found[source].restricted || stillParked(base, now, input.now)) return null;
  const target = otherSide(source);
  const body = carryBody(piece, source, found, input);
  return {
    piece,
    seen: now,
    operations: [
      { kind: 'edit-comment', target, piece, commentId: found[target].commentId, since: found[target].updatedAt, body },
    ],
    base: synchronizedBase(onSides<string>(source, now[source], input.fingerprint(normalRich(body))), base.comments),
    note: noteFlow(piece, verdict),
    ...(verdict.overwrites ? { losing: { piece, side: target, value: { kind: 'rich', document: found[target].body } } } : {}),
  };
}

/** The body as the other side shall show it: away from its origin with an author line, back to it without (K4). */
function carryBody(piece: PieceKey, source: Side, found: Sides<Comment | null>, input: CommentsInput): AdfNode {
  const shows = input.shows?.[source] ?? null;
  const restored = restoreOriginals(ownWords(piece, source, found, input), found[otherSide(source)]?.body ?? null, shows);
  const author = originOfComment(piece).side === source ? authorOf(piece, input) : null;
  const { authorLine, anonymous = [] } = input.settings;
  return authorLine && !anonymous.includes(source) && author !== null ? withAuthorLine(restored, author) : restored;
}

/** What a person wrote, as any site can show it: portable, and without the author line where the comment is a copy. */
function ownWords(piece: PieceKey, side: Side, found: Sides<Comment | null>, input: CommentsInput): AdfNode {
  const body = found[side]?.body ?? { type: 'doc', content: [] };
  const author = authorOf(piece, input);
  const origin = originOfComment(piece).side;
  if (side === origin || author === null) return toPortable(body);
  // The line may be from a time when author lines were on; then it is ours unless the original begins with the same words.
  const original = found[origin]?.body;
  const ours = input.settings.authorLine || original === undefined || !hasAuthorLine(original, author);
  return toPortable(ours ? withoutAuthorLine(body, author) : body);
}

/** The author as the item of origin names them; null when that comment is no longer there. */
function authorOf(piece: PieceKey, { shown }: CommentsInput): string | null {
  const origin = originOfComment(piece);
  return shown[origin.side].get(origin.commentId)?.authorName ?? null;
}
