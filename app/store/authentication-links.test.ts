import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildLink, describeAuthenticationLinks } from '../../test/contract/authentication-links.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import type { AuthenticationLinks } from '../sync/authentication-link-ports.ts';
import { createAuthenticationLinks } from './authentication-links.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = async (): Promise<AuthenticationLinks> => {
  await database.execute('TRUNCATE tenant CASCADE', []);
  for (const n of [1, 2]) {
    const tenant = `00000000-0000-4000-8000-00000000000${n}`;
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant]);
    for (const m of [1, 2])
      await database.execute(
        `INSERT INTO remote_connection (tenant_id, connection_id, kind, site_url, api_url, product, state, since, created_at, webhook)
         VALUES ($1, $2, 'oauth1', 'https://jira.example', 'https://jira.example', 'data-center', 'working', now(), now(), '{"kind": "none"}')`,
        [tenant, `00000000-0000-4000-9000-00000000000${m}`],
      );
  }
  return createAuthenticationLinks(database);
};

describeAuthenticationLinks('Postgres', create);

it('lets nobody in for a tenant that has left', async () => {
  const links = await create();
  const { tenantId, linkId } = buildLink();
  await links.insert(buildLink());
  await database.execute('UPDATE tenant SET erase_at = now() WHERE tenant_id = $1', [tenantId]);
  expect(await links.read(tenantId, linkId)).toBeNull();
  await database.execute('UPDATE tenant SET erase_at = NULL WHERE tenant_id = $1', [tenantId]);
  expect(await links.read(tenantId, linkId)).toEqual(buildLink());
});
