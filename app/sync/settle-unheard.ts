import { type Agreement, agreedByBoth } from '../core/agreement.ts';
import { isAfter } from '../core/change-mark.ts';
import { type DeletionQuestion, findDeletion } from '../core/deleted-copy.ts';
import { plainText } from '../core/document.ts';
import { findUnheard } from '../core/find-unheard.ts';
import type { CommentId, FieldId, PieceKey } from '../core/ids.ts';
import type { FieldChange, FieldValue } from '../core/item.ts';
import type { Overwrite } from '../core/judge-overwritten.ts';
import { sentPrint, wantedStatusPrint } from '../core/loose-print.ts';
import { fingerprintStatus, fingerprintValue } from '../core/normal-form.ts';
import type { CommentEvent } from '../core/observation.ts';
import { fieldOfPiece, originOfComment, type PieceBase, STATUS_PIECE, synchronizedBase } from '../core/piece.ts';
import { onSides, otherSide, type Side, type Sides } from '../core/side.ts';
import { UNREAD } from '../core/view.ts';
import { type FoundWrite, judgeReplaced } from './judge-writes.ts';
import { keepValue } from './keep-value.ts';
import { knownUntil } from './known-until.ts';
import { noteOverwrite } from './note-overwrite.ts';
import { change, groundOf, noteOwnEdit, type PairState } from './pair-state.ts';
import type { Effect, Pair } from './ports.ts';
import type { Turn } from './turn.ts';
import { commentsTold } from './view-told.ts';

/**
 * Finds out what became of writes of earlier turns that nobody heard the end of, now that both sides were looked at (SPEC O10). One that was
 * done counts as if it had been heard: both sides agreed on what it carried, and what it replaced is judged (O7).
 *
 * @param before the pair as it was known before that look
 */
export function settleUnheard(turn: Turn, state: PairState, before: Pair): void {
  const taken = new Set<FieldChange>();
  const begun = new Map(state.bases);
  for (const effect of state.unheard) {
    const done = [...effect.agreed].map(([piece, agreement]) =>
      settlePiece(turn, state, before, { effect, piece, agreement, begun: begun.get(piece) ?? null, taken }),
    );
    state.settled.push({ ...effect, state: done.some((one) => one) ? 'confirmed' : 'abandoned' });
  }
  state.unheard = [];
}

interface UnheardPiece {
  readonly effect: Effect;
  readonly piece: PieceKey;
  readonly agreement: Agreement;
  /** What was agreed before any of these writes. */
  readonly begun: PieceBase | null;
  /** Lines of the changelog that another of these writes made: of two alike, one that never arrived is not taken for the one that did. */
  readonly taken: Set<FieldChange>;
}

/** Whether it was done. */
function settlePiece(turn: Turn, state: PairState, before: Pair, unheard: UnheardPiece): boolean {
  const { effect, piece, agreement } = unheard;
  const { target } = effect;
  const base = state.bases.get(piece) ?? null;
  if (effect.kind === 'edit-comment') return settleComment(turn, state, before, unheard);
  if (effect.kind === 'create-comment') return settleGoneCopy(turn, state, before, unheard);
  const view = state.views[target];
  const field = piece === STATUS_PIECE ? 'status' : fieldOfPiece(piece);
  const shown = piece === STATUS_PIECE ? null : (view.fields.get(field as FieldId) ?? null);
  const changes = view.changes.filter((one) => one.field === field);
  // A set can have been written on both sides, each from what was agreed before either.
  const from = shown?.kind === 'set' ? unheard.begun : base;
  const found = findUnheard({
    agreement,
    sent: agreement.fingerprints[target] ?? '',
    before: from?.fingerprints[target] ?? null,
    changes,
    seen: knownUntil(before, target).seen,
    shown,
    fingerprint: turn.ports.fingerprinter(turn.claim.tenantId),
  });
  if (found.kind === 'not-done') return false;
  const line = changes[found.nth ?? -1];
  if (!takeLine(unheard, line)) return false;
  if (piece === STATUS_PIECE) keepOtherStatus(turn, state, unheard, line);
  if (shown !== null && shown.kind !== 'set') {
    const stands = sentPrint(shown, turn.ports.fingerprinter(turn.claim.tenantId)) === agreement.fingerprints[target];
    const write = { piece, field: field as FieldId, changes, nth: found.nth, stands };
    const overwrite = noteReplaced(turn, state, before, unheard, write);
    // What a person wrote stands there again, or has to: against what was agreed before both sides have changed.
    if (overwrite === 'put-back' || overwrite === 'restored') return true;
  }
  const sourceChangedAt = state.views[otherSide(target)].changedAt.get(field);
  if (shown?.kind === 'set' || !isOvertaken(changes, found.nth, effect.intendedAt, sourceChangedAt))
    agree(state, piece, base, agreedAfter(agreement, from, base));
  return true;
}

