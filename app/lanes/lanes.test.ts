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

describe('a tenant with a hundred thousand lanes', () => {
  it('[L11] leaves a quiet one its turn in the very next claim', async () => {
    const world = await createPostgresLedgerWorld(database);
    for (const n of [1, 2]) {
      await world.addTenant(tenant(n));
      await world.synchronizations.insert(buildSynchronization({ tenantId: tenant(n), synchronizationId: synchronizationId(n) }));
    }
    await database.execute(
      `INSERT INTO lane (tenant_id, lane_key, synchronization_id, side, issue_id, gen, due_at)
       SELECT $1::uuid, $2::text || ':A:' || n, $2::uuid, 'A', n::text, 1, now() - interval '1 hour' FROM generate_series(1, 100000) n`,
      [tenant(1), synchronizationId(1)],
    );
    expect(await world.lanes.claim(8, LONG_LEASE_MS)).toHaveLength(8);
    await world.lanes.wake(tenant(2), [subject('A', 1, synchronizationId(2))]);
    const claims = await world.lanes.claim(2, LONG_LEASE_MS);
    expect(claims.map(({ tenantId }) => tenantId).toSorted()).toEqual([tenant(1), tenant(2)]);
  });
});

describe('a worker whose hands become free a few at a time', () => {
  it('looks and claims by a plan that is there already, whatever it asks for', async () => {
    const alone = await createTestDatabase({ poolSize: 1 });
    const world = await createPostgresLedgerWorld(alone);
    await world.addTenant(tenant(1));
    await world.synchronizations.insert(buildSynchronization());
    for (let hands = 1; hands <= 9; hands += 1) {
      await world.lanes.wake(
        tenant(1),
        Array.from({ length: 20 }, (_, n) => subject('A', n)),
      );
      expect(await world.lanes.claim(hands, 0)).toHaveLength(hands);
    }
    const statements = (part: string) =>
      alone.rows(
        'SELECT custom_plans AS replanned FROM pg_prepared_statements WHERE statement LIKE $1',
        [`%${part}%`],
        z.object({ replanned: z.coerce.number() }),
      );
    expect(await statements('SKIP LOCKED')).toEqual([{ replanned: 0 }]);
    expect(await statements('RECURSIVE')).toEqual([{ replanned: 0 }]);
    await alone.drop();
  });
});
