import { nextThaw } from '../core/break-ping-pong.ts';
import { isUnconfirmed } from '../core/confirm-twin.ts';
import type { PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import { type RiskKind, stillHeld, takeBack } from '../core/mass-change.ts';
import type { PieceBase } from '../core/piece.ts';
import type { Operation, Plan, PlannedWrite } from '../core/plan.ts';
import { fieldWritesOf, hasFieldWrites } from '../core/plan-field-writes.ts';
import { planPair } from '../core/plan-pair.ts';
import { otherSide, SIDES, type Side, type Sides } from '../core/side.ts';
import { UNREAD, type View, wholeView } from '../core/view.ts';
import { type Applied, applyPlan, noteOverwrite, type PutBack } from './apply-plan.ts';
import { brakeChanges, giveBackUnmade } from './brake-changes.ts';
import { carryOut } from './carry-out.ts';
import { UNTOLD_MS } from './create-twin.ts';
import type { Ground } from './ground.ts';
import { judgeWrites, unheardWrites } from './judge-writes.ts';
import { keepValue } from './keep-value.ts';
import { confirmRead, viewTold } from './observe-pair.ts';
import type { Effect, KeptValue, LaneEnd, Pair, TurnRecord } from './ports.ts';
import { decideInTurn, declinedRecord, failedRecord, historyLine, intendEffect, type Line, type Turn } from './turn.ts';

/** With what a turn of a pair begins. */
export interface PairStart {
  readonly pair: Pair;
  readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
  /** Effects of earlier turns whose outcome was found out in this one. */
  readonly effects: readonly Effect[];
  /** The pair is new: what its origin was read as, so that it is not read again. */
  readonly origin: Item | null;
  /** The twin was found just now: an earlier turn made it and could not note it. What it was made with is not known any more. */
  readonly adopted: ((items: Sides<Item>) => ReadonlyMap<PieceKey, PieceBase>) | null;
}

/** How a turn of a pair came out: what to record, or nothing because the lane is somebody else's by now. */
export type PairOutcome =
  | { readonly kind: 'record'; readonly record: TurnRecord; readonly pair: Pair; readonly held: readonly RiskKind[] }
  | { readonly kind: 'fenced' };

/**
 * A plan is made again with what Jira answers to a write, until there is nothing left: what somebody changed at the target in the same
 * moment is seen at once. Two automations that answer each other could go on for ever: then the lane comes back later.
 */
const MOST_ROUNDS = 6;

/** The state of a turn of a pair; grows with every step, recorded at its end. */
interface Work {
  readonly start: PairStart;
  pair: Pair;
  readonly bases: Map<PieceKey, PieceBase>;
  /** As they are to be stored; null removes a piece. */
  readonly changed: Map<PieceKey, PieceBase | null>;
  readonly views: { A: View; B: View };
  readonly effects: Effect[];
  readonly lines: Line[];
  readonly kept: KeptValue[];
  /** What waits for a person's word on a mass change. */
  readonly held: Map<PieceKey, RiskKind>;
  /** The first bases of a twin that was found are there. */
  isAdopted: boolean;
  /** Values of people that our writes replaced and that must stand again. */
  putBack: PutBack[];
  end: LaneEnd;
}

/** Both items exist: observe at the least cost, plan, apply, and plan again with what came back (SPEC O, P). */
export async function synchronizePair(turn: Turn, start: PairStart): Promise<PairOutcome> {
  const work = startWork(turn, start);
  const begun = await beginViews(turn, work);
  if (begun !== null) return begun;
  for (let round = 0; work.end.kind === 'done'; round++) {
    if (round === MOST_ROUNDS) {
      work.end = comeBack(turn);
      break;
    }
    const stood = await putBackAll(turn, work);
    if (stood !== null) return stood;
    const plan = planNow(turn, work);
    if (plan.looks.length > 0) {
      const ended = await lookAt(turn, work, plan.looks);
      if (ended !== null) return ended;
      continue;
    }
    const isLast = !hasFieldWrites(plan);
    const braked = await brakeChanges(turn, groundOf(work), isLast ? plan : fieldWritesOf(plan));
    const applied = await applyPlan(turn, groundOf(work), braked.plan);
    if (applied.kind === 'fenced') return applied;
    await giveBackUnmade(turn, work.pair, braked.counted, applied.effects);
    for (const [piece, kind] of braked.held) work.held.set(piece, kind);
    take(turn, work, applied);
    if (isLast) break;
  }
  return concluded(work, recordOf(turn, work));
}

/** What people said to bring back (SPEC M8), and the copies that were looked up, are remembered so from the beginning. */
function startWork(turn: Turn, start: PairStart): Work {
  const work = emptyWork(start);
  change(work, new Map([...start.pieces].filter(([piece, base]) => turn.memory.pieces.get(piece) !== base)));
  change(work, takeBack(start.pieces));
  return work;
}

const emptyWork = (start: PairStart): Work => ({
  start,
  pair: start.pair,
  bases: new Map(start.pieces),
  changed: new Map(),
  views: { A: UNREAD, B: UNREAD },
  effects: [],
  lines: [],
  kept: [],
  held: new Map(),
  isAdopted: false,
  putBack: [],
  end: { kind: 'done' },
});

const groundOf = ({ pair, views, bases }: Work): Ground => ({ pair, views, bases });

function planNow({ claim, memory, ports }: Turn, { views, bases, held }: Work): Plan {
  const { configuration } = memory.synchronization;
  const input = { configuration, views, bases, fingerprint: ports.fingerprinter(claim.tenantId), now: ports.clock.now() };
  return stillHeld(planPair(input), held, input);
}

const comeBack = (turn: Turn): LaneEnd => {
  const decision = decideInTurn(turn, { kind: 'contended' }, 'write');
  return decision.kind === 'again' ? { kind: 'again', at: decision.at, attempt: true } : { kind: 'done' };
};

/** What was told; where that does not do, what is read. Not null: the turn is over. */
async function beginViews(turn: Turn, work: Work): Promise<PairOutcome | null> {
  const { start } = work;
  if (start.origin !== null) {
    work.views[start.pair.originSide] = wholeView(start.origin);
    return null;
  }
  const takesBack = work.changed.size > 0;
  const doubtful = takesBack || start.adopted !== null || turn.claim.attempts > 0 || start.effects.length > 0;
  const first = viewTold(turn, start.pair, work.bases, doubtful);
  work.pair = { ...work.pair, toldAt: first.toldAt };
  work.views.A = first.views.A;
  work.views.B = first.views.B;
  change(work, first.confirmed);
  work.lines.push(...first.notes);
  return first.looks.length === 0 ? null : lookAt(turn, work, first.looks);
}

/** Reads these sides whole. Not null: the turn is over. */
async function lookAt(turn: Turn, work: Work, sides: readonly Side[]): Promise<PairOutcome | null> {
  const read = await Promise.all(
    sides.map(async (side) => ({ side, answer: await turn.jiras[side].readItem(work.pair.issueIds[side], turn.asked) })),
  );
  for (const { side, answer } of read)
    if (!answer.ok) return ended(turn, work, failedRecord(turn, answer.failure, 'read', side, work.start.pair));
  for (const { side, answer } of read) {
    if (!answer.ok) continue;
    const item = answer.value;
    if (item.projectId !== turn.memory.synchronization.sides[side].projectId)
      return ended(turn, work, declinedRecord(turn, item, 'moved-away', work.start.pair));
    if (isUnconfirmed(work.bases) && side === otherSide(work.pair.originSide)) {
      const { bases, notes } = confirmRead(turn, work.pair, work.bases, item);
      change(work, bases);
      work.lines.push(...notes);
    }
    const other = read.find((one) => one.side !== side)?.answer;
    if (other?.ok === true) judgeUnheard(turn, work, side, item, other.value);
    see(turn, work, side, item);
  }
  adopt(
    work,
    read.flatMap(({ side, answer }) => (answer.ok ? [[side, answer.value] as const] : [])),
  );
  return null;
}

/**
 * The turn is over before its work was. What was reached so far is recorded, but not what became of earlier effects: they stay open and
 * are looked up once more, since what follows from them (a copy's piece, an overwritten value, a twin's first bases) was not worked off.
 */
function ended(turn: Turn, work: Work, record: TurnRecord): PairOutcome {
  const { start } = work;
  if (start.adopted !== null && !work.isAdopted) return concluded(work, { ...record, pair: null });
  return concluded(work, {
    ...record,
    pieces: work.changed,
    effects: [...(start.adopted === null ? [] : start.effects), ...work.effects, ...record.effects],
    history: [...work.lines.map((line) => historyLine(turn, work.pair, line)), ...record.history],
    kept: work.kept,
  });
}

const concluded = ({ pair, held }: Work, record: TurnRecord): PairOutcome => ({
  kind: 'record',
  record,
  pair,
  held: [...new Set(held.values())],
});

/** An adopted twin begins with no bases but the status (I5): its fields are compared as they are now (F5). */
function adopt(work: Work, read: readonly (readonly [Side, Item])[]): void {
  const items = new Map(read);
  const A = items.get('A');
  const B = items.get('B');
  if (work.start.adopted === null || A === undefined || B === undefined) return;
  change(work, work.start.adopted({ A, B }));
  work.isAdopted = true;
}

/** What writes that nobody heard the end of replaced (SPEC O7). */
function judgeUnheard(turn: Turn, work: Work, side: Side, item: Item, source: Item): void {
  const unheard = work.start.effects.filter((effect) => effect.kind === 'write-fields' && effect.target === side);
  const pieces = unheard.flatMap((effect) => effect.pieces);
  if (pieces.length === 0) return;
  const noted = { overwritten: new Map(), kept: work.kept, putBack: work.putBack, unfinished: new Set<PieceKey>() };
  const writes = unheardWrites(turn, { pieces, target: side, bases: work.bases }, item, source);
  for (const judged of judgeWrites(turn, groundOf(work), side, writes, item)) noteOverwrite(turn, noted, side, judged);
  for (const piece of noted.overwritten.keys())
    work.lines.push({ piece, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
}

/**
 * The whole item is known now, up to its `updated`; never further than now, since what people do once a clock that was ahead is put
 * right must not look older (SPEC O3).
 */
function see(turn: Turn, work: Work, side: Side, item: Item): void {
  work.views[side] = wholeView(item);
  const seenAt = Math.max(work.pair.seenAt[side], Math.min(item.updatedAt, turn.ports.clock.now()));
  work.pair = {
    ...work.pair,
    issueKeys: { ...work.pair.issueKeys, [side]: item.issueKey },
    seenAt: { ...work.pair.seenAt, [side]: seenAt },
  };
}

function change(work: Work, bases: ReadonlyMap<PieceKey, PieceBase | null>): void {
  for (const [piece, base] of bases) {
    work.changed.set(piece, base);
    if (base === null) work.bases.delete(piece);
    else work.bases.set(piece, base);
  }
}

function take(turn: Turn, work: Work, applied: Applied & { kind: 'applied' }): void {
  change(work, applied.bases);
  work.effects.push(...applied.effects);
  work.lines.push(...applied.lines);
  work.kept.push(...applied.kept);
  work.putBack = [...applied.putBack];
  work.end = applied.end;
  for (const side of SIDES) {
    const item = applied.answered[side];
    if (item !== null) see(turn, work, side, item);
  }
}

/** People's values that our writes replaced stand there again; then both sides have changed, and the policy decides. */
async function putBackAll(turn: Turn, work: Work): Promise<PairOutcome | null> {
  for (const { target, write } of work.putBack.splice(0)) {
    const operation: Operation = { kind: 'write-fields', target, writes: [write] };
    const effect = intendEffect(turn, 'write-fields', target, [write.piece]);
    if ((await turn.ports.turns.intend(turn.claim, [effect])) === 'fenced') return { kind: 'fenced' };
    const outcome = await carryOut(turn, groundOf(work), operation, effect);
    if (!outcome.ok) {
      const comesBack = decideInTurn(turn, outcome.failure, 'write').kind === 'again';
      // Left open, the next turn judges anew what our first write replaced, and puts it back. What Jira refuses is kept for a person.
      work.effects.push({ ...effect, state: comesBack ? 'intended' : 'refused' });
      if (!comesBack) keepReplaced(turn, work, target, write);
      return ended(turn, work, failedRecord(turn, outcome.failure, 'write', target, work.start.pair));
    }
    work.effects.push({ ...effect, state: 'confirmed' });
    if (outcome.value.item !== null) see(turn, work, target, outcome.value.item);
  }
  return null;
}

function keepReplaced(turn: Turn, work: Work, side: Side, { piece, value }: PlannedWrite): void {
  if (value.kind === 'set-change') return;
  work.kept.push(keepValue(turn, { piece, side, value }));
  work.lines.push({ piece, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
}

function recordOf(turn: Turn, work: Work): TurnRecord {
  const { start, lines, end } = work;
  const isQuiet = lines.length === 0 && end.kind === 'done' && work.changed.size === 0;
  const shown: readonly Line[] = isQuiet ? [{ outcome: 'echo', source: null, cause: null }] : lines;
  return {
    // What was told is told again when the lane comes back: it must not count as worked off.
    pair: end.kind === 'again' ? { ...work.pair, toldAt: start.pair.toldAt, seenAt: start.pair.seenAt } : work.pair,
    pieces: work.changed,
    effects: [...start.effects, ...work.effects],
    history: shown.map((line) => historyLine(turn, work.pair, line)),
    kept: work.kept,
    wake: [],
    end: end.kind === 'done' ? watchOf(turn, work) : end,
  };
}

/** A twin of which no event came is looked at, and a frozen piece goes on, at its time (SPEC O6, M3). */
function watchOf(turn: Turn, { bases }: Work): LaneEnd {
  const now = turn.ports.clock.now();
  const untold = isUnconfirmed(bases) ? [now + UNTOLD_MS] : [];
  const thaw = nextThaw(bases.values(), now);
  const times = thaw === null ? untold : [...untold, thaw];
  return times.length === 0 ? { kind: 'done' } : { kind: 'watch', at: Math.min(...times) };
}
