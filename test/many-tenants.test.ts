import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { EffectId } from '../app/core/ids.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { comeToRest, seedPairs, seedTenants } from '../bench/seed-ledger.ts';
import {
  baseOf,
  buildDelivery,
  buildEffect,
  buildHistoryLine,
  buildRecord,
  buildSynchronization,
  issue,
  issueKey,
  type LedgerWorld,
  SUMMARY,
  synchronizationId,
  tenant,
} from './contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createPostgresLedgerWorld } from './postgres-ledger-world.ts';

const TENANTS = 1_000;
/** Of three of them; so many that reading them all is never the cheapest way. */
const PAIRS = 5_000;

let database: TestDatabase;
let world: LedgerWorld;
beforeAll(async () => {
  // One connection, so that what Postgres counts of it is all there is.
  database = await createTestDatabase({ poolSize: 1 });
  world = await createPostgresLedgerWorld(database);
  await world.addTenant(tenant(1));
  await world.synchronizations.insert(buildSynchronization());
  await seedTenants(database, tenant(1), synchronizationId(1), { from: 2, to: TENANTS });
  for (const n of [1, 2, 700]) await seedPairs(database, tenant(n), synchronizationId(n), { from: 1, to: PAIRS });
  await comeToRest(database);
});
afterAll(() => database.drop());

/** All that the ledger does for one change of an item, the first or another of its tenant. */
async function change(owner: number, item: number): Promise<void> {
  const { inbox, lanes, turns } = world;
  await inbox.receive(
    buildDelivery({
      siteTenantId: tenant(owner),
      deliveryId: makeRandomId(),
      issueId: issue(item),
      issueKey: issueKey(`SUP-${item}`),
    }),
  );
  const [claim] = await lanes.claim(1, 60_000);
  if (claim === undefined) throw new Error('Nothing is due.');
  const { pair = null } = (await turns.read(claim)) ?? {};
  const effect = buildEffect({ effectId: makeRandomId() as EffectId });
  await turns.intend(claim, [effect]);
  await turns.complete(
    claim,
    buildRecord({
      pair,
      pieces: pair === null ? new Map() : new Map([[SUMMARY, baseOf(makeRandomId())]]),
      effects: [{ ...effect, state: 'confirmed' }],
      history: pair === null ? [] : [buildHistoryLine({ pairId: pair.pairId })],
    }),
  );
}

const tableRow = z.object({ name: z.string(), read: z.coerce.number(), rows: z.coerce.number() });

/** Rows that were read from one end of a table to the other so far, by table. */
async function readInRows(): Promise<Readonly<Record<string, number>>> {
  await database.execute('SELECT pg_stat_force_next_flush() WHERE $1', [true]);
  const tables = await database.rows(
    `SELECT relname AS name, seq_tup_read AS read, n_live_tup AS rows
       FROM pg_stat_user_tables WHERE n_live_tup >= $1 ORDER BY 1`,
    [TENANTS],
    tableRow,
  );
  return Object.fromEntries(tables.map(({ name, read }) => [name, read]));
}

describe('one change among a thousand tenants', () => {
  it.each([
    ['of an item that is known', 7],
    // Its number is the highest so far, in its webhook and in its pair.
    ['of an item that is new', PAIRS + 1],
  ])('%s finds all it touches by an index', async (_which, item) => {
    const before = await readInRows();
    for (const owner of [1, 2, 700]) await change(owner, item);
    const after = await readInRows();
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['item_number', 'lane', 'pair', 'participation', 'synchronization']),
    );
    expect(after).toEqual(before);
  });
});
