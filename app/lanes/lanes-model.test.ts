import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerWorld } from '../../test/contract/ledger-world.ts';
import {
  buildDelivery,
  buildRecord,
  buildSynchronization,
  issue,
  LONG_LEASE_MS,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { runs } from '../../test/property-runs.ts';
import type { Claim, LaneEnd, SealedTold } from '../sync/ports.ts';

/**
 * Lanes against a model: any order of events, repeats, claims, ends, dead workers and workers that come back from the dead.
 * [L1] no generation is lost, [L2] none is invented, [L4] never two claims of a lane that count, [L10] parked ones stay parked,
 * [L15] nothing told is lost, [L16] watched ones fall due by their time or an event.
 */
interface ModelLane {
  gen: number;
  done: number;
  parked: boolean;
  /** The claim that counts; null when nobody has the lane. */
  holder: Claim | null;
  expired: boolean;
  /** What the next claim is told; in a leased lane, what came in meanwhile. */
  told: readonly SealedTold[];
  /** Ended so as to be looked at again: due by its time, which here is over at once. */
  watched: boolean;
}

interface Model {
  readonly lanes: Map<string, ModelLane>;
  readonly delivered: Set<string>;
  /** Every claim ever given, the ones that count and the void ones. */
  readonly claims: Claim[];
}

type Step = fc.AsyncCommand<Model, LedgerWorld>;

const LANES = 4;
const keyOf = (n: number): string => `${synchronizationId(1)}:A:${issue(n)}`;
const NEW_LANE: ModelLane = { gen: 0, done: 0, parked: false, holder: null, expired: false, told: [], watched: false };
const LOOK_AT_BOTH: readonly SealedTold[] = [
  { side: 'A', sealed: null },
  { side: 'B', sealed: null },
];
const hasWork = (lane: ModelLane): boolean => !lane.parked && (lane.gen > lane.done || lane.watched);
const isDue = (lane: ModelLane): boolean => hasWork(lane) && (lane.holder === null || lane.expired);

const receive = (item: number, delivery: number): Step => ({
  check: () => true,
  async run(model, world) {
    const deliveryId = `${item}/${delivery}`;
    const receipt = await world.inbox.receive(buildDelivery({ deliveryId, issueId: issue(item), sealedObservation: deliveryId }));
    if (model.delivered.has(deliveryId)) {
      expect(receipt).toEqual({ kind: 'duplicate' });
      return;
    }
    expect(receipt).toEqual({ kind: 'accepted', lanes: 1 });
    model.delivered.add(deliveryId);
    const lane = model.lanes.get(keyOf(item)) ?? NEW_LANE;
    const told: readonly SealedTold[] = [...lane.told, { side: 'A', sealed: deliveryId }];
    model.lanes.set(keyOf(item), { ...lane, gen: lane.gen + 1, parked: false, told });
  },
  toString: () => `receive(${item}, ${delivery})`,
});

const claim = (limit: number): Step => ({
  check: () => true,
  async run(model, world) {
    const due = [...model.lanes].filter(([, lane]) => isDue(lane)).map(([key]) => key);
    const claims = await world.lanes.claim(limit, LONG_LEASE_MS);
    expect(claims).toHaveLength(Math.min(limit, due.length));
    for (const one of claims) {
      expect(due).toContain(one.laneKey);
      const lane = model.lanes.get(one.laneKey);
      if (lane === undefined) throw new Error(`A lane nobody made: ${one.laneKey}`);
      expect(one.generation).toBe(lane.gen);
      const earlier = model.claims.filter(({ laneKey }) => laneKey === one.laneKey).map(({ token }) => token);
      expect(one.token).toBeGreaterThan(Math.max(0, ...earlier));
      expect(one.told).toEqual(lane.holder === null ? lane.told : [...LOOK_AT_BOTH, ...lane.told]);
      lane.told = [];
      lane.holder = one;
      lane.expired = false;
      model.claims.push(one);
    }
  },
  toString: () => `claim(${limit})`,
});

const endOf = (lane: ModelLane, held: Claim, end: LaneEnd): Partial<ModelLane> => {
  if (end.kind === 'again') return { told: [...held.told, ...lane.told] };
  const isNewest = lane.gen === held.generation;
  return { done: held.generation, parked: end.kind === 'parked' && isNewest, watched: end.kind === 'watch' && isNewest };
};

/** Any claim ever given may try to end its turn: the holder's, a dead worker's, one that ended already. */
const complete = (which: number, end: LaneEnd): Step => ({
  check: (model) => model.claims.length > 0,
  async run(model, world) {
    const tried = model.claims[which % model.claims.length];
    if (tried === undefined) throw new Error('No claim.');
    const lane = model.lanes.get(tried.laneKey);
    const newest = model.claims.findLast(({ laneKey }) => laneKey === tried.laneKey);
    const outcome = await world.turns.complete(tried, buildRecord({ end }));
    expect(outcome).toBe(tried === newest ? 'written' : 'fenced');
    if (lane === undefined || lane.holder !== tried) return;
    model.lanes.set(tried.laneKey, { ...lane, ...endOf(lane, tried, end), holder: null, expired: false });
  },
  toString: () => `complete(${which}, ${end.kind})`,
});

const expireLease = (item: number): Step => ({
  check: (model) => (model.lanes.get(keyOf(item))?.holder ?? null) !== null,
  async run(model, world) {
    const lane = model.lanes.get(keyOf(item));
    if (lane?.holder == null) throw new Error('Nobody holds it.');
    await world.expireLease(lane.holder);
    lane.expired = true;
  },
  toString: () => `expireLease(${item})`,
});

/** In the end every generation is worked off, once all workers are dead and new ones come. */
const drain = async (model: Model, world: LedgerWorld): Promise<void> => {
  for (const lane of model.lanes.values()) if (lane.holder !== null) await world.expireLease(lane.holder);
  const expected = [...model.lanes].filter(([, lane]) => hasWork(lane));
  const claims = await world.lanes.claim(LANES * 2, LONG_LEASE_MS);
  expect(new Map(claims.map((one) => [one.laneKey as string, one.generation]))).toEqual(
    new Map(expected.map(([key, lane]) => [key, lane.gen])),
  );
  for (const one of claims) expect(await world.turns.complete(one, buildRecord())).toBe('written');
  expect(await world.lanes.count()).toEqual({
    due: 0,
    waiting: 0,
    leased: 0,
    parked: [...model.lanes.values()].filter(({ parked }) => parked).length,
    watched: 0,
  });
};

const item = fc.integer({ min: 1, max: LANES });
const ends: readonly LaneEnd[] = [
  { kind: 'done' },
  { kind: 'watch', at: 0 },
  { kind: 'again', at: 0, attempt: true },
  { kind: 'parked', cause: 'forbidden' },
];
const steps = [
  fc.tuple(item, fc.integer({ min: 1, max: 6 })).map(([n, delivery]) => receive(n, delivery)),
  fc.integer({ min: 1, max: LANES }).map(claim),
  fc.tuple(fc.nat(1000), fc.constantFrom(...ends)).map(([which, end]) => complete(which, end)),
  item.map(expireLease),
];

describe('lanes and their model', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('[L1] [L2] [L4] [L10] [L15] [L16] agree after any sequence of steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: 'max' }), async (commands) => {
        const world = await createPostgresLedgerWorld(database);
        await world.addTenant(tenant(1));
        await world.synchronizations.insert(buildSynchronization());
        const model: Model = { lanes: new Map(), delivered: new Set(), claims: [] };
        await fc.asyncModelRun(() => ({ model, real: world }), commands);
        await drain(model, world);
      }),
      runs(60),
    );
  });
});
