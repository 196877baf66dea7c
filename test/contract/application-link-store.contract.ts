import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApplicationLinkStore, KeptApplicationLink } from '../../app/connections/application-link-store.ts';
import type { ApplicationLinkId, TenantId } from '../../app/core/ids.ts';
import type { ConnectionStore } from '../../app/sync/connection-ports.ts';
import { buildRemoteConnection } from './connection-store.contract.ts';

const tenant = (n: number): TenantId => `00000000-0000-4000-8000-00000000000${n}` as TenantId;
const link = (n: number): ApplicationLinkId => `00000000-0000-4000-b000-00000000000${n}` as ApplicationLinkId;

export const buildApplicationLink = (overrides: Partial<KeptApplicationLink> = {}): KeptApplicationLink => ({
  tenantId: tenant(1),
  applicationLinkId: link(1),
  siteUrl: 'https://jira.initech.example/jira',
  kind: 'oauth2',
  name: 'Tandem',
  clientId: 'client',
  publicKey: null,
  scope: 'ADMIN',
  createdAt: 1_800_000_000_000,
  sealedSecret: 'v1.00000000.c2VhbGVk',
  ...overrides,
});

/** What every ApplicationLinkStore promises. `create` gives an empty one, with tenants 1 and 2. */
export const describeApplicationLinkStore = (
  name: string,
  create: () => Promise<{ readonly links: ApplicationLinkStore; readonly connections: ConnectionStore }>,
): void => {
  describe(`ApplicationLinkStore in ${name}`, () => {
    let links: ApplicationLinkStore;
    let connections: ConnectionStore;
    beforeEach(async () => {
      ({ links, connections } = await create());
    });

    it('gives back what was put in, newest first', async () => {
      const consumer = buildApplicationLink({
        applicationLinkId: link(2),
        kind: 'oauth1',
        publicKey: '-----BEGIN PUBLIC KEY-----',
        scope: null,
        createdAt: 1_800_000_000_001,
      });
      await links.insert(buildApplicationLink());
      await links.insert(consumer);
      expect(await links.read(tenant(1), link(1))).toEqual(buildApplicationLink());
      expect(await links.list(tenant(1))).toEqual([consumer, buildApplicationLink()]);
    });

    it('shows and changes nothing by the name of another tenant', async () => {
      await links.insert(buildApplicationLink());
      expect(await links.read(tenant(2), link(1))).toBeNull();
      expect(await links.list(tenant(2))).toEqual([]);
      expect(await links.change(tenant(2), link(1), { name: 'Mine' })).toBe(false);
      expect(await links.remove(tenant(2), link(1))).toBe('removed');
      expect(await links.read(tenant(1), link(1))).toEqual(buildApplicationLink());
      expect(await links.read(tenant(1), 'x' as ApplicationLinkId)).toBeNull();
    });

    it('changes what is given and leaves the rest', async () => {
      await links.insert(buildApplicationLink());
      expect(await links.change(tenant(1), link(1), { scope: 'WRITE' })).toBe(true);
      expect(await links.change(tenant(1), link(1), { sealedSecret: 'new', clientId: 'other' })).toBe(true);
      expect(await links.read(tenant(1), link(1))).toEqual(
        buildApplicationLink({ scope: 'WRITE', sealedSecret: 'new', clientId: 'other' }),
      );
    });

    it('is what a connection cannot be made without', async () => {
      const connection = buildRemoteConnection({ kind: 'oauth2-data-center', applicationLinkId: link(1) });
      expect(await connections.insert(connection)).toBe(false);
      expect(await connections.read(connection.tenantId, connection.connectionId)).toBeNull();
      await links.insert(buildApplicationLink({ tenantId: tenant(2) }));
      expect(await connections.insert(connection)).toBe(false);
      await links.insert(buildApplicationLink());
      expect(await connections.insert(connection)).toBe(true);
    });

    it('keeps a link that a connection is made with', async () => {
      await links.insert(buildApplicationLink());
      const connection = buildRemoteConnection({ kind: 'oauth2-data-center', applicationLinkId: link(1) });
      await connections.insert(connection);
      expect(await links.remove(tenant(1), link(1))).toBe('in-use');
      await connections.remove(connection.tenantId, connection.connectionId);
      expect(await links.remove(tenant(1), link(1))).toBe('removed');
      expect(await links.remove(tenant(1), link(1))).toBe('removed');
      expect(await links.read(tenant(1), link(1))).toBeNull();
    });
  });
};
