import { z } from 'zod';
import type { TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Statements, TenantDatabase } from '../platform/database.ts';
import type { TenantStanding, Tenants } from '../sync/tenant-ports.ts';

const STANDING = `
  SELECT t.tenant_id, ${epochMs('t.created_at')} AS created_at, ${epochMs("CASE WHEN t.erase_at < 'epoch' THEN 'epoch' ELSE t.erase_at END")} AS erase_at,
         coalesce(t.name, (SELECT min(c.display_url) FROM connection c WHERE c.tenant_id = t.tenant_id), '') AS name
    FROM tenant t`;

const standingRow = z
  .object({ tenant_id: id<TenantId>(), created_at: time, erase_at: time.nullable(), name: z.string() })
  .transform(
    (row): TenantStanding => ({
      tenantId: row.tenant_id,
      name: row.name,
      createdAt: row.created_at,
      eraseAt: row.erase_at,
    }),
  );

const LEAVING = `SELECT tenant_id FROM tenant WHERE erase_at <= ${timestamp('$1')} ORDER BY erase_at LIMIT $2`;

/** An erasure that has begun stands at minus infinity, and cannot be taken back (postgres-installation-store.ts). */
const PLAN = `UPDATE tenant SET erase_at = least(erase_at, ${timestamp('$2')}) WHERE tenant_id = $1`;
const BEGIN = `
  UPDATE tenant SET erase_at = '-infinity' WHERE tenant_id = $1 AND erase_at <= ${timestamp('$2')} RETURNING tenant_id`;
const FORGET_SITE = 'DELETE FROM site_directory WHERE tenant_id = $1';

/** Rows a statement removes: a fraction of a second of work. */
const ROWS_AT_ONCE = 5_000;

/** Every table that has a tenant, also those of later versions; which of them a table's foreign keys lead to. */
const TABLES = `
  SELECT c.relname AS name,
         ARRAY(SELECT parent.relname::text FROM pg_constraint k JOIN pg_class parent ON parent.oid = k.confrelid
                WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS parents
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   ORDER BY c.relname`;
const tableRow = z.object({ name: z.string().regex(/^[a-z_]+$/), parents: z.array(z.string()) });
type Table = z.output<typeof tableRow>;

/** Those that nobody leads to come first, so that no deletion has to follow a foreign key. */
function childrenFirst(tables: readonly Table[]): readonly Table[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: Table[] = [];
  while (left.size > 0) {
    const parents = new Set([...left.values()].flatMap((table) => table.parents));
    const free = [...left.values()].filter(({ name }) => !parents.has(name));
    if (free.length === 0) throw new Error('Foreign keys of tables lead in a circle.');
    for (const table of free) {
      ordered.push(table);
      left.delete(table.name);
    }
  }
  return ordered;
}

const removeSome = (table: string): string => `
  DELETE FROM "${table}" WHERE tenant_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM "${table}" WHERE tenant_id = $1 LIMIT ${ROWS_AT_ONCE}))`;

async function removeAll(statements: Statements, table: string, tenantId: TenantId): Promise<void> {
  while ((await statements.execute(removeSome(table), [tenantId])) >= ROWS_AT_ONCE);
}

/** Tenants on Postgres. */
export const createTenants = (database: TenantDatabase): Tenants => ({
  async create(tenantId, name) {
    await database.execute('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, name]);
  },
  list: () => database.rows(`${STANDING} ORDER BY t.created_at, t.tenant_id`, [], standingRow),
  async read(tenantId) {
    if (!isUuid(tenantId)) return null;
    const [found] = await database.rows(`${STANDING} WHERE t.tenant_id = $1`, [tenantId], standingRow);
    return found ?? null;
  },
  async planErasure(tenantId, at) {
    await database.execute(PLAN, [tenantId, at]);
  },
  async listLeaving(now, limit) {
    const found = await database.rows(LEAVING, [now, limit], z.object({ tenant_id: id<TenantId>() }));
    return found.map((row) => row.tenant_id);
  },
  beginErasure: (tenantId, now) =>
    database.transaction(async (statements) => {
      const begun = await statements.rows(BEGIN, [tenantId, now], z.object({ tenant_id: z.string() }));
      if (begun.length > 0) await statements.execute(FORGET_SITE, [tenantId]);
      return begun.length > 0;
    }),
  async eraseRows(tenantId) {
    for (const { name } of childrenFirst(await database.rows(TABLES, [], tableRow))) await removeAll(database, name, tenantId);
  },
});
