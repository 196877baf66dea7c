import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CommentId, PieceKey } from '../../app/core/ids.ts';
import { commentPiece, type PieceBase, parkedBase } from '../../app/core/piece.ts';
import { SIDES, type Side } from '../../app/core/side.ts';
import type { Work } from '../../app/core/spend-points.ts';
import type { Claim, Delivery, Effect, LaneEnd, TurnRecord } from '../../app/sync/ports.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createPostgresLedgerWorld } from '../postgres-ledger-world.ts';
import { runs } from '../property-runs.ts';
import {
  baseOf,
  buildDelivery,
  buildEffect,
  buildHistoryLine,
  buildKept,
  buildPair,
  buildRecord,
  buildSynchronization,
  connection,
  effectId,
  fromB,
  issue,
  issueKey,
  type LedgerWorld,
  LONG_LEASE_MS,
  NOON,
  pairId,
  project,
  SUMMARY,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';
import { createMemoryLedgerWorld } from './memory-ledger-world.ts';
import {
  type CareStores,
  type CareTask,
  careTask,
  confessCare,
  createPostgresCare,
  forgetQuotas,
  inOneOrder,
  playCare,
} from './memory-model-care.ts';

/**
 * The memory and Postgres are given the same random steps and must give the same answers. Lanes that become due in the same
 * statement have no order among themselves, so no step makes several of a tenant due at once unless all are taken after it.
 */
type Step =
  | { readonly do: 'receive'; readonly delivery: Delivery }
  | { readonly do: 'claim'; readonly limit: number }
  | { readonly do: 'complete'; readonly which: number; readonly wish: Wish }
  | { readonly do: 'intend'; readonly which: number; readonly effect: Wish['effects'][number] }
  | { readonly do: 'read' | 'renew' | 'expire'; readonly which: number }
  | { readonly do: 'wake'; readonly of: number; readonly side: Side; readonly item: number; readonly work: Exclude<Work, 'edit'> }
  | { readonly do: 'took'; readonly of: number; readonly ms: number }
  | { readonly do: 'care'; readonly of: number; readonly task: CareTask }
  | { readonly do: 'resume' | 'stop' | 'start' | 'remove' | 'decide'; readonly of: number };

const OWNERS = [1, 2];
const ITEMS = [1, 2, 3];
const ALL = 100;
/** Before any other time at which a lane may become due, and never the same twice. */
const times = fc.noBias(fc.integer({ min: 1, max: 1_000_000_000 }));

/** Two synchronizations of the same two spaces, each owned by the tenant of its side A. At site 2 item n has the number 100 + n. */
const issueAt = (site: number, item: number): number => (site === 1 ? item : 100 + item);
const ISSUES = ITEMS.flatMap((item) => [issueAt(1, item), issueAt(2, item)]);
const siteOf = (of: number, side: Side): number => (side === 'A' ? of : 3 - of);
const keyAt = (site: number, number: number) => issueKey(`${site === 1 ? 'SUP' : 'ENG'}-${number}`);
const onSides = <T>(of: number, at: (site: number) => T) => ({ A: at(siteOf(of, 'A')), B: at(siteOf(of, 'B')) });

const pairOf = (of: number, item: number) =>
  buildPair({
    tenantId: tenant(of),
    synchronizationId: synchronizationId(of),
    pairId: pairId(10 * of + item),
    issueIds: onSides(of, (site) => issue(issueAt(site, item))),
    issueKeys: onSides(of, (site) => keyAt(site, item)),
    // The items of the other owner's synchronization were made at B.
    originSide: of === 1 ? 'A' : 'B',
  });

const subjectOf = (of: number, side: Side, item: number) => subject(side, issueAt(siteOf(of, side), item), synchronizationId(of));

const synchronizationOf = (of: number) =>
  buildSynchronization({
    tenantId: tenant(of),
    synchronizationId: synchronizationId(of),
    sides: onSides(of, (site) => ({
      siteTenantId: tenant(site),
      connectionId: connection(site),
      projectId: project(site),
      projectKey: site === 1 ? 'SUP' : 'ENG',
    })),
  });

/** Later with each step, so that what becomes due by different steps does so at different times, as on Postgres. */
const createTickingClock = () => {
  let now = NOON;
  return {
    now: () => now,
    tick: () => {
      now += 1;
    },
  };
};

const owner = fc.constantFrom(...OWNERS);
const item = fc.constantFrom(...ITEMS);
const side = fc.constantFrom(...SIDES);
const work = fc.constantFrom('repair' as const, 'backfill' as const, 'check' as const);
const which = fc.nat(1000);
const sealed = fc.constantFrom('v1.one', 'v1.two', null);

const delivery: fc.Arbitrary<Delivery> = fc
  .record({
    site: owner,
    item,
    id: fc.nat(40),
    sealed,
    number: fc.nat(20),
    elsewhere: fc.nat(5),
    echo: fc.nat(6),
    tellsWriter: fc.boolean(),
    made: fc.nat(6),
  })
  .map(({ site, item: n, id, sealed: told, number, elsewhere, echo, tellsWriter, made }) =>
    (site === 1 ? buildDelivery : fromB)({
      deliveryId: `${site} ${id}`,
      issueId: issue(issueAt(site, n)),
      issueKey: number === 0 ? null : keyAt(site, number),
      ...(elsewhere === 0 ? { projectId: project(9) } : {}),
      ...(elsewhere === 1 ? { projectId: null } : {}),
      echoOf: OWNERS.includes(echo) ? synchronizationId(echo) : null,
      tellsWriter,
      madeBy: OWNERS.includes(echo) && ITEMS.includes(made) ? effectId(made) : null,
      sealedObservation: told,
    }),
  );

const end: fc.Arbitrary<LaneEnd> = fc.oneof(
  fc.constant<LaneEnd>({ kind: 'done' }),
  fc.record({
    kind: fc.constant('watch' as const),
    at: fc.oneof(
      times,
      times.map((at) => 2 * NOON + at),
    ),
  }),
  fc.record({
    kind: fc.constant('again' as const),
    at: fc.oneof(
      times,
      times.map((at) => 2 * NOON + at),
    ),
    attempt: fc.boolean(),
    yields: fc.boolean(),
  }),
  fc.constant<LaneEnd>({ kind: 'parked', cause: 'forbidden' }),
  fc.constant<LaneEnd>({ kind: 'continue' }),
);

const COMMENT = commentPiece('A', '500' as CommentId);
const bases: readonly (PieceBase | null)[] = [
  baseOf('a'),
  { ...baseOf('c'), comments: { A: '500' as CommentId, B: null } },
  { ...baseOf('d'), comments: { A: null, B: null } },
  parkedBase(baseOf('a'), 'conflict-undecided', NOON, { A: 'x', B: 'y' }),
  parkedBase(null, 'conflict-undecided', NOON + 1, { A: 'x', B: null }),
  parkedBase(baseOf('a'), 'mass-deletion', NOON + 2, { A: null, B: 'y' }),
  parkedBase(baseOf('a'), 'mass-overwrite', NOON + 3, { A: 'x', B: 'y' }),
  null,
];

/** What a turn is to record, of the pair of whatever lane it gets. */
interface Wish {
  readonly end: LaneEnd;
  readonly pairs: boolean;
  readonly pieces: readonly (readonly [PieceKey, PieceBase | null])[];
  readonly effects: readonly Pick<Effect, 'effectId' | 'state' | 'kind'>[];
  readonly crossedAt: number | null;
  readonly lost: string | null;
  /** Only with an end that makes no lane due at the same moment. */
  readonly wakes: { readonly side: Side; readonly item: number } | null;
}

const effect = item.chain((n) =>
  fc.record({
    effectId: fc.constant(effectId(n)),
    kind: fc.constant(n === 1 ? ('write-fields' as const) : ('create-item' as const)),
    state: fc.constantFrom('intended' as const, 'confirmed' as const),
  }),
);
const piece = fc.tuple(fc.constantFrom(SUMMARY, COMMENT), fc.constantFrom(...bases));
const wish: fc.Arbitrary<Wish> = fc.record({
  end,
  pairs: fc.boolean(),
  pieces: fc.uniqueArray(piece, { selector: ([key]) => key, maxLength: 2 }),
  effects: fc.uniqueArray(effect, { selector: (one) => one.effectId, maxLength: 2 }),
  crossedAt: fc.option(times),
  lost: fc.option(fc.constantFrom('one', 'two')),
  wakes: fc.option(fc.record({ side, item })),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('receive' as const), delivery }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('complete' as const), which, wish }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('intend' as const), which, effect }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'renew' as const, 'expire' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wake' as const), of: owner, side, item, work }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('took' as const), of: owner, ms: fc.integer({ min: 1, max: 2000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('resume' as const, 'stop' as const, 'start' as const), of: owner }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('care' as const), of: owner, task: careTask(ITEMS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove' as const, 'decide' as const), of: owner }) },
);

