import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeBrakes } from '../../test/contract/brakes.contract.ts';
import { buildSynchronization, NOON, synchronizationId, tenant } from '../../test/contract/ledger-world.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeBrakes('Postgres', () => createPostgresLedgerWorld(database));

it('counts of a synchronization that is always at work do not pile up', async () => {
  const world = await createPostgresLedgerWorld(database);
  for (const n of [1, 2]) await world.addTenant(tenant(n));
  await world.synchronizations.insert(buildSynchronization());
  for (let minute = 0; minute < 40; minute++)
    await world.brakes.count(tenant(1), synchronizationId(1), 'clear', 1, NOON + minute * 60_000);
  const [kept] = await database.rows('SELECT count(*)::int AS rows FROM risky_change', [], z.object({ rows: z.number() }));
  expect(kept?.rows).toBe(10);
});
