import { afterAll, beforeAll } from '@jest/globals';
import { describeInstallationStore } from '../../test/contract/installation-store.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { clearDatabase } from '../../test/postgres-ledger-world.ts';
import { createPostgresInstallationStore } from './postgres-installation-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeInstallationStore('Postgres', async () => {
  await clearDatabase(database);
  return createPostgresInstallationStore(database);
});
