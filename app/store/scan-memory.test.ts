import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  baseOf,
  buildDelivery,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  NOON,
  SUMMARY,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import type { Side } from '../core/side.ts';
import type { ScanMemory } from '../sync/healing-ports.ts';
import { createScanMemory } from './scan-memory.ts';

let database: TestDatabase;
let world: LedgerWorld;
let scans: ScanMemory;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  world = await createPostgresLedgerWorld(database);
  scans = createScanMemory(database);
  await world.addTenant(tenant(1));
  await world.synchronizations.insert(buildSynchronization());
});

const US = [tenant(1), synchronizationId(1)] as const;
const recall = async (side: Side, n: number, of = tenant(1)) =>
  (await scans.recall(of, synchronizationId(1), side, [issue(n)])).get(issue(n));

const makePair = async () =>
  world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair(), pieces: new Map([[SUMMARY, baseOf('a')]]) }));

describe('what is remembered of an item', () => {
  it('is nothing at first', async () => {
    expect(await recall('A', 1)).toEqual({ pair: null, pieces: new Map(), lookedAt: null, lane: 'none' });
  });

  it('is its pair with all bases, by the item of either side', async () => {
    await makePair();
    for (const [side, n] of [
      ['A', 1],
      ['B', 101],
    ] as const)
      expect(await recall(side, n)).toEqual({
        pair: buildPair(),
        pieces: new Map([[SUMMARY, baseOf('a')]]),
        lookedAt: null,
        lane: 'idle',
      });
    expect((await recall('B', 1))?.pair).toBeNull();
    expect((await recall('A', 1, tenant(2)))?.pair).toBeNull();
  });

  it.each([
    ['dirty', async () => undefined],
    ['in hand', async () => void (await world.lanes.claim(1, LONG_LEASE_MS))],
  ])('is that its lane is at work: %s', async (_title, then) => {
    await makePair();
    await world.inbox.receive(buildDelivery({ deliveryId: '2' }));
    await then();
    expect([(await recall('A', 1))?.lane, (await recall('B', 101))?.lane]).toEqual(['busy', 'busy']);
  });

  it.each([
    ['parked', { kind: 'parked', cause: 'forbidden' } as const],
    ['watched', { kind: 'watch', at: NOON * 2 } as const],
  ])('a lane that is %s is not at work', async (_title, end) => {
    await world.turns.complete(await claimFirst(world), buildRecord({ end }));
    expect((await recall('A', 1))?.lane).toBe('idle');
  });

  it('is when somebody was sent to look, the newest time', async () => {
    const look = (updatedAt: number) => scans.noteLooked(...US, 'A', [{ issueId: issue(1), updatedAt }]);
    await look(5);
    await look(9);
    await look(7);
    expect([(await recall('A', 1))?.lookedAt, (await recall('B', 1))?.lookedAt]).toEqual([9, null]);
  });
});

it('a mark rises and never falls, and begins with a start', async () => {
  const marks = async () => (await world.synchronizations.read(...US))?.scannedUntil;
  await scans.raiseMark(...US, 'A', NOON);
  await scans.raiseMark(...US, 'B', NOON + 5);
  await scans.raiseMark(...US, 'B', NOON + 3);
  expect(await marks()).toEqual({ A: null, B: NOON + 5 });
});

it('says since when a synchronization is listened to: its last start', async () => {
  const first = await scans.runningSince(...US);
  await world.synchronizations.update(...US, { name: 'Other' });
  expect(await scans.runningSince(...US)).toBe(first);
  await world.synchronizations.update(...US, { state: 'stopped' });
  expect(await scans.runningSince(...US)).toBeNull();
  await world.synchronizations.update(...US, { state: 'running' });
  expect(await scans.runningSince(...US)).toBeGreaterThan(first ?? 0);
});
