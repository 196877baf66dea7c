import { afterAll, beforeAll } from '@jest/globals';
import { describeBrakes } from '../../test/contract/brakes.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeBrakes('Postgres', () => createPostgresLedgerWorld(database));
