import { z } from 'zod';
import type { TenantId } from '../core/ids.ts';
import { id } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import { SEALED_COLUMNS, SEALED_LIST, type SealedColumn } from './sealed-columns.ts';
import type { Resealer } from './secret-box.ts';

/** What became of the sealed texts of one column. Key ids name master keys and tell nothing about them. */
export interface ColumnStanding {
  /** `connection.sealed_secret` */
  readonly column: string;
  /** Sealed with an older master key before, and with the current one now. */
  moved: number;
  /** Still sealed with another than the current master key, by that key's id: we do not have it, or the row was busy. */
  readonly left: Map<string, number>;
  /** Not our form, altered, or of another tenant. */
  unreadable: number;
}

/** `look`: only counts. */
export type ResealWork = 'reseal' | 'look';

/** Rows at a time: a page is read, opened and written in some tens of milliseconds. */
const PAGE = 500;

const tenantRow = z.object({ tenant_id: id<TenantId>() });
const sealedRow = z.object({ key: z.string(), sealed: z.string() });
const toldRow = z.object({
  key: z.string(),
  told: z.array(z.string()),
  A: id<TenantId>(),
  B: id<TenantId>(),
});

const LIST_TENANTS = `SELECT tenant_id FROM tenant WHERE tenant_id > $1::uuid ORDER BY tenant_id LIMIT ${PAGE}`;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** $1 tenant, $2 the last key seen, $3 what today's texts begin with. */
const listSealed = ({ table, column, key }: SealedColumn): string =>
  `SELECT ${key} AS key, ${column} AS sealed FROM ${table}
    WHERE tenant_id = $1 AND ${key} > $2::uuid AND NOT starts_with(${column}, $3)
    ORDER BY ${key} LIMIT ${PAGE}`;

/** $1 tenant, $2 keys, $3 texts before, $4 texts after. What was changed in between is left as it is. */
const replaceSealed = ({ table, column, key }: SealedColumn): string =>
  `UPDATE ${table} SET ${column} = fresh.sealed
     FROM unnest($2::uuid[], $3::text[], $4::text[]) AS fresh (key, old, sealed)
    WHERE ${table}.tenant_id = $1 AND ${table}.${key} = fresh.key AND ${table}.${column} = fresh.old`;

/** $1 tenant, $2 the last key seen, $3 what today's texts begin with. `A:look` is no sealed text. */
const LIST_TOLD = `
  SELECT l.lane_key AS key, l.told, s.a_site_tenant_id AS "A", s.b_site_tenant_id AS "B"
    FROM lane l JOIN synchronization s ON s.tenant_id = l.tenant_id AND s.synchronization_id = l.synchronization_id
   WHERE l.tenant_id = $1 AND l.lane_key > $2
     AND EXISTS (SELECT 1 FROM unnest(l.told) AS entry WHERE entry NOT LIKE '_:look' AND NOT starts_with(substr(entry, 3), $3))
   ORDER BY l.lane_key LIMIT ${PAGE}`;

/** $1 tenant, $2 lane, $3 before, $4 after. A turn that took them out meanwhile has nothing left to change. */
const REPLACE_TOLD = 'UPDATE lane SET told = $4::text[] WHERE tenant_id = $1 AND lane_key = $2 AND told = $3::text[]';

interface Resealing {
  readonly database: Database;
  readonly box: Resealer;
  readonly work: ResealWork;
}

const newStanding = (column: string): ColumnStanding => ({ column, moved: 0, left: new Map(), unreadable: 0 });

const leave = (standing: ColumnStanding, keyId: string): void => {
  standing.left.set(keyId, (standing.left.get(keyId) ?? 0) + 1);
};

/** The text under the current key; null when it stays as it is, which is counted. */
function resealOne({ box, work }: Resealing, tenantId: TenantId, sealed: string, standing: ColumnStanding): string | null {
  const keyId = box.keyIdOf(sealed);
  const resealed = box.reseal(tenantId, sealed);
  if (keyId === null || (!resealed.ok && resealed.failure === 'not-ours')) standing.unreadable += 1;
  else if (!resealed.ok || work === 'look') leave(standing, keyId);
  else return resealed.value;
  return null;
}

async function resealColumn(resealing: Resealing, tenantId: TenantId, column: SealedColumn, standing: ColumnStanding) {
  const { database, box } = resealing;
  for (let last = FIRST_ID; ; ) {
    const rows = await database.rows(listSealed(column), [tenantId, last, box.currentPrefix], sealedRow);
    const fresh = rows.flatMap(({ key, sealed }) => {
      const moved = resealOne(resealing, tenantId, sealed, standing);
      return moved === null ? [] : [{ key, sealed, moved }];
    });
    const bind = [fresh.map(({ key }) => key), fresh.map(({ sealed }) => sealed), fresh.map(({ moved }) => moved)];
    if (fresh.length > 0) standing.moved += await database.execute(replaceSealed(column), [tenantId, ...bind]);
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.key ?? last;
  }
}

async function resealLists(resealing: Resealing, tenantId: TenantId, standing: ColumnStanding) {
  const { database, box } = resealing;
  for (let last = ''; ; ) {
    const rows = await database.rows(LIST_TOLD, [tenantId, last, box.currentPrefix], toldRow);
    for (const { key, told, ...sites } of rows) {
      const fresh = told.map((entry) => {
        const [side, sealed] = [entry[0] === 'A' ? 'A' : 'B', entry.slice(2)] as const;
        if (sealed === 'look' || sealed.startsWith(box.currentPrefix)) return entry;
        const moved = resealOne(resealing, sites[side], sealed, standing);
        return moved === null ? entry : `${side}:${moved}`;
      });
      const changed = fresh.filter((entry, at) => entry !== told[at]).length;
      if (changed > 0 && (await database.execute(REPLACE_TOLD, [tenantId, key, told, fresh])) > 0) standing.moved += changed;
    }
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.key ?? last;
  }
}

/** All tenants, page by page: like claiming and pruning it works for all of them, a tenant at a time. */
async function* eachTenant(database: Database): AsyncGenerator<TenantId> {
  for (let last = FIRST_ID; ; ) {
    const tenants = await database.rows(LIST_TENANTS, [last], tenantRow);
    for (const { tenant_id } of tenants) yield tenant_id;
    if (tenants.length < PAGE) return;
    last = tenants.at(-1)?.tenant_id ?? last;
  }
}

/**
 * Goes once through everything that is sealed and brings it under the current master key. Safe while the app runs: each row changes only
 * if it is still what was read. Can be stopped and begun again at any time: what is done is not found again.
 */
export async function resealRows(database: Database, box: Resealer, work: ResealWork): Promise<readonly ColumnStanding[]> {
  const resealing = { database, box, work };
  const columns = SEALED_COLUMNS.map((column) => ({ column, standing: newStanding(`${column.table}.${column.column}`) }));
  const lists = newStanding(`${SEALED_LIST.table}.${SEALED_LIST.column}`);
  for await (const tenantId of eachTenant(database)) {
    for (const { column, standing } of columns) await resealColumn(resealing, tenantId, column, standing);
    await resealLists(resealing, tenantId, lists);
  }
  return [...columns.map(({ standing }) => standing), lists];
}
