import { afterAll, beforeAll } from '@jest/globals';
import { describeScanSchedule } from '../../test/contract/scan-schedule.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { createScanSchedule } from './scan-schedule.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeScanSchedule('Postgres', async () => ({
  ...(await createPostgresLedgerWorld(database)),
  schedule: createScanSchedule(database),
}));
