import { SIDES } from '../../app/core/side.ts';
import type { Synchronization, SynchronizationStore } from '../../app/sync/ports.ts';

/** SynchronizationStore in memory; proven equal to the one in Postgres by the same contract. */
export const createMemorySynchronizationStore = (): SynchronizationStore => {
  const kept = new Map<string, Synchronization>();
  const keyOf = (tenantId: string, synchronizationId: string): string => `${tenantId}/${synchronizationId}`;
  return {
    read: async (tenantId, synchronizationId) => kept.get(keyOf(tenantId, synchronizationId)) ?? null,
    listOfSite: async (siteTenantId) =>
      [...kept.values()]
        .filter(({ sides }) => SIDES.some((side) => sides[side].siteTenantId === siteTenantId))
        .sort((a, b) => a.createdAt - b.createdAt || a.synchronizationId.localeCompare(b.synchronizationId)),
    async insert(synchronization) {
      kept.set(keyOf(synchronization.tenantId, synchronization.synchronizationId), structuredClone(synchronization));
    },
    async update(tenantId, synchronizationId, change) {
      const before = kept.get(keyOf(tenantId, synchronizationId));
      if (before === undefined) return false;
      const configurationVersion = before.configurationVersion + (change.configuration === undefined ? 0 : 1);
      kept.set(keyOf(tenantId, synchronizationId), structuredClone({ ...before, ...change, configurationVersion }));
      return true;
    },
    async remove(tenantId, synchronizationId) {
      kept.delete(keyOf(tenantId, synchronizationId));
    },
  };
};