/**
 * That line of the target's changelog is older than our intent to write, and than the source's last change, and others follow it: a person may
 * have done there what we meant to write, before the edit that we carried. Nothing needs to be agreed on by it: both sides changed since, and
 * the newer edit wins (F4). Either time alone would not do: the source's clock may be ahead, and the target's a little behind ours.
 */
const isOvertaken = (
  changes: readonly FieldChange[],
  nth: number | null,
  intendedAt: number,
  sourceChangedAt: number | undefined,
): boolean => nth !== null && nth < changes.length - 1 && (changes[nth]?.at ?? 0) < Math.min(intendedAt, sourceChangedAt ?? 0);

/** What a value that was written replaced (O7). */
function noteReplaced(
  turn: Turn,
  state: PairState,
  before: Pair,
  { effect, piece, agreement }: UnheardPiece,
  write: FoundWrite,
): Overwrite['kind'] {
  const { target } = effect;
  const unseen = { ...groundOf(state), pair: before, views: unreadAt(state.views, target) };
  const overwrite = judgeReplaced(turn, unseen, target, write);
  const noted = { ...state, overwritten: new Set<PieceKey>(), unfinished: new Set<PieceKey>() };
  noteOverwrite(turn, noted, effect, { piece, field: write.field, agreement, overwrite });
  for (const one of noted.overwritten)
    state.lines.push({ piece: one, outcome: 'overwritten', source: otherSide(target), cause: 'conflict-lost' });
  return overwrite.kind;
}

/** `from`: what was agreed before the write; `base`: the same, or what another write of the set on the other side has come to since. */
function agreedAfter({ fingerprints }: Agreement, from: PieceBase | null, base: PieceBase | null): Sides<string | null> {
  const nothing = { A: null, B: null };
  return from === base ? fingerprints : agreedByBoth(from?.fingerprints ?? nothing, base?.fingerprints ?? nothing, fingerprints);
}

/** False: another of the writes made that line. */
function takeLine({ taken }: UnheardPiece, line: FieldChange | undefined): boolean {
  if (line === undefined) return true;
  const isFree = !taken.has(line);
  taken.add(line);
  return isFree;
}

/** A transition replaced another status than the one that was known: that of somebody who was faster, which lost (O7). */
function keepOtherStatus(turn: Turn, state: PairState, { effect, piece }: UnheardPiece, change: FieldChange | undefined): void {
  const { target } = effect;
  const expected = state.bases.get(piece)?.fingerprints[target] ?? null;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const from = change?.from;
  if (expected === null || from?.kind !== 'option') return;
  if ([fingerprintStatus(from, fingerprint), wantedStatusPrint(from.name, fingerprint)].includes(expected)) return;
  state.kept.push(keepValue(turn, { piece, side: target, value: from }));
  state.lines.push({ piece, outcome: 'overwritten', source: otherSide(target), cause: 'conflict-lost' });
}

const unreadAt = (views: PairState['views'], side: Side): PairState['views'] => ({ ...views, [side]: UNREAD });

