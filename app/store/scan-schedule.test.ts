import { afterAll, beforeAll, expect, it } from '@jest/globals';
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

it('[H6] says that all were away in the statement that makes all due', async () => {
  await createPostgresLedgerWorld(database);
  let statements = 0;
  const rows: TestDatabase['rows'] = (...asked) => {
    statements += 1;
    return database.rows(...asked);
  };
  const execute = () => Promise.reject(new Error('the database is lost'));
  expect(await createScanSchedule({ ...database, rows, execute }).beat(1)).toBe(true);
  expect(statements).toBe(1);
});
