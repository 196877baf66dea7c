import type { EffectId, IssueId, KeptId, LaneKey, PairId, PieceKey, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import type { RiskKind } from '../../app/core/mass-change.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { Side } from '../../app/core/side.ts';
import type { RetryWatch, SiteScan } from '../../app/sync/healing-ports.ts';
import type { Effect, HistoryLine, KeptValue, LaneSubject, Pair, SealedTold, Synchronization } from '../../app/sync/ports.ts';
import type { Gate, PointsAddition, QuotaSize } from '../../app/sync/quota-ports.ts';

/** A lane as in the table of the same name; what its columns mean stands in app/lanes/README.md. */
export interface LaneRow {
  readonly tenantId: TenantId;
  readonly laneKey: LaneKey;
  readonly subject: LaneSubject;
  readonly generation: number;
  readonly doneGeneration: number;
  readonly dueAt: number | null;
  readonly leaseUntil: number | null;
  readonly token: number;
  readonly attempts: number;
  /** Says nothing while it does not wait. */
  readonly yields: boolean;
  readonly state: 'open' | 'parked' | 'watching';
  readonly cause: string | null;
  readonly priority: number;
  readonly told: readonly SealedTold[];
  /** When it was last parked; says nothing while it is not. */
  readonly parkedAt?: number;
}

/** Due at infinity while a scan is under way and nobody asked for another one. */
export interface SiteScanRow {
  readonly scan: SiteScan;
  readonly dueAt: number;
  readonly leaseUntil: number | null;
}

export interface RetryWatchRow extends Pick<RetryWatch, 'paceMs' | 'probes'> {
  readonly dueAt: number;
}

export interface EffectRow {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly laneKey: LaneKey;
  readonly effect: Effect;
}

export interface HistoryRow {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  /** The place among the lines of one turn. */
  readonly place: number;
  readonly line: HistoryLine;
}

export interface BrakeRow {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly kind: RiskKind;
  readonly counted: number;
  readonly since: number;
}

/** What a tenant's account of points stands at in one hour. */
export interface SpentRow {
  readonly hour: number;
  readonly account: PointsAddition;
}

export interface GateRow {
  readonly gate: Gate;
  readonly toldAt: number;
}

export interface KeptRow {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly pairId: PairId;
  readonly keptId: KeptId;
  readonly value: KeptValue;
  /** Somebody is putting it back until then. */
  readonly reservedUntil: number | null;
}

/**
 * Everything the app remembers, as Postgres would hold it. Rows are frozen and replaced as a whole; names put together by
 * {@link nameOf} are the keys. All that has a tenant has it first in its name.
 */
export interface Tables {
  readonly synchronizations: Map<string, Synchronization>;
  /** Per tenant and connection of a site. */
  readonly siteScans: Map<string, SiteScanRow>;
  /** Since when the events of a running synchronization are listened to. */
  readonly listening: Map<string, number>;
  /** Where the marks of a synchronization began. */
  readonly itemsSince: Map<string, number>;
  readonly retryWatches: Map<string, RetryWatchRow>;
  /** Per tenant, synchronization, side and issue: its `updated` when a scan sent somebody to look. */
  readonly unpairedLooks: Map<string, number>;
  /** Per tenant, synchronization and day. */
  readonly foundLate: Map<string, number>;
  /** When somebody was last at work. */
  readonly heartbeats: Map<string, number>;
  /** Per tenant, synchronization and side. */
  readonly itemNumbers: Map<string, { readonly projectKey: string; readonly highest: number }>;
  readonly pairs: Map<string, Pair>;
  /** The name of the pair, by tenant, synchronization, side and issue: the two unique indexes. */
  readonly pairsByItem: Map<string, string>;
  /** By the pair's name. */
  readonly pieces: Map<string, ReadonlyMap<PieceKey, PieceBase>>;
  readonly kept: Map<string, KeptRow>;
  /** Per tenant, synchronization and kind. */
  readonly brakes: Map<string, BrakeRow>;
  /** Per tenant, synchronization and kind: how many changes in which minute since 1970. */
  readonly riskyChanges: Map<string, ReadonlyMap<number, number>>;
  /** Per tenant, hour and account. */
  readonly spentPoints: Map<string, SpentRow>;
  /** Per tenant, connection and endpoint. */
  readonly gates: Map<string, GateRow>;
  /** Per tenant and connection. */
  readonly quotaSizes: Map<string, QuotaSize>;
  readonly effects: Map<string, EffectRow>;
  /** By the lane's name, those only intended: an index of `effects`. */
  readonly openEffects: Map<string, ReadonlySet<string>>;
  readonly history: Map<string, HistoryRow>;
  /** Deliveries, per tenant, synchronization, connection and delivery id. */
  readonly inbox: Set<string>;
  /** In the order in which they were last given a time. */
  readonly lanes: Map<string, LaneRow>;
}

export const emptyTables = (): Tables => ({
  synchronizations: new Map(),
  siteScans: new Map(),
  listening: new Map(),
  itemsSince: new Map(),
  retryWatches: new Map(),
  unpairedLooks: new Map(),
  foundLate: new Map(),
  heartbeats: new Map(),
  itemNumbers: new Map(),
  pairs: new Map(),
  pairsByItem: new Map(),
  pieces: new Map(),
  kept: new Map(),
  brakes: new Map(),
  riskyChanges: new Map(),
  spentPoints: new Map(),
  gates: new Map(),
  quotaSizes: new Map(),
  effects: new Map(),
  openEffects: new Map(),
  history: new Map(),
  inbox: new Set(),
  lanes: new Map(),
});

/** Ids hold no blank, so different parts never give the same name. */
export const nameOf = (...parts: readonly string[]): string => parts.join(' ');

export const laneName = (tenantId: TenantId, laneKey: LaneKey): string => nameOf(tenantId, laneKey);
export const pairName = (tenantId: TenantId, pairId: PairId): string => nameOf(tenantId, pairId);
export const effectName = (tenantId: TenantId, effectId: EffectId): string => nameOf(tenantId, effectId);

const frozenPart = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenPart));
  // A map cannot be frozen; the types say that nobody changes it.
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, frozenPart(part)]));
  const copy: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) copy[key] = frozenPart(part);
  return Object.freeze(copy);
};

