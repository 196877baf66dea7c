import { z } from 'zod';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { count, epochMs, id, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { ScanSchedule, SiteScan } from '../sync/healing-ports.ts';

/*
 * Times are by the clock of the database. A scan under way is due at infinity, so that a start in the meantime, which sets it to now, is not
 * lost; one whose process died is due again when its lease runs out.
 */

const IS_DUE = '((lease_until IS NULL AND due_at <= now()) OR lease_until <= now())';

const findDue = (limit: number): string =>
  `SELECT tenant_id, connection_id FROM site_scan WHERE ${IS_DUE} ORDER BY least(due_at, lease_until) LIMIT ${limit}`;

/** $1 tenant, $2 connection, $3 length of the lease in ms. No row: another process was faster. */
const CLAIM = `
  UPDATE site_scan
     SET due_at = 'infinity', lease_until = now() + $3::float8 * interval '1 ms'
   WHERE tenant_id = $1 AND connection_id = $2 AND ${IS_DUE}
  RETURNING tenant_id, connection_id, ${epochMs('asked_at')} AS asked_at, pace_ms, ${epochMs('given_up_until')} AS given_up_until, ${epochMs('last_at')} AS last_at,
            ${epochMs('full_at')} AS full_at`;

/** $3 length of the lease in ms. The lease of a scan that another process took in the meantime is not ours, but lasts as long. */
const RENEW = `
  UPDATE site_scan SET lease_until = now() + $3::float8 * interval '1 ms'
   WHERE tenant_id = $1 AND connection_id = $2 AND lease_until > now()`;

/** $3 pace, $4 rest, both ms; $5, $6, $7 epoch ms. */
const END = `
  UPDATE site_scan
     SET lease_until = NULL, due_at = least(due_at, now() + $4::float8 * interval '1 ms'), pace_ms = $3::integer,
         given_up_until = ${timestamp('$5')}, last_at = ${timestamp('$6')},
         full_at = ${timestamp('$7')}
   WHERE tenant_id = $1 AND connection_id = $2`;

/** A start that came in the meantime keeps it, and does not wait for the end of this scan's lease. */
const LET_GO = "UPDATE site_scan SET lease_until = NULL WHERE tenant_id = $1 AND connection_id = $2 AND due_at < 'infinity'";
const FORGET = "DELETE FROM site_scan WHERE tenant_id = $1 AND connection_id = $2 AND due_at = 'infinity'";

const HASTEN = 'UPDATE site_scan SET due_at = now() WHERE tenant_id = $1 AND connection_id = $2 AND due_at > now()';

/** $1 how long a silence is none, ms. One statement, so that nobody who is back forgets that all were away. */
const BEAT = `
  WITH before AS (
    SELECT beat_at FROM heartbeat WHERE name = 'worker'
  ), beaten AS (
    INSERT INTO heartbeat (name, beat_at) VALUES ('worker', now())
    ON CONFLICT (name) DO UPDATE SET beat_at = now()
  ), silence AS (
    SELECT coalesce((SELECT beat_at < now() - $1::float8 * interval '1 ms' FROM before), true) AS away
  ), hastened AS (
    UPDATE site_scan SET due_at = now() WHERE due_at > now() AND (SELECT away FROM silence)
  )
  SELECT away FROM silence`;

const nameRow = z.object({ tenant_id: id<TenantId>(), connection_id: id<ConnectionId>() });
const scanRow = nameRow
  .extend({ asked_at: time, pace_ms: count, given_up_until: time, last_at: time.nullable(), full_at: time.nullable() })
  .transform(
    (row): SiteScan => ({
      siteTenantId: row.tenant_id,
      connectionId: row.connection_id,
      askedSince: row.asked_at,
      paceMs: row.pace_ms,
      givenUpUntil: row.given_up_until,
      lastAt: row.last_at,
      fullAt: row.full_at,
    }),
  );
const beatRow = z.object({ away: z.boolean() });

/** Which scans are due, on Postgres. Found over all tenants, taken tenant by tenant. */
export const createScanSchedule = (database: Database): ScanSchedule => ({
  async claimDue(limit, leaseMs) {
    const due = await database.rows(findDue(limit), [], nameRow);
    const taken = due.map((one) => database.rows(CLAIM, [one.tenant_id, one.connection_id, leaseMs], scanRow));
    return (await Promise.all(taken)).flat();
  },
  async renew({ siteTenantId, connectionId }, leaseMs) {
    return (await database.execute(RENEW, [siteTenantId, connectionId, leaseMs])) > 0;
  },
  async end({ siteTenantId, connectionId }, { paceMs, givenUpUntil, lastAt, fullAt }, afterMs) {
    await database.execute(END, [siteTenantId, connectionId, paceMs, afterMs, givenUpUntil, lastAt, fullAt]);
  },
  async hasten(siteTenantId, connectionId) {
    await database.execute(HASTEN, [siteTenantId, connectionId]);
  },
  async forget({ siteTenantId, connectionId }) {
    if ((await database.execute(FORGET, [siteTenantId, connectionId])) === 0)
      await database.execute(LET_GO, [siteTenantId, connectionId]);
  },
  async beat(awayMs) {
    const [beat] = await database.rows(BEAT, [awayMs], beatRow);
    return beat?.away === true;
  },
});
