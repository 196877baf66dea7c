import { SIDES } from '../core/side.ts';
import type { ScanSchedule, SynchronizationStore } from './ports.ts';
import { type ScanPorts, scanChanges } from './scan-changes.ts';

/**
 * How old what is proven seen may get before a scan. An empty scan costs one point a side, so at this pace a synchronization
 * costs 24 of the app's 65,000 points an hour.
 */
export const SCAN_EVERY_MS = 5 * 60_000;
/** How often this process asks whether a scan is due. */
const LOOK_EVERY_MS = 2_000;
/** Longer than a scan of a busy space takes; after it, others take over the scan of a process that died. */
const SCAN_LEASE_MS = 2 * 60_000;
/** How soon a scan that could not read a side is tried again: an answer costs a point, no answer costs nothing. */
const UNREAD_REST_MS = 15_000;
const SCANS_AT_ONCE = 4;

export interface ScanRunnerPorts extends ScanPorts {
  readonly synchronizations: SynchronizationStore;
  readonly schedule: ScanSchedule;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Carries out due scans until `signal` aborts. Any number of processes may run it: each scan is taken by one. */
export async function runScans(ports: ScanRunnerPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const due = await ports.schedule.claimDue(SCANS_AT_ONCE, SCAN_EVERY_MS, SCAN_LEASE_MS);
      await Promise.all(due.map(({ tenantId, synchronizationId }) => scanOne(ports, tenantId, synchronizationId)));
    } catch (error) {
      ports.logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Scans could not be carried out');
    }
    await ports.clock.sleepUntil(ports.clock.now() + LOOK_EVERY_MS, signal);
  }
}

async function scanOne(
  ports: ScanRunnerPorts,
  ...[tenantId, synchronizationId]: Parameters<SynchronizationStore['read']>
): Promise<void> {
  const synchronization = await ports.synchronizations.read(tenantId, synchronizationId);
  if (synchronization?.state !== 'running') return ports.schedule.release(tenantId, synchronizationId, 0);
  const found = await scanChanges(synchronization, ports);
  const unread = SIDES.filter((side) => found[side] === null);
  await ports.schedule.release(tenantId, synchronizationId, unread.length === 0 ? 0 : UNREAD_REST_MS);
  if (unread.length > 0)
    ports.logger.info({ tenantId, synchronizationId, unread }, 'A scan could not read a side; it is tried again');
  const foundLate = (found.A?.foundLate ?? 0) + (found.B?.foundLate ?? 0);
  if (foundLate > 0)
    ports.logger.info({ tenantId, synchronizationId, foundLate }, 'A scan found changes that no webhook told of');
}
