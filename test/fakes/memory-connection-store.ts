import type { ConnectionStore, RemoteConnection } from '../../app/sync/connection-ports.ts';

/** Remote connections in memory, by a clock that a test moves. */
export interface MemoryConnectionStore extends ConnectionStore {
  /** As it is now; throws when it is gone. */
  now(of: Pick<RemoteConnection, 'tenantId' | 'connectionId'>): RemoteConnection;
  /** How often something of one was changed. */
  readonly changes: () => number;
}

interface Kept {
  connection: RemoteConnection;
  dueAt: number;
  leaseUntil: number | null;
}

export function createMemoryConnectionStore(clock: { now(): number }): MemoryConnectionStore {
  const kept = new Map<string, Kept>();
  let changes = 0;
  const nameOf = (tenantId: string, connectionId: string): string => `${tenantId} ${connectionId}`;
  return {
    changes: () => changes,
    now({ tenantId, connectionId }) {
      const found = kept.get(nameOf(tenantId, connectionId));
      if (found === undefined) throw new Error('There is no such connection.');
      return found.connection;
    },
    read: async (tenantId, connectionId) => kept.get(nameOf(tenantId, connectionId))?.connection ?? null,
    list: async (tenantId) => [...kept.values()].map(({ connection }) => connection).filter((one) => one.tenantId === tenantId),
    async insert(connection) {
      kept.set(nameOf(connection.tenantId, connection.connectionId), { connection, dueAt: clock.now(), leaseUntil: null });
      return true;
    },
    async change(tenantId, connectionId, change) {
      const found = kept.get(nameOf(tenantId, connectionId));
      if (found === undefined) return false;
      found.connection = { ...found.connection, ...change };
      changes += 1;
      return true;
    },
    async remove(tenantId, connectionId) {
      kept.delete(nameOf(tenantId, connectionId));
      return true;
    },
    async claimDue(limit, leaseMs) {
      const now = clock.now();
      const due = [...kept.values()].filter(({ dueAt, leaseUntil }) => (leaseUntil ?? dueAt) <= now).slice(0, limit);
      for (const one of due) one.leaseUntil = now + leaseMs;
      return due.map(({ connection }) => connection);
    },
    async endLook(tenantId, connectionId, afterMs) {
      const found = kept.get(nameOf(tenantId, connectionId));
      if (found === undefined) return;
      found.dueAt = clock.now() + afterMs;
      found.leaseUntil = null;
    },
  };
}
