import type { IssueId } from '../../app/core/ids.ts';
import { SIDES, type Side } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { Remembered, ScanMemory, ScanSchedule, SiteScan } from '../../app/sync/healing-ports.ts';
import type { Pair, Synchronization } from '../../app/sync/ports.ts';
import { nameOf, pairName, pairOfItem, type SiteScanRow, type Tables } from './tables.ts';

/** Paces begin as in the table of the same name. */
const FIRST_PACE_MS = 5 * 60_000;

const isSame = (a: Synchronization, b: Synchronization): boolean =>
  a.state === b.state && JSON.stringify(a.sides) === JSON.stringify(b.sides);

/** What runs is scanned at once, and its parked pieces are looked after; what moved or began to run is listened to from now on. */
export const followStart = (tables: Tables, now: number, before: Synchronization | undefined, after: Synchronization): void => {
  const name = nameOf(after.tenantId, after.synchronizationId);
  const firstMark = after.scannedUntil.A;
  if (before?.scannedUntil.A === null && firstMark !== null) tables.itemsSince.set(name, firstMark);
  if (before !== undefined && isSame(before, after)) return;
  tables.listening.delete(name);
  if (after.state !== 'running') return;
  tables.listening.set(name, now);
  for (const { siteTenantId, connectionId } of [after.sides.A, after.sides.B]) {
    const scanName = nameOf(siteTenantId, connectionId);
    const fresh = {
      siteTenantId,
      connectionId,
      askedSince: now,
      paceMs: FIRST_PACE_MS,
      givenUpUntil: 0,
      lastAt: null,
      fullAt: null,
    };
    const row = tables.siteScans.get(scanName) ?? { scan: fresh, dueAt: now, leaseUntil: null };
    tables.siteScans.set(scanName, { ...row, dueAt: Math.min(row.dueAt, now) });
  }
  if (!tables.retryWatches.has(name)) tables.retryWatches.set(name, { dueAt: now, paceMs: FIRST_PACE_MS, probes: [] });
};

const isDue = ({ dueAt, leaseUntil }: SiteScanRow, now: number): boolean =>
  leaseUntil === null ? dueAt <= now : leaseUntil <= now;

/** Which scans are due, in memory. */
export const createMemoryScanSchedule = (tables: Tables, clock: Pick<Clock, 'now'>): ScanSchedule => {
  const { siteScans } = tables;
  const nameOfScan = ({ siteTenantId, connectionId }: SiteScan): string => nameOf(siteTenantId, connectionId);
  return {
    async claimDue(limit, leaseMs) {
      const now = clock.now();
      const due = [...siteScans].filter(([, row]) => isDue(row, now));
      const since = ({ dueAt, leaseUntil }: SiteScanRow): number => Math.min(dueAt, leaseUntil ?? dueAt);
      const taken = due.sort(([, a], [, b]) => since(a) - since(b)).slice(0, limit);
      for (const [name, row] of taken)
        siteScans.set(name, { ...row, dueAt: Number.POSITIVE_INFINITY, leaseUntil: now + leaseMs });
      return taken.map(([, { scan }]) => scan);
    },
    async renew(scan, leaseMs) {
      const row = siteScans.get(nameOfScan(scan));
      if (row === undefined || row.leaseUntil === null || row.leaseUntil <= clock.now()) return false;
      siteScans.set(nameOfScan(scan), { ...row, leaseUntil: clock.now() + leaseMs });
      return true;
    },
    async end(scan, next, afterMs) {
      const row = siteScans.get(nameOfScan(scan));
      if (row === undefined) return;
      const dueAt = Math.min(row.dueAt, clock.now() + afterMs);
      siteScans.set(nameOfScan(scan), { scan: Object.freeze({ ...row.scan, ...next }), dueAt, leaseUntil: null });
    },
    async hasten(siteTenantId, connectionId) {
      const row = siteScans.get(nameOf(siteTenantId, connectionId));
      if (row === undefined) return;
      siteScans.set(nameOf(siteTenantId, connectionId), { ...row, dueAt: Math.min(row.dueAt, clock.now()) });
    },
    async forget(scan) {
      const row = siteScans.get(nameOfScan(scan));
      if (row === undefined) return;
      if (row.dueAt === Number.POSITIVE_INFINITY) siteScans.delete(nameOfScan(scan));
      else siteScans.set(nameOfScan(scan), { ...row, leaseUntil: null });
    },
    async beat(awayMs) {
      const now = clock.now();
      const before = tables.heartbeats.get('worker');
      tables.heartbeats.set('worker', now);
      const away = before === undefined || before < now - awayMs;
      if (away) for (const [name, row] of siteScans) siteScans.set(name, { ...row, dueAt: Math.min(row.dueAt, now) });
      return away;
    },
  };
};

