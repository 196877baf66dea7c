import { type CauseCode, isCauseCode } from '../core/causes.ts';
import { newestId } from '../core/change-mark.ts';
import { type Failure, type Result, succeed } from '../core/failure.ts';
import type { FieldId, PairId, PieceKey } from '../core/ids.ts';
import type { Item, TwinMark } from '../core/item.ts';
import { ITEM_PIECE, type PieceBase } from '../core/piece.ts';
import { type CreationPlan, type CreationWrite, creationBases } from '../core/plan-creation.ts';
import { onSides, otherSide, type Side } from '../core/side.ts';
import type { Effect, LaneSubject, Pair, SideAddress, TurnRecord } from './ports.ts';
import {
  decideInTurn,
  emptyRecord,
  failedRecord,
  historyLine,
  intendEffect,
  type Line,
  type Turn,
  traceOf,
  waitingRecord,
} from './turn.ts';

export type Creation =
  /** `record`: all there is to remember of it. The twin's own event, or a look, tells later what became of it. */
  | {
      readonly kind: 'created';
      readonly pair: Pair;
      readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
      readonly record: TurnRecord;
    }
  | { readonly kind: 'failed'; readonly record: TurnRecord }
  | { readonly kind: 'fenced' };

/**
 * When `item` carries a mark of this synchronization, the lane of the item it was made from; null when it is an item in its own
 * right, unmarked or a clone that took the mark along (SPEC I3). An unknown effect counts as ours: rather no twin than two.
 */
export async function recogniseTwin(turn: Turn, item: Item): Promise<LaneSubject | null> {
  const { subject, tenantId } = turn.claim;
  for (const mark of item.twinMarks.filter((candidate) => candidate.synchronizationId === subject.synchronizationId)) {
    if (mark.originSide === subject.side) continue;
    const effect = await turn.ports.turns.readEffect(tenantId, mark.effectId);
    const isClone = effect?.state === 'confirmed' && effect.remoteId !== item.issueId;
    if (!isClone) return { synchronizationId: subject.synchronizationId, side: mark.originSide, issueId: mark.originIssueId };
  }
  return null;
}

/** An opaque name of a space, the same in every synchronization that reaches its site by the same connection. */
const nameSpace = ({ connectionId, projectId }: SideAddress): string => `${connectionId}/${projectId}`;

/**
 * The spaces in which the item was before, and the one it is in. A mark of this synchronization is left out: on an item that is
 * no twin of ours it came along when a twin was cloned.
 */
const travelledThrough = ({ claim: { subject }, memory: { synchronization } }: Turn, item: Item): readonly string[] => [
  ...item.twinMarks.filter((mark) => mark.synchronizationId !== subject.synchronizationId).flatMap((mark) => mark.through),
  nameSpace(synchronization.sides[subject.side]),
];

/** Whether a twin would be made in a space that the item came from (SPEC I7). */
export const cameAround = (turn: Turn, item: Item): boolean => {
  const target = turn.memory.synchronization.sides[otherSide(turn.claim.subject.side)];
  return travelledThrough(turn, item).includes(nameSpace(target));
};

/** Makes the twin: intent first, then the one call that carries our mark, then the pair is recorded at once. */
export async function createTwin(turn: Turn, subject: Subject, plan: CreationPlan & { kind: 'create' }): Promise<Creation> {
  const { item } = subject;
  const attempt = await attemptCreation(turn, item, plan, new Set());
  if (attempt.kind !== 'refused') return attempt.kind === 'created' ? recordPair(turn, subject, attempt, new Set()) : attempt;
  // Jira names the fields it does not take. The twin is made without them, and they park (R5).
  const refused = new Set(attempt.fields);
  const again = await attemptCreation(turn, item, plan, refused);
  return withEffect(attempt.effect, concludeSecond(turn, subject, again, refused));
}

