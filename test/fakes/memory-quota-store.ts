import { NO_POINTS, type PointsByWork, WORKS, type Work } from '../../app/core/spend-points.ts';
import type { Gate, PointsAddition, QuotaSize, QuotaStore } from '../../app/sync/ports.ts';

const keyOf = (...parts: readonly (string | number)[]): string => parts.join(' ');

const plus = (a: PointsByWork, b: PointsByWork): PointsByWork => {
  const sum: Record<Work, number> = { ...NO_POINTS };
  for (const work of WORKS) sum[work] = a[work] + b[work];
  return sum;
};

/** What processes know together of Jira's quotas, without a database. Time is what `now` says. */
export function createMemoryQuotaStore(now: () => number): QuotaStore {
  const accounts = new Map<string, PointsAddition & { hour: number }>();
  const gates = new Map<string, Gate & { toldAt: number }>();
  const sizes = new Map<string, QuotaSize>();
  return {
    async add(hour, additions) {
      return additions.map((given) => {
        const key = keyOf(hour, given.tenantId, given.account);
        const known = accounts.get(key);
        const points = plus(known?.points ?? NO_POINTS, given.points);
        const standing = { ...given, hour, points, payers: (known?.payers ?? 0) + given.payers };
        accounts.set(key, standing);
        return { ...standing, isNew: known === undefined };
      });
    },
    async read(tenantId, hour) {
      return [...accounts.values()].filter((one) => one.tenantId === tenantId && one.hour === hour);
    },
    async readGates(which) {
      return [...gates.values()].filter(({ until, toldAt }) => until > now() && (which === 'all' || toldAt > now() - 60_000));
    },
    async close(tenantId, gate) {
      const key = keyOf(tenantId, gate.connectionId, gate.endpoint);
      const known = gates.get(key);
      if (known === undefined || known.until < gate.until) gates.set(key, { ...gate, tenantId, toldAt: now() });
    },
    readSizes: async () => [...sizes.values()],
    async resize(tenantId, connectionId, pointsPerHour) {
      const key = keyOf(tenantId, connectionId);
      if (pointsPerHour === null) sizes.delete(key);
      else sizes.set(key, { tenantId, connectionId, pointsPerHour });
    },
    async prune(hour) {
      for (const [key, one] of accounts) if (one.hour < hour) accounts.delete(key);
    },
  };
}
