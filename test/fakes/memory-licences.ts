import type { SynchronizationId, TenantId } from '../../app/core/ids.ts';
import type { LicenceStore, RemoteSite, SignedLicence } from '../../app/sync/licence-ports.ts';

/** Licences in memory. Which sites a synchronization reaches, and which of them run, is for the test to say. */
export interface MemoryLicences extends LicenceStore {
  readonly kept: Map<TenantId, SignedLicence>;
  readonly reaches: Map<SynchronizationId, readonly string[]>;
  readonly running: Set<SynchronizationId>;
  readonly held: Set<SynchronizationId>;
}

export function createMemoryLicences(): MemoryLicences {
  const kept: MemoryLicences['kept'] = new Map();
  const reaches: MemoryLicences['reaches'] = new Map();
  const running: MemoryLicences['running'] = new Set();
  const held: MemoryLicences['held'] = new Set();
  const taken = (): RemoteSite[] =>
    [...reaches]
      .filter(([id]) => running.has(id) || held.has(id))
      .flatMap(([synchronizationId, sites]) => sites.map((siteUrl) => ({ synchronizationId, siteUrl })));
  return {
    kept,
    reaches,
    running,
    held,
    read: async (tenantId) => kept.get(tenantId) ?? null,
    async write(tenantId, signed) {
      kept.set(tenantId, signed);
    },
    listTaken: async () => taken(),
    async take(_tenantId, synchronizationId, _holdMs, decide) {
      const own = reaches.get(synchronizationId) ?? [];
      if (own.length === 0) return null;
      const others = taken().filter((site) => site.synchronizationId !== synchronizationId);
      const refusal = decide({ own, others: others.map(({ siteUrl }) => siteUrl) });
      if (refusal === null) held.add(synchronizationId);
      return refusal;
    },
    async letGo(_tenantId, synchronizationId) {
      held.delete(synchronizationId);
    },
  };
}
