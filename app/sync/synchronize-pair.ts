import { type Absence, awaitItem, nextLookFor } from '../core/await-item.ts';
import { nextThaw } from '../core/break-ping-pong.ts';
import { isUnconfirmed } from '../core/confirm-twin.ts';
import type { Failure } from '../core/failure.ts';
import type { Item } from '../core/item.ts';
import { newLooksFor } from '../core/looked-lately.ts';
import { type RiskKind, stillHeld } from '../core/mass-change.ts';
import type { Plan, PlanInput } from '../core/plan.ts';
import { fieldWritesOf, hasFieldWrites } from '../core/plan-field-writes.ts';
import { planPair } from '../core/plan-pair.ts';
import { otherSide, SIDES, type Side } from '../core/side.ts';
import { wholeView } from '../core/view.ts';
import { type Applied, applyPlan } from './apply-plan.ts';
import { brakeChanges, giveBackUnmade } from './brake-changes.ts';
import { UNTOLD_MS } from './create-twin.ts';
import { noteStrayEdits } from './note-stray-edits.ts';
import {
  change,
  groundOf,
  isAway,
  isOwnHeard,
  isStrictUnread,
  noteThere,
  type PairStart,
  type PairState,
  see,
  startState,
  take,
  toldAgain,
} from './pair-state.ts';
import type { LaneEnd, Pair, TurnRecord } from './ports.ts';
import { leaveReplaced, putBackReplaced } from './put-back-replaced.ts';
import { settleUnheard } from './settle-unheard.ts';
import { tellReplacedEdits } from './tell-replaced-edits.ts';
import { decideInTurn, declinedRecord, failedRecord, historyLine, isKnownAbsence, type Line, type Turn } from './turn.ts';
import { confirmRead, isOwnEditAlone, viewTold } from './view-told.ts';

/** How a turn of a pair came out: what to record, or nothing because the lane is somebody else's by now. */
export type PairOutcome =
  | { readonly kind: 'record'; readonly record: TurnRecord; readonly pair: Pair; readonly held: readonly RiskKind[] }
  | { readonly kind: 'fenced' };

/**
 * A plan is made again with what Jira answers to a write, until there is nothing left: what somebody changed at the target in the same
 * moment is seen at once. Two automations that answer each other could go on for ever: then the lane comes back later.
 */
const MOST_ROUNDS = 6;

/** Both items exist: observe at the least cost, plan, apply, and plan again with what came back (SPEC O, P). */
export async function synchronizePair(turn: Turn, start: PairStart): Promise<PairOutcome> {
  const state = startState(turn, start);
  const begun = await beginViews(turn, state);
  if (begun !== null) return begun;
  let isHeldUp = false;
  for (let round = 0; state.end.kind === 'done'; round++) {
    if (round === MOST_ROUNDS) {
      state.end = comeBack(turn, !isHeldUp);
      break;
    }
    const stopped = await putBackReplaced(turn, state);
    if (stopped?.kind === 'fenced') return stopped;
    if (stopped !== null) return endedByFailure(turn, state, stopped.failure, 'write', stopped.target);
    const plan = planNow(turn, state);
    if (plan.looks.length > 0) {
      const ended = await lookAt(turn, state, isStrictUnread(turn, state) ? SIDES : plan.looks);
      if (ended !== null) return ended;
      continue;
    }
    const over = await carryOutPlan(turn, state, plan);
    if (over === 'through') break;
    if (typeof over === 'object') return over;
    isHeldUp = over === 'look-again';
  }
  leaveReplaced(turn, state, state.putBack, state.end.kind === 'again');
  return concluded(state, recordOf(turn, state));
}

/** Fields first; then Jira's answer is planned with. An outcome: the turn is over. */
async function carryOutPlan(
  turn: Turn,
  state: PairState,
  plan: Plan,
): Promise<PairOutcome | 'plan-again' | 'look-again' | 'through'> {
  const part = hasFieldWrites(plan) ? fieldWritesOf(plan) : plan;
  const begunAt = turn.ports.clock.now();
  const looks = newLooksFor(part, state.lookedAt, begunAt);
  if (looks.length > 0) return (await lookAgain(turn, state, looks)) ?? 'look-again';
  const braked = await brakeChanges(turn, groundOf(state), part);
  const applied = await applyPlan(turn, groundOf(state), braked.plan);
  await giveBackUnmade(turn, state.pair, braked, applied.effects);
  if (applied.kind === 'fenced') return { kind: 'fenced' };
  for (const [piece, kind] of braked.held) state.held.set(piece, kind);
  take(turn, state, applied, begunAt);
  const away = awayAfter(turn, state, applied);
  if (away !== null) return away;
  if (applied.leftForLook) return 'look-again';
  return hasFieldWrites(plan) ? 'plan-again' : 'through';
}

