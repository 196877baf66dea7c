import type { AccountId, ConnectionId, TenantId } from '../../app/core/ids.ts';
import type { RemoteConnection } from '../../app/sync/connection-ports.ts';

const CREATED = 1_800_000_000_000;

/** A working connection by a personal token to a Data Center site, of which nothing was told yet. */
export const buildConnection = (overrides: Partial<RemoteConnection> = {}): RemoteConnection => ({
  tenantId: '00000000-0000-4000-8001-000000000001' as TenantId,
  connectionId: '00000000-0000-4000-8002-000000000009' as ConnectionId,
  kind: 'personal-token',
  siteUrl: 'https://jira.example/tracker',
  apiUrl: 'https://jira.example/tracker',
  product: 'data-center',
  version: '10.3.1',
  state: 'working',
  since: CREATED,
  cause: null,
  syncUser: { accountId: 'JIRAUSER10100' as AccountId, name: 'Sync User' },
  applicationLinkId: null,
  createdBy: null,
  createdAt: CREATED,
  credentialsEndAt: null,
  webhook: { kind: 'none' },
  lastCallAt: null,
  lastEventAt: null,
  ...overrides,
});
