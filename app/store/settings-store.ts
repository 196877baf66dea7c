import { z } from 'zod';
import type { Database } from '../platform/database.ts';
import type { SettingsStore, TenantSettings } from '../sync/set-up-ports.ts';

const READ = 'SELECT configuring_groups FROM tenant_setting WHERE tenant_id = $1';

const WRITE = `
  INSERT INTO tenant_setting (tenant_id, configuring_groups) VALUES ($1, $2::jsonb)
  ON CONFLICT (tenant_id) DO UPDATE SET configuring_groups = excluded.configuring_groups`;

const settingRow = z
  .object({ configuring_groups: z.array(z.object({ groupId: z.string(), name: z.string() })) })
  .transform((row): TenantSettings => ({ configuringGroups: row.configuring_groups }));

/** Settings of tenants on Postgres. */
export const createSettingsStore = (database: Database): SettingsStore => ({
  async read(tenantId) {
    const [found] = await database.rows(READ, [tenantId], settingRow);
    return found ?? { configuringGroups: [] };
  },
  async write(tenantId, { configuringGroups }) {
    await database.execute(WRITE, [tenantId, JSON.stringify(configuringGroups)]);
  },
});
