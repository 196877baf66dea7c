import { z } from 'zod';
import type { AccountId, ApplicationLinkId, ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import { epochMs, id, time } from '../platform/columns.ts';
import type { ConnectionCause, RemoteConnection } from '../sync/connection-ports.ts';

/** What a statement selects or returns to be read by {@link remoteConnectionRow}. */
export const REMOTE_COLUMNS = `
  tenant_id, connection_id, kind, site_url, api_url, product, version, state, ${epochMs('since')} AS since, cause, sync_account_id,
  sync_name, application_link_id, created_by, ${epochMs('created_at')} AS created_at,
  ${epochMs('credentials_end_at')} AS credentials_end_at, webhook, ${epochMs('last_call_at')} AS last_call_at,
  ${epochMs('last_event_at')} AS last_event_at`;

const registered = z.object({
  kind: z.literal('registered'),
  remoteId: z.string(),
  expiresAt: z.number().nullable(),
  projectIds: z.array(id<ProjectId>()),
  isProven: z.boolean(),
});

const webhook = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  registered,
  z.object({ kind: z.literal('manual'), because: z.enum(['chosen', 'forbidden', 'refused']) }),
  z.object({ kind: z.literal('polling'), because: z.enum(['chosen', 'silent']), registered: registered.nullable() }),
]);

/** A row of `remote_connection` without its credentials. */
export const remoteColumns = z.object({
  tenant_id: id<TenantId>(),
  connection_id: id<ConnectionId>(),
  kind: z.enum(['oauth2-cloud', 'oauth2-data-center', 'oauth1', 'personal-token', 'api-token', 'password']),
  site_url: z.string(),
  api_url: z.string(),
  product: z.enum(['cloud', 'data-center']),
  version: z.string().nullable(),
  state: z.enum(['awaiting-authentication', 'working', 'needs-authentication']),
  since: time,
  cause: id<ConnectionCause>().nullable(),
  sync_account_id: id<AccountId>().nullable(),
  sync_name: z.string().nullable(),
  application_link_id: id<ApplicationLinkId>().nullable(),
  created_by: id<AccountId>().nullable(),
  created_at: time,
  credentials_end_at: time.nullable(),
  webhook,
  last_call_at: time.nullable(),
  last_event_at: time.nullable(),
});

/** The row in the words of sync. */
export const toRemoteConnection = (row: z.output<typeof remoteColumns>): RemoteConnection => ({
  tenantId: row.tenant_id,
  connectionId: row.connection_id,
  kind: row.kind,
  siteUrl: row.site_url,
  apiUrl: row.api_url,
  product: row.product,
  version: row.version,
  state: row.state,
  since: row.since,
  cause: row.cause,
  syncUser: row.sync_account_id === null ? null : { accountId: row.sync_account_id, name: row.sync_name ?? '' },
  applicationLinkId: row.application_link_id,
  createdBy: row.created_by,
  createdAt: row.created_at,
  credentialsEndAt: row.credentials_end_at,
  webhook: row.webhook,
  lastCallAt: row.last_call_at,
  lastEventAt: row.last_event_at,
});

export const remoteConnectionRow = remoteColumns.transform(toRemoteConnection);
