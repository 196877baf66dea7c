import type { Configuration } from './configuration.ts';
import type { CommentId, FieldId, PieceKey } from './ids.ts';
import type { Comment, FieldValue, Item } from './item.ts';
import { settleField, settleStatus } from './loose-print.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue, normalRich } from './normal-form.ts';
import { commentIds, fieldPiece, type PieceBase, STATUS_PIECE } from './piece.ts';
import { flowsFrom, onSides, type Side } from './side.ts';

export interface AgreedQuestion {
  /** One side's item as it is now, with all its comments. */
  readonly item: Item;
  readonly side: Side;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly configuration: Configuration;
  readonly fingerprint: Fingerprinter;
}

/**
 * Whether every mapped piece of that side shows what both sides last agreed on or, where the piece is parked, what its last attempt
 * saw: then a turn would find nothing new there, and an event that was lost told nothing (SPEC H3). In doubt it says no, which
 * costs a look.
 */
export const showsAgreed = (question: AgreedQuestion): boolean =>
  question.configuration.fields.every(({ field }) => fieldShowsAgreed(field, question)) &&
  statusShowsAgreed(question) &&
  commentsShowAgreed(question);

function fieldShowsAgreed(field: FieldId, { item, side, bases, fingerprint }: AgreedQuestion): boolean {
  const value = item.fields.get(field) ?? null;
  const base = bases.get(fieldPiece(field));
  if (base === undefined) return value === null;
  const shown = value === null ? null : fingerprintValue(value, fingerprint);
  return isAsLastSeen(settleField(base, onSides<FieldValue | null>(side, value, null), fingerprint), side, shown);
}

function statusShowsAgreed({ item, side, bases, configuration, fingerprint }: AgreedQuestion): boolean {
  if (configuration.status === null) return true;
  const base = bases.get(STATUS_PIECE);
  if (base === undefined) return false;
  const settled = settleStatus(base, onSides<Item['status'] | null>(side, item.status, null), fingerprint);
  return isAsLastSeen(settled, side, fingerprintStatus(item.status, fingerprint));
}

/** All known comments are there and unchanged, and none is there that would have to be copied. */
function commentsShowAgreed({ item, side, bases, configuration, fingerprint }: AgreedQuestion): boolean {
  const settings = configuration.comments;
  if (settings === null) return true;
  const shown = new Map<string, Comment>(item.comments.map((comment) => [comment.commentId, comment]));
  const known = new Set<CommentId>();
  for (const [piece, base] of bases) {
    if (!piece.startsWith('comment:')) continue;
    const id = commentIds(piece, base)[side];
    if (id === null) continue;
    known.add(id);
    const comment = shown.get(id);
    // What is restricted is not carried, whatever it says (K5); once the restriction is lifted it is compared again.
    if (comment?.restricted === true) continue;
    const print = comment === undefined ? null : fingerprint(normalRich(comment.body));
    if (!isAsLastSeen(base, side, print)) return false;
  }
  const leaves = flowsFrom(side, settings.direction);
  return !leaves || item.comments.every((comment) => comment.restricted || known.has(comment.commentId));
}

const isAsLastSeen = ({ state, fingerprints }: PieceBase, side: Side, shown: string | null): boolean =>
  shown === (state.kind === 'parked' ? state.seen[side] : fingerprints[side]);
