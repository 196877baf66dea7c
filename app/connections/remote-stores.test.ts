import { afterAll, beforeAll } from '@jest/globals';
import { buildApplicationLink, describeApplicationLinkStore } from '../../test/contract/application-link-store.contract.ts';
import { describeConnectionStore } from '../../test/contract/connection-store.contract.ts';
import { describeCredentialStore } from '../../test/contract/credential-store.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresApplicationLinkStore } from './postgres-application-link-store.ts';
import { createPostgresConnectionStore } from './postgres-connection-store.ts';
import { createPostgresCredentialStore } from './postgres-credential-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const clear = async (): Promise<void> => {
  await database.execute('TRUNCATE tenant CASCADE', []);
  for (const n of [1, 2])
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [`00000000-0000-4000-8000-00000000000${n}`]);
};

describeConnectionStore('Postgres', async () => {
  await clear();
  return createPostgresConnectionStore(database);
});

describeCredentialStore('Postgres', async () => {
  await clear();
  await createPostgresApplicationLinkStore(database).insert(buildApplicationLink());
  return { credentials: createPostgresCredentialStore(database), connections: createPostgresConnectionStore(database) };
});

describeApplicationLinkStore('Postgres', async () => {
  await clear();
  return { links: createPostgresApplicationLinkStore(database), connections: createPostgresConnectionStore(database) };
});
