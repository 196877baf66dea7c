import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  baseOf,
  buildEffect,
  buildHistoryLine,
  buildKept,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  issue,
  NOON,
  SUMMARY,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import { describeSynchronizationStore, TENANTS } from '../../test/contract/synchronization-store.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { heldBeforeCommit, somebodyWaits, unheard } from '../../test/held-transaction.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { turnLanes } from '../lanes/turn-lanes.ts';
import { makeRandomId } from '../platform/ids.ts';
import { createBrakes } from './brakes.ts';
import { createScanMemory } from './scan-memory.ts';
import { createSynchronizationStore } from './synchronization-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeSynchronizationStore('Postgres', async () => {
  const world = await createPostgresLedgerWorld(database);
  for (const tenantId of TENANTS) await world.addTenant(tenantId);
  return world.synchronizations;
});

describeSynchronizationStore('Postgres, whose commits are heard of when repeated', async () => {
  const world = await createPostgresLedgerWorld(database);
  for (const tenantId of TENANTS) await world.addTenant(tenantId);
  return createSynchronizationStore(unheard(database));
});

it('[S10] a request that is made waits for one that is being sent again, and then is not made', async () => {
  const { addTenant, synchronizations } = await createPostgresLedgerWorld(database);
  await addTenant(tenant(1));
  const declined = buildSynchronization({ state: 'declined', createdAt: NOON - 3_600_000 });
  await synchronizations.insert(declined);
  const { changed, commit, ...held } = heldBeforeCommit(database);
  const request = { askedBy: null, askedAt: NOON, declineReason: null };
  const again = { state: 'requested', request } as const;
  const sending = createSynchronizationStore(held.database).update(tenant(1), synchronizationId(1), again);
  await changed;
  const made = { ...declined, ...again, synchronizationId: synchronizationId(2), createdAt: NOON };
  const making = synchronizations.insertUnlessTied(made);
  await somebodyWaits(database);
  commit();
  expect([await sending, await making]).toEqual([true, false]);
});

describe('removing a synchronization', () => {
  const tableRow = z.object({ table_name: z.string() });
  const countRow = z.object({ rows: z.coerce.number() });

  /** Rows per table that names a synchronization, so that a table added later is not forgotten. */
  const countRows = async () => {
    const tables = await database.rows(
      "SELECT table_name FROM information_schema.columns WHERE column_name = 'synchronization_id' ORDER BY table_name",
      [],
      tableRow,
    );
    const counts: Record<string, number> = {};
    for (const { table_name } of tables) {
      const [counted] = await database.rows(
        `SELECT count(*) AS rows FROM ${table_name} WHERE synchronization_id = $1`,
        [synchronizationId(1)],
        countRow,
      );
      counts[table_name] = counted?.rows ?? 0;
    }
    return counts;
  };

  it('leaves no row of it in any table', async () => {
    const world = await createPostgresLedgerWorld(database);
    await world.addTenant(tenant(1));
    await world.synchronizations.insert(buildSynchronization());
    const claim = await claimFirst(world);
    const record = {
      pair: buildPair(),
      pieces: new Map([[SUMMARY, baseOf('a')]]),
      effects: [buildEffect()],
      history: [buildHistoryLine()],
      kept: [buildKept()],
    };
    await world.turns.complete(claim, buildRecord(record));
    const scans = createScanMemory(database);
    await scans.noteLooked(tenant(1), synchronizationId(1), 'A', [{ issueId: issue(9), updatedAt: 1 }]);
    await scans.countFoundLate(tenant(1), synchronizationId(1), 1, 1);
    await world.brakes.count(tenant(1), synchronizationId(1), 'deletion', 1, 1);
    await world.brakes.stop(tenant(1), synchronizationId(1), 'deletion', 1, 1);
    await database.execute("INSERT INTO backfill (tenant_id, synchronization_id, side) VALUES ($1, $2, 'A')", [
      tenant(1),
      synchronizationId(1),
    ]);
    const named = [tenant(1), synchronizationId(1)];
    await database.execute('INSERT INTO licence_hold VALUES ($1, $2, now())', named);
    await database.execute("INSERT INTO terms VALUES ($1, $2, 0, '{}', '{}', '{}')", named);
    await database.execute(
      `INSERT INTO terms_version (tenant_id, synchronization_id, number, agreed, mode, outcome, made_at, ended_at)
       VALUES ($1, $2, 1, '{}', 'review', 'published', now(), now())`,
      named,
    );
    const before = await countRows();
    expect(Object.entries(before).filter(([, rows]) => rows === 0)).toEqual([]);
    await world.synchronizations.remove(tenant(1), synchronizationId(1));
    const after = await countRows();
    expect(Object.entries(after).filter(([, rows]) => rows > 0)).toEqual([]);
    expect(Object.keys(after)).toEqual(
      expect.arrayContaining(['effect', 'history', 'inbox', 'item_number', 'lane', 'pair', 'piece']),
    );
  });

  it('waits for a change that is being made, and then leaves no row of it either', async () => {
    const { addTenant, synchronizations } = await createPostgresLedgerWorld(database);
    await addTenant(tenant(1));
    await synchronizations.insert(buildSynchronization({ state: 'requested' }));
    const { changed, commit, ...held } = heldBeforeCommit(database);
    const accepting = createSynchronizationStore(held.database).update(tenant(1), synchronizationId(1), { state: 'running' });
    await changed;
    const removing = synchronizations.remove(tenant(1), synchronizationId(1));
    await somebodyWaits(database);
    commit();
    expect(await accepting).toBe(true);
    await removing;
    expect(Object.entries(await countRows()).filter(([, rows]) => rows > 0)).toEqual([]);
  });

  it('waits for an acceptance, and then leaves alone what is a request no more', async () => {
    const { addTenant, synchronizations } = await createPostgresLedgerWorld(database);
    await addTenant(tenant(1));
    await synchronizations.insert(buildSynchronization({ state: 'requested' }));
    const { changed, commit, ...held } = heldBeforeCommit(database);
    const accepting = createSynchronizationStore(held.database).update(tenant(1), synchronizationId(1), { state: 'stopped' });
    await changed;
    const removing = synchronizations.remove(tenant(1), synchronizationId(1), ['requested']);
    await somebodyWaits(database);
    commit();
    expect([await accepting, await removing]).toEqual([true, false]);
    expect(await synchronizations.listOfSite(tenant(1))).toHaveLength(1);
  });

  it('waits for an answer to a stopped mass change, and leaves no line of it', async () => {
    const { addTenant, synchronizations, brakes } = await createPostgresLedgerWorld(database);
    await addTenant(tenant(1));
    await synchronizations.insert(buildSynchronization());
    await brakes.stop(tenant(1), synchronizationId(1), 'deletion', 1, 1);
    const { changed, commit, ...held } = heldBeforeCommit(database);
    const parts = { lanes: turnLanes, makeId: makeRandomId, onWake: () => undefined };
    const answering = createBrakes({ ...parts, database: held.database }).release(
      tenant(1),
      synchronizationId(1),
      'deletion',
      'carry-out',
      NOON,
    );
    await changed;
    const removing = synchronizations.remove(tenant(1), synchronizationId(1));
    await somebodyWaits(database);
    commit();
    await Promise.all([answering, removing]);
    expect(Object.entries(await countRows()).filter(([, rows]) => rows > 0)).toEqual([]);
  });
});
