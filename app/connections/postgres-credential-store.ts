import { z } from 'zod';
import { count, isUuid, timestamp } from '../platform/columns.ts';
import type { Bind, Database } from '../platform/database.ts';
import type { ConnectionName, CredentialStore, KeptCredentials, RefreshLeave, StoredWith } from './credential-store.ts';
import { REMOTE_COLUMNS, remoteColumns, toRemoteConnection } from './remote-connection-row.ts';

const NAMED = 'tenant_id = $1 AND connection_id = $2';

const READ = `SELECT ${REMOTE_COLUMNS}, sealed_credentials, credentials_fence FROM remote_connection WHERE ${NAMED}`;

const keptRow = remoteColumns.extend({ sealed_credentials: z.string().nullable(), credentials_fence: count }).transform(
  (row): KeptCredentials => ({
    connection: toRemoteConnection(row),
    sealed: row.sealed_credentials,
    fence: row.credentials_fence,
  }),
);

/** $3 fence of what was seen, $4 length of the lease in ms. */
const BEGIN_REFRESH = `
  UPDATE remote_connection
     SET refresh_fence = refresh_fence + 1, refresh_until = now() + $4::float8 * interval '1 ms',
         -- A lease that was never ended is a try whose outcome nobody knows, like one that was followed by a rest.
         refresh_rest_until = CASE WHEN refresh_until IS NULL THEN refresh_rest_until ELSE now() END
   WHERE ${NAMED} AND state = 'working' AND credentials_fence = $3
     AND (refresh_until IS NULL OR refresh_until <= now())
     AND (refresh_rest_until IS NULL OR refresh_rest_until <= now())
  RETURNING refresh_fence, refresh_rest_until IS NOT NULL AS doubtful`;

/** Why there was no leave. A lease, or a rest, that ended between the two statements counts as busy: asking again gets it. */
const WHY_NOT = `
  SELECT state = 'working' AS works, credentials_fence = $3 AS seen, coalesce(refresh_until > now(), false) AS busy,
         greatest(0, extract(epoch FROM refresh_rest_until - now()) * 1000)::float8 AS rest_ms
    FROM remote_connection WHERE ${NAMED}`;

const leaveRow = z.object({ refresh_fence: count, doubtful: z.boolean() });
const whyNotRow = z.object({ works: z.boolean(), seen: z.boolean(), busy: z.boolean(), rest_ms: z.number().nullable() });

/** Ends the lease if it is still that one. */
const LEASE_ENDED = `
  refresh_until = CASE WHEN refresh_fence = $3 THEN NULL ELSE refresh_until END`;

/** $3 fence, $4 sealed, $5 now, $6 ms to the next look or null. A connection that awaits its first consent has nothing to refresh. */
const END_REFRESH = `
  UPDATE remote_connection
     SET sealed_credentials = $4, credentials_fence = $3, ${LEASE_ENDED}, refresh_rest_until = NULL,
         due_at = least(due_at, now() + $6::float8 * interval '1 ms'), since = CASE WHEN state = 'working' THEN since ELSE ${timestamp('$5')} END,
         state = 'working', cause = NULL
   WHERE ${NAMED} AND credentials_fence < $3 AND state <> 'awaiting-authentication'`;

/** $3 fence, $4 length of the rest in ms. */
const REST = `
  UPDATE remote_connection
     SET ${LEASE_ENDED}, refresh_rest_until = now() + $4::float8 * interval '1 ms',
         due_at = least(due_at, now() + $4::float8 * interval '1 ms')
   WHERE ${NAMED} AND refresh_fence = $3`;

/** $3 fence of what was seen, $4 of the leave or null, $5 cause, $6 now. */
const REFUSE = `
  UPDATE remote_connection
     SET state = 'needs-authentication', since = ${timestamp('$6')}, cause = $5,
         refresh_until = CASE WHEN refresh_fence = $4::bigint THEN NULL ELSE refresh_until END
   WHERE ${NAMED} AND state = 'working' AND credentials_fence = $3
     AND CASE WHEN $4::bigint IS NULL THEN refresh_until IS NULL OR refresh_until <= now() ELSE refresh_fence = $4::bigint END`;

