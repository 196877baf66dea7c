import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryInstallationStore } from '../../test/fakes/memory-installation-store.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { Installation, InstallationStore } from './installation-store.ts';
import { rememberInstallations } from './remember-installations.ts';

const TENANT = '00000000-0000-4000-8000-000000000001' as TenantId;
const CONNECTION = '00000000-0000-4000-8000-000000000002' as ConnectionId;
const ACME: Installation = {
  tenantId: TENANT,
  connectionId: CONNECTION,
  clientKey: 'acme',
  baseUrl: 'https://acme.atlassian.net',
  displayUrl: 'https://acme.atlassian.net',
  sealedSecret: 'sealed',
  oauthClientId: null,
  state: 'enabled',
  installedAt: 1,
  uninstalledAt: null,
};

describe('remembered installations', () => {
  let now = 0;
  let reads = 0;
  let behind: InstallationStore;
  let store: InstallationStore;

  beforeEach(async () => {
    now = 1_000_000;
    reads = 0;
    const memory = createMemoryInstallationStore();
    behind = {
      ...memory,
      read: (tenantId, connectionId) => {
        reads += 1;
        return memory.read(tenantId, connectionId);
      },
    };
    store = rememberInstallations(behind, { now: () => now });
    await store.record(ACME);
  });

  const state = async (): Promise<string | undefined> => (await store.read(TENANT, CONNECTION))?.state;

  it('are read once by many turns at the same time', async () => {
    expect(await Promise.all([state(), state(), state()])).toEqual(['enabled', 'enabled', 'enabled']);
    expect(reads).toBe(1);
  });

  it('are forgotten at once when this process changes them', async () => {
    await state();
    await store.changeState(TENANT, CONNECTION, 'disabled', now);
    expect(await state()).toBe('disabled');
    await store.record({ ...ACME, state: 'enabled' });
    expect(await state()).toBe('enabled');
  });

  it('are forgotten after two seconds when another process changed them', async () => {
    await state();
    await behind.changeState(TENANT, CONNECTION, 'disabled', now);
    now += 1_999;
    expect(await state()).toBe('enabled');
    now += 1;
    expect(await state()).toBe('disabled');
  });

  it('are read anew after a read that failed', async () => {
    const answers = [() => Promise.reject(new Error('away')), () => Promise.resolve(ACME)];
    const flaky = rememberInstallations(
      { ...behind, read: () => answers.shift()?.() ?? Promise.resolve(null) },
      { now: () => now },
    );
    await expect(flaky.read(TENANT, CONNECTION)).rejects.toThrow('away');
    expect(await flaky.read(TENANT, CONNECTION)).toEqual(ACME);
  });
});