/**
 * These sides were not looked at lately enough (SPEC O12). This look counts from its answer: from a site that takes long each time there is
 * nothing newer to be had.
 */
async function lookAgain(turn: Turn, state: PairState, sides: readonly Side[]): Promise<PairOutcome | null> {
  const ended = await lookAt(turn, state, sides);
  for (const side of sides) state.lookedAt[side] = turn.ports.clock.now();
  return ended;
}

/** The next plan. What it found to be agreed already is remembered, whatever becomes of it (SPEC G6). */
function planNow(turn: Turn, state: PairState): Plan {
  const plan = planPair(inputOf(turn, state));
  if (plan.looks.length === 0) change(state, plan.agreed);
  return stillHeld(plan, state.held, inputOf(turn, state));
}

function inputOf({ claim, jiras, memory, ports }: Turn, { views, bases }: PairState): PlanInput {
  return {
    configuration: memory.synchronization.configuration,
    views,
    bases,
    fingerprint: ports.fingerprinter(claim.tenantId),
    now: ports.clock.now(),
    shows: { A: jiras.A.shows ?? null, B: jiras.B.shows ?? null },
  };
}

/** @param isFailed a turn that only a slow site held up has come further, and has not failed */
const comeBack = (turn: Turn, isFailed: boolean): LaneEnd => {
  const decision = decideInTurn(turn, { kind: 'contended' }, 'write');
  return decision.kind === 'again' ? { kind: 'again', at: decision.at, attempt: isFailed } : { kind: 'done' };
};

/** What was told; where that does not do, what is read. Not null: the turn is over. */
async function beginViews(turn: Turn, state: PairState): Promise<PairOutcome | null> {
  const { start } = state;
  if (start.origin !== null) {
    state.views[start.pair.originSide] = wholeView(start.origin);
    return null;
  }
  const takesBack = state.changed.size > 0;
  const doubtful = takesBack || turn.claim.attempts > 0 || start.effects.length > 0 || isAway(state);
  const first = viewTold(turn, start.pair, state.bases, doubtful);
  state.pair = first.pair;
  state.views.A = first.views.A;
  state.views.B = first.views.B;
  change(state, first.confirmed);
  state.lines.push(...first.notes);
  return first.looks.length === 0 ? null : lookAt(turn, state, first.looks);
}

/** Reads these sides whole. Not null: the turn is over. */
async function lookAt(turn: Turn, state: PairState, sides: readonly Side[]): Promise<PairOutcome | null> {
  const askedAt = turn.ports.clock.now();
  const read = await Promise.all(
    sides.map(async (side) => ({ side, answer: await turn.jiras[side].readItem(state.pair.issueIds[side], turn.asked) })),
  );
  for (const { side, answer } of read) if (!answer.ok) return endedByFailure(turn, state, answer.failure, 'read', side);
  for (const { side, answer } of read) {
    if (!answer.ok) continue;
    const item = answer.value;
    if (!isInItsSpace(turn, side, item)) return endedAway(turn, state, item);
    if (isUnconfirmed(state.bases) && side === otherSide(state.pair.originSide)) {
      const { bases, notes } = confirmRead(turn, state.pair, state.bases, item);
      change(state, bases);
      state.lines.push(...notes);
    }
  }
  const { pair } = state;
  for (const { side, answer } of read) if (answer.ok) see(turn, state, side, answer.value, askedAt);
  if (read.length < SIDES.length) return null;
  settleUnheard(turn, state, pair);
  for (const { side, answer } of read) if (answer.ok) noteStrayEdits(turn, state, side, answer.value.comments);
  noteThere(state);
  return null;
}

const isInItsSpace = ({ memory }: Turn, side: Side, item: Item): boolean =>
  item.projectId === memory.synchronization.sides[side].projectId;