/** A copy of plain data that nobody can change: safe to hold and to hand out, as often as wanted, without copying again. */
export const frozenCopy = <T>(value: T): T => frozenPart(value) as T;

/** The tables as they are now, with a life of their own: rows never change, so both may hold the same. */
export const copyTables = (tables: Tables): Tables => ({
  synchronizations: new Map(tables.synchronizations),
  siteScans: new Map(tables.siteScans),
  listening: new Map(tables.listening),
  itemsSince: new Map(tables.itemsSince),
  retryWatches: new Map(tables.retryWatches),
  unpairedLooks: new Map(tables.unpairedLooks),
  foundLate: new Map(tables.foundLate),
  heartbeats: new Map(tables.heartbeats),
  itemNumbers: new Map(tables.itemNumbers),
  pairs: new Map(tables.pairs),
  pairsByItem: new Map(tables.pairsByItem),
  pieces: new Map(tables.pieces),
  kept: new Map(tables.kept),
  brakes: new Map(tables.brakes),
  riskyChanges: new Map(tables.riskyChanges),
  spentPoints: new Map(tables.spentPoints),
  gates: new Map(tables.gates),
  quotaSizes: new Map(tables.quotaSizes),
  effects: new Map(tables.effects),
  openEffects: new Map(tables.openEffects),
  history: new Map(tables.history),
  inbox: new Set(tables.inbox),
  lanes: new Map(tables.lanes),
});

/** The pair that an item on a side belongs to. */
export const pairOfItem = (
  tables: Tables,
  tenantId: TenantId,
  synchronizationId: SynchronizationId,
  side: Side,
  issueId: IssueId,
): Pair | null => {
  const name = tables.pairsByItem.get(nameOf(tenantId, synchronizationId, side, issueId));
  return (name === undefined ? undefined : tables.pairs.get(name)) ?? null;
};

/** A later key of the space that side is in; a key of another space (the item moved) says nothing about it. */
export const raiseItemNumber = (tables: Tables, { tenantId, synchronizationId, side, issueKey }: ItemKey): void => {
  const [, projectKey, digits] = /^(.+)-(\d{1,9})$/.exec(issueKey) ?? [];
  const name = nameOf(tenantId, synchronizationId, side);
  const before = tables.itemNumbers.get(name);
  if (before === undefined || before.projectKey !== projectKey || before.highest >= Number(digits)) return;
  tables.itemNumbers.set(name, { projectKey, highest: Number(digits) });
};

interface ItemKey {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly side: Side;
  readonly issueKey: string;
}
