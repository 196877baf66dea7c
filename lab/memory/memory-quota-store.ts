import type { TenantId } from '../../app/core/ids.ts';
import { NO_POINTS, type PointsByWork } from '../../app/core/spend-points.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { PointsAccount, PointsAddition, QuotaStore } from '../../app/sync/quota-ports.ts';
import { frozenCopy, nameOf, type SpentRow, type Tables } from './tables.ts';

const MINUTE_MS = 60_000;

const sumOf = (a: PointsByWork, b: PointsByWork): PointsByWork => ({
  edit: a.edit + b.edit,
  repair: a.repair + b.repair,
  backfill: a.backfill + b.backfill,
  check: a.check + b.check,
});

/** Quotas in memory. */
export const createMemoryQuotaStore = (tables: Tables, clock: Pick<Clock, 'now'>): QuotaStore => {
  const { spentPoints, gates, quotaSizes } = tables;

  const addOne = (hour: number, { tenantId, account, points, payers }: PointsAddition): PointsAccount => {
    const name = nameOf(tenantId, String(hour), account);
    const before = spentPoints.get(name)?.account;
    const after: SpentRow['account'] = Object.freeze({
      tenantId,
      account,
      points: Object.freeze(sumOf(before?.points ?? NO_POINTS, points)),
      payers: (before?.payers ?? 0) + payers,
    });
    spentPoints.set(name, Object.freeze({ hour, account: after }));
    return { ...after, isNew: before === undefined };
  };

  const ofTenant = (tenantId: TenantId, hour: number): PointsAddition[] =>
    [...spentPoints.values()].flatMap((row) => (row.hour === hour && row.account.tenantId === tenantId ? [row.account] : []));

  return {
    add: async (hour, additions) =>
      [...additions]
        .sort((a, b) => (nameOf(a.tenantId, a.account) < nameOf(b.tenantId, b.account) ? -1 : 1))
        .map((addition) => addOne(hour, addition)),
    read: async (tenantId, hour) => ofTenant(tenantId, hour),
    async readGates(which) {
      const now = clock.now();
      return [...gates.values()]
        .filter(({ gate, toldAt }) => gate.until > now && (which === 'all' || toldAt > now - MINUTE_MS))
        .map(({ gate }) => gate);
    },
    async close(tenantId, { connectionId, endpoint, scope, holdsFrom, until }) {
      const name = nameOf(tenantId, connectionId, endpoint);
      const before = gates.get(name);
      if (before !== undefined && before.gate.until >= until) return;
      const gate = { tenantId, connectionId, endpoint, scope, holdsFrom, until };
      gates.set(name, frozenCopy({ gate, toldAt: clock.now() }));
    },
    readSizes: async () => [...quotaSizes.values()],
    async resize(tenantId, connectionId, pointsPerHour) {
      const name = nameOf(tenantId, connectionId);
      if (pointsPerHour === null) quotaSizes.delete(name);
      else quotaSizes.set(name, Object.freeze({ tenantId, connectionId, pointsPerHour }));
    },
    async prune(hour) {
      for (const [name, row] of spentPoints) if (row.hour < hour) spentPoints.delete(name);
    },
  };
};
