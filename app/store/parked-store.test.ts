import { afterAll, beforeAll } from '@jest/globals';
import { describeParkedStore } from '../../test/contract/parked-store.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { createParkedStore } from './parked-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeParkedStore('Postgres', async () => ({
  ...(await createPostgresLedgerWorld(database)),
  parked: createParkedStore(database),
  clock: Date,
}));
