import { z } from 'zod';
import type { AccountId, ConnectionId, TenantId } from '../core/ids.ts';
import { epochMs, id, time } from '../platform/columns.ts';
import type { Statements } from '../platform/database.ts';
import { ERASED_ACCOUNT, type PersonalData, type StoredAccount } from '../sync/personal-data-ports.ts';

/** A column that holds account ids of Cloud, and which rows do. */
interface Source {
  readonly table: string;
  readonly column: string;
  readonly where: string;
}

const source = (table: string, column: string, where = 'true'): Source => ({ table, column, where });

/** Every place where one is stored; test/personal-data.test.ts looks for columns that are missing here. */
export const ACCOUNT_SOURCES: readonly Source[] = [
  source('api_token', 'created_by'),
  source('audit', 'actor_id', "actor_kind = 'person'"),
  source('authentication_link', 'asked_by_account'),
  source('remote_connection', 'created_by'),
  // Users of a Data Center site are no accounts of Atlassian.
  source('remote_connection', 'sync_account_id', "product = 'cloud'"),
  source('set_up', 'created_by'),
  source('synchronization', 'asked_by'),
  source('terms', 'draft_by'),
  source('terms_version', 'made_by'),
  source('terms_version', 'answered_by'),
];

const STORED = ACCOUNT_SOURCES.map(
  ({ table, column, where }) =>
    `SELECT ${column} AS account_id FROM ${table} WHERE ${column} <> '${ERASED_ACCOUNT}' AND ${where}`,
).join(' UNION ');

const COLLECT = `INSERT INTO account_report (account_id) ${STORED} ON CONFLICT DO NOTHING`;
const FORGET = `DELETE FROM account_report WHERE account_id NOT IN (${STORED})`;

/** $1 how often, ms. */
const CLAIM_LOOK = `
  UPDATE account_report_cycle SET looked_at = now() WHERE looked_at <= now() - $1::float8 * interval '1 ms' RETURNING period`;

/** $1 days, $2 limit. */
const LIST_DUE = `
  SELECT account_id, ${epochMs('updated_at')} AS updated_at
    FROM account_report
   WHERE reported_at <= now() - $1::float8 * interval '1 day'
   ORDER BY reported_at, account_id
   LIMIT $2`;

const erasureOf = ({ table, column, where }: Source): string =>
  `UPDATE ${table} SET ${column} = '${ERASED_ACCOUNT}' WHERE ${column} = $1 AND ${where}`;

/** Names of sync users are read with the next look at the connection; until then a closed one has none. */
const ERASE_NAME = `UPDATE remote_connection SET sync_name = '${ERASED_ACCOUNT}' WHERE sync_account_id = $1 AND product = 'cloud'`;
const LOOK_SOON = "UPDATE remote_connection SET due_at = now() WHERE sync_account_id = $1 AND product = 'cloud'";

const FIND_REPORTER = `
  SELECT tenant_id, connection_id FROM remote_connection WHERE kind = 'oauth2-cloud' AND state = 'working' ORDER BY created_at LIMIT 1`;

const accountRow = z
  .object({ account_id: id<AccountId>(), updated_at: time })
  .transform((row): StoredAccount => ({ accountId: row.account_id, updatedAt: row.updated_at }));
const connectionRow = z
  .object({ tenant_id: id<TenantId>(), connection_id: id<ConnectionId>() })
  .transform((row) => ({ tenantId: row.tenant_id, connectionId: row.connection_id }));

/** Stored accounts of people, on Postgres, over all tenants: a person is one person on all sites. */
export const createPersonalData = (database: Statements): PersonalData => ({
  async claimLook(everyMs) {
    const [claimed] = await database.rows(CLAIM_LOOK, [everyMs], z.object({ period: z.number() }));
    return claimed?.period ?? null;
  },
  async notePeriod(days) {
    await database.execute('UPDATE account_report_cycle SET period = $1', [days]);
  },
  async collect() {
    await database.execute(COLLECT, []);
    await database.execute(FORGET, []);
  },
  listDue: (days, limit) => database.rows(LIST_DUE, [days, limit], accountRow),
  async noteReported(accounts) {
    await database.execute('UPDATE account_report SET reported_at = now() WHERE account_id = ANY ($1::text[])', [accounts]);
  },
  async erase(accountId) {
    await database.execute(ERASE_NAME, [accountId]);
    for (const one of ACCOUNT_SOURCES) await database.execute(erasureOf(one), [accountId]);
    await database.execute('DELETE FROM account_report WHERE account_id = $1', [accountId]);
  },
  async refresh(accountId) {
    await database.execute(LOOK_SOON, [accountId]);
    await database.execute('UPDATE account_report SET updated_at = now() WHERE account_id = $1', [accountId]);
  },
  async findReporter() {
    const [found] = await database.rows(FIND_REPORTER, [], connectionRow);
    return found ?? null;
  },
});
