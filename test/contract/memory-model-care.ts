import fc from 'fast-check';
import { RISK_KINDS, type RiskKind } from '../../app/core/mass-change.ts';
import { SIDES, type Side } from '../../app/core/side.ts';
import { NO_POINTS, WORKS, type Work } from '../../app/core/spend-points.ts';
import { createQuotaStore } from '../../app/lanes/quota-store.ts';
import type { Database } from '../../app/platform/database.ts';
import { createParkedStore } from '../../app/store/parked-store.ts';
import { createScanMemory } from '../../app/store/scan-memory.ts';
import { createScanSchedule } from '../../app/store/scan-schedule.ts';
import type { MemoryLedger } from '../../lab/memory/memory-ledger.ts';
import { connection, issue, type LedgerWorld, LONG_LEASE_MS, NOON, synchronizationId, tenant } from './ledger-world.ts';

/** The stores that look after what the lanes and the turns leave: brakes, scans, what is parked, quotas. */
export type CareStores = Pick<LedgerWorld, 'brakes'> & Pick<MemoryLedger, 'schedule' | 'scans' | 'parked' | 'quotas'>;

export const createPostgresCare = (database: Database): Omit<CareStores, 'brakes'> => ({
  schedule: createScanSchedule(database),
  scans: createScanMemory(database),
  parked: createParkedStore(database),
  quotas: createQuotaStore(database),
});

/** Quotas are no synchronization's, so they do not go with them. */
export const forgetQuotas = (database: Database): Promise<unknown> => database.execute('TRUNCATE spent_points, gate, quota', []);

/** What is done to those stores. Waits are long or over at once: each of the two has a clock of its own. */
export type CareTask =
  | {
      readonly task: 'count' | 'give back' | 'stop' | 'answer';
      readonly kind: RiskKind;
      readonly changes: number;
      readonly minute: number;
    }
  | { readonly task: 'scan' | 'look after'; readonly limit: number; readonly afterMs: number }
  | { readonly task: 'forget' | 'beat' }
  | { readonly task: 'note'; readonly side: Side; readonly item: number; readonly at: number }
  | { readonly task: 'try again'; readonly since: number }
  | { readonly task: 'spend'; readonly hour: number; readonly work: Work; readonly points: number }
  | { readonly task: 'close'; readonly until: number; readonly work: Work | null; readonly endpoint: string }
  | { readonly task: 'resize'; readonly points: number | null }
  | { readonly task: 'prune'; readonly hour: number };

const HOUR_MS = 3_600_000;
const NEVER = 100 * NOON;
const FIRST_HOUR = 500_000;
const FEW = 9;

const hour = fc.nat(2).map((n) => FIRST_HOUR + n);
const work = fc.constantFrom(...WORKS);
const minute = fc.nat(25);
const kind = fc.constantFrom(...RISK_KINDS);
const moment = fc.noBias(fc.integer({ min: 1, max: 1_000_000_000 })).map((n) => NOON + n);

export const careTask = (items: readonly number[]): fc.Arbitrary<CareTask> =>
  fc.oneof(
    fc.record({
      task: fc.constantFrom('count' as const, 'give back' as const, 'stop' as const, 'answer' as const),
      kind,
      changes: fc.integer({ min: 1, max: 9 }),
      minute,
    }),
    fc.record({
      task: fc.constantFrom('scan' as const, 'look after' as const),
      limit: fc.constant(FEW),
      afterMs: fc.constantFrom(0, HOUR_MS),
    }),
    fc.record({ task: fc.constantFrom('forget' as const, 'beat' as const) }),
    fc.record({
      task: fc.constant('note' as const),
      side: fc.constantFrom(...SIDES),
      item: fc.constantFrom(...items),
      at: moment,
    }),
    fc.record({ task: fc.constant('try again' as const), since: moment }),
    fc.record({ task: fc.constant('spend' as const), hour, work, points: fc.nat(50) }),
    fc.record({
      task: fc.constant('close' as const),
      until: fc.oneof(
        fc.constant(1),
        moment.map((at) => NOON + at),
      ),
      work: fc.option(work),
      endpoint: fc.constantFrom('', 'GET /issue/{id}'),
    }),
    fc.record({ task: fc.constant('resize' as const), points: fc.option(fc.integer({ min: 1, max: 100_000 })) }),
    fc.record({ task: fc.constant('prune' as const), hour }),
  );

/** The same text for equal values, in whatever order their parts were put in. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  );

/** For what comes in no promised order. */
export const inOneOrder = <T>(found: readonly T[]): T[] => [...found].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));

const braked = async ({ brakes }: CareStores, of: number, one: Extract<CareTask, { minute: number }>): Promise<unknown> => {
  const at = NOON + one.minute * 60_000;
  const us = [tenant(of), synchronizationId(of), one.kind] as const;
  switch (one.task) {
    case 'count':
      return brakes.count(...us, one.changes, at);
    case 'give back':
      return brakes.giveBack(...us, one.changes, at);
    case 'stop':
      return brakes.stop(...us, one.changes, at);
    case 'answer':
      return brakes.release(...us, one.changes % 2 === 0 ? 'carry-out' : 'take-back', at);
  }
};

