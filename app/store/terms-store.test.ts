import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  buildDelivery,
  buildHistoryLine,
  buildPair,
  buildRecord,
  buildSynchronization,
  LONG_LEASE_MS,
  NOON,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import { describeTermsStore } from '../../test/contract/terms-store.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import type { CommentId } from '../core/ids.ts';
import { commentPiece, STATUS_PIECE } from '../core/piece.ts';
import { createTermsStore } from './terms-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const freshWorld = async () => {
  const world = await createPostgresLedgerWorld(database);
  for (const n of [1, 2]) await world.addTenant(tenant(n));
  return { ...world, terms: createTermsStore(database) };
};

describeTermsStore('Postgres', freshWorld);

it('[C1] counts what left a side, by part', async () => {
  const { synchronizations, inbox, lanes, turns, terms } = await freshWorld();
  await synchronizations.insert(buildSynchronization());
  await inbox.receive(buildDelivery());
  const [claim] = await lanes.claim(1, LONG_LEASE_MS);
  if (claim === undefined) throw new Error('No lane was due.');
  const comment = (id: string) => commentPiece('A', id as CommentId);
  const lines = [
    buildHistoryLine({ at: NOON }),
    buildHistoryLine({ at: NOON + 1 }),
    buildHistoryLine({ at: NOON - 1 }),
    buildHistoryLine({ piece: comment('1') }),
    buildHistoryLine({ piece: comment('2') }),
    buildHistoryLine({ piece: STATUS_PIECE, source: 'B' }),
    buildHistoryLine({ piece: STATUS_PIECE, outcome: 'declined' }),
    buildHistoryLine({ piece: null, outcome: 'created' }),
  ];
  await turns.complete(claim, buildRecord({ pair: buildPair(), history: lines }));
  expect(await terms.countLeft(tenant(1), synchronizationId(1), 'A', NOON)).toEqual([
    { part: 'comments', changes: 2, lastAt: NOON },
    { part: 'summary', changes: 2, lastAt: NOON + 1 },
    { part: 'item', changes: 1, lastAt: NOON },
  ]);
  expect(await terms.countLeft(tenant(1), synchronizationId(1), 'B', NOON)).toEqual([
    { part: 'status', changes: 1, lastAt: NOON },
  ]);
  expect(await terms.countPairs(tenant(1), synchronizationId(1))).toBe(1);
});
