import { z } from 'zod';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { WORKS } from '../core/spend-points.ts';
import { count, epochMs, id, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { Gate, QuotaStore } from '../sync/quota-ports.ts';

const tally = { edit: count, repair: count, backfill: count, check: count };
const accountRow = z.object({ tenant_id: id<TenantId>(), account: z.string(), ...tally, payers: count, is_new: z.boolean() });
const gateRow = z.object({
  tenant_id: id<TenantId>(),
  connection_id: id<ConnectionId>(),
  endpoint: z.string(),
  scope: z.enum(['app', 'site', 'endpoint', 'held']),
  holds_from: z.number().int().nullable(),
  until: time,
});
const sizeRow = z.object({ tenant_id: id<TenantId>(), connection_id: id<ConnectionId>(), points_per_hour: count });

const toAccount = ({ tenant_id, account, edit, repair, backfill, check, payers, is_new }: z.output<typeof accountRow>) => ({
  tenantId: tenant_id,
  account,
  points: { edit, repair, backfill, check },
  payers,
  isNew: is_new,
});

const toGate = (row: z.output<typeof gateRow>): Gate => ({
  tenantId: row.tenant_id,
  connectionId: row.connection_id,
  endpoint: row.endpoint,
  scope: row.scope,
  holdsFrom: row.holds_from === null ? null : (WORKS[row.holds_from] ?? null),
  until: row.until,
});

/** $1 hour, $2 additions as JSON. In one order for all processes, so that none waits in a circle. */
const ADD = `
  INSERT INTO spent_points AS spent (tenant_id, hour, account, edit, repair, backfill, "check", payers)
  SELECT tenant_id, $1::integer, account, edit, repair, backfill, "check", payers
    FROM jsonb_to_recordset($2::jsonb)
      AS given (tenant_id uuid, account text, edit integer, repair integer, backfill integer, "check" integer, payers integer)
   ORDER BY tenant_id, account
      ON CONFLICT (tenant_id, hour, account) DO UPDATE SET
         edit = spent.edit + excluded.edit, repair = spent.repair + excluded.repair, backfill = spent.backfill + excluded.backfill,
         "check" = spent."check" + excluded."check", payers = spent.payers + excluded.payers
  RETURNING tenant_id, account, edit, repair, backfill, "check", payers, xmax = 0 AS is_new`;

const READ = `
  SELECT tenant_id, account, edit, repair, backfill, "check", payers, false AS is_new
    FROM spent_points
   WHERE tenant_id = $1 AND hour = $2::integer`;

const GATES = `
  SELECT tenant_id, connection_id, endpoint, scope, holds_from, ${epochMs('closed_until')} AS until
    FROM gate
   WHERE closed_until > now() AND ($1::boolean OR told_at > now() - interval '1 minute')`;

/** A gate is never opened before the time that was known: who asks too early is made to wait longer. */
const CLOSE = `
  INSERT INTO gate (tenant_id, connection_id, endpoint, scope, holds_from, closed_until, told_at)
  VALUES ($1, $2, $3, $4, $5, ${timestamp('$6')}, now())
      ON CONFLICT (tenant_id, connection_id, endpoint) DO UPDATE SET
         scope = excluded.scope, holds_from = excluded.holds_from, closed_until = excluded.closed_until, told_at = excluded.told_at
   WHERE gate.closed_until < excluded.closed_until`;

const RESIZE = `
  INSERT INTO quota (tenant_id, connection_id, points_per_hour) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id, connection_id) DO UPDATE SET points_per_hour = excluded.points_per_hour`;

/** What all processes know of Jira's quotas, on Postgres. */
export const createQuotaStore = (database: Database): QuotaStore => ({
  async add(hour, additions) {
    const given = additions.map(({ tenantId, account, points, payers }) => ({ tenant_id: tenantId, account, ...points, payers }));
    return (await database.rows(ADD, [hour, JSON.stringify(given)], accountRow)).map(toAccount);
  },
  async read(tenantId, hour) {
    return (await database.rows(READ, [tenantId, hour], accountRow)).map(toAccount);
  },
  async readGates(which) {
    return (await database.rows(GATES, [which === 'all'], gateRow)).map(toGate);
  },
  async close(tenantId, { connectionId, endpoint, scope, holdsFrom, until }) {
    const from = holdsFrom === null ? null : WORKS.indexOf(holdsFrom);
    await database.execute(CLOSE, [tenantId, connectionId, endpoint, scope, from, until]);
  },
  async readSizes() {
    const found = await database.rows('SELECT tenant_id, connection_id, points_per_hour FROM quota', [], sizeRow);
    return found.map((row) => ({
      tenantId: row.tenant_id,
      connectionId: row.connection_id,
      pointsPerHour: row.points_per_hour,
    }));
  },
  async resize(tenantId, connectionId, pointsPerHour) {
    if (pointsPerHour === null)
      await database.execute('DELETE FROM quota WHERE tenant_id = $1 AND connection_id = $2', [tenantId, connectionId]);
    else await database.execute(RESIZE, [tenantId, connectionId, pointsPerHour]);
  },
  async prune(hour) {
    await database.execute('DELETE FROM spent_points WHERE hour < $1', [hour]);
  },
});