const recordOf = (claim: Claim, { end: ends, pairs, pieces, effects, crossedAt, lost, wakes }: Wish): TurnRecord => {
  const of = OWNERS.find((one) => tenant(one) === claim.tenantId) ?? 1;
  const pair = pairOf(of, (Number(claim.subject.issueId) - 10_000) % 100);
  const mayWake = wakes !== null && (ends.kind === 'again' || ends.kind === 'continue');
  return buildRecord({
    end: ends,
    pair: pairs ? pair : null,
    pieces: new Map(pieces),
    effects: effects.map((one) => buildEffect(one)),
    history: crossedAt === null ? [] : [buildHistoryLine({ at: crossedAt, pairId: pair.pairId })],
    kept: lost === null ? [] : [buildKept({ fingerprint: lost })],
    wake: mayWake ? [subjectOf(of, wakes.side, wakes.item)] : [],
  });
};

/** A world and the claims that it gave, in an order that both worlds share. */
interface Player {
  readonly world: LedgerWorld & CareStores;
  readonly claims: Claim[];
}

const nameOfClaim = ({ tenantId, laneKey }: Claim): string => `${tenantId} ${laneKey}`;
const sorted = (claims: readonly Claim[]): Claim[] => [...claims].sort((a, b) => (nameOfClaim(a) < nameOfClaim(b) ? -1 : 1));
/** Each world has its own clock, of which leases and tokens come. */
const timeless = (claims: readonly Claim[]) => sorted(claims).map((claim) => ({ ...claim, leaseUntil: null, token: null }));

