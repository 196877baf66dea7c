import { z } from 'zod';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { id } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { ScanSchedule } from '../sync/ports.ts';

/** $1 how old what is proven seen may be, $2 length of the lease, both ms; by the clock of the database. */
const claimDue = (limit: number): string => `
  UPDATE synchronization s
     SET scan_lease_until = now() + $2::float8 * interval '1 millisecond'
    FROM (
      SELECT tenant_id, synchronization_id
        FROM synchronization
       WHERE state = 'running'
         AND least(a_scanned_until, b_scanned_until) < now() - $1::float8 * interval '1 millisecond'
         AND (scan_lease_until IS NULL OR scan_lease_until < now())
       ORDER BY least(a_scanned_until, b_scanned_until)
       LIMIT ${limit}
         FOR UPDATE SKIP LOCKED
    ) due
   WHERE s.tenant_id = due.tenant_id AND s.synchronization_id = due.synchronization_id
  RETURNING s.tenant_id, s.synchronization_id`;

/** $3 rest in ms. */
const RELEASE = `
  UPDATE synchronization SET scan_lease_until = now() + $3::float8 * interval '1 millisecond'
   WHERE tenant_id = $1 AND synchronization_id = $2`;

const dueRow = z
  .object({ tenant_id: id<TenantId>(), synchronization_id: id<SynchronizationId>() })
  .transform((row) => ({ tenantId: row.tenant_id, synchronizationId: row.synchronization_id }));

/** Which scans are due, on Postgres. */
export const createScanSchedule = (database: Database): ScanSchedule => ({
  claimDue: (limit, everyMs, leaseMs) => database.rows(claimDue(limit), [everyMs, leaseMs], dueRow),
  async release(tenantId, synchronizationId, restMs) {
    await database.execute(RELEASE, [tenantId, synchronizationId, restMs]);
  },
});
