import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import { isUuid, timestamp } from '../platform/columns.ts';
import type { Bind, Database, Statements } from '../platform/database.ts';
import type { Synchronization, SynchronizationStore } from '../sync/ports.ts';
import { READ as readWhere, SYNCHRONIZATION_COLUMNS, synchronizationRow } from './synchronization-rows.ts';

const READ = readWhere();

/**
 * Changes and removals go one after the other: without it a removal misses the participations that a change is just writing.
 * Leaves turns alone, which only need the synchronization to stay.
 */
const READ_LOCKED = `${READ} FOR NO KEY UPDATE`;

const LIST_OF_SITE = `
  SELECT ${SYNCHRONIZATION_COLUMNS}
    FROM (SELECT DISTINCT owner_tenant_id, synchronization_id FROM participation WHERE tenant_id = $1) p
    JOIN synchronization s ON s.tenant_id = p.owner_tenant_id AND s.synchronization_id = p.synchronization_id
   ORDER BY s.created_at, s.synchronization_id`;

const WRITE = `
  INSERT INTO synchronization (
    tenant_id, synchronization_id, name, description, state,
    a_site_tenant_id, a_connection_id, a_project_id, a_project_key, a_scanned_until,
    b_site_tenant_id, b_connection_id, b_project_id, b_project_key, b_scanned_until,
    configuration, configuration_version, created_at, mode, asked_by, asked_at, decline_reason)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${timestamp('$10')}, $11, $12, $13, $14, ${timestamp('$15')},
    $16::jsonb, $17, ${timestamp('$18')}, $19, $20, ${timestamp('$21')}, $22)
  ON CONFLICT (tenant_id, synchronization_id) DO UPDATE SET
    name = excluded.name, description = excluded.description, state = excluded.state,
    a_site_tenant_id = excluded.a_site_tenant_id, a_connection_id = excluded.a_connection_id,
    a_project_id = excluded.a_project_id, a_project_key = excluded.a_project_key, a_scanned_until = excluded.a_scanned_until,
    b_site_tenant_id = excluded.b_site_tenant_id, b_connection_id = excluded.b_connection_id,
    b_project_id = excluded.b_project_id, b_project_key = excluded.b_project_key, b_scanned_until = excluded.b_scanned_until,
    configuration = excluded.configuration, configuration_version = excluded.configuration_version,
    mode = excluded.mode, asked_by = excluded.asked_by, asked_at = excluded.asked_at, decline_reason = excluded.decline_reason`;

/** $2 sent at or before. Found by the tenant: it has tens of synchronizations, rarely hundreds. */
const EXPIRE = `
  UPDATE synchronization s SET state = 'expired'
   WHERE s.tenant_id = $1 AND s.state = 'requested' AND s.asked_at <= ${timestamp('$2')}
  RETURNING ${SYNCHRONIZATION_COLUMNS}`;

/** Whoever ties a space of one of these sites waits here for the others who do. One look-up of a lock: no table, no tenant's rows. */
const ONE_AFTER_THE_OTHER = 'SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text AS locked';
const lockRow = z.object({ locked: z.string() });

/** $2 this one, $3 when it was asked for, $4 … $7 connection and space of A and of B. */
const TIED = `
  SELECT s.synchronization_id::text AS id
    FROM participation p
    JOIN synchronization s ON s.tenant_id = p.owner_tenant_id AND s.synchronization_id = p.synchronization_id
   WHERE p.tenant_id = $1 AND s.synchronization_id <> $2
     AND s.state IN ('requested', 'stopped', 'running')
     AND coalesce(s.asked_at, s.created_at) > ${timestamp('$3')} - interval '1 minute'
     AND (s.a_connection_id = $4 AND s.a_project_id = $5 AND s.b_connection_id = $6 AND s.b_project_id = $7
          OR s.b_connection_id = $4 AND s.b_project_id = $5 AND s.a_connection_id = $6 AND s.a_project_id = $7)
   LIMIT 1`;
/** $2, $3 the connections of both sides, as far as they are the tenant's own ways to sites without the app: none of them is removed now. */
const HOLD_CONNECTIONS = `
  SELECT connection_id::text AS id FROM remote_connection
   WHERE tenant_id = $1 AND connection_id IN ($2, $3) ORDER BY connection_id FOR KEY SHARE`;
const tiedRow = z.object({ id: z.string() });