const take = async ({ world, claims }: Player, limit: number) => {
  const taken = sorted(await world.lanes.claim(limit, LONG_LEASE_MS));
  claims.push(...taken);
  return timeless(taken);
};

const decideAll = async ({ world }: Player, of: number) => {
  const open = await world.conflicts.list(tenant(of), synchronizationId(of), 10);
  for (const conflict of open) await world.conflicts.decide(tenant(of), conflict, 'B');
  return open;
};

const play = async (player: Player, one: Exclude<Step, { which: number }>): Promise<unknown> => {
  const { world } = player;
  switch (one.do) {
    case 'receive':
      return world.inbox.receive(one.delivery);
    case 'claim':
      return take(player, one.limit);
    case 'wake':
      return world.lanes.wake(tenant(one.of), [subjectOf(one.of, one.side, one.item)], one.work);
    case 'took':
      return world.lanes.turnTook(tenant(one.of), one.ms);
    case 'resume':
      await world.lanes.resume(tenant(one.of), synchronizationId(one.of));
      return take(player, ALL);
    case 'decide':
      return [await decideAll(player, one.of), await take(player, ALL)];
    case 'care':
      return [await playCare(world, one.of, one.task), one.task.task === 'answer' ? await take(player, ALL) : null];
    case 'stop':
    case 'start': {
      const state = one.do === 'stop' ? 'stopped' : 'running';
      return world.synchronizations.update(tenant(one.of), synchronizationId(one.of), { state });
    }
    case 'remove':
      await world.synchronizations.remove(tenant(one.of), synchronizationId(one.of));
      return world.synchronizations.insert(synchronizationOf(one.of));
  }
};

