import type { Clock } from '../../app/platform/clock.ts';
import type { ScanSchedule, Synchronization } from '../../app/sync/ports.ts';
import { nameOf, type Tables } from './tables.ts';

/** What is proven seen of both sides; null when neither ever was. A side never seen does not count, as in SQL's `least`. */
const seenUntil = ({ scannedUntil: { A, B } }: Synchronization): number | null =>
  A === null || B === null ? (A ?? B) : Math.min(A, B);

/** Which scans are due, in memory. */
export const createMemoryScanSchedule = (tables: Tables, clock: Pick<Clock, 'now'>): ScanSchedule => ({
  async claimDue(limit, everyMs, leaseMs) {
    const now = clock.now();
    const due = [...tables.synchronizations].flatMap(([name, synchronization]) => {
      const seen = seenUntil(synchronization);
      const isDue = synchronization.state === 'running' && seen !== null && seen < now - everyMs;
      return isDue && (tables.scanLeases.get(name) ?? now) <= now ? [{ name, synchronization, seen }] : [];
    });
    const taken = due.sort((a, b) => a.seen - b.seen).slice(0, limit);
    for (const { name } of taken) tables.scanLeases.set(name, now + leaseMs);
    return taken.map(({ synchronization: { tenantId, synchronizationId } }) => ({ tenantId, synchronizationId }));
  },
  async release(tenantId, synchronizationId, restMs) {
    const name = nameOf(tenantId, synchronizationId);
    if (tables.synchronizations.has(name)) tables.scanLeases.set(name, clock.now() + restMs);
  },
});
