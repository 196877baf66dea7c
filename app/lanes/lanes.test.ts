import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeInbox } from '../../test/contract/inbox.contract.ts';
import { describeLanes } from '../../test/contract/lanes.contract.ts';
import {
  buildDelivery,
  buildRecord,
  buildSynchronization,
  claimFirst,
  subject,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeInbox('Postgres', () => createPostgresLedgerWorld(database));
describeLanes('Postgres', () => createPostgresLedgerWorld(database));

describe('waking a worker of the same process', () => {
  it('tells it after lanes became due, and only then', async () => {
    let wakes = 0;
    const world = await createPostgresLedgerWorld(database, () => {
      wakes += 1;
    });
    await world.addTenant(tenant(1));
    await world.synchronizations.insert(buildSynchronization());
    await world.inbox.receive(buildDelivery({ echoOf: synchronizationId(1) }));
    expect(wakes).toBe(0);
    const claim = await claimFirst(world, 'real');
    expect(wakes).toBe(1);
    await world.turns.complete(claim, buildRecord());
    expect(wakes).toBe(1);
    await world.lanes.wake(tenant(1), [subject('A', 1)]);
    expect(wakes).toBe(2);
  });
});
