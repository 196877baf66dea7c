import type { KeptId } from '../../app/core/ids.ts';
import { AWAY_PIECE } from '../../app/core/piece.ts';
import { SIDES } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { MakeId } from '../../app/platform/ids.ts';
import type { Claim, Effect, HistoryOutcome, Pair, TurnRecord, TurnStore } from '../../app/sync/ports.ts';
import { endedLane, LIVE, wakeLanes, writeLane } from './lane-rows.ts';
import { keepValue, writePieces } from './piece-rows.ts';
import {
  type EffectRow,
  effectName,
  frozenCopy,
  type HistoryRow,
  type LaneRow,
  laneName,
  nameOf,
  pairName,
  pairOfItem,
  raiseItemNumber,
  type Tables,
} from './tables.ts';

export interface MemoryTurnStoreParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  /** Called after a turn woke lanes. */
  readonly onWake: () => void;
  /** False: a void claim's writes are written all the same. */
  readonly fences: boolean;
  /** False: intents are not recorded. */
  readonly recordsIntents: boolean;
  /** False: pieces are not recorded. */
  readonly commitsBases: boolean;
}

/** As in the store on Postgres: the claim counts, was ended before, is void, or has lost its synchronization. */
type Hold = { readonly kind: 'held'; readonly row: LaneRow } | { readonly kind: 'ended' | 'void' | 'orphaned' };

const holdOf = (tables: Tables, claim: Claim, fences: boolean): Hold => {
  const row = tables.lanes.get(laneName(claim.tenantId, claim.laneKey));
  if (row === undefined || (fences && row.token !== claim.token)) return { kind: 'void' };
  if (fences && row.leaseUntil === null) return { kind: 'ended' };
  const hasSynchronization = tables.synchronizations.has(nameOf(claim.tenantId, claim.subject.synchronizationId));
  return hasSynchronization ? { kind: 'held', row } : { kind: 'orphaned' };
};

const dropLane = (tables: Tables, claim: Claim): void => {
  tables.lanes.delete(laneName(claim.tenantId, claim.laneKey));
};

const readPair = (tables: Tables, { tenantId, subject }: Claim): Pair | null =>
  pairOfItem(tables, tenantId, subject.synchronizationId, subject.side, subject.issueId);

const writePair = (tables: Tables, pair: Pair): void => {
  const { tenantId, synchronizationId } = pair;
  const name = pairName(tenantId, pair.pairId);
  const before = tables.pairs.get(name);
  for (const side of SIDES) {
    if (before !== undefined) tables.pairsByItem.delete(nameOf(tenantId, synchronizationId, side, before.issueIds[side]));
    tables.pairsByItem.set(nameOf(tenantId, synchronizationId, side, pair.issueIds[side]), name);
    raiseItemNumber(tables, { tenantId, synchronizationId, side, issueKey: pair.issueKeys[side] });
  }
  tables.pairs.set(name, frozenCopy(before === undefined ? pair : { ...pair, originSide: before.originSide }));
};

/** The unique indexes of pairs: asked before anything is written, since nothing can be taken back. */
const refuseSecondPair = (tables: Tables, { tenantId, synchronizationId, pairId, issueIds }: Pair): void => {
  for (const side of SIDES) {
    const holder = pairOfItem(tables, tenantId, synchronizationId, side, issueIds[side]);
    if (holder !== null && holder.pairId !== pairId)
      throw new Error(`Item ${issueIds[side]} of side ${side} has a pair already.`);
  }
};

const writeEffect = (tables: Tables, claim: Claim, given: Effect): void => {
  const name = effectName(claim.tenantId, given.effectId);
  const before = tables.effects.get(name);
  const owned = before === undefined ? given : { ...before.effect, state: given.state, remoteId: given.remoteId };
  const effect = frozenCopy(owned.state === 'intended' ? owned : { ...owned, agreed: new Map() });
  const owner = before ?? {
    tenantId: claim.tenantId,
    synchronizationId: claim.subject.synchronizationId,
    laneKey: claim.laneKey,
  };
  const row: EffectRow = { ...owner, effect };
  tables.effects.set(name, row);
  const lane = laneName(row.tenantId, row.laneKey);
  const open = new Set(tables.openEffects.get(lane));
  if (effect.state === 'intended') open.add(name);
  else open.delete(name);
  if (open.size > 0) tables.openEffects.set(lane, open);
  else tables.openEffects.delete(lane);
};

/** Oldest first. */
const openEffectsOf = (tables: Tables, claim: Claim): readonly Effect[] =>
  [...(tables.openEffects.get(laneName(claim.tenantId, claim.laneKey)) ?? [])]
    .flatMap((name) => tables.effects.get(name)?.effect ?? [])
    .sort((a, b) => a.intendedAt - b.intendedAt || (a.effectId < b.effectId ? -1 : 1));