const playTurn = async ({ world }: Player, claim: Claim, one: Extract<Step, { which: number }>): Promise<unknown> => {
  switch (one.do) {
    case 'complete':
      return world.turns.complete(claim, recordOf(claim, one.wish));
    case 'intend':
      return world.turns.intend(claim, [buildEffect(one.effect)]);
    case 'read':
      return world.turns.read(claim);
    case 'renew':
      return timeless(await world.lanes.renew([claim], LONG_LEASE_MS));
    case 'expire':
      return world.expireLease(claim);
  }
};

/** What the step answers, and how the lanes stand after it. A refusal is an answer. */
const answer = async (player: Player, one: Step): Promise<unknown> => {
  const claim = 'which' in one ? player.claims[one.which % player.claims.length] : undefined;
  if ('which' in one && claim === undefined) return null;
  const said = 'which' in one && claim !== undefined ? playTurn(player, claim, one) : 'which' in one ? null : play(player, one);
  const [outcome] = await Promise.allSettled([said]);
  return [outcome?.status === 'fulfilled' ? outcome.value : 'refused', await player.world.lanes.count()];
};

/** The lanes that are left, in the order in which they are taken. */
const drain = async ({ world }: Player): Promise<readonly string[]> => {
  const names: string[] = [];
  for (let left = await world.lanes.claim(1, LONG_LEASE_MS); left.length > 0; left = await world.lanes.claim(1, LONG_LEASE_MS)) {
    names.push(...left.map(nameOfClaim));
  }
  return names;
};

/** All that can be asked of a world. */
const confess = async (player: Player) => {
  const { world, claims } = player;
  const ofOwners = OWNERS.map(async (of) => {
    const us = [tenant(of), synchronizationId(of)] as const;
    const history = await world.turns.listHistory(...us, 1000);
    const kept = await world.kept.list(...us, NOON, 100);
    return {
      history: inOneOrder(history),
      kept: inOneOrder(kept.map((one) => ({ ...one, keptId: null }))),
      conflicts: await world.conflicts.list(...us, 100),
      standing: await world.turns.readStanding(...us),
      numbers: await Promise.all(SIDES.map((at) => world.turns.highestNumber(...us, at))),
      making: await Promise.all(SIDES.map((at) => world.turns.isMakingItems(...us, at))),
      care: await confessCare(world, of, ISSUES),
      effects: await Promise.all(ITEMS.map((n) => world.turns.readEffect(tenant(of), effectId(n)))),
    };
  });
  const memories = claims.slice(-6).map((claim) => world.turns.read(claim));
  return {
    owners: await Promise.all(ofOwners),
    memories: await Promise.all(memories),
    isOver: (await world.lanes.nextDueAt()) === null,
    left: await drain(player),
  };
};

const begin = async (world: Player['world']): Promise<Player> => {
  for (const of of OWNERS) {
    await world.addTenant(tenant(of));
    await world.synchronizations.insert(synchronizationOf(of));
  }
  return { world, claims: [] };
};

describe('the ledger in memory and the one on Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('give the same answers to the same steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
        const clock = createTickingClock();
        await forgetQuotas(database);
        const real = await begin({ ...(await createPostgresLedgerWorld(database)), ...createPostgresCare(database) });
        const memory = await begin(createMemoryLedgerWorld({ clock }));
        for (const one of steps) {
          clock.tick();
          expect([one, await answer(memory, one)]).toEqual([one, await answer(real, one)]);
        }
        expect(await confess(memory)).toEqual(await confess(real));
      }),
      runs(30),
    );
  });
});
