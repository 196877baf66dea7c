import { z } from 'zod';
import type { AccountId, ConnectionId, ProjectId, SetUpId, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Bind, Database } from '../platform/database.ts';
import type { SetUp, SetUpStore } from '../sync/set-up-ports.ts';
import { contentColumn } from './synchronization-rows.ts';

const COLUMNS = `
  tenant_id, set_up_id, route, begun_in, own_connection_id, own_project_key,
  partner_site_url, partner_connection_id, partner_project_key, mode, name, description, content,
  created_by, ${epochMs('created_at')} AS created_at, ${epochMs('touched_at')} AS touched_at`;

const LIST = `SELECT ${COLUMNS} FROM set_up WHERE tenant_id = $1 ORDER BY touched_at DESC, set_up_id`;
const READ = `SELECT ${COLUMNS} FROM set_up WHERE tenant_id = $1 AND set_up_id = $2`;

const INSERT = `
  INSERT INTO set_up (
    tenant_id, set_up_id, route, begun_in, own_connection_id, own_project_key, partner_site_url, partner_connection_id,
    partner_project_key, mode, name, description, content, touched_at, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, ${timestamp('$14')}, $15, ${timestamp('$16')})`;

/** Who began it, when and where stays. */
const REPLACE = `
  UPDATE set_up
     SET route = $3, begun_in = $4, own_connection_id = $5, own_project_key = $6, partner_site_url = $7, partner_connection_id = $8,
         partner_project_key = $9, mode = $10, name = $11, description = $12, content = $13::jsonb, touched_at = ${timestamp('$14')}
   WHERE tenant_id = $1 AND set_up_id = $2 AND touched_at = ${timestamp('$15')}`;

const REMOVE = `
  DELETE FROM set_up WHERE tenant_id = $1 AND set_up_id = $2 AND ($3::float8 IS NULL OR touched_at = ${timestamp('$3')})`;
const REMOVE_UNTOUCHED = `DELETE FROM set_up WHERE tenant_id = $1 AND touched_at <= ${timestamp('$2')}`;

const setUpRow = z
  .object({
    tenant_id: id<TenantId>(),
    set_up_id: id<SetUpId>(),
    route: z.enum(['same-site', 'cloud-with-app', 'cloud-without-app', 'data-center', 'any']),
    begun_in: id<ProjectId>().nullable(),
    own_connection_id: id<ConnectionId>().nullable(),
    own_project_key: z.string().nullable(),
    partner_site_url: z.string().nullable(),
    partner_connection_id: id<ConnectionId>().nullable(),
    partner_project_key: z.string().nullable(),
    mode: z.enum(['review', 'immediate']).nullable(),
    name: z.string().nullable(),
    description: z.string(),
    content: contentColumn.nullable(),
    created_by: id<AccountId>().nullable(),
    created_at: time,
    touched_at: time,
  })
  .transform(
    (row): SetUp => ({
      tenantId: row.tenant_id,
      setUpId: row.set_up_id,
      route: row.route,
      begunIn: row.begun_in,
      own: { siteUrl: null, connectionId: row.own_connection_id, projectKey: row.own_project_key },
      partner: { siteUrl: row.partner_site_url, connectionId: row.partner_connection_id, projectKey: row.partner_project_key },
      mode: row.mode,
      name: row.name,
      description: row.description,
      content: row.content,
      createdBy: row.created_by,
      createdAt: row.created_at,
      touchedAt: row.touched_at,
    }),
  );

const bindOf = (setUp: SetUp): Bind[] => [
  setUp.tenantId,
  setUp.setUpId,
  setUp.route,
  setUp.begunIn,
  setUp.own.connectionId,
  setUp.own.projectKey,
  setUp.partner.siteUrl,
  setUp.partner.connectionId,
  setUp.partner.projectKey,
  setUp.mode,
  setUp.name,
  setUp.description,
  setUp.content === null ? null : JSON.stringify(setUp.content),
  setUp.touchedAt,
];

/** Set-ups on Postgres. */
export const createSetUpStore = (database: Database): SetUpStore => ({
  async read(tenantId, setUpId) {
    if (!isUuid(setUpId)) return null;
    const [found] = await database.rows(READ, [tenantId, setUpId], setUpRow);
    return found ?? null;
  },
  list: (tenantId) => database.rows(LIST, [tenantId], setUpRow),
  async insert(setUp) {
    await database.execute(INSERT, [...bindOf(setUp), setUp.createdBy, setUp.createdAt]);
  },
  replace: async (setUp, readAs) => (await database.execute(REPLACE, [...bindOf(setUp), readAs])) > 0,
  async remove(tenantId, setUpId, readAs) {
    if (isUuid(setUpId)) await database.execute(REMOVE, [tenantId, setUpId, readAs ?? null]);
  },
  removeUntouched: (tenantId, until) => database.execute(REMOVE_UNTOUCHED, [tenantId, until]),
});