/** A leave that was given before has a lower number, so what comes of it is refused. */
const STORE_FIRST = `
  SET sealed_credentials = $3, credentials_fence = refresh_fence + 1, refresh_fence = refresh_fence + 1, refresh_until = NULL,
      refresh_rest_until = NULL, state = 'working', since = ${timestamp('$4')}, cause = NULL, due_at = now()`;

const READMIT = `
  UPDATE remote_connection
     SET state = 'working', since = ${timestamp('$3')}, cause = NULL, refresh_rest_until = NULL, due_at = now()
   WHERE tenant_id = $1 AND application_link_id = $2 AND state = 'needs-authentication' AND cause = 'client-refused'
     AND sealed_credentials IS NOT NULL`;

const present = (parts: readonly (readonly [put: string, value: Bind] | null)[]) =>
  parts.filter((part): part is readonly [string, Bind] => part !== null);

/** What is stored along with credentials, as columns. */
const setsOf = (change: StoredWith) =>
  present([
    change.apiUrl === undefined ? null : ['api_url = ?', change.apiUrl],
    change.product === undefined ? null : ['product = ?', change.product],
    change.version === undefined ? null : ['version = ?', change.version],
    change.syncUser === undefined ? null : ['sync_account_id = ?', change.syncUser?.accountId ?? null],
    change.syncUser === undefined ? null : ['sync_name = ?', change.syncUser?.name ?? null],
    change.credentialsEndAt === undefined ? null : [`credentials_end_at = ${timestamp('?')}`, change.credentialsEndAt],
  ]);

async function whyNot(database: Database, { tenantId, connectionId }: ConnectionName, seen: number): Promise<RefreshLeave> {
  const [found] = await database.rows(WHY_NOT, [tenantId, connectionId, seen], whyNotRow);
  if (found?.works !== true) return { kind: 'over' };
  if (!found.seen) return { kind: 'newer' };
  const resting = !found.busy && found.rest_ms !== null && found.rest_ms > 0;
  return resting ? { kind: 'resting', restMs: found.rest_ms ?? 0 } : { kind: 'busy' };
}

/** Sealed credentials on Postgres, in the rows of their connections. */
export const createPostgresCredentialStore = (database: Database): CredentialStore => ({
  async read({ tenantId, connectionId }) {
    if (!isUuid(connectionId)) return null;
    const [found] = await database.rows(READ, [tenantId, connectionId], keptRow);
    return found ?? null;
  },
  async beginRefresh(name, seen, leaseMs) {
    const [leave] = await database.rows(BEGIN_REFRESH, [name.tenantId, name.connectionId, seen, leaseMs], leaveRow);
    return leave === undefined
      ? whyNot(database, name, seen)
      : { kind: 'mine', fence: leave.refresh_fence, doubtful: leave.doubtful };
  },
  async endRefresh({ tenantId, connectionId }, fence, { sealed, at, lookInMs }) {
    return (await database.execute(END_REFRESH, [tenantId, connectionId, fence, sealed, at, lookInMs])) > 0;
  },
  async rest({ tenantId, connectionId }, fence, restMs) {
    await database.execute(REST, [tenantId, connectionId, fence, restMs]);
  },
  async refuse({ tenantId, connectionId }, seen, fence, cause, at) {
    return (await database.execute(REFUSE, [tenantId, connectionId, seen, fence, cause, at])) > 0;
  },
  async store({ tenantId, connectionId }, sealed, at, change) {
    const sets = setsOf(change);
    const more = sets.map(([put], place) => `, ${put.replace('?', `$${place + 5}`)}`).join('');
    const statement = `UPDATE remote_connection ${STORE_FIRST}${more} WHERE ${NAMED}`;
    return (await database.execute(statement, [tenantId, connectionId, sealed, at, ...sets.map(([, value]) => value)])) > 0;
  },
  async readmit(tenantId, applicationLinkId, at) {
    if (isUuid(applicationLinkId)) await database.execute(READMIT, [tenantId, applicationLinkId, at]);
  },
});
