import type { Agreement } from '../core/agreement.ts';
import type { CauseCode } from '../core/causes.ts';
import type { Failure } from '../core/failure.ts';
import type { PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import { needsNewLook } from '../core/looked-lately.ts';
import type { OwnEdit } from '../core/own-edits.ts';
import { COUNTS_AS_CHANGED, type PieceBase, parkedBase, synchronizedBase } from '../core/piece.ts';
import type { Operation, Plan, PlannedWrite } from '../core/plan.ts';
import type { Transitioned } from '../core/replaced-status.ts';
import { onSides, otherSide, type Side, type Sides } from '../core/side.ts';
import { carryOut, type Done } from './carry-out.ts';
import type { Ground } from './ground.ts';
import { beginWrites, intendAll, piecesOf, type Step, stepsOf } from './intend-writes.ts';
import { judgeWrites } from './judge-writes.ts';
import { keepValue } from './keep-value.ts';
import { noteOverwrite, type PutBack } from './note-overwrite.ts';
import type { Effect, KeptValue, LaneEnd } from './ports.ts';
import { decideInTurn, intendEffect, type Line, type Turn } from './turn.ts';
import { ownEditsBy, transitionedBy } from './untold-writes.ts';

export type Applied =
  | {
      readonly kind: 'applied';
      readonly bases: ReadonlyMap<PieceKey, PieceBase | null>;
      readonly effects: readonly Effect[];
      readonly lines: readonly Line[];
      readonly kept: readonly KeptValue[];
      /** The whole item, where Jira answered a write with it. */
      readonly answered: Sides<Item | null>;
      /** Values of people that our writes replaced and that have to stand there again before anything else is decided (SPEC O7). */
      readonly putBack: readonly PutBack[];
      /** Per side a transition that was made: what it replaced is not known yet (SPEC O11). */
      readonly transitioned: Sides<Transitioned | null>;
      /** Edits and deletions of comments that were made: what they replaced is not known yet (O11). */
      readonly ownEdits: Sides<readonly OwnEdit[]>;
      /** The target is not there: nothing more can be done for this pair. */
      readonly itemGone: boolean;
      /** The rest was left alone, since too much time has passed since its target was looked at (SPEC O12). */
      readonly leftForLook: boolean;
      readonly end: LaneEnd;
    }
  /** The lane was lost on the way. `effects`: what the writes until then have come to. */
  | { readonly kind: 'fenced'; readonly effects: readonly Effect[] };

/** What carrying out a plan has come to so far. */
interface Progress {
  readonly bases: Map<PieceKey, PieceBase | null>;
  readonly effects: Map<string, Effect>;
  /** Pieces whose planned base must not be recorded, since a write of theirs did not succeed (P4). */
  readonly unfinished: Set<PieceKey>;
  readonly parked: Map<PieceKey, CauseCode>;
  readonly overwritten: Set<PieceKey>;
  /** Sets that were written on one side: what is agreed by that, whatever becomes of the other side's write. */
  readonly reached: Map<PieceKey, Agreement>;
  readonly kept: KeptValue[];
  readonly putBack: PutBack[];
  readonly answered: { A: Item | null; B: Item | null };
  readonly transitioned: { A: Transitioned | null; B: Transitioned | null };
  readonly ownEdits: Sides<OwnEdit[]>;
  end: LaneEnd;
  /** Why the lane comes back, when a write has to wait. */
  waiting: Line | null;
  itemGone: Side | null;
  leftForLook: boolean;
}

/**
 * Carries out a plan operation by operation. Intents of all of them are recorded first. A refused piece parks and the rest goes
 * on; when Jira asks us to wait or cannot be reached, what was reached so far is kept and the lane comes back.
 */
export async function applyPlan(turn: Turn, ground: Ground, plan: Plan): Promise<Applied> {
  const progress = startProgress(plan);
  const queue = stepsOf(turn, ground, plan);
  if (!(await beginWrites(turn, queue, plan))) return { kind: 'fenced', effects: [] };
  for (const { effect } of queue) progress.effects.set(effect.effectId, { ...effect, state: 'abandoned' });
  for (let next = nextOf(turn, ground, progress, queue); next !== null; next = nextOf(turn, ground, progress, queue)) {
    const outcome = await carryOut(turn, ground, next.operation, next.effect);
    if (outcome.ok) noteSuccess(turn, ground, progress, next, outcome.value, plan);
    else {
      const rest = noteFailure(turn, progress, next, outcome.failure);
      if (rest !== null) {
        if (!(await intendAll(turn, [rest]))) return { kind: 'fenced', effects: [...progress.effects.values()] };
        queue.unshift(rest);
      }
    }
  }
  for (const { operation } of queue) for (const piece of piecesOf(operation)) progress.unfinished.add(piece);
  return conclude(turn, progress, ground.bases, plan);
}

/** Null: there is nothing more that may be done. */
function nextOf(turn: Turn, { lookedAt }: Ground, progress: Progress, queue: Step[]): Step | null {
  const [next] = queue;
  if (next === undefined || progress.end.kind !== 'done' || progress.itemGone !== null) return null;
  progress.leftForLook = needsNewLook(next.operation, lookedAt, turn.ports.clock.now());
  if (!progress.leftForLook) queue.shift();
  return progress.leftForLook ? null : next;
}

const startProgress = (plan: Plan): Progress => ({
  bases: new Map(plan.bases),
  effects: new Map(),
  unfinished: new Set(),
  parked: new Map(),
  overwritten: new Set(),
  reached: new Map(),
  kept: [],
  putBack: [],
  answered: { A: null, B: null },
  transitioned: { A: null, B: null },
  ownEdits: { A: [], B: [] },
  end: { kind: 'done' },
  waiting: null,
  itemGone: null,
  leftForLook: false,
});

function noteSuccess(turn: Turn, ground: Ground, progress: Progress, { operation, effect }: Step, done: Done, plan: Plan): void {
  const { target } = operation;
  progress.effects.set(effect.effectId, { ...effect, state: 'confirmed', remoteId: done.remoteId });
  for (const [piece, cause] of done.refused) park(progress, piece, cause);
  if (done.item !== null) progress.answered[target] = done.item;
  if (operation.kind === 'write-fields' && done.item !== null)
    noteWritten(turn, ground, progress, effect, operation.writes, done.item);
  if (operation.kind === 'transition') progress.transitioned[target] = transitionedBy(turn, ground, operation, done);
  if (operation.kind === 'edit-comment' || operation.kind === 'delete-comment')
    progress.ownEdits[target].push(...ownEditsBy(operation, effect, done));
  for (const [piece, settled] of done.settled) {
    const base = plan.bases.get(piece);
    if (base === null || base === undefined) continue;
    const source = otherSide(target);
    const fingerprints = onSides(source, base.fingerprints[source], settled.fingerprint ?? base.fingerprints[target]);
    const comments =
      settled.commentId === undefined ? base.comments : onSides(source, base.comments?.[source] ?? null, settled.commentId);
    // A set can be written on both sides: the second write must not undo what the first one settled.
    const current = progress.bases.get(piece) ?? base;
    progress.bases.set(piece, {
      ...base,
      comments,
      fingerprints: { ...current.fingerprints, [target]: fingerprints[target] },
    });
  }
}

/** What the writes replaced, and what those of sets reached. */
function noteWritten(
  turn: Turn,
  ground: Ground,
  progress: Progress,
  effect: Effect,
  writes: readonly PlannedWrite[],
  shown: Item,
): void {
  for (const judged of judgeWrites(turn, ground, effect, writes, shown)) noteOverwrite(turn, progress, effect, judged);
  for (const { piece, value } of writes) {
    const agreement = effect.agreed.get(piece);
    if (value.kind === 'set-change' && agreement !== undefined) progress.reached.set(piece, agreement);
  }
}

/** Returns what is still to be written when only some fields of a write were refused. */
function noteFailure(turn: Turn, progress: Progress, step: Step, failure: Failure): Step | null {
  const { operation, effect } = step;
  const pieces = piecesOf(operation);
  for (const piece of pieces) progress.unfinished.add(piece);
  // It may have been done all the same: the effect stays open, so that the next turn looks what became of it.
  progress.effects.set(effect.effectId, { ...effect, state: failure.kind === 'uncertain' ? 'intended' : 'refused' });
  // An edited comment went away between our look and our write: look again, as after any collision.
  const collision = failure.kind === 'missing' && operation.kind === 'edit-comment';
  const decision = decideInTurn(turn, collision ? { kind: 'contended' } : failure, 'write');
  switch (decision.kind) {
    case 'again':
      progress.end = { kind: 'again', at: decision.at, attempt: decision.counts, yields: decision.yields };
      progress.waiting = { outcome: 'waiting', source: otherSide(operation.target), cause: decision.cause };
      return null;
    case 'gone':
      progress.itemGone = operation.target;
      return null;
    case 'park':
      return parkRefused(turn, progress, step, decision.refused, decision.cause);
  }
}

function parkRefused(
  turn: Turn,
  progress: Progress,
  { operation, effect }: Step,
  refused: readonly string[] | 'all',
  cause: CauseCode,
): Step | null {
  if (operation.kind !== 'write-fields' || refused === 'all') {
    for (const piece of piecesOf(operation)) park(progress, piece, cause);
    return null;
  }
  const taken = operation.writes.filter((write) => !refused.includes(write.field));
  if (taken.length === operation.writes.length) {
    // Jira names a field that we did not send (a required one): nothing of this write can succeed now.
    for (const piece of piecesOf(operation)) park(progress, piece, 'required-field-missing');
    return null;
  }
  for (const write of operation.writes) if (refused.includes(write.field)) park(progress, write.piece, cause);
  if (taken.length === 0) return null;
  for (const write of taken) progress.unfinished.delete(write.piece);
  const rest: Operation = { ...operation, writes: taken };
  const pieces = piecesOf(rest);
  const agreed = new Map([...effect.agreed].filter(([piece]) => pieces.includes(piece)));
  return { operation: rest, effect: intendEffect(turn, operation.kind, effect.target, pieces, agreed) };
}

function park(progress: Progress, piece: PieceKey, cause: CauseCode): void {
  progress.parked.set(piece, cause);
  progress.unfinished.add(piece);
}

function conclude(turn: Turn, progress: Progress, before: ReadonlyMap<PieceKey, PieceBase>, plan: Plan): Applied {
  const now = turn.ports.clock.now();
  for (const piece of progress.unfinished) {
    const cause = progress.parked.get(piece);
    const kept = unparked(before.get(piece), plan.bases.get(piece));
    const stands = withReached(withReturned(kept, sourceOf(plan, piece), plan.seen.get(piece)), progress.reached.get(piece));
    if (cause !== undefined)
      progress.bases.set(piece, parkedBase(stands, cause, now, plan.seen.get(piece) ?? { A: null, B: null }));
    else if (stands !== null && progress.reached.has(piece)) progress.bases.set(piece, stands);
    else progress.bases.delete(piece);
  }
  const finished = (piece: PieceKey | null): boolean => piece === null || !progress.unfinished.has(piece);
  const lines: Line[] = plan.notes.filter((note) => finished(note.piece)).map((note) => toldAs(progress, note));
  for (const [piece, cause] of progress.parked) {
    if (!isAsBefore(before.get(piece), progress.bases.get(piece)))
      lines.push({ piece, outcome: 'parked', source: sourceOf(plan, piece), cause });
  }
  if (progress.itemGone !== null) lines.push({ outcome: 'item-gone', source: progress.itemGone, cause: 'item-missing' });
  // Said at the first such turn, not at each.
  if (progress.waiting !== null && turn.claim.attempts === 0) lines.push(progress.waiting);
  const losing = plan.losing.map((value) => outcomeOf(keepValue(turn, value), finished(value.piece), progress));
  return {
    kind: 'applied',
    bases: progress.bases,
    effects: [...progress.effects.values()],
    lines,
    kept: [...losing, ...progress.kept],
    answered: progress.answered,
    transitioned: progress.transitioned,
    ownEdits: progress.ownEdits,
    putBack: progress.putBack,
    itemGone: progress.itemGone !== null,
    leftForLook: progress.leftForLook,
    end: progress.end,
  };
}

/** Tried again, and parked with the same content for the same cause: nothing that was not said. */
const isAsBefore = (before: PieceBase | undefined, after: PieceBase | null | undefined): boolean =>
  before?.state.kind === 'parked' &&
  after?.state.kind === 'parked' &&
  before.state.cause === after.state.cause &&
  before.state.seen.A === after.state.seen.A &&
  before.state.seen.B === after.state.seen.B;

/** A value lost when its write was done, and as long as that is open; else it still stands, and its time is over, by any clock. */
const outcomeOf = (kept: KeptValue, finished: boolean, { effects }: Progress): KeptValue => {
  const isOpen = [...effects.values()].some(({ state, pieces }) => state === 'intended' && pieces.includes(kept.piece));
  return finished || isOpen ? kept : { ...kept, until: 0 };
};

/** What was applied, or, as it turned out, overwrote somebody's edit. */
const toldAs = ({ overwritten }: Progress, note: Line): Line =>
  note.piece != null && overwritten.has(note.piece) ? { ...note, outcome: 'overwritten', cause: 'conflict-lost' } : { ...note };

/** What a parked piece keeps: what was agreed before; for a comment never copied yet, at least which comment it is about. */
const unparked = (before: PieceBase | undefined, planned: PieceBase | null | undefined): PieceBase | null =>
  before ?? (planned?.comments == null ? null : { ...planned, fingerprints: { A: null, B: null } });

/** What one side's write of a set came to, while the other's did not succeed: else what people take out again would look as added (G2). */
const withReached = (base: PieceBase | null, reached: Agreement | undefined): PieceBase | null =>
  reached === undefined ? base : { ...(base ?? synchronizedBase({ A: null, B: null })), fingerprints: reached.fingerprints };

/**
 * What was to be carried had been changed and changed back (F10): the source shows what was agreed. By its changelog alone the next try would
 * not know that it was changed, once it has been seen.
 */
const withReturned = (base: PieceBase | null, source: Side | null, seen: Sides<string | null> | undefined): PieceBase | null =>
  base === null || source === null || seen?.[source] == null || seen[source] !== base.fingerprints[source]
    ? base
    : { ...base, fingerprints: { ...base.fingerprints, [source]: COUNTS_AS_CHANGED } };

const sourceOf = (plan: Plan, piece: PieceKey): Side | null => plan.notes.find((note) => note.piece === piece)?.source ?? null;