const concludeSecond = (turn: Turn, subject: Subject, again: Attempt, refused: ReadonlySet<FieldId>): Creation => {
  if (again.kind === 'refused') return parkCreation(turn, subject.item, again.effect, 'required-field-missing');
  return again.kind === 'created' ? recordPair(turn, subject, again, refused) : again;
};

/** What became of the first attempt is recorded along; else it would be looked up by the next turn. */
const withEffect = (effect: Effect, creation: Creation): Creation =>
  creation.kind === 'fenced'
    ? creation
    : { ...creation, record: { ...creation.record, effects: [effect, ...creation.record.effects] } };

type Attempt =
  | { readonly kind: 'created'; readonly effect: Effect; readonly pair: Pair }
  /** Some of the fields that we sent were refused. */
  | { readonly kind: 'refused'; readonly effect: Effect; readonly fields: readonly FieldId[] }
  | { readonly kind: 'failed'; readonly record: TurnRecord }
  | { readonly kind: 'fenced' };

async function attemptCreation(
  turn: Turn,
  item: Item,
  plan: CreationPlan & { kind: 'create' },
  refused: ReadonlySet<FieldId>,
): Promise<Attempt> {
  const { claim, ports, memory } = turn;
  const writes = plan.writes.filter((write) => !refused.has(write.field));
  const { synchronizationId, side: originSide, issueId: originIssueId } = claim.subject;
  const floor = await readFloor(turn, plan.target);
  if (!floor.ok) return { kind: 'failed', record: failedRecord(turn, floor.failure, 'read', plan.target, null) };
  const afterNumber = floor.value;
  const agreed = new Map(
    [...firstBases(turn, item, refused)].map(([piece, { fingerprints }]) => [piece, { fingerprints, told: null }] as const),
  );
  const effect = intendEffect(turn, 'create-item', plan.target, [ITEM_PIECE], agreed, afterNumber);
  if ((await ports.turns.intend(claim, [effect])) === 'fenced') return { kind: 'fenced' };
  const through = travelledThrough(turn, item);
  const mark: TwinMark = { synchronizationId, effectId: effect.effectId, originSide, originIssueId, through };
  const { projectId } = memory.synchronization.sides[plan.target];
  const created = await turn.jiras[plan.target].createItem({
    projectId,
    typeId: plan.typeId,
    fields: writes,
    mark,
    trace: traceOf(turn, effect),
  });
  if (!created.ok) return creationFailed(turn, item, effect, created.failure, writes);
  const pair: Pair = {
    tenantId: claim.tenantId,
    pairId: ports.makeId() as PairId,
    synchronizationId,
    originSide,
    issueIds: onSides(originSide, item.issueId, created.value.issueId),
    issueKeys: onSides(originSide, item.issueKey, created.value.issueKey),
    seenAt: { A: 0, B: 0 },
    toldAt: { A: 0, B: 0 },
    seenChange: { A: null, B: null },
    toldChange: { A: null, B: null },
    transitioned: { A: null, B: null },
    ownEdits: { A: [], B: [] },
  };
  return { kind: 'created', effect: { ...effect, state: 'confirmed', remoteId: created.value.issueId }, pair };
}

/**
 * A number that the new twin's is sure to be above, so that a look-up need not begin at the first item of the space. Once items of
 * the space have been met it costs nothing; before, one search.
 */
async function readFloor(turn: Turn, target: Side): Promise<Result<number>> {
  const { claim, ports, memory } = turn;
  const met = await ports.turns.highestNumber(claim.tenantId, claim.subject.synchronizationId, target);
  return met > 0 ? succeed(met) : turn.jiras[target].newestNumber(memory.synchronization.sides[target].projectKey);
}

