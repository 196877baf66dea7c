import { afterAll, beforeAll } from '@jest/globals';
import { describeConflicts } from '../../test/contract/conflicts.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeConflicts('Postgres', () => createPostgresLedgerWorld(database));
