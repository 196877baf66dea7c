import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeSetUpStore, TENANTS } from '../../test/contract/set-up-store.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import type { TenantId } from '../core/ids.ts';
import { createSetUpStore } from './set-up-store.ts';
import { createSettingsStore } from './settings-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const clean = async (): Promise<void> => {
  for (const table of ['set_up', 'tenant_setting']) await database.execute(`DELETE FROM ${table}`, []);
  for (const tenantId of TENANTS)
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING', [tenantId]);
};

describeSetUpStore('Postgres', async () => {
  await clean();
  return createSetUpStore(database);
});

describe('settings on Postgres', () => {
  const [acme, globex] = TENANTS as [TenantId, TenantId];
  beforeEach(clean);

  it('are none until somebody decides, and each tenant’s own', async () => {
    const settings = createSettingsStore(database);
    expect(await settings.read(acme)).toEqual({ configuringGroups: [] });
    const team = { groupId: 'g-1', name: "O'Neill's team" };
    await settings.write(acme, { configuringGroups: [team, { groupId: 'g-2', name: 'Other' }] });
    await settings.write(acme, { configuringGroups: [team] });
    expect(await settings.read(acme)).toEqual({ configuringGroups: [team] });
    expect(await settings.read(globex)).toEqual({ configuringGroups: [] });
  });
});