/** What the changelog tells of a comment is its deletion alone: an edit was done if the words are there, or if its event came, whatever was done to the comment since. */
function settleComment(turn: Turn, state: PairState, before: Pair, unheard: UnheardPiece): boolean {
  const { piece, agreement } = unheard;
  const { target } = unheard.effect;
  const base = state.bases.get(piece) ?? null;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const commentId = base?.comments?.[target] ?? null;
  if (commentId === null) return false;
  const comment = state.views[target].comments?.find((one) => one.commentId === commentId);
  const shown: FieldValue | null = comment === undefined ? null : { kind: 'rich', document: comment.body };
  const isShown = shown !== null && sentPrint(shown, fingerprint) === agreement.fingerprints[target];
  const event = commentsTold(turn, target).find(({ writer }) => writer?.effectId === unheard.effect.effectId);
  const isDone = isShown || event !== undefined || (comment === undefined && isDeleted(turn, state, before, unheard, commentId));
  if (!isDone) return false;
  const source = otherSide(target);
  const reached = isShown ? fingerprintValue(shown, fingerprint) : agreement.fingerprints[target];
  agree(state, piece, base, onSides(source, agreement.fingerprints[source], reached));
  tellReplaced(state, unheard);
  const at = isShown ? comment?.updatedAt : event?.editedAt;
  const { since, told } = agreement;
  if (at !== undefined && since !== undefined && told !== null)
    noteOwnEdit(state, target, { piece, commentId, since, written: { at, told } });
  return true;
}

/** Somebody deleted it since: whether the words of our edit were there. Then that is what was deleted (K7). */
const isDeleted = (turn: Turn, state: PairState, before: Pair, unheard: UnheardPiece, commentId: CommentId): boolean =>
  findDeletion(deletionOf(turn, state, before, unheard, (event) => event.commentId === commentId)) !== null;

/** The edit that it replaced was kept before it began; that it lost is told now that the write is known to be done (F9). */
function tellReplaced(state: PairState, { piece, agreement, effect: { target } }: UnheardPiece): void {
  if (agreement.replaces === true)
    state.lines.push({ piece, outcome: 'overwritten', source: otherSide(target), cause: 'conflict-lost' });
}

/** A copy that is not there: whether it was made, and deleted before we knew of it (SPEC K9). Then its deletion is carried like any other. */
function settleGoneCopy(turn: Turn, state: PairState, before: Pair, unheard: UnheardPiece): boolean {
  const { piece, agreement, effect } = unheard;
  const { target } = effect;
  const source = otherSide(target);
  const origin = originOfComment(piece);
  const original = state.bases.get(piece)?.comments?.[source] ?? (origin.side === source ? origin.commentId : null);
  if (original === null) return false;
  const known = new Set([...state.bases.values()].flatMap(({ comments }) => comments?.[target] ?? []));
  const isAbout = ({ commentId, editedAt }: CommentEvent): boolean => !known.has(commentId) && editedAt >= effect.intendedAt;
  const deleted = findDeletion(deletionOf(turn, state, before, unheard, isAbout));
  if (deleted === null) return false;
  change(
    state,
    new Map([[piece, synchronizedBase(agreement.fingerprints, onSides<CommentId | null>(target, deleted, original))]]),
  );
  return true;
}

function deletionOf(
  turn: Turn,
  { bases, views }: PairState,
  before: Pair,
  { piece, agreement, effect: { target, intendedAt } }: UnheardPiece,
  isAbout: DeletionQuestion['isAbout'],
): DeletionQuestion {
  const wordsOn = (side: Side, id: CommentId | null): string | null => {
    const comment = views[side].comments?.find(({ commentId }) => commentId === id);
    return comment === undefined ? null : plainText(comment.body);
  };
  const others = [...bases].flatMap(([other, { comments }]) => (other === piece || comments === null ? [] : [comments]));
  const gone = others.filter((ids) => ids[target] !== null && wordsOn(target, ids[target]) === null);
  return {
    sent: agreement.told,
    intendedAt,
    events: commentsTold(turn, target),
    isAbout,
    changes: views[target].changes.filter((one) => isAfter(one, knownUntil(before, target).seen)),
    gone: gone.map((ids) => wordsOn(otherSide(target), ids[otherSide(target)])),
    fingerprint: turn.ports.fingerprinter(turn.claim.tenantId),
  };
}

/** Both sides agree on this, whatever is known of them since. */
export const agree = (state: PairState, piece: PieceKey, base: PieceBase | null, fingerprints: Sides<string | null>): void =>
  change(
    state,
    new Map([
      [
        piece,
        {
          ...synchronizedBase(fingerprints, base?.comments ?? null),
          ...(base?.pingPong === undefined ? {} : { pingPong: base.pingPong }),
        },
      ],
    ]),
  );
