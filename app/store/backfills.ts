import { z } from 'zod';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { WORKS } from '../core/spend-points.ts';
import { count, epochMs, id, side, time } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { Backfill, Backfills } from '../sync/backfill-ports.ts';

/** The mark of a side of which nothing is proven seen. */
const UNSEEN = "timestamptz '1970-01-01 00:00:00+00'";

const IS_FREE = 'due_at <= now() AND (lease_until IS NULL OR lease_until <= now())';

const findDue = (limit: number): string => `
  SELECT s.tenant_id, s.synchronization_id, sides.side
    FROM synchronization s
   CROSS JOIN (VALUES ('A'), ('B')) AS sides (side)
    LEFT JOIN backfill b ON b.tenant_id = s.tenant_id AND b.synchronization_id = s.synchronization_id AND b.side = sides.side
   WHERE s.state = 'running' AND ${UNSEEN} IN (s.a_scanned_until, s.b_scanned_until)
     AND CASE sides.side WHEN 'A' THEN s.a_scanned_until ELSE s.b_scanned_until END = ${UNSEEN}
     AND (b.side IS NULL OR (b.due_at <= now() AND (b.lease_until IS NULL OR b.lease_until <= now())))
   ORDER BY b.due_at NULLS FIRST
   LIMIT ${limit}`;

/** $3 side, $4 length of the lease in ms. No row: another process was faster. */
const CLAIM = `
  INSERT INTO backfill (tenant_id, synchronization_id, side, lease_until)
  SELECT tenant_id, synchronization_id, $3::text, now() + $4::float8 * interval '1 ms'
    FROM synchronization
   WHERE tenant_id = $1 AND synchronization_id = $2 AND state = 'running'
     AND CASE $3::text WHEN 'A' THEN a_scanned_until ELSE b_scanned_until END = ${UNSEEN}
  ON CONFLICT (tenant_id, synchronization_id, side) DO UPDATE SET lease_until = excluded.lease_until
   WHERE ${IS_FREE.replaceAll(/(due_at|lease_until)/g, 'backfill.$1')}
  RETURNING tenant_id, synchronization_id, side, page_token, ${epochMs('begun_at')} AS begun_at`;

/** $4 page token, $5 items listed, $6 rest in ms. */
const ADVANCE = `
  UPDATE backfill
     SET page_token = $4, listed = listed + $5::bigint, due_at = now() + $6::float8 * interval '1 ms', lease_until = NULL
   WHERE tenant_id = $1 AND synchronization_id = $2 AND side = $3`;

const raise = (column: string): string => `
  UPDATE synchronization s SET ${column} = b.begun_at
    FROM backfill b
   WHERE s.tenant_id = $1 AND s.synchronization_id = $2 AND s.${column} < b.begun_at
     AND b.tenant_id = s.tenant_id AND b.synchronization_id = s.synchronization_id AND b.side = $3`;
const FINISH = { A: raise('a_scanned_until'), B: raise('b_scanned_until') };

const WAITING = "tenant_id = $1 AND priority = $2::smallint AND state <> 'watching'";
const SOON = "now() + interval '1 minute'";
const countOf = (lanes: string, limit: number): string =>
  `(SELECT count(*) FROM (SELECT FROM lane WHERE ${WAITING} AND ${lanes} LIMIT ${limit}) found)`;

/** $2 priority, $3 synchronization. */
const countWaiting = (limit: number): string => `
  SELECT ${countOf(`due_at <= ${SOON}`, limit)} AS soon, ${countOf(`due_at > ${SOON} AND synchronization_id = $3`, limit)} AS later`;

const nameRow = z.object({ tenant_id: id<TenantId>(), synchronization_id: id<SynchronizationId>(), side });
const backfillRow = nameRow.extend({ page_token: z.string().nullable(), begun_at: time }).transform(
  (row): Backfill => ({
    tenantId: row.tenant_id,
    synchronizationId: row.synchronization_id,
    side: row.side,
    begunAt: row.begun_at,
    pageToken: row.page_token,
  }),
);
const waitingRow = z.object({ soon: count, later: count });

/** How far existing items are listed, on Postgres. Found over all tenants, taken tenant by tenant. */
export const createBackfills = (database: Database): Backfills => ({
  async claimDue(limit, leaseMs) {
    const due = await database.rows(findDue(limit), [], nameRow);
    const taken = due.map((one) => database.rows(CLAIM, [one.tenant_id, one.synchronization_id, one.side, leaseMs], backfillRow));
    return (await Promise.all(taken)).flat();
  },
  async advance({ tenantId, synchronizationId, side: of }, { pageToken, listed }, afterMs) {
    await database.execute(ADVANCE, [tenantId, synchronizationId, of, pageToken, listed, afterMs]);
  },
  async finish({ tenantId, synchronizationId, side: of }) {
    await database.execute(FINISH[of], [tenantId, synchronizationId, of]);
  },
  async countWaiting({ tenantId, synchronizationId }, limit) {
    const [row] = await database.rows(countWaiting(limit), [tenantId, WORKS.indexOf('backfill'), synchronizationId], waitingRow);
    return row ?? { soon: 0, later: 0 };
  },
});
