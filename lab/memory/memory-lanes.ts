import { APP, WORKS } from '../../app/core/spend-points.ts';
import { createTurnShares, keptAfter, type TurnShares } from '../../app/lanes/share-turns.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { Claim, Lanes } from '../../app/sync/ports.ts';
import { resumedLane, takeLane, wakeLanes, writeLane } from './lane-rows.ts';
import { type LaneRow, laneName, type Tables } from './tables.ts';

export interface MemoryLanesParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWake: () => void;
}

const isDue = (row: LaneRow, now: number): boolean => row.dueAt !== null && row.dueAt <= now;

/** The oldest first; those of one time in the order in which they got it. */
const inOrder = (a: LaneRow, b: LaneRow): number => (a.dueAt ?? 0) - (b.dueAt ?? 0);

/** Closed by a limit, for the app or for the tenant's work of that kind. */
const isHeld = ({ gates }: Tables, { tenantId, priority }: LaneRow, now: number): boolean =>
  [...gates.values()].some(({ gate: { tenantId: of, holdsFrom, until } }) => {
    const from = holdsFrom === null ? Number.POSITIVE_INFINITY : WORKS.indexOf(holdsFrom);
    return until > now && ((of === APP.tenantId && from === 0) || (of === tenantId && from <= priority));
  });

/** What is due, by tenant and kind of work, the most urgent first. */
const dueWork = (tables: Tables, now: number): ReadonlyMap<string, readonly LaneRow[]> => {
  const due = [...tables.lanes.values()].filter((row) => isDue(row, now) && !isHeld(tables, row, now));
  return Map.groupBy(
    due.sort((a, b) => a.priority - b.priority || inOrder(a, b)),
    ({ tenantId, priority }) => `${tenantId} ${priority}`,
  );
};

/** Goes round over tenants, each process for itself: begins behind the tenant that was served last [L11]. */
const createClaiming = ({ tables, clock }: MemoryLanesParts, shares: TurnShares): Lanes['claim'] => {
  return async (limit, leaseMs, kept) => {
    const now = clock.now();
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const groups = dueWork(tables, now);
      const last = shares.last() ?? '';
      const due = [...groups.values()].flatMap(([first]) =>
        first === undefined ? [] : [{ tenantId: first.tenantId, work: WORKS[first.priority] ?? 'edit' }],
      );
      const sorted = due.sort(
        (a, b) => Number(a.tenantId <= last) - Number(b.tenantId <= last) || compare(a.tenantId, b.tenantId),
      );
      if (sorted.length === 0) break;
      const missing = limit - claims.length;
      // No more is looked at than on Postgres: a tenant with all its kinds of work, and one kind of each of the others.
      const looked = sorted.slice(0, missing + WORKS.length - 1 + (kept?.inHand.size ?? 0) * WORKS.length);
      const allotted = shares.allot(missing, looked, kept === undefined ? undefined : keptAfter(kept, claims));
      if (allotted.length === 0) break;
      for (const { tenantId, work, lanes } of allotted) {
        const rows = (groups.get(`${tenantId} ${WORKS.indexOf(work)}`) ?? []).slice(0, lanes);
        claims.push(...rows.map((row) => takeLane(tables, row, { now, leaseMs })));
      }
    }
    return claims;
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The lanes in memory. */
export const createMemoryLanes = (parts: MemoryLanesParts): Lanes => {
  const { tables, clock, onWake } = parts;
  const shares = createTurnShares();
  return {
    claim: createClaiming(parts, shares),
    turnTook: shares.took,
    async renew(claims, leaseMs) {
      const leaseUntil = clock.now() + leaseMs;
      return claims.filter(({ tenantId, laneKey, token }) => {
        const row = tables.lanes.get(laneName(tenantId, laneKey));
        if (row === undefined || row.token !== token || row.leaseUntil === null) return false;
        writeLane(tables, { ...row, leaseUntil, dueAt: leaseUntil });
        return true;
      });
    },
    async wake(tenantId, subjects, work = 'repair') {
      if (subjects.length === 0) return;
      wakeLanes(tables, tenantId, subjects, { priority: WORKS.indexOf(work), now: clock.now() });
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