const scanned = async ({ schedule }: CareStores, limit: number, afterMs: number): Promise<unknown> => {
  const scans = inOneOrder(await schedule.claimDue(limit, LONG_LEASE_MS));
  // The last one stays with whoever has it, and dies with it or is forgotten.
  for (const [n, scan] of scans.slice(0, -1).entries())
    await schedule.end(
      scan,
      { paceMs: 1000 + n, givenUpUntil: NOON, lastAt: n === 0 ? null : NOON, fullAt: n === 0 ? NOON : null },
      afterMs,
    );
  return scans.map(({ askedSince: _since, ...scan }) => scan);
};

const lookedAfter = async ({ parked }: CareStores, limit: number, afterMs: number): Promise<unknown> => {
  const watches = inOneOrder(await parked.claimDue(limit, LONG_LEASE_MS));
  for (const watch of watches) await parked.end({ ...watch, paceMs: watch.paceMs + 1 }, afterMs);
  return watches;
};

const noted = async ({ scans }: CareStores, of: number, one: Extract<CareTask, { task: 'note' }>): Promise<unknown> => {
  const us = [tenant(of), synchronizationId(of)] as const;
  const issueId = issue(one.item);
  await scans.noteLooked(...us, one.side, [{ issueId, updatedAt: one.at }]);
  await scans.raiseMark(...us, one.side, one.at);
  await scans.countFoundLate(...us, one.at, one.item);
  return scans.countCarried(...us, one.side, 500_000_000);
};

/** All that is parked, without the times of lanes, which are each clock's own. */
const parkedOf = async ({ parked }: CareStores, of: number) => {
  const us = [tenant(of), synchronizationId(of)] as const;
  const groups = await parked.listGroups(...us);
  const lists = await Promise.all(groups.map((group) => parked.list(...us, group, { before: NEVER, limit: 100 })));
  const ones = lists.flat();
  const reads = await Promise.all(ones.map((one) => parked.read(tenant(of), one)));
  return { groups, ones, reads };
};

/** Does the task for one owner and says what came of it. */
export const playCare = async (stores: CareStores, of: number, one: CareTask): Promise<unknown> => {
  const { schedule, parked, quotas } = stores;
  switch (one.task) {
    case 'scan':
      return scanned(stores, one.limit, one.afterMs);
    case 'look after':
      return lookedAfter(stores, one.limit, one.afterMs);
    case 'forget':
      return schedule.forget({
        siteTenantId: tenant(of),
        connectionId: connection(of),
        askedSince: 0,
        paceMs: 1,
        givenUpUntil: 0,
        lastAt: null,
        fullAt: null,
      });
    case 'beat':
      return schedule.beat(of === 1 ? HOUR_MS : -HOUR_MS);
    case 'note':
      return noted(stores, of, one);
    case 'try again':
      return parked.endRest(tenant(of), (await parkedOf(stores, of)).ones, one.since);
    case 'spend': {
      const points = { ...NO_POINTS, [one.work]: one.points };
      return quotas.add(one.hour, [{ tenantId: tenant(of), account: 'app', points, payers: 1 }]);
    }
    case 'close': {
      const gate = {
        connectionId: connection(of),
        endpoint: one.endpoint,
        scope: 'site' as const,
        holdsFrom: one.work,
        until: one.until,
      };
      return quotas.close(tenant(of), gate);
    }
    case 'resize':
      return quotas.resize(tenant(of), connection(of), one.points);
    case 'prune':
      return quotas.prune(one.hour);
    case 'count':
    case 'give back':
    case 'stop':
    case 'answer':
      return braked(stores, of, one);
  }
};

/** All that can be asked of those stores, for one owner. */
export const confessCare = async (stores: CareStores, of: number, items: readonly number[]) => {
  const { brakes, scans, quotas } = stores;
  const us = [tenant(of), synchronizationId(of)] as const;
  const { groups, ones, reads } = await parkedOf(stores, of);
  const recalled = await Promise.all(SIDES.map((side) => scans.recall(...us, side, items.map(issue))));
  return {
    brakes: await brakes.list(...us),
    pairs: await brakes.countPairs(...us, 2),
    groups: groups.map((group) => (group.kind === 'item' ? { ...group, oldestSince: null } : group)),
    parked: inOneOrder(ones.map((one) => (one.piece === null ? { ...one, since: null } : one))),
    overlooked: inOneOrder(await stores.parked.listOverlooked(...us, 100)),
    reads: inOneOrder(reads.map((read) => (read === null || read === 'undecided' ? read : read.cause))),
    recalled,
    late: await scans.listFoundLate(...us, FEW),
    isListening: (await scans.runningSince(...us)) !== null,
    spent: (await Promise.all([0, 1, 2].map((n) => quotas.read(tenant(of), FIRST_HOUR + n)))).map((spent) =>
      spent.map(({ account, points, payers }) => ({ account, points, payers })),
    ),
    gates: inOneOrder(await quotas.readGates('all')),
    sizes: inOneOrder(await quotas.readSizes()),
  };
};
