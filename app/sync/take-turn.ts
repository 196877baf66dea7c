import { isCauseCode } from '../core/causes.ts';
import type { Failure } from '../core/failure.ts';
import type { FieldId, PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { PieceBase } from '../core/piece.ts';
import { firstStatusBase, planCreation } from '../core/plan-creation.ts';
import { planPair } from '../core/plan-pair.ts';
import { SIDES, type Side, type Sides } from '../core/side.ts';
import { applyPlan } from './apply-plan.ts';
import { cameAround, createTwin, type FirstBases, recogniseTwin } from './create-twin.ts';
import { guardWrites } from './guard-writes.ts';
import type { Claim, Effect, Jira, LaneEnd, LaneMemory, Pair, TurnRecord } from './ports.ts';
import { resolveEffects } from './resolve-effects.ts';
import {
  declinedRecord,
  emptyRecord,
  failedRecord,
  historyLine,
  type Line,
  type Turn,
  type TurnPorts,
  waitingRecord,
} from './turn.ts';

/** How a turn ended. */
export type TurnResult =
  /** Worked off (or put off) and recorded. */
  | { readonly kind: 'recorded'; readonly end: LaneEnd }
  /** The lease was lost on the way: somebody else has the lane. Nothing of this turn was recorded after that point. */
  | { readonly kind: 'fenced' };

/** An app that is away on one side comes back by people; its return wakes nothing, so the lane looks by itself. */
const UNREACHABLE_WAIT_MS = 5 * 60_000;
const STOPPED_WAIT_MS = 60 * 60_000;

/**
 * One turn of a lane: find out what became of unfinished effects, observe both sides, plan, apply, commit. Whatever Jira
 * answers is handled as a value; a thrown error is a bug or a lost database and leaves the lane to its lease.
 *
 * @param isOurs whether the lease still runs, by the clock of this process; no remote write begins once it does not
 */
export async function takeTurn(claim: Claim, ports: TurnPorts, isOurs: () => boolean): Promise<TurnResult> {
  const memory = await ports.turns.read(claim);
  if (memory === null) return finish(claim, ports, emptyRecord(null, { kind: 'done' }));
  if (memory.synchronization.state !== 'running') {
    // What is due stays due: the start makes it due at once (Lanes.resume).
    const at = ports.clock.now() + STOPPED_WAIT_MS;
    return finish(claim, ports, emptyRecord(memory.pair, { kind: 'again', at, attempt: false }));
  }
  const jiras = await reachBoth(memory, ports, isOurs);
  if (jiras === null) {
    const at = ports.clock.now() + UNREACHABLE_WAIT_MS;
    const decision = { kind: 'again', at, counts: true, cause: 'partner-unreachable' } as const;
    return finish(claim, ports, waitingRecord({ claim, ports }, decision, memory.pair));
  }
  const turn: Turn = { claim, ports, memory, jiras, asked: askedFields(memory) };
  const resolved = await resolveEffects(turn);
  if (resolved.kind === 'wait') return finish(claim, ports, waitingRecord(turn, resolved.decision, memory.pair));
  if (resolved.pair === null) return pairSubject(turn, resolved.effects);
  const { pair, pieces, effects } = resolved;
  return synchronizePair(turn, {
    pair,
    pieces,
    effects,
    origin: null,
    firstBases: resolved.adopted ? adoptedBases(turn, pair) : null,
  });
}

/** The subject has no twin: recognise it as one, give it one, or say why not (SPEC I1–I5). */
async function pairSubject(turn: Turn, resolved: readonly Effect[]): Promise<TurnResult> {
  const { claim, ports, memory, jiras } = turn;
  const end = (record: TurnRecord): Promise<TurnResult> =>
    finish(claim, ports, { ...record, effects: [...resolved, ...record.effects] });
  const { side, issueId } = claim.subject;
  const read = await jiras[side].readItem(issueId, turn.asked);
  if (!read.ok) return end(failedRecord(turn, read.failure, 'read', side, null));
  const item = read.value;
  if (item.projectId !== memory.synchronization.sides[side].projectId) return end(declinedRecord(turn, item, 'moved-away'));
  const origin = await recogniseTwin(turn, item);
  if (origin !== null) return end({ ...emptyRecord(null, { kind: 'done' }), wake: [origin] });
  if (cameAround(turn, item)) return end(declinedRecord(turn, item, 'came-around'));
  const plan = planCreation(memory.synchronization.configuration, item, side);
  if (plan.kind === 'decline') return end(declinedRecord(turn, item, plan.cause));
  const created = await createTwin(turn, item, plan);
  if (created.kind === 'fenced') return { kind: 'fenced' };
  if (created.kind === 'failed') return end(created.record);
  return synchronizePair(turn, {
    pair: created.pair,
    effects: resolved,
    pieces: new Map(),
    origin: item,
    firstBases: created.firstBases,
  });
}

/** What an adopted twin was made with is not known any more: its fields are compared as they are now (SPEC F5). */
const adoptedBases =
  (turn: Turn, pair: Pair): FirstBases =>
  (items) =>
    firstStatusBase(
      turn.memory.synchronization.configuration,
      items,
      pair.originSide,
      turn.ports.fingerprinter(turn.claim.tenantId),
    );

interface PairTurn {
  readonly pair: Pair;
  readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
  /** Effects whose outcome was found out in this turn. */
  readonly effects: readonly Effect[];
  /** When the twin was made in this very turn: the observation it was made from. */
  readonly origin: Item | null;
  /** When the pair is new: the bases to begin with. */
  readonly firstBases: FirstBases | null;
}

/** Both items exist: observe, plan, apply, commit. */
async function synchronizePair(turn: Turn, { pair, pieces, effects, origin, firstBases }: PairTurn): Promise<TurnResult> {
  const { claim, ports, memory } = turn;
  const end = (record: TurnRecord): Promise<TurnResult> =>
    finish(claim, ports, { ...record, effects: [...effects, ...record.effects] });
  const observed = await observe(turn, pair, origin);
  if (!observed.ok) return end(failedRecord(turn, observed.failure, 'read', observed.side, pair));
  const { items } = observed;
  const away = SIDES.find((side) => items[side].projectId !== memory.synchronization.sides[side].projectId);
  if (away !== undefined) return end(declinedRecord(turn, items[away], 'moved-away', pair));

  const first = firstBases?.(items) ?? new Map<PieceKey, PieceBase>();
  const bases = new Map([...pieces, ...first]);
  const { configuration } = memory.synchronization;
  const plan = planPair({
    configuration,
    items,
    bases,
    fingerprint: ports.fingerprinter(claim.tenantId),
    now: ports.clock.now(),
  });
  const applied = await applyPlan(turn, pair, items, bases, plan);
  if (applied.kind === 'fenced') return { kind: 'fenced' };
  const shown: Pair = { ...pair, issueKeys: { A: items.A.issueKey, B: items.B.issueKey }, seenAt: applied.seenAt };
  const quiet = applied.lines.length === 0 && applied.end.kind === 'done' && firstBases === null;
  const lines = quiet
    ? [{ outcome: 'echo', source: null, cause: null } as const]
    : [...parkedAtFirst(pair, first), ...applied.lines];
  return end({
    pair: shown,
    pieces: new Map<PieceKey, PieceBase | null>([...pieces, ...first, ...applied.bases]),
    effects: applied.effects,
    history: lines.map((line) => historyLine(turn, shown, line)),
    kept: [],
    wake: [],
    end: applied.end,
  });
}

/** What the twin could not be made with (SPEC R5). */
const parkedAtFirst = (pair: Pair, first: ReadonlyMap<PieceKey, PieceBase>): readonly Line[] =>
  [...first].flatMap(([piece, { state }]) =>
    state.kind === 'parked' && isCauseCode(state.cause)
      ? [{ piece, outcome: 'parked', source: pair.originSide, cause: state.cause }]
      : [],
  );

type Observed =
  | { readonly ok: true; readonly items: Sides<Item> }
  | { readonly ok: false; readonly failure: Failure; readonly side: Side };

async function observe(turn: Turn, pair: Pair, origin: Item | null): Promise<Observed> {
  const read = async (side: Side) =>
    origin !== null && side === pair.originSide
      ? ({ ok: true, value: origin } as const)
      : turn.jiras[side].readItem(pair.issueIds[side], turn.asked);
  const [a, b] = await Promise.all([read('A'), read('B')]);
  if (!a.ok) return { ok: false, failure: a.failure, side: 'A' };
  if (!b.ok) return { ok: false, failure: b.failure, side: 'B' };
  return { ok: true, items: { A: a.value, B: b.value } };
}

async function reachBoth(memory: LaneMemory, ports: TurnPorts, isOurs: () => boolean): Promise<Sides<Jira> | null> {
  const { A, B } = memory.synchronization.sides;
  const a = await ports.sites.reach(A.siteTenantId, A.connectionId);
  const b = await ports.sites.reach(B.siteTenantId, B.connectionId);
  return a === null || b === null ? null : { A: guardWrites(a, isOurs), B: guardWrites(b, isOurs) };
}

/** The summary is always asked for: no twin can be made without one. */
const askedFields = (memory: LaneMemory): readonly FieldId[] => [
  ...new Set(['summary' as FieldId, ...memory.synchronization.configuration.fields.map((mapping) => mapping.field)]),
];

async function finish(claim: Claim, ports: TurnPorts, record: TurnRecord): Promise<TurnResult> {
  const written = await ports.turns.complete(claim, record);
  return written === 'fenced' ? { kind: 'fenced' } : { kind: 'recorded', end: record.end };
}