const FORGET_SITES =
  'DELETE FROM participation WHERE tenant_id = ANY ($1::uuid[]) AND owner_tenant_id = $2 AND synchronization_id = $3';

const JOIN_SITE = `
  INSERT INTO participation (tenant_id, owner_tenant_id, synchronization_id, side, connection_id, project_id, running)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (tenant_id, owner_tenant_id, synchronization_id, side) DO UPDATE
    SET connection_id = excluded.connection_id, project_id = excluded.project_id, running = excluded.running`;

const FOLLOW_SPACE = `
  INSERT INTO item_number (tenant_id, synchronization_id, side, project_key) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, synchronization_id, side) DO UPDATE
    SET project_key = excluded.project_key,
        highest = CASE WHEN item_number.project_key = excluded.project_key THEN item_number.highest ELSE 0 END`;

/** What runs is scanned at once, and its parked pieces are looked after. */
const SCAN_SITE = `
  INSERT INTO site_scan (tenant_id, connection_id) VALUES ($1, $2)
  ON CONFLICT (tenant_id, connection_id) DO UPDATE SET due_at = least(site_scan.due_at, now())`;
const WATCH_PARKED = 'INSERT INTO retry_watch (tenant_id, synchronization_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';

/** $3 its first mark. What a first start leaves alone stays alone, whatever is scanned later. */
const BEGIN = `UPDATE synchronization SET items_since = ${timestamp('$3')} WHERE tenant_id = $1 AND synchronization_id = $2`;

/**
 * Lanes first: a turn that ends now waits for us, and finds its lane gone; one that came before is deleted with the rest. Then what
 * everybody else holds who writes lines about it: we wait for them, and find their lines.
 */
const REMOVALS = [
  `DELETE FROM lane WHERE tenant_id = $1 AND lane_key > $2::text || ':' AND lane_key < $2::text || ';'`,
  // Takes along what refers to it: pairs, pieces, item numbers, brakes, kept values.
  'DELETE FROM synchronization WHERE tenant_id = $1 AND synchronization_id = $2',
  'DELETE FROM inbox WHERE tenant_id = $1 AND synchronization_id = $2',
  'DELETE FROM effect WHERE tenant_id = $1 AND synchronization_id = $2',
  'DELETE FROM history WHERE tenant_id = $1 AND synchronization_id = $2',
];

const bindOf = (synchronization: Synchronization): Bind[] => [
  synchronization.tenantId,
  synchronization.synchronizationId,
  synchronization.name,
  synchronization.description,
  synchronization.state,
  ...SIDES.flatMap((side) => {
    const address = synchronization.sides[side];
    return [
      address.siteTenantId,
      address.connectionId,
      address.projectId,
      address.projectKey,
      synchronization.scannedUntil[side],
    ];
  }),
  JSON.stringify(synchronization.configuration),
  synchronization.configurationVersion,
  synchronization.createdAt,
  synchronization.mode,
  synchronization.request?.askedBy ?? null,
  synchronization.request?.askedAt ?? null,
  synchronization.request?.declineReason ?? null,
];

/** What other tables repeat of a synchronization. */
const writeRouting = async (statements: Statements, synchronization: Synchronization): Promise<void> => {
  const { tenantId, synchronizationId, sides, state } = synchronization;
  for (const side of SIDES) {
    const { siteTenantId, connectionId, projectId, projectKey } = sides[side];
    const running = state === 'running';
    await statements.execute(JOIN_SITE, [siteTenantId, tenantId, synchronizationId, side, connectionId, projectId, running]);
    await statements.execute(FOLLOW_SPACE, [tenantId, synchronizationId, side, projectKey]);
    if (running) await statements.execute(SCAN_SITE, [siteTenantId, connectionId]);
  }
  if (state === 'running') await statements.execute(WATCH_PARKED, [tenantId, synchronizationId]);
};

const siteTenants = (synchronization: Synchronization): TenantId[] =>
  SIDES.map((side) => synchronization.sides[side].siteTenantId);

/** Whether its two spaces were tied by another one at the same moment. Sites in one order, so that nobody waits for each other. */
const isTied = async (statements: Statements, synchronization: Synchronization): Promise<boolean> => {
  const { synchronizationId, sides, createdAt, request } = synchronization;
  for (const site of new Set(siteTenants(synchronization).toSorted()))
    await statements.rows(ONE_AFTER_THE_OTHER, [site], lockRow);
  const places = SIDES.flatMap((side) => [sides[side].connectionId, sides[side].projectId]);
  const askedAt = request?.askedAt ?? createdAt;
  const tied = await statements.rows(TIED, [sides.A.siteTenantId, synchronizationId, askedAt, ...places], tiedRow);
  return tied.length > 0;
};

