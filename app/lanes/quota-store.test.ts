import { afterAll, beforeAll } from '@jest/globals';
import { describeQuotaStore } from '../../test/contract/quota-store.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { systemClock } from '../platform/clock.ts';
import { createQuotaStore } from './quota-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeQuotaStore('Postgres', async () => {
  await database.execute('TRUNCATE spent_points, gate, quota', []);
  return { store: createQuotaStore(database), now: systemClock.now };
});
