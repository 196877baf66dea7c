import { z } from 'zod';
import type { ApplicationLinkId, ConnectionId, TenantId } from '../core/ids.ts';
import { id, isUuid, timestamp } from '../platform/columns.ts';
import type { Bind, Database } from '../platform/database.ts';
import type { ConnectionStore, RemoteConnection } from '../sync/connection-ports.ts';
import { REMOTE_COLUMNS, remoteConnectionRow } from './remote-connection-row.ts';

type Field = Exclude<keyof RemoteConnection, 'tenantId' | 'connectionId'>;

/** One column of a field: its name, how a parameter is put into it, and the parameter. */
interface Written {
  readonly column: string;
  readonly put: (parameter: string) => string;
  readonly value: Bind;
}

const plain = (column: string, value: Bind): Written => ({ column, put: (parameter) => parameter, value });
const moment = (column: string, value: number | null): Written => ({ column, put: timestamp, value });

const COLUMNS_OF: { readonly [Name in Field]: (value: RemoteConnection[Name]) => readonly Written[] } = {
  kind: (value) => [plain('kind', value)],
  siteUrl: (value) => [plain('site_url', value)],
  apiUrl: (value) => [plain('api_url', value)],
  product: (value) => [plain('product', value)],
  version: (value) => [plain('version', value)],
  state: (value) => [plain('state', value)],
  since: (value) => [moment('since', value)],
  cause: (value) => [plain('cause', value)],
  syncUser: (value) => [plain('sync_account_id', value?.accountId ?? null), plain('sync_name', value?.name ?? null)],
  applicationLinkId: (value) => [plain('application_link_id', value)],
  createdBy: (value) => [plain('created_by', value)],
  createdAt: (value) => [moment('created_at', value)],
  credentialsEndAt: (value) => [moment('credentials_end_at', value)],
  webhook: (value) => [{ column: 'webhook', put: (parameter) => `${parameter}::jsonb`, value: JSON.stringify(value) }],
  lastCallAt: (value) => [moment('last_call_at', value)],
  lastEventAt: (value) => [moment('last_event_at', value)],
};

const isField = (name: string): name is Field => Object.hasOwn(COLUMNS_OF, name);

const columnsOf = <Name extends Field>(name: Name, given: Partial<RemoteConnection>): readonly Written[] => {
  const value = given[name];
  return value === undefined ? [] : COLUMNS_OF[name](value as RemoteConnection[Name]);
};

/** In a fixed order, so that equal changes are equal statements. */
const writtenBy = (given: Partial<RemoteConnection>): readonly Written[] =>
  Object.keys(COLUMNS_OF)
    .filter(isField)
    .flatMap((name) => columnsOf(name, given));

const READ = `SELECT ${REMOTE_COLUMNS} FROM remote_connection WHERE tenant_id = $1 AND connection_id = $2`;
const LIST = `SELECT ${REMOTE_COLUMNS} FROM remote_connection WHERE tenant_id = $1 ORDER BY created_at DESC, connection_id`;
/** So that it stays until the connection is there. */
const HOLD_LINK =
  'SELECT application_link_id FROM application_link WHERE tenant_id = $1 AND application_link_id = $2 FOR KEY SHARE';
const linkRow = z.object({ application_link_id: id<ApplicationLinkId>() });
/** A synchronization that is being made holds the row (app/store/synchronization-store.ts): it is waited for. */
const HOLD = 'SELECT connection_id FROM remote_connection WHERE tenant_id = $1 AND connection_id = $2 FOR UPDATE';
const USED = 'SELECT connection_id FROM participation WHERE tenant_id = $1 AND connection_id = $2 LIMIT 1';
const heldRow = z.object({ connection_id: id<ConnectionId>() });

const REMOVE = 'DELETE FROM remote_connection WHERE tenant_id = $1 AND connection_id = $2';

