import { z } from 'zod';
import type { TenantId } from '../app/core/ids.ts';
import type { Statements } from '../app/platform/database.ts';
import { pairId, synchronizationId } from './contract/ledger-world.ts';

const columnRow = z.object({ table: z.string(), column: z.string(), type: z.string() });
const nameRow = z.object({ name: z.string() });
const checkRow = z.object({ table: z.string(), name: z.string() });

/** What every other id in the rows of {@link fillEveryTable} is. */
export const FILLED_ID = '00000000-0000-4000-8000-0000000000aa';
/** What every text in them is. */
export const FILLED_TEXT = 'What nobody else may read';

/** Made by hand, since they have to make sense to the stores. */
const MEANINGFUL = ['tenant', 'connection', 'site_directory', 'synchronization', 'participation', 'item_number'];

const fillerOf = (of: TenantId, column: string, type: string): string => {
  if (column === 'tenant_id' || column.endsWith('_tenant_id')) return of;
  if (column === 'synchronization_id') return synchronizationId(1);
  if (column === 'pair_id') return pairId(1);
  if (type === 'uuid') return FILLED_ID;
  if (type.startsWith('timestamp')) return '2037-01-01T00:00:00Z';
  if (type === 'date') return '2037-01-01';
  if (type === 'boolean') return 'true';
  if (type === 'jsonb' || type === 'ARRAY') return '{}';
  return /int|numeric|double/.test(type) ? '1' : FILLED_TEXT;
};

/** So that any value fits. */
export async function dropChecks(database: Statements): Promise<void> {
  const checks = await database.rows(
    `SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
      WHERE contype = 'c' AND connamespace = 'public'::regnamespace`,
    [],
    checkRow,
  );
  for (const { table, name } of checks) await database.execute(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`, []);
}

/**
 * A row for that tenant in every table that has a tenant, so that no table can be forgotten, of this version or a later one. The tenant,
 * its site and its synchronization 1 have to be there.
 */
export async function fillEveryTable(database: Statements, of: TenantId): Promise<readonly string[]> {
  const columns = await database.rows(
    `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name IN
            (SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id')`,
    [],
    columnRow,
  );
  const tables = Map.groupBy(columns, ({ table }) => table);
  let waiting = [...tables].filter(([table]) => !MEANINGFUL.includes(table));
  // Those whose parents are not there yet are tried again.
  while (waiting.length > 0) {
    const refused: typeof waiting = [];
    for (const [table, its] of waiting) {
      const names = its.map(({ column }) => `"${column}"`).join(', ');
      const values = its.map(({ column, type }) => `'${fillerOf(of, column, type)}'`).join(', ');
      const insert = database.execute(`INSERT INTO "${table}" (${names}) VALUES (${values}) ON CONFLICT DO NOTHING`, []);
      await insert.catch(() => refused.push([table, its]));
    }
    if (refused.length === waiting.length) throw new Error(`No row fits into ${refused.map(([table]) => table).join(', ')}.`);
    waiting = refused;
  }
  return [...tables.keys()].sort();
}

/** All that tables hold of a tenant: in whatever column its id stands. By table; those that hold nothing are left out. */
export async function readAllOf(database: Statements, tenantId: TenantId): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = await database.rows(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1",
    [],
    nameRow,
  );
  const found = new Map<string, readonly string[]>();
  for (const { name } of tables) {
    const sql = `SELECT t::text AS name FROM "${name}" t WHERE t::text LIKE $1 ORDER BY 1`;
    const rows = await database.rows(sql, [`%${tenantId}%`], nameRow);
    if (rows.length > 0)
      found.set(
        name,
        rows.map((row) => row.name),
      );
  }
  return found;
}
