import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Installation, InstallationStore } from '../../app/connections/installation-store.ts';
import type { ConnectionId, TenantId } from '../../app/core/ids.ts';

const tenant = (n: number): TenantId => `00000000-0000-4000-8000-00000000000${n}` as TenantId;
const connection = (n: number): ConnectionId => `00000000-0000-4000-9000-00000000000${n}` as ConnectionId;

/** An installation that names only what a test cares about. */
export const buildInstallation = (overrides: Partial<Installation> = {}): Installation => ({
  tenantId: tenant(1),
  connectionId: connection(1),
  clientKey: 'client-key-of-acme',
  baseUrl: 'https://acme.atlassian.net',
  displayUrl: 'https://jira.acme.example',
  sealedSecret: 'v1.00000000.c2VhbGVk',
  oauthClientId: null,
  state: 'enabled',
  installedAt: 1_800_000_000_000,
  uninstalledAt: null,
  ...overrides,
});

/** What every InstallationStore promises. `create` gives an empty one before each test. */
export const describeInstallationStore = (name: string, create: () => Promise<InstallationStore>): void => {
  describe(`InstallationStore in ${name}`, () => {
    let store: InstallationStore;
    beforeEach(async () => {
      store = await create();
    });

    it('gives back what was recorded, by client key and by ids', async () => {
      const acme = buildInstallation({ oauthClientId: 'oauth-1' });
      expect(await store.record(acme)).toBe('recorded');
      expect(await store.readByClientKey(acme.clientKey)).toEqual(acme);
      expect(await store.read(acme.tenantId, acme.connectionId)).toEqual(acme);
    });

    it('knows nothing it was not told', async () => {
      await store.record(buildInstallation());
      expect(await store.readByClientKey('another')).toBeNull();
      expect(await store.read(tenant(2), connection(1))).toBeNull();
      expect(await store.read(tenant(1), connection(2))).toBeNull();
      expect(await store.readBySite('https://globex.atlassian.net')).toBeNull();
      expect(await store.changeState(tenant(2), connection(1), 'disabled', 1)).toBe(false);
    });

    it("finds a tenant's own site, the newest of several, whatever its state", async () => {
      await store.record(buildInstallation({ installedAt: 1 }));
      const newest = buildInstallation({ connectionId: connection(2), clientKey: 'after-import', installedAt: 2 });
      await store.record({ ...newest, state: 'disabled' });
      await store.record(
        buildInstallation({ tenantId: tenant(2), connectionId: connection(3), clientKey: 'other', installedAt: 3 }),
      );
      expect(await store.readOwn(tenant(1))).toEqual({ ...newest, state: 'disabled' });
      expect(await store.readOwn(tenant(3))).toBeNull();
    });

    it('replaces everything but the ids when the same site installs again', async () => {
      const first = buildInstallation();
      const again = buildInstallation({
        sealedSecret: 'v1.00000000.bmV3',
        baseUrl: 'https://acme-2.atlassian.net',
        installedAt: first.installedAt + 1,
      });
      await store.record({ ...first, state: 'uninstalled', uninstalledAt: 5 });
      expect(await store.record(again)).toBe('recorded');
      expect(await store.readByClientKey(first.clientKey)).toEqual(again);
    });

    it('leaves a client key with the tenant that has it', async () => {
      const acme = buildInstallation();
      await store.record(acme);
      expect(
        await store.record(
          buildInstallation({ tenantId: tenant(2), connectionId: connection(2), sealedSecret: 'v1.00000000.b3RoZXI' }),
        ),
      ).toBe('taken');
      expect(await store.readByClientKey(acme.clientKey)).toEqual(acme);
    });

    it('lets exactly one of two first installations win', async () => {
      const outcomes = await Promise.all(
        [1, 2].map((n) => store.record(buildInstallation({ tenantId: tenant(n), connectionId: connection(n) }))),
      );
      expect(outcomes.toSorted()).toEqual(['recorded', 'taken']);
    });

    it.each([
      'https://acme.atlassian.net',
      'https://ACME.atlassian.net/',
      'https://jira.acme.example',
      'https://jira.acme.example//',
    ])('finds a site by the address %s', async (address) => {
      await store.record(buildInstallation());
      expect((await store.readBySite(address))?.tenantId).toBe(tenant(1));
    });

    it('finds only enabled sites by address, and the newest of several', async () => {
      await store.record(
        buildInstallation({ tenantId: tenant(1), connectionId: connection(1), clientKey: 'before-import', installedAt: 1 }),
      );
      await store.record(
        buildInstallation({ tenantId: tenant(2), connectionId: connection(2), clientKey: 'after-import', installedAt: 2 }),
      );
      expect((await store.readBySite('https://acme.atlassian.net'))?.clientKey).toBe('after-import');
      await store.changeState(tenant(2), connection(2), 'disabled', 3);
      expect((await store.readBySite('https://acme.atlassian.net'))?.clientKey).toBe('before-import');
      await store.changeState(tenant(1), connection(1), 'uninstalled', 4);
      expect(await store.readBySite('https://acme.atlassian.net')).toBeNull();
    });

    it('changes the state and nothing else', async () => {
      const acme = buildInstallation();
      await store.record(acme);
      expect(await store.changeState(acme.tenantId, acme.connectionId, 'uninstalled', 77)).toBe(true);
      expect(await store.read(acme.tenantId, acme.connectionId)).toEqual({ ...acme, state: 'uninstalled', uninstalledAt: 77 });
      await store.changeState(acme.tenantId, acme.connectionId, 'enabled', 78);
      expect(await store.read(acme.tenantId, acme.connectionId)).toEqual(acme);
    });
  });
};
