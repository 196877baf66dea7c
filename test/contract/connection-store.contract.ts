import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../../app/core/ids.ts';
import type { ConnectionStore, RemoteConnection } from '../../app/sync/connection-ports.ts';

const tenant = (n: number): TenantId => `00000000-0000-4000-8000-00000000000${n}` as TenantId;
const connection = (n: number): ConnectionId => `00000000-0000-4000-9000-00000000000${n}` as ConnectionId;

/** A remote connection that names only what a test cares about. */
export const buildRemoteConnection = (overrides: Partial<RemoteConnection> = {}): RemoteConnection => ({
  tenantId: tenant(1),
  connectionId: connection(1),
  kind: 'personal-token',
  siteUrl: 'https://jira.initech.example/jira',
  apiUrl: 'https://jira.initech.example/jira',
  product: 'data-center',
  version: '10.3.1',
  state: 'awaiting-authentication',
  since: 1_800_000_000_000,
  cause: null,
  syncUser: null,
  applicationLinkId: null,
  createdBy: null,
  createdAt: 1_800_000_000_000,
  credentialsEndAt: null,
  webhook: { kind: 'none' },
  lastCallAt: null,
  lastEventAt: null,
  ...overrides,
});

const HOUR_MS = 3_600_000;

/** What every ConnectionStore promises. `create` gives an empty one, with tenants 1 and 2, before each test. */
export const describeConnectionStore = (name: string, create: () => Promise<ConnectionStore>): void => {
  describe(`ConnectionStore in ${name}`, () => {
    let store: ConnectionStore;
    const claimed = async (leaseMs = HOUR_MS): Promise<readonly ConnectionId[]> =>
      (await store.claimDue(10, leaseMs)).map(({ connectionId }) => connectionId).toSorted();
    beforeEach(async () => {
      store = await create();
    });

    it('gives back what was put in', async () => {
      const whole = buildRemoteConnection({
        state: 'needs-authentication',
        cause: 'token-expired',
        syncUser: { accountId: 'JIRAUSER10100' as AccountId, name: 'Sync' },
        createdBy: 'acc-1' as AccountId,
        credentialsEndAt: 1_900_000_000_000,
        webhook: {
          kind: 'registered',
          remoteId: '7',
          expiresAt: 1_850_000_000_000,
          projectIds: ['10000' as ProjectId],
          isProven: true,
        },
        lastCallAt: 1_810_000_000_000,
        lastEventAt: 1_820_000_000_000,
      });
      await store.insert(whole);
      await store.insert(buildRemoteConnection({ connectionId: connection(2), createdAt: whole.createdAt + 1 }));
      expect(await store.read(tenant(1), connection(1))).toEqual(whole);
      expect((await store.list(tenant(1))).map(({ connectionId }) => connectionId)).toEqual([connection(2), connection(1)]);
    });

    it('shows and changes nothing by the name of another tenant', async () => {
      await store.insert(buildRemoteConnection());
      expect(await store.read(tenant(2), connection(1))).toBeNull();
      expect(await store.list(tenant(2))).toEqual([]);
      expect(await store.change(tenant(2), connection(1), { version: '11.3' })).toBe(false);
      await store.remove(tenant(2), connection(1));
      expect(await store.read(tenant(1), connection(1))).toEqual(buildRemoteConnection());
    });

    it('takes an id that is none for one of nobody', async () => {
      expect(await store.read(tenant(1), '../1' as ConnectionId)).toBeNull();
      expect(await store.change(tenant(1), '../1' as ConnectionId, { version: null })).toBe(false);
      await store.remove(tenant(1), '../1' as ConnectionId);
    });

    it.each<Parameters<ConnectionStore['change']>[2]>([
      {},
      { state: 'working', since: 1_800_000_000_001, cause: null },
      { syncUser: { accountId: 'acc-9' as AccountId, name: 'New' }, apiUrl: 'https://api.atlassian.com/ex/jira/1' },
      { webhook: { kind: 'polling', because: 'silent', registered: null }, lastCallAt: 1_800_000_060_000 },
      { version: null, credentialsEndAt: null },
    ])('changes %j and leaves the rest', async (change) => {
      const before = buildRemoteConnection({ credentialsEndAt: 5_000, lastEventAt: 6_000 });
      await store.insert(before);
      expect(await store.change(tenant(1), connection(1), change)).toBe(true);
      expect(await store.read(tenant(1), connection(1))).toEqual({ ...before, ...change });
    });

    it('knows nothing of what was removed', async () => {
      await store.insert(buildRemoteConnection());
      await store.remove(tenant(1), connection(1));
      expect(await store.read(tenant(1), connection(1))).toBeNull();
      expect(await store.change(tenant(1), connection(1), {})).toBe(false);
    });

    it('hands out what is due once per lease, of all tenants, except what nobody has consented to', async () => {
      await store.insert(buildRemoteConnection({ state: 'working' }));
      await store.insert(
        buildRemoteConnection({ tenantId: tenant(2), connectionId: connection(2), state: 'needs-authentication' }),
      );
      await store.insert(buildRemoteConnection({ connectionId: connection(3) }));
      const [first, second] = await Promise.all([claimed(), claimed()]);
      expect([...first, ...second].toSorted()).toEqual([connection(1), connection(2)]);
      expect(await claimed()).toEqual([]);
    });

    it('hands out again when the look is over and its time has come, or its lease ran out', async () => {
      await store.insert(buildRemoteConnection({ state: 'working' }));
      await claimed();
      await store.endLook(tenant(1), connection(1), 0);
      expect(await claimed(0)).toEqual([connection(1)]);
      expect(await claimed()).toEqual([connection(1)]);
      await store.endLook(tenant(1), connection(1), HOUR_MS);
      expect(await claimed()).toEqual([]);
    });
  });
};
