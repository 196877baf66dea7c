import type { SynchronizationId, TenantId } from '../app/core/ids.ts';
import type { Database } from '../app/platform/database.ts';

/*
 * Fills the ledger with pairs as they lie there after months of work: each with three pieces, a clean lane, a confirmed effect, a line of
 * history and a stored delivery.
 */

/** Rows that one statement makes. */
const CHUNK = 50_000;

/** $1 tenant, $2 synchronization, $3 from, $4 to. Item n of side A has the id 10,000 + n, of side B 50,000,000 + n. */
const SEED = `
  WITH made AS (
    INSERT INTO pair (tenant_id, pair_id, synchronization_id, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key, a_seen_at, b_seen_at)
    SELECT $1::uuid, uuidv7(), $2::uuid, 'A', (10000 + n)::text, (50000000 + n)::text, 'SUP-' || n, 'ENG-' || n, now(), now()
      FROM generate_series($3::integer, $4::integer) n
    RETURNING pair_id, a_issue_id, a_issue_key, b_issue_key
  ), pieces AS (
    INSERT INTO piece (tenant_id, pair_id, piece_key, synchronization_id, a_fingerprint, b_fingerprint)
    SELECT $1::uuid, pair_id, piece_key, $2::uuid, md5(piece_key || pair_id), md5(pair_id || piece_key)
      FROM made, unnest('{field:summary,field:priority,status}'::text[]) piece_key
  ), lanes AS (
    INSERT INTO lane (tenant_id, lane_key, synchronization_id, side, issue_id, gen, done_gen, lease_token)
    SELECT $1::uuid, $2 || ':A:' || a_issue_id, $2::uuid, 'A', a_issue_id, 3, 3, 3 FROM made
  ), effects AS (
    INSERT INTO effect (tenant_id, effect_id, synchronization_id, lane_key, kind, target, pieces, state, intended_at)
    SELECT $1::uuid, uuidv7(), $2::uuid, $2 || ':A:' || a_issue_id, 'write-fields', 'B', '{field:summary}', 'confirmed', now()
      FROM made
  ), lines AS (
    INSERT INTO history (tenant_id, history_id, synchronization_id, at, line, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source)
    SELECT $1::uuid, uuidv7(), $2::uuid, now(), 0, pair_id, a_issue_key, b_issue_key, 'field:summary', 'applied', 'A' FROM made
  )
  INSERT INTO inbox (tenant_id, synchronization_id, connection_id, delivery_id, event, issue_id, echo)
  SELECT $1::uuid, $2::uuid, $1::uuid, 'seed ' || a_issue_id, 'jira:issue_updated', a_issue_id, false FROM made`;

/** Copies of tenant 1 and its synchronization. $1, $2 its ids, $3, $4 the ids of copy n without their last twelve digits, $5 from, $6 to. */
const COPY = `
  WITH copy AS (
    SELECT ($3 || lpad(n::text, 12, '0'))::uuid AS tenant_id, ($4 || lpad(n::text, 12, '0'))::uuid AS synchronization_id
      FROM generate_series($5::integer, $6::integer) n
  ), tenants AS (
    INSERT INTO tenant (tenant_id) SELECT tenant_id FROM copy
  ), synchronizations AS (
    INSERT INTO synchronization
    SELECT made.*
      FROM copy, synchronization s,
           LATERAL jsonb_populate_record(s, jsonb_build_object(
             'tenant_id', copy.tenant_id, 'synchronization_id', copy.synchronization_id, 'a_site_tenant_id', copy.tenant_id)) made
     WHERE s.tenant_id = $1::uuid AND s.synchronization_id = $2::uuid
  ), numbers AS (
    INSERT INTO item_number (tenant_id, synchronization_id, side, project_key, highest)
    SELECT copy.tenant_id, copy.synchronization_id, i.side, i.project_key, i.highest
      FROM copy, item_number i
     WHERE i.tenant_id = $1::uuid AND i.synchronization_id = $2::uuid
  )
  INSERT INTO participation (tenant_id, owner_tenant_id, synchronization_id, side, connection_id, project_id, running)
  SELECT copy.tenant_id, copy.tenant_id, copy.synchronization_id, p.side, p.connection_id, p.project_id, p.running
    FROM copy, participation p
   WHERE p.owner_tenant_id = $1::uuid AND p.synchronization_id = $2::uuid AND p.side = 'A'`;

/** Without checking foreign keys one by one, and without waiting for the disk: nothing else happens at that time. */
const inBulk = (database: Database, sql: string, bind: readonly (string | number)[]): Promise<void> =>
  database.transaction(async (statements) => {
    await statements.execute('SET LOCAL session_replication_role = replica', []);
    await statements.execute('SET LOCAL synchronous_commit = off', []);
    await statements.execute(sql, bind);
  });

/** Pairs number `from` to `to` of a synchronization. */
export async function seedPairs(
  database: Database,
  tenantId: TenantId,
  synchronizationId: SynchronizationId,
  { from, to }: { from: number; to: number },
): Promise<void> {
  for (let first = from; first <= to; first += CHUNK) {
    const last = Math.min(to, first + CHUNK - 1);
    await inBulk(database, SEED, [tenantId, synchronizationId, first, last]);
  }
}

const LAST_DIGITS = 12;
const family = (id: string): string => id.slice(0, -LAST_DIGITS);

/** Tenants number `from` to `to`, like tenant 1, each with one synchronization. */
export const seedTenants = (
  database: Database,
  tenantId: TenantId,
  synchronizationId: SynchronizationId,
  { from, to }: { from: number; to: number },
): Promise<void> =>
  from > to
    ? Promise.resolve()
    : inBulk(database, COPY, [tenantId, synchronizationId, family(tenantId), family(synchronizationId), from, to]);

/** What Postgres would have come to by itself: statistics known, rows visible, nothing left to write down. */
export async function comeToRest(database: Database): Promise<void> {
  await database.execute('VACUUM (ANALYZE)', []);
  await database.execute('CHECKPOINT', []);
}
