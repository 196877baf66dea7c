import { decideScalar } from './decide-scalar.ts';
import { restoreOriginals, toPortable, withAuthorLine, withoutAuthorLine } from './document.ts';
import type { PieceKey } from './ids.ts';
import type { AdfNode, Comment } from './item.ts';
import { normalRich } from './normal-form.ts';
import { commentPiece, originOfComment, type PieceBase, stillParked, synchronizedBase } from './piece.ts';
import type { PiecePlan, PlanInput } from './plan.ts';
import { flowsFrom, onSides, otherSide, SIDES, type Side, type Sides } from './side.ts';

/** SPEC K. Known comments first, then new ones in the order they were made. */
export function planComments(input: PlanInput): readonly PiecePlan[] {
  if (input.configuration.comments === null) return [];
  const known = [...input.bases].filter(([piece]) => piece.startsWith('comment:'));
  const taken = { A: new Set<string>(), B: new Set<string>() };
  for (const [, base] of known) for (const side of SIDES) taken[side].add(base.comments?.[side] ?? '');
  const followed = known.flatMap(([piece, base]) => planKnown(piece, base, input) ?? []);
  const fresh = SIDES.flatMap((side) =>
    input.items[side].comments.filter((comment) => !taken[side].has(comment.commentId)).map((comment) => ({ side, comment })),
  )
    .filter(({ side, comment }) => !comment.restricted && flowsFrom(side, input.configuration.comments?.direction ?? 'both'))
    .sort((a, b) => a.comment.createdAt - b.comment.createdAt || Number(a.comment.commentId) - Number(b.comment.commentId))
    .map(({ side, comment }) => planNew(side, comment, input));
  return [...followed, ...fresh];
}

function planNew(source: Side, comment: Comment, input: PlanInput): PiecePlan {
  const piece = commentPiece(source, comment.commentId);
  return planCopy(piece, source, comment, input);
}

/** The comment is missing on the other side: make its copy there. */
function planCopy(piece: PieceKey, source: Side, comment: Comment, input: PlanInput): PiecePlan {
  const target = otherSide(source);
  const body = carryBody(piece, source, comment.body, authorOf(piece, input), null, input);
  const print = { source: input.fingerprint(normalRich(comment.body)), target: input.fingerprint(normalRich(body)) };
  const comments = onSides(source, comment.commentId, null);
  return {
    piece,
    seen: onSides<string | null>(source, print.source, null),
    operations: [{ kind: 'create-comment', target, piece, body }],
    base: synchronizedBase(onSides(source, print.source, print.target), comments),
    note: { piece, outcome: 'applied', source, cause: null },
  };
}

function planKnown(piece: PieceKey, base: PieceBase, input: PlanInput): PiecePlan | null {
  const find = (side: Side): Comment | null =>
    input.items[side].comments.find((comment) => comment.commentId === base.comments?.[side]) ?? null;
  const a = find('A');
  const b = find('B');
  if (a !== null && b !== null) return planEdit(piece, base, { A: a, B: b }, input);
  if (a === null && b === null) return { piece, operations: [], base: 'forget' };
  return a === null ? planOneLeft(piece, base, 'B', b, input) : planOneLeft(piece, base, 'A', a, input);
}

/** Present on one side only: it was deleted on the other, or never got there (K6, K7). */
function planOneLeft(piece: PieceKey, base: PieceBase, left: Side, comment: Comment | null, input: PlanInput): PiecePlan | null {
  if (comment === null) return null;
  const gone = otherSide(left);
  const print = input.fingerprint(normalRich(comment.body));
  const wasThere = (base.comments?.[gone] ?? null) !== null;
  const changed = base.fingerprints[left] !== print;
  const flows = (side: Side): boolean => flowsFrom(side, input.configuration.comments?.direction ?? 'both');
  const now = onSides<string | null>(left, print, null);
  if (wasThere && !changed) {
    if (flows(gone)) {
      return {
        piece,
        seen: now,
        operations: [{ kind: 'delete-comment', target: left, piece, commentId: comment.commentId }],
        base: 'forget',
        note: { piece, outcome: 'applied', source: gone, cause: null },
      };
    }
    const absent = synchronizedBase(now, onSides(left, comment.commentId, null));
    return { piece, operations: [], base: absent, note: { piece, outcome: 'declined', source: gone, cause: 'direction' } };
  }
  if (!changed && base.state.kind !== 'parked') return null;
  if (stillParked(base, now, input.now) || !flows(left)) return null;
  return planCopy(piece, left, comment, input);
}

function planEdit(piece: PieceKey, base: PieceBase, found: Sides<Comment>, input: PlanInput): PiecePlan | null {
  const settings = input.configuration.comments;
  if (settings === null) return null;
  const now: Sides<string> = { A: input.fingerprint(normalRich(found.A.body)), B: input.fingerprint(normalRich(found.B.body)) };
  const author = authorOf(piece, input);
  const carried = (source: Side): AdfNode =>
    carryBody(piece, source, found[source].body, author, found[otherSide(source)].body, input);
  const verdict = decideScalar({
    base: base.fingerprints,
    now,
    empty: { A: false, B: false },
    same: normalRich(carried('A')) === normalRich(found.B.body),
    direction: settings.direction,
    conflict: 'newest',
    changedAt: { A: found.A.updatedAt, B: found.B.updatedAt },
  });
  if (verdict.kind === 'unchanged') return null;
  if (verdict.kind === 'agreed') return { piece, operations: [], base: synchronizedBase(now, base.comments) };
  if (verdict.kind === 'held') {
    return {
      piece,
      operations: [],
      base: synchronizedBase(now, base.comments),
      note: { piece, outcome: 'declined', source: verdict.source, cause: 'direction' },
    };
  }
  if (stillParked(base, now, input.now)) return null;
  const target = otherSide(verdict.source);
  const body = carried(verdict.source);
  return {
    piece,
    seen: now,
    operations: [{ kind: 'edit-comment', target, piece, commentId: found[target].commentId, body }],
    base: synchronizedBase(onSides(verdict.source, now[verdict.source], input.fingerprint(normalRich(body))), base.comments),
    note: {
      piece,
      outcome: verdict.overwrites ? 'overwritten' : 'applied',
      source: verdict.source,
      cause: verdict.overwrites ? 'conflict-lost' : null,
    },
  };
}

/** The body as the other side shall show it: away from its origin with an author line, back to it without (K4). */
function carryBody(
  piece: PieceKey,
  source: Side,
  body: AdfNode,
  author: string | null,
  current: AdfNode | null,
  input: PlanInput,
): AdfNode {
  const fromOrigin = originOfComment(piece).side === source;
  const lined = input.configuration.comments?.authorLine === true && author !== null;
  const portable = toPortable(!lined || fromOrigin ? body : withoutAuthorLine(body, author));
  const restored = restoreOriginals(portable, current);
  return lined && fromOrigin ? withAuthorLine(restored, author) : restored;
}

/** The author as the item of origin names them; null when that comment is no longer there. */
function authorOf(piece: PieceKey, input: PlanInput): string | null {
  const origin = originOfComment(piece);
  return input.items[origin.side].comments.find((comment) => comment.commentId === origin.commentId)?.authorName ?? null;
}