const newestFirst = (a: HistoryRow, b: HistoryRow): number => b.line.at - a.line.at || b.place - a.place;

const ACTIVITY: ReadonlySet<HistoryOutcome> = new Set(['applied', 'overwritten', 'created']);

/** Turns in memory. */
export const createMemoryTurnStore = (parts: MemoryTurnStoreParts): TurnStore => {
  const { tables, clock, makeId, onWake } = parts;

  const historyOf = (tenantId: string, synchronizationId: string): HistoryRow[] =>
    [...tables.history.values()].filter((row) => row.tenantId === tenantId && row.synchronizationId === synchronizationId);

  const writeRecord = (claim: Claim, row: LaneRow, record: TurnRecord, pair: Pair | null): void => {
    const { tenantId, subject } = claim;
    if (record.pair !== null) {
      refuseSecondPair(tables, record.pair);
      writePair(tables, record.pair);
    }
    if (pair !== null && parts.commitsBases) writePieces(tables, pair, record.pieces);
    for (const value of record.kept) if (pair !== null) keepValue(tables, pair, value, makeId() as KeptId);
    for (const effect of record.effects) writeEffect(tables, claim, effect);
    for (const [place, line] of record.history.entries()) {
      const { synchronizationId } = subject;
      tables.history.set(nameOf(tenantId, makeId()), frozenCopy({ tenantId, synchronizationId, place, line }));
    }
    const now = clock.now();
    writeLane(tables, endedLane(row, claim, record.end, now));
    wakeLanes(tables, tenantId, record.wake, { priority: LIVE, now });
    if (record.wake.length > 0) onWake();
  };

  return {
    async read(claim) {
      const synchronization = tables.synchronizations.get(nameOf(claim.tenantId, claim.subject.synchronizationId));
      if (synchronization === undefined) return null;
      const pair = readPair(tables, claim);
      const pieces = pair === null ? undefined : tables.pieces.get(pairName(pair.tenantId, pair.pairId));
      return { synchronization, pair, pieces: new Map(pieces), openEffects: openEffectsOf(tables, claim) };
    },

    async intend(claim, effects) {
      const hold = holdOf(tables, claim, parts.fences);
      if (hold.kind === 'orphaned') dropLane(tables, claim);
      if (hold.kind !== 'held') return 'fenced';
      if (parts.recordsIntents) for (const effect of effects) writeEffect(tables, claim, effect);
      return 'written';
    },

    highestNumber: async (tenantId, synchronizationId, side) =>
      tables.itemNumbers.get(nameOf(tenantId, synchronizationId, side))?.highest ?? 0,

    isMakingItems: async (tenantId, synchronizationId, side) =>
      [...tables.effects.values()].some(
        (row) =>
          row.tenantId === tenantId &&
          row.synchronizationId === synchronizationId &&
          row.effect.target === side &&
          row.effect.state === 'intended' &&
          row.effect.kind === 'create-item',
      ),
    readEffect: async (tenantId, effectId) => tables.effects.get(effectName(tenantId, effectId))?.effect ?? null,

    async complete(claim, record) {
      const needsPair = record.pieces.size + record.kept.length > 0;
      const pair = record.pair ?? (needsPair ? readPair(tables, claim) : null);
      if (pair === null && needsPair) {
        throw new Error(`A turn of lane ${claim.laneKey} records pieces without a pair.`);
      }
      const hold = holdOf(tables, claim, parts.fences);
      switch (hold.kind) {
        case 'held':
          writeRecord(claim, hold.row, record, pair);
          return 'written';
        case 'orphaned':
          dropLane(tables, claim);
          return 'written';
        case 'ended':
          return record.end.kind === 'continue' ? 'fenced' : 'written';
        case 'void':
          return 'fenced';
      }
    },

    listHistory: async (tenantId, synchronizationId, limit) =>
      historyOf(tenantId, synchronizationId)
        .sort(newestFirst)
        .slice(0, limit)
        .map(({ line }) => line),

    async readStanding(tenantId, synchronizationId) {
      const lanes = [...tables.lanes.values()].filter(
        (row) => row.tenantId === tenantId && row.subject.synchronizationId === synchronizationId && row.state === 'parked',
      );
      const pieces = [...tables.pairs]
        .filter(([, pair]) => pair.tenantId === tenantId && pair.synchronizationId === synchronizationId)
        .flatMap(([name]) => [...(tables.pieces.get(name) ?? [])])
        .filter(([piece, { state }]) => piece !== AWAY_PIECE && state.kind === 'parked');
      const active = historyOf(tenantId, synchronizationId).filter(({ line }) => ACTIVITY.has(line.outcome));
      const lastActivityAt = active.sort(newestFirst)[0]?.line.at ?? null;
      return { parked: lanes.length + pieces.length, lastActivityAt };
    },
  };
};