const samePlace = (a: Synchronization, b: Synchronization): boolean =>
  a.state === b.state && JSON.stringify(a.sides) === JSON.stringify(b.sides);

const changed = (before: Synchronization, change: Parameters<SynchronizationStore['update']>[2]): Synchronization => ({
  ...before,
  ...change,
  configurationVersion: before.configurationVersion + (change.configuration === undefined ? 0 : 1),
});

type Remove = Parameters<SynchronizationStore['remove']>;

/** Whether it is what somebody read: in one of those states, with the same content, sent at the same time. */
const isStill = (written: Synchronization, from: Remove[2], readAs: Remove[3]): boolean =>
  from?.includes(written.state) !== false &&
  (readAs === undefined ||
    (written.configurationVersion === readAs.configurationVersion && written.request?.askedAt === readAs.request?.askedAt));

/** Synchronizations on Postgres. A new configuration raises `configurationVersion` by one. */
export const createSynchronizationStore = (database: Database): SynchronizationStore => ({
  async read(tenantId, synchronizationId) {
    if (!isUuid(synchronizationId)) return null;
    const [found] = await database.rows(READ, [tenantId, synchronizationId], synchronizationRow);
    return found ?? null;
  },
  listOfSite: (siteTenantId) => database.rows(LIST_OF_SITE, [siteTenantId], synchronizationRow),
  insert: (synchronization) =>
    database.transaction(async (statements) => {
      await statements.execute(WRITE, bindOf(synchronization));
      await writeRouting(statements, synchronization);
    }),
  insertUnlessTied(synchronization) {
    const { tenantId, synchronizationId, sides } = synchronization;
    let isWritten = false;
    return database.transaction(async (statements) => {
      await statements.rows(HOLD_CONNECTIONS, [tenantId, sides.A.connectionId, sides.B.connectionId], tiedRow);
      if (await isTied(statements, synchronization)) return false;
      const [present] = await statements.rows(READ, [tenantId, synchronizationId], synchronizationRow);
      // Ours, if it was committed before and the answer was lost.
      if (present !== undefined) return isWritten && present.createdAt === synchronization.createdAt;
      await statements.execute(WRITE, bindOf(synchronization));
      await writeRouting(statements, synchronization);
      isWritten = true;
      return true;
    });
  },
  update(tenantId, synchronizationId, change, from, readAs) {
    if (!isUuid(synchronizationId)) return Promise.resolve(false);
    let written: Synchronization | null = null;
    return database.transaction(async (statements) => {
      const [before] = await statements.rows(READ_LOCKED, [tenantId, synchronizationId], synchronizationRow);
      // Committed before, and the answer was lost.
      if (isDeepStrictEqual(before, written)) return true;
      if (before === undefined || !isStill(before, from, readAs)) return false;
      const after = changed(before, change);
      if (before.request?.askedAt !== after.request?.askedAt && (await isTied(statements, after))) return false;
      await statements.execute(WRITE, bindOf(after));
      if (before.scannedUntil.A === null && after.scannedUntil.A !== null)
        await statements.execute(BEGIN, [tenantId, synchronizationId, after.scannedUntil.A]);
      written = after;
      if (samePlace(before, after)) return true;
      await statements.execute(FORGET_SITES, [siteTenants(before), tenantId, synchronizationId]);
      await writeRouting(statements, after);
      return true;
    });
  },
  expireRequests: (tenantId, sentUntil) => database.rows(EXPIRE, [tenantId, sentUntil], synchronizationRow),
  async remove(tenantId, synchronizationId, from, readAs) {
    if (!isUuid(synchronizationId)) return true;
    return database.transaction(async (statements) => {
      const [found] = await statements.rows(READ_LOCKED, [tenantId, synchronizationId], synchronizationRow);
      if (found === undefined) return true;
      if (!isStill(found, from, readAs)) return false;
      await statements.execute(FORGET_SITES, [siteTenants(found), tenantId, synchronizationId]);
      for (const removal of REMOVALS) await statements.execute(removal, [tenantId, synchronizationId]);
      return true;
    });
  },
});