/** What scans remember, in memory. */
export const createMemoryScanMemory = (tables: Tables): ScanMemory => {
  const remember = (pair: Pair | null, lookedAt: number | null, laneKeyed: string): Remembered => {
    const lane = tables.lanes.get(laneKeyed);
    const isBusy = lane !== undefined && lane.dueAt !== null && lane.state !== 'watching';
    return {
      pair,
      pieces: (pair === null ? undefined : tables.pieces.get(pairName(pair.tenantId, pair.pairId))) ?? new Map(),
      lookedAt,
      lane: lane === undefined ? 'none' : isBusy ? 'busy' : 'idle',
    };
  };
  return {
    async recall(tenantId, synchronizationId, side, issueIds) {
      const recalled = issueIds.map((issueId): [IssueId, Remembered] => {
        const pair = pairOfItem(tables, tenantId, synchronizationId, side, issueId);
        const origin = pair === null ? { side, issueId } : { side: pair.originSide, issueId: pair.issueIds[pair.originSide] };
        const lookedAt = tables.unpairedLooks.get(nameOf(tenantId, synchronizationId, side, issueId)) ?? null;
        const lane = nameOf(tenantId, `${synchronizationId}:${origin.side}:${origin.issueId}`);
        return [issueId, remember(pair, lookedAt, lane)];
      });
      return new Map(recalled);
    },

    async noteLooked(tenantId, synchronizationId, side, looked) {
      for (const { issueId, updatedAt } of looked) {
        const name = nameOf(tenantId, synchronizationId, side, issueId);
        tables.unpairedLooks.set(name, Math.max(updatedAt, tables.unpairedLooks.get(name) ?? updatedAt));
      }
    },
    async raiseMark(tenantId, synchronizationId, side, until) {
      const name = nameOf(tenantId, synchronizationId);
      const before = tables.synchronizations.get(name);
      const mark = before?.scannedUntil[side] ?? null;
      if (before === undefined || mark === null || mark >= until) return;
      const scannedUntil = Object.freeze({ ...before.scannedUntil, [side]: until });
      tables.synchronizations.set(name, Object.freeze({ ...before, scannedUntil }));
    },
    runningSince: async (tenantId, synchronizationId) => tables.listening.get(nameOf(tenantId, synchronizationId)) ?? null,
    itemsSince: async (tenantId, synchronizationId) => tables.itemsSince.get(nameOf(tenantId, synchronizationId)) ?? 0,
    async countCarried(tenantId, synchronizationId, target, since) {
      const isCarried = (outcome: string, source: Side | null): boolean =>
        ['applied', 'overwritten', 'created'].includes(outcome) && source !== target;
      return [...tables.history.values()].filter(
        (row) =>
          row.tenantId === tenantId &&
          row.synchronizationId === synchronizationId &&
          row.line.at >= since &&
          isCarried(row.line.outcome, row.line.source),
      ).length;
    },
    async countFoundLate(tenantId, synchronizationId, at, found) {
      const name = nameOf(tenantId, synchronizationId, new Date(at).toISOString().slice(0, 10));
      if (found > 0) tables.foundLate.set(name, found + (tables.foundLate.get(name) ?? 0));
    },
    async listFoundLate(tenantId, synchronizationId, limit) {
      const beginning = `${nameOf(tenantId, synchronizationId)} `;
      return [...tables.foundLate]
        .filter(([name]) => name.startsWith(beginning))
        .map(([name, found]) => ({ day: name.slice(beginning.length), found }))
        .sort((a, b) => (a.day < b.day ? 1 : -1))
        .slice(0, limit);
    },
  };
};

/** Forgets the scans of sites that no synchronization has any more. */
export const forgetScans = (tables: Tables): void => {
  const sides = [...tables.synchronizations.values()].flatMap((one) => SIDES.map((side) => one.sides[side]));
  const used = new Set(sides.map(({ siteTenantId, connectionId }) => nameOf(siteTenantId, connectionId)));
  for (const name of tables.siteScans.keys()) if (!used.has(name)) tables.siteScans.delete(name);
};