function creationFailed(turn: Turn, item: Item, effect: Effect, failure: Failure, writes: readonly CreationWrite[]): Attempt {
  // Whether it was made is open: the effect stays intended and is looked up on the next turn, before anything else.
  const open: Effect = failure.kind === 'uncertain' ? effect : { ...effect, state: 'refused' };
  const decision = decideInTurn(turn, failure, 'write');
  if (decision.kind === 'again') return { kind: 'failed', record: { ...waitingRecord(turn, decision, item), effects: [open] } };
  if (decision.kind === 'gone')
    return { kind: 'failed', record: { ...failedRecord(turn, failure, 'write', effect.target, null), effects: [open] } };
  const sent = new Set(writes.map((write) => write.field));
  const refused = decision.refused === 'all' ? [] : decision.refused.filter((field) => sent.has(field) && field !== 'summary');
  if (refused.length > 0) return { kind: 'refused', effect: open, fields: refused };
  const missing = decision.refused !== 'all' && decision.refused.some((field) => !sent.has(field));
  return parkCreation(turn, item, open, missing ? 'required-field-missing' : decision.cause);
}

/** No twin can be made until somebody changes something; a new event for the item tries again. */
const parkCreation = (turn: Turn, item: Item, effect: Effect, cause: CauseCode): { kind: 'failed'; record: TurnRecord } => ({
  kind: 'failed',
  record: {
    ...emptyRecord(null, { kind: 'parked', cause }),
    effects: [{ ...effect, state: 'refused' }],
    history: [historyLine(turn, item, { outcome: 'parked', source: otherSide(effect.target), cause })],
  },
});

/** The item that gets a twin. `whole`: it was read; else it is as the event of its creation told. */
export interface Subject {
  readonly item: Item;
  readonly whole: boolean;
}

/**
 * A twin that no event told of in this time is looked at. Jira sends the event of a creation within seconds; it costs nothing, a look
 * two points.
 */
export const UNTOLD_MS = 30_000;

/** The pair, and what the twin was made with. Nothing is read: the event that the creation causes will tell how it came out (O6). */
function recordPair(
  turn: Turn,
  { item, whole }: Subject,
  made: Attempt & { kind: 'created' },
  refused: ReadonlySet<FieldId>,
): Creation {
  const { ports } = turn;
  const { originSide } = made.pair;
  const pair: Pair = {
    ...made.pair,
    // A site's clock that is ahead must not hide what is edited once it is put right.
    seenAt: onSides(originSide, whole ? Math.min(item.updatedAt, ports.clock.now()) : 0, 0),
    toldAt: onSides(originSide, Math.min(item.updatedAt, ports.clock.now()), 0),
    seenChange: onSides(originSide, whole ? newestId(item.changes) : null, null),
    toldChange: onSides(originSide, newestId(item.changes), null),
  };
  const now = ports.clock.now();
  const pieces = firstBases(turn, item, refused);
  const lines: Line[] = [{ outcome: 'created', source: originSide, cause: null }, ...parkedAtFirst(pair, pieces)];
  return {
    kind: 'created',
    pair,
    pieces,
    record: {
      ...emptyRecord(pair, { kind: 'watch', at: now + UNTOLD_MS }),
      pieces,
      effects: [made.effect],
      history: lines.map((line) => historyLine(turn, pair, line)),
    },
  };
}

/** What is remembered of a twin that is made from `item` without those fields. */
const firstBases = (
  { claim, ports, memory }: Turn,
  item: Item,
  refused: ReadonlySet<FieldId>,
): ReadonlyMap<PieceKey, PieceBase> =>
  creationBases(memory.synchronization.configuration, item, claim.subject.side, {
    refused,
    fingerprint: ports.fingerprinter(claim.tenantId),
    now: ports.clock.now(),
  });

/** What the twin could not be made with (SPEC R5). */
const parkedAtFirst = (pair: Pair, first: ReadonlyMap<PieceKey, PieceBase>): readonly Line[] =>
  [...first].flatMap(([piece, { state }]) =>
    state.kind === 'parked' && isCauseCode(state.cause)
      ? [{ piece, outcome: 'parked', source: pair.originSide, cause: state.cause }]
      : [],
  );