/** A refresh that nobody ended is a reason to look at once: what the site answered to it may be lost in minutes. */
const IS_DUE = `(
  state <> 'awaiting-authentication'
  AND ((look_until IS NULL AND (due_at <= now() OR refresh_until <= now())) OR look_until <= now()))`;

const findDue = (limit: number): string =>
  `SELECT tenant_id, connection_id FROM remote_connection WHERE ${IS_DUE} ORDER BY least(due_at, look_until) LIMIT ${limit}`;

/** $3 length of the lease in ms. No row: another process was faster. */
const CLAIM = `
  UPDATE remote_connection
     SET due_at = 'infinity', look_until = now() + $3::float8 * interval '1 ms',
         refresh_until = CASE WHEN refresh_until > now() THEN refresh_until END
   WHERE tenant_id = $1 AND connection_id = $2 AND ${IS_DUE}
  RETURNING ${REMOTE_COLUMNS}`;

const END_LOOK = `
  UPDATE remote_connection SET look_until = NULL, due_at = least(due_at, now() + $3::float8 * interval '1 ms')
   WHERE tenant_id = $1 AND connection_id = $2`;

const nameRow = z.object({ tenant_id: id<TenantId>(), connection_id: id<ConnectionId>() });

/** Remote connections on Postgres. Found over all tenants when they are due, taken tenant by tenant. */
export const createPostgresConnectionStore = (database: Database): ConnectionStore => ({
  async read(tenantId, connectionId) {
    if (!isUuid(connectionId)) return null;
    const [found] = await database.rows(READ, [tenantId, connectionId], remoteConnectionRow);
    return found ?? null;
  },
  list: (tenantId) => database.rows(LIST, [tenantId], remoteConnectionRow),
  async insert(connection) {
    const columns = writtenBy(connection);
    const parameters = columns.map(({ put }, place) => put(`$${place + 3}`));
    const names = columns.map(({ column }) => column).join(', ');
    // Done again when the answer to the commit was lost: then it is there.
    const statement = `
      INSERT INTO remote_connection (tenant_id, connection_id, ${names}) VALUES ($1, $2, ${parameters.join(', ')})
      ON CONFLICT (tenant_id, connection_id) DO NOTHING`;
    const { tenantId, connectionId, applicationLinkId } = connection;
    return database.transaction(async (statements) => {
      if (applicationLinkId !== null && (await statements.rows(HOLD_LINK, [tenantId, applicationLinkId], linkRow)).length === 0)
        return false;
      await statements.execute(statement, [tenantId, connectionId, ...columns.map(({ value }) => value)]);
      return true;
    });
  },
  async change(tenantId, connectionId, change) {
    if (!isUuid(connectionId)) return false;
    const columns = writtenBy(change);
    if (columns.length === 0) return (await database.rows(READ, [tenantId, connectionId], remoteConnectionRow)).length > 0;
    const sets = columns.map(({ column, put }, place) => `${column} = ${put(`$${place + 3}`)}`).join(', ');
    const statement = `UPDATE remote_connection SET ${sets} WHERE tenant_id = $1 AND connection_id = $2`;
    return (await database.execute(statement, [tenantId, connectionId, ...columns.map(({ value }) => value)])) > 0;
  },
  async remove(tenantId, connectionId) {
    if (!isUuid(connectionId)) return true;
    return database.transaction(async (statements) => {
      await statements.rows(HOLD, [tenantId, connectionId], heldRow);
      if ((await statements.rows(USED, [tenantId, connectionId], heldRow)).length > 0) return false;
      await statements.execute(REMOVE, [tenantId, connectionId]);
      return true;
    });
  },
  async claimDue(limit, leaseMs) {
    const due = await database.rows(findDue(limit), [], nameRow);
    const taken = due.map((one) => database.rows(CLAIM, [one.tenant_id, one.connection_id, leaseMs], remoteConnectionRow));
    return (await Promise.all(taken)).flat();
  },
  async endLook(tenantId, connectionId, afterMs) {
    await database.execute(END_LOOK, [tenantId, connectionId, afterMs]);
  },
});
