import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeBrakes } from '../../test/contract/brakes.contract.ts';
import {
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  NOON,
  SUMMARY,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { parkedBase, synchronizedBase } from '../core/piece.ts';
import { makeRandomId } from '../platform/ids.ts';
import { createBrakes } from './brakes.ts';
import { createParkedStore } from './parked-store.ts';

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

it('[M7] an answer whose giver dies before the lanes are woken is given to all pieces, and their lanes are found', async () => {
  const world = await createPostgresLedgerWorld(database);
  await world.addTenant(tenant(1));
  await world.synchronizations.insert(buildSynchronization());
  const us = [tenant(1), synchronizationId(1)] as const;
  await world.brakes.stop(...us, 'clear', 21, NOON);
  const claim = await claimFirst(world);
  const seen = { A: 'emptied', B: 'agreed' };
  const waiting = parkedBase(synchronizedBase({ A: 'agreed', B: 'agreed' }), 'mass-clear', NOON, seen);
  await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces: new Map([[SUMMARY, waiting]]) }));
  const lanes = { wake: () => Promise.reject(new Error('died')) };
  const dying = createBrakes({ database, lanes, makeId: makeRandomId, onWake: () => undefined });
  await expect(dying.release(...us, 'clear', 'carry-out', NOON)).rejects.toThrow('died');
  expect(await world.brakes.release(...us, 'clear', 'take-back', NOON)).toBeNull();
  expect((await world.turns.read(claim))?.pieces.get(SUMMARY)?.state).toMatchObject({ answer: 'carry-out' });
  expect(await createParkedStore(database).listOverlooked(...us, 9)).toHaveLength(2);
});