/** Nothing is written as long as one of the items is in another space (SPEC I6). */
function endedAway(turn: Turn, state: PairState, item: Item): PairOutcome {
  noteAbsence(turn, state, 'moved-away');
  const record = declinedRecord(turn, item, 'moved-away', state.start.pair);
  return ended(turn, state, isKnownAbsence(turn) ? { ...record, history: [] } : record);
}

function endedByFailure(turn: Turn, state: PairState, failure: Failure, doing: 'read' | 'write', side: Side): PairOutcome {
  if (failure.kind === 'missing') noteAbsence(turn, state, 'item-missing');
  return ended(turn, state, failedRecord(turn, failure, doing, side, state.start.pair));
}

/** From now on both are looked at first, and what is parked waits for the item alone (SPEC I6, R13). */
function noteAbsence(turn: Turn, state: PairState, absence: Absence): void {
  change(state, awaitItem(state.bases, absence, turn.ports.clock.now()));
}

/** The target was not looked at before the write; its answer tells that it is gone, or elsewhere. Null: it is in its space. */
function awayAfter(turn: Turn, state: PairState, { answered, itemGone }: Applied & { kind: 'applied' }): PairOutcome | null {
  if (itemGone) {
    noteAbsence(turn, state, 'item-missing');
    leaveReplaced(turn, state, state.putBack, false);
    return concluded(state, recordOf(turn, state));
  }
  for (const side of SIDES) {
    const item = answered[side];
    if (item === null || isInItsSpace(turn, side, item)) continue;
    leaveReplaced(turn, state, state.putBack, false);
    return endedAway(turn, state, item);
  }
  return null;
}

/**
 * The turn is over before its work was. What was reached so far is recorded. Writes of earlier turns of which it was not found out what
 * became of them stay open, for the next turn.
 */
function ended(turn: Turn, state: PairState, record: TurnRecord): PairOutcome {
  tellReplacedEdits(turn, state);
  return concluded(state, {
    ...record,
    // What is noted of the items was not worked off.
    pair:
      record.pair === null
        ? null
        : { ...record.pair, transitioned: toldAgain(state).transitioned, ownEdits: state.pair.ownEdits },
    end: record.end.kind === 'done' ? watchFor([nextLookFor(state.bases, turn.ports.clock.now())]) : record.end,
    pieces: state.changed,
    effects: [...state.settled, ...state.effects, ...record.effects],
    history: [...state.lines.map((line) => historyLine(turn, state.pair, line)), ...record.history],
    kept: state.kept,
  });
}

const concluded = ({ pair, held }: PairState, record: TurnRecord): PairOutcome => ({
  kind: 'record',
  record,
  pair,
  held: [...new Set(held.values())],
});

function recordOf(turn: Turn, state: PairState): TurnRecord {
  const { lines, end } = state;
  tellReplacedEdits(turn, state);
  const isOurs = isOwnHeard(state) || isOwnEditAlone(turn, state.start.pair);
  const isQuiet = lines.length === 0 && end.kind === 'done' && state.changed.size === 0 && !isOurs;
  const shown: readonly Line[] = isQuiet ? [{ outcome: 'echo', source: null, cause: null }] : lines;
  return {
    // What was told is told again when the lane comes back: it must not count as worked off.
    pair: end.kind === 'again' ? toldAgain(state) : state.pair,
    pieces: state.changed,
    effects: [...state.settled, ...state.unheard, ...state.effects],
    history: shown.map((line) => historyLine(turn, state.pair, line)),
    kept: state.kept,
    wake: [],
    end: end.kind === 'done' ? watchOf(turn, state) : end,
  };
}

/** A twin of which no event came is looked at, a frozen piece goes on, and an item that is missing is looked for, at its time (SPEC O6, M3, R14). */
function watchOf(turn: Turn, { bases }: PairState): LaneEnd {
  const now = turn.ports.clock.now();
  return watchFor([isUnconfirmed(bases) ? now + UNTOLD_MS : null, nextThaw(bases.values(), now), nextLookFor(bases, now)]);
}

/** The lane is at rest until the first of these times, if there is one. */
function watchFor(times: readonly (number | null)[]): LaneEnd {
  const given = times.filter((time) => time !== null);
  return given.length === 0 ? { kind: 'done' } : { kind: 'watch', at: Math.min(...given) };
}
