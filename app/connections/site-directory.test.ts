import { describe, expect, it } from '@jest/globals';
import { buildRemoteConnection } from '../../test/contract/connection-store.contract.ts';
import { buildInstallation } from '../../test/contract/installation-store.contract.ts';
import { createMemoryInstallationStore } from '../../test/fakes/memory-installation-store.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { createSiteDirectory } from './site-directory.ts';

const acme = buildInstallation({ baseUrl: 'https://acme.atlassian.net', displayUrl: 'https://acme.atlassian.net' });

const findAs = async (typed: string, installation = acme): Promise<string | null> => {
  const installations = createMemoryInstallationStore();
  await installations.record(installation);
  return (await createSiteDirectory(installations, null).findByUrl(typed))?.siteUrl ?? null;
};

describe('a site is found by what a person pastes', () => {
  it.each([
    'https://acme.atlassian.net',
    'https://acme.atlassian.net/',
    ' https://ACME.atlassian.net ',
    'https://acme.atlassian.net/browse/SUP-1',
    'https://acme.atlassian.net/jira/software/projects/SUP/boards/1?view=x#y',
    'https://acme.atlassian.net/projects/SUP',
    'https://acme.atlassian.net:443/secure/Dashboard.jspa',
  ])('%s', async (typed) => expect(await findAs(typed)).toBe('https://acme.atlassian.net'));

  it.each([
    '',
    'acme',
    'https://',
    'https://acme.atlassian.net.evil.example',
    'https://acme.atlassian.net:8443',
    'ftp://acme.atlassian.net',
    'javascript:alert(1)',
    'https://globex.atlassian.net',
  ])('not by %j', async (typed) => expect(await findAs(typed)).toBeNull());

  it('keeps a context path', async () => {
    const hosted = buildInstallation({ baseUrl: 'https://acme.example/jira7', displayUrl: 'https://acme.example/jira7' });
    expect(await findAs('https://acme.example/jira7/browse/SUP-1', hosted)).toBe('https://acme.example/jira7');
  });

  it.each(['disabled', 'uninstalled'] as const)('not while the app is %s there, yet it still has an address', async (state) => {
    const away = { ...acme, state };
    expect(await findAs('https://acme.atlassian.net', away)).toBeNull();
    const installations = createMemoryInstallationStore();
    await installations.record(away);
    const found = await createSiteDirectory(installations, null).read(away.tenantId, away.connectionId);
    expect(found?.siteUrl).toBe('https://acme.atlassian.net');
  });
});

it('a site without the app has the address of its connection, and is found by its connection alone', async () => {
  const installations = createMemoryInstallationStore();
  await installations.record(acme);
  const remote = buildRemoteConnection({ connectionId: '00000000-0000-4000-9000-000000000009' as ConnectionId });
  const directory = createSiteDirectory(installations, {
    read: async (tenantId, connectionId) =>
      tenantId === remote.tenantId && connectionId === remote.connectionId ? remote : null,
  });
  const { tenantId: siteTenantId, connectionId, siteUrl } = remote;
  expect(await directory.read(siteTenantId, connectionId)).toEqual({ siteTenantId, connectionId, siteUrl });
  expect(await directory.read('other' as TenantId, connectionId)).toBeNull();
  expect(await directory.findByUrl(siteUrl)).toBeNull();
  expect((await directory.readOwn(acme.tenantId))?.siteUrl).toBe(acme.displayUrl);
});
