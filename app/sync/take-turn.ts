import { awaitItem, nextLookFor } from '../core/await-item.ts';
import type { Failure } from '../core/failure.ts';
import { planCreation } from '../core/plan-creation.ts';
import type { Side, Sides } from '../core/side.ts';
import type { Work } from '../core/spend-points.ts';
import { askedFields } from './asked-fields.ts';
import { cameAround, createTwin, recogniseTwin } from './create-twin.ts';
import { guardWrites } from './guard-writes.ts';
import { observeSubject } from './observe-subject.ts';
import type { Claim, Effect, Jira, LaneEnd, LaneMemory, Pair, TurnRecord } from './ports.ts';
import { resolveEffects } from './resolve-effects.ts';
import { type PairOutcome, synchronizePair } from './synchronize-pair.ts';
import { declinedRecord, emptyRecord, failedRecord, type Turn, type TurnPorts, waitingRecord } from './turn.ts';

/** How a turn ended. */
export type TurnResult =
  /** Worked off (or put off) and recorded. `wrote`: something was written to a site, or was meant to be. */
  | { readonly kind: 'recorded'; readonly end: LaneEnd; readonly wrote: boolean }
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
  // Its event came before the pair was there. Two lanes at one pair would not know of each other's writes: the pair's own looks instead.
  if (memory.pair !== null && !isLaneOf(claim, memory.pair))
    return finish(claim, ports, { ...emptyRecord(null, { kind: 'done' }), wake: [claim.subject] });
  const jiras = await reachBoth(memory, ports, claim.work, isOurs);
  if (jiras === null) {
    const at = ports.clock.now() + UNREACHABLE_WAIT_MS;
    const decision = { kind: 'again', at, counts: true, cause: 'partner-unreachable' } as const;
    return finish(claim, ports, waitingRecord({ claim, ports }, decision, memory.pair));
  }
  const turn: Turn = { claim, ports, memory, jiras, asked: askedFields(memory.synchronization.configuration) };
  const resolved = await resolveEffects(turn);
  if (resolved.kind === 'wait') return finish(claim, ports, waitingRecord(turn, resolved.decision, memory.pair));
  if (resolved.kind === 'gone') return finish(claim, ports, goneRecord(turn, resolved.side));
  if (resolved.pair === null) return pairSubject(turn, resolved.effects);
  const { pair, pieces, effects } = resolved;
  if (memory.pair === null && !(await noteFound(turn, pair, pieces, effects))) return { kind: 'fenced' };
  return conclude(
    turn,
    await synchronizePair(turn, {
      pair,
      pieces,
      effects,
      origin: null,
      found: memory.pair === null,
    }),
  );
}

/**
 * That the twin was made is known by an event that is told but once, or by the mark on an item that somebody may delete: noted before anything
 * else is done, or the next turn would make another should this one die (SPEC I8). False: the lane was lost.
 */
async function noteFound(
  { claim, ports }: Turn,
  pair: Pair,
  pieces: TurnRecord['pieces'],
  effects: readonly Effect[],
): Promise<boolean> {
  const noted = { ...emptyRecord(pair, { kind: 'continue' }), pieces, effects };
  return (await ports.turns.complete(claim, noted)) === 'written';
}

/** An item of the pair is missing: nothing could be found out, and nothing is written (SPEC R4, I6, R14). */
function goneRecord(turn: Turn, side: Side): TurnRecord {
  const { memory, ports } = turn;
  const now = ports.clock.now();
  const pieces = awaitItem(memory.pieces, 'item-missing', now);
  const record = { ...failedRecord(turn, { kind: 'missing' }, 'read', side, memory.pair), pieces };
  const at = nextLookFor(new Map([...memory.pieces, ...pieces]), now);
  return at === null ? record : { ...record, end: { kind: 'watch', at } };
}

/**
 * What no event told of but a list, or what waited for its twin, and is not shown now, may be hidden only: it waits (SPEC R14). What an
 * event told of just now is gone: most are events of the deletion itself.
 */
function unshownRecord(turn: Turn, failure: Failure): TurnRecord {
  const { work, subject, attempts } = turn.claim;
  const waited = work !== 'edit' || attempts > 0;
  if (failure.kind === 'missing' && waited) return emptyRecord(null, { kind: 'parked', cause: 'item-missing' });
  return failedRecord(turn, failure, 'read', subject.side, null);
}

/** The subject has no twin: recognise it as one, give it one, or say why not (SPEC I1–I5). */
async function pairSubject(turn: Turn, resolved: readonly Effect[]): Promise<TurnResult> {
  const { claim, ports, memory } = turn;
  const end = (record: TurnRecord): Promise<TurnResult> =>
    finish(claim, ports, { ...record, effects: [...resolved, ...record.effects] });
  const { side } = claim.subject;
  const observed = await observeSubject(turn, resolved.length > 0);
  if (!observed.ok) return end(unshownRecord(turn, observed.failure));
  const { item } = observed.value;
  if (item.projectId !== memory.synchronization.sides[side].projectId) return end(declinedRecord(turn, item, 'moved-away'));
  const origin = await recogniseTwin(turn, item);
  if (origin !== null) return end({ ...emptyRecord(null, { kind: 'done' }), wake: [origin] });
  if (cameAround(turn, item)) return end(declinedRecord(turn, item, 'came-around'));
  const plan = planCreation(memory.synchronization.configuration, item, side);
  if (plan.kind === 'decline') return end(declinedRecord(turn, item, plan.cause));
  const created = await createTwin(turn, observed.value, plan);
  if (created.kind === 'fenced') return { kind: 'fenced' };
  if (created.kind === 'failed' || item.comments.length === 0) return end(created.record);
  // There is more to carry than the creation could take. Noted first: the shorter the time in which only the mark knows the pair, the better.
  const noted = { ...created.record, effects: [...resolved, ...created.record.effects], end: { kind: 'continue' } as const };
  if ((await ports.turns.complete(claim, noted)) === 'fenced') return { kind: 'fenced' };
  const { pair, pieces } = created;
  return conclude(turn, await synchronizePair(turn, { pair, pieces, effects: [], origin: item, found: false }));
}

/** A pair is worked on in the lane of the item that it began with (SPEC I9). */
const isLaneOf = ({ subject }: Claim, { originSide, issueIds }: Pair): boolean =>
  subject.side === originSide && subject.issueId === issueIds[originSide];

async function conclude({ claim, ports }: Turn, outcome: PairOutcome): Promise<TurnResult> {
  if (outcome.kind === 'fenced') return outcome;
  const result = await finish(claim, ports, outcome.record);
  // The answer may have come between our asking and our recording.
  if (outcome.held.length > 0) await ports.brakes.wakeIfReleased(claim.tenantId, outcome.pair, outcome.held);
  return result;
}

async function reachBoth(
  { synchronization }: LaneMemory,
  ports: TurnPorts,
  work: Work,
  isOurs: () => boolean,
): Promise<Sides<Jira> | null> {
  const { A, B } = synchronization.sides;
  const purpose = { payer: synchronization.tenantId, work };
  const a = await ports.sites.reach(A.siteTenantId, A.connectionId, purpose);
  const b = await ports.sites.reach(B.siteTenantId, B.connectionId, purpose);
  return a === null || b === null ? null : { A: guardWrites(a, isOurs), B: guardWrites(b, isOurs) };
}

async function finish(claim: Claim, ports: TurnPorts, record: TurnRecord): Promise<TurnResult> {
  const written = await ports.turns.complete(claim, record);
  return written === 'fenced' ? { kind: 'fenced' } : { kind: 'recorded', end: record.end, wrote: record.effects.length > 0 };
}
