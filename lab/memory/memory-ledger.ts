import type { Clock } from '../../app/platform/clock.ts';
import type { MakeId } from '../../app/platform/ids.ts';
import type { Brakes } from '../../app/sync/brake-ports.ts';
import type { KeptValues, OpenConflicts } from '../../app/sync/conflict-ports.ts';
import type { ParkedStore, ScanMemory, ScanSchedule } from '../../app/sync/healing-ports.ts';
import type { Claim, Inbox, Lanes, SynchronizationStore, TurnStore } from '../../app/sync/ports.ts';
import type { QuotaStore } from '../../app/sync/quota-ports.ts';
import { writeLane } from './lane-rows.ts';
import { createMemoryBrakes } from './memory-brakes.ts';
import { createMemoryInbox } from './memory-inbox.ts';
import { createMemoryKeptValues } from './memory-kept-values.ts';
import { createMemoryLanes } from './memory-lanes.ts';
import { createMemoryOpenConflicts } from './memory-open-conflicts.ts';
import { createMemoryParkedStore } from './memory-parked-store.ts';
import { createMemoryQuotaStore } from './memory-quota-store.ts';
import { createMemoryScanMemory, createMemoryScanSchedule } from './memory-scans.ts';
import { createMemorySynchronizationStore } from './memory-synchronization-store.ts';
import { createMemoryTurnStore } from './memory-turn-store.ts';
import { copyTables, emptyTables, laneName, type Tables } from './tables.ts';

/** One rule that keeps the app safe, to be switched off: a laboratory that finds nothing then is blind. */
export type SafetyRule = 'deduplication' | 'fencing' | 'intents' | 'base-commit';

export interface MemoryLedgerParts {
  /** Leases and due times go by it, as they go by the database's clock in production. */
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  /** Called when lanes became due. */
  readonly onWake: () => void;
  /**
   * What is remembered already: the `tables` of another ledger (both then work on the same, like two processes on one database), or
   * a snapshot. Left out: nothing.
   */
  readonly tables?: Tables;
  readonly without?: SafetyRule | undefined;
}

/** All that a process of the app knows of the memory, and what a laboratory may do behind its back. */
export interface MemoryLedger {
  readonly turns: TurnStore;
  readonly lanes: Lanes;
  readonly inbox: Inbox;
  readonly synchronizations: SynchronizationStore;
  readonly schedule: ScanSchedule;
  readonly scans: ScanMemory;
  readonly parked: ParkedStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly brakes: Brakes;
  readonly quotas: QuotaStore;
  /** Outlives the process: give it to the next ledger. */
  readonly tables: Tables;
  /** A copy of the tables as they are now, to begin again from. */
  snapshot(): Tables;
  /** Lets the lease of a lane run out now, as time would. */
  expireLease(claim: Pick<Claim, 'tenantId' | 'laneKey'>): void;
}

/**
 * The app's stores in memory, equal to those on Postgres by the contracts of test/contract. Each call is done when it returns its
 * promise, hence one transaction; what comes out is frozen.
 */
export const createMemoryLedger = ({
  clock,
  makeId,
  onWake,
  without,
  tables = emptyTables(),
}: MemoryLedgerParts): MemoryLedger => ({
  turns: createMemoryTurnStore({
    tables,
    clock,
    makeId,
    onWake,
    fences: without !== 'fencing',
    recordsIntents: without !== 'intents',
    commitsBases: without !== 'base-commit',
  }),
  lanes: createMemoryLanes({ tables, clock, onWake }),
  inbox: createMemoryInbox({ tables, clock, onWake, deduplicates: without !== 'deduplication' }),
  synchronizations: createMemorySynchronizationStore(tables, clock),
  schedule: createMemoryScanSchedule(tables, clock),
  scans: createMemoryScanMemory(tables),
  parked: createMemoryParkedStore(tables, clock),
  kept: createMemoryKeptValues({ tables, makeId }),
  conflicts: createMemoryOpenConflicts({ tables, clock, onWake }),
  brakes: createMemoryBrakes({ tables, clock, makeId, onWake }),
  quotas: createMemoryQuotaStore(tables, clock),
  tables,
  snapshot: () => copyTables(tables),
  expireLease({ tenantId, laneKey }) {
    const row = tables.lanes.get(laneName(tenantId, laneKey));
    const now = clock.now();
    if (row !== undefined && row.leaseUntil !== null) writeLane(tables, { ...row, leaseUntil: now, dueAt: now });
  },
});
