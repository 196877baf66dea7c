import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeInbox } from '../../test/contract/inbox.contract.ts';
import { describeLanes } from '../../test/contract/lanes.contract.ts';
import {
  buildDelivery,
  buildEffect,
  buildRecord,
  buildSynchronization,
  claimFirst,
  LONG_LEASE_MS,
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

describe('a claim that Postgres forgot when it died', () => {
  it('[L4] counts no more once the lane is claimed again', async () => {
    const world = await createPostgresLedgerWorld(database);
    await world.addTenant(tenant(1));
    await world.synchronizations.insert(buildSynchronization());
    const forgotten = await claimFirst(world);
    await database.execute('UPDATE lane SET lease_token = 0, lease_until = NULL, due_at = now() WHERE tenant_id = $1', [
      tenant(1),
    ]);
    const [heir] = await world.lanes.claim(1, LONG_LEASE_MS);
    expect(await world.turns.intend(forgotten, [buildEffect()])).toBe('fenced');
    expect(await world.turns.complete(forgotten, buildRecord())).toBe('fenced');
    expect(heir?.token).toBeGreaterThan(forgotten.token);
  });

  it('leaves the connection to wait for the disk as before', async () => {
    const world = await createPostgresLedgerWorld(database);
    await world.lanes.claim(1, LONG_LEASE_MS);
    const setting = z.object({ synchronous_commit: z.string() });
    const [before] = await database.rows(
      'SELECT reset_val AS synchronous_commit FROM pg_settings WHERE name = $1',
      ['synchronous_commit'],
      setting,
    );
    expect(await database.rows('SELECT current_setting($1) AS synchronous_commit', ['synchronous_commit'], setting)).toEqual([
      before,
    ]);
  });
});
