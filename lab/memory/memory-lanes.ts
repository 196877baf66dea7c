import type { TenantId } from '../../app/core/ids.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { Claim, Lanes } from '../../app/sync/ports.ts';
import { LATER, resumedLane, takeLane, wakeLanes, writeLane } from './lane-rows.ts';
import { type LaneRow, laneName, type Tables } from './tables.ts';

export interface MemoryLanesParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWake: () => void;
}

const isDue = (row: LaneRow, now: number): boolean => row.dueAt !== null && row.dueAt <= now;

/** Live changes first, then the oldest; those of one time in the order in which they got it. */
const inOrder = (a: LaneRow, b: LaneRow): number => a.priority - b.priority || (a.dueAt ?? 0) - (b.dueAt ?? 0);

const dueByTenant = (tables: Tables, now: number): ReadonlyMap<TenantId, readonly LaneRow[]> => {
  const due = new Map<TenantId, LaneRow[]>();
  for (const row of tables.lanes.values()) {
    if (!isDue(row, now)) continue;
    const ofTenant = due.get(row.tenantId);
    if (ofTenant === undefined) due.set(row.tenantId, [row]);
    else ofTenant.push(row);
  }
  return due;
};

/** Goes round over tenants, each process for itself: begins after the tenant where the last call ended [L11]. */
const createClaiming = ({ tables, clock }: MemoryLanesParts): Lanes['claim'] => {
  let lastServed = '';
  return async (limit, leaseMs) => {
    const now = clock.now();
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const missing = limit - claims.length;
      const due = dueByTenant(tables, now);
      const sorted = [...due.keys()].sort();
      const tenants = [...sorted.filter((one) => one > lastServed), ...sorted.filter((one) => one <= lastServed)].slice(
        0,
        missing,
      );
      if (tenants.length === 0) break;
      const share = Math.floor(missing / tenants.length);
      for (const tenantId of tenants) {
        const rows = [...(due.get(tenantId) ?? [])].sort(inOrder).slice(0, share);
        claims.push(...rows.map((row) => takeLane(tables, row, { now, leaseMs })));
      }
      lastServed = tenants.at(-1) ?? lastServed;
    }
    return claims;
  };
};

/** The lanes in memory. */
export const createMemoryLanes = (parts: MemoryLanesParts): Lanes => {
  const { tables, clock, onWake } = parts;
  return {
    claim: createClaiming(parts),
    async renew(claims, leaseMs) {
      const leaseUntil = clock.now() + leaseMs;
      return claims.filter(({ tenantId, laneKey, token }) => {
        const row = tables.lanes.get(laneName(tenantId, laneKey));
        if (row === undefined || row.token !== token || row.leaseUntil === null) return false;
        writeLane(tables, { ...row, leaseUntil, dueAt: leaseUntil });
        return true;
      });
    },
    async wake(tenantId, subjects) {
      if (subjects.length === 0) return;
      wakeLanes(tables, tenantId, subjects, { priority: LATER, now: clock.now() });
      onWake();
    },
    async resume(tenantId, synchronizationId) {
      const now = clock.now();
      const resumed = [...tables.lanes.values()].filter(
        (row) =>
          row.tenantId === tenantId &&
          row.subject.synchronizationId === synchronizationId &&
          (row.state === 'parked' || (row.state !== 'watching' && row.dueAt !== null && row.dueAt > now)),
      );
      for (const row of resumed) writeLane(tables, resumedLane(row, now));
      if (resumed.length > 0) onWake();
    },
    async nextDueAt() {
      let next: number | null = null;
      for (const { dueAt } of tables.lanes.values()) if (dueAt !== null && (next === null || dueAt < next)) next = dueAt;
      return next;
    },
    async count() {
      const now = clock.now();
      const rows = [...tables.lanes.values()];
      const later = rows.filter(({ dueAt }) => dueAt !== null && dueAt > now);
      return {
        due: rows.filter((row) => isDue(row, now)).length,
        waiting: later.filter(({ leaseUntil, state }) => leaseUntil === null && state !== 'watching').length,
        leased: later.filter(({ leaseUntil }) => leaseUntil !== null).length,
        watched: later.filter(({ state }) => state === 'watching').length,
        parked: rows.filter(({ state }) => state === 'parked').length,
      };
    },
  };
};
