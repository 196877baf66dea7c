import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { TenantId } from '../core/ids.ts';
import { WORKS, type Work } from '../core/spend-points.ts';
import type { KeptHands } from '../sync/ports.ts';
import { createTurnShares, type DueWork, type TurnShares } from './share-turns.ts';

const tenant = (n: number): TenantId => `tenant ${n}` as TenantId;
const due = (n: number, ...works: readonly Work[]): DueWork[] => works.map((work) => ({ tenantId: tenant(n), work }));
const lanesOf = (shares: readonly { tenantId: TenantId; lanes: number }[], n: number): number =>
  shares.filter(({ tenantId }) => tenantId === tenant(n)).reduce((sum, { lanes }) => sum + lanes, 0);

/** Shares out over tenants that have edits due, coming round as claims do: from behind the tenant that was served last. */
const allotRound = (shares: TurnShares, hands: number, tenants: number): readonly { tenantId: TenantId; lanes: number }[] => {
  const all = Array.from({ length: tenants }, (_, n) => n);
  const next = all.findIndex((n) => tenant(n) === shares.last()) + 1;
  return shares.allot(
    hands,
    [...all.slice(next), ...all.slice(0, next)].flatMap((n) => due(n, 'edit')),
  );
};

/** Lets turns of a tenant be known to take so long. */
const teach = (shares: TurnShares, n: number, ms: number): void => {
  for (let turn = 0; turn < 100; turn += 1) shares.took(tenant(n), ms);
};

describe('between tenants', () => {
  it('equal tenants get equal parts, and all hands are used', () => {
    const shares = createTurnShares().allot(10, [...due(1, 'edit'), ...due(2, 'edit'), ...due(3, 'backfill')]);
    expect([1, 2, 3].map((n) => lanesOf(shares, n))).toEqual([4, 3, 3]);
  });

  it('one that is alone gets all hands', () => {
    expect(createTurnShares().allot(7, due(1, 'edit'))).toEqual([{ tenantId: tenant(1), work: 'edit', lanes: 7 }]);
  });

  it('nobody due, nobody served', () => {
    expect(createTurnShares().allot(7, [])).toEqual([]);
  });

  it('a tenant whose turns take ten times as long gets a tenth as many', () => {
    const shares = createTurnShares();
    teach(shares, 0, 1_000);
    teach(shares, 1, 100);
    const turns = [0, 0];
    for (let claim = 0; claim < 110; claim += 1) {
      const allotted = allotRound(shares, 4, 2);
      for (const n of [0, 1]) turns[n] = (turns[n] ?? 0) + lanesOf(allotted, n);
    }
    expect(turns).toEqual([40, 400]);
  });

  it('a tenant that had nothing to do has saved up nothing', () => {
    const shares = createTurnShares();
    for (let claim = 0; claim < 50; claim += 1) shares.allot(10, due(1, 'edit'));
    const both = shares.allot(10, [...due(1, 'edit'), ...due(2, 'edit')]);
    expect([lanesOf(both, 1), lanesOf(both, 2)]).toEqual([5, 5]);
  });

  it('remembers a bounded number of tenants', () => {
    const shares = createTurnShares();
    teach(shares, 0, 100_000);
    for (let n = 1; n <= 20_000; n += 1) shares.allot(1, due(n, 'edit'));
    expect(lanesOf(shares.allot(2, [...due(0, 'edit'), ...due(1, 'edit')]), 0)).toBe(1);
  });
});

describe('hands that are kept', () => {
  const kept = (hands: number, inHand: Readonly<Record<number, number>> = {}): KeptHands => ({
    hands,
    all: 8,
    inHand: new Map(Object.entries(inHand).map(([n, lanes]) => [tenant(Number(n)), lanes])),
  });

  it('[L19] are not for one that has enough, here or in hand', () => {
    const noisy = due(1, 'edit');
    expect(lanesOf(createTurnShares().allot(8, noisy, kept(3)), 1)).toBe(5);
    expect(createTurnShares().allot(3, noisy, kept(3, { 1: 5 }))).toEqual([]);
  });

  it('[L19] go one by one to those that have few', () => {
    const all = [1, 2, 3].flatMap((n) => due(n, 'edit'));
    const allot = (hands: number) => createTurnShares().allot(hands, all, kept(hands, { 1: 50, 2: 1 }));
    expect([1, 2, 3].map((n) => lanesOf(allot(2), n))).toEqual([0, 1, 1]);
    expect([1, 2, 3].map((n) => lanesOf(allot(8), n))).toEqual([0, 1, 2]);
  });

  it('[L19] are paid for like others', () => {
    const shares = createTurnShares();
    shares.allot(2, due(1, 'edit'), kept(2));
    const next = shares.allot(4, [...due(1, 'edit'), ...due(2, 'edit')]);
    expect([1, 2].map((n) => lanesOf(next, n))).toEqual([1, 3]);
  });

  it('[L19] leave no debts behind: who was served by them for long, beside a noisy one, soon gets its part like others', () => {
    const shares = createTurnShares();
    for (let look = 0; look < 1_000; look += 1) shares.allot(2, [...due(1, 'edit'), ...due(2, 'edit')], kept(2, { 1: 8 }));
    const next = shares.allot(40, [...due(1, 'edit'), ...due(2, 'edit')]);
    expect([1, 2].map((n) => lanesOf(next, n))).toEqual([21, 19]);
  });
});

const load = fc.record({
  costs: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 2, maxLength: 12 }),
  hands: fc.integer({ min: 1, max: 40 }),
});

it('each tenant with work all the time gets its part of the time, to within a turn of its own and one of the dearest', () => {
  fc.assert(
    fc.property(load, ({ costs, hands }) => {
      const shares = createTurnShares();
      for (const [n, cost] of costs.entries()) teach(shares, n, cost);
      const used = costs.map(() => 0);
      for (let claim = 0; claim < 60; claim += 1) {
        const allotted = allotRound(shares, hands, costs.length);
        expect(allotted.reduce((sum, { lanes }) => sum + lanes, 0)).toBe(hands);
        for (const [n, cost] of costs.entries()) used[n] = (used[n] ?? 0) + lanesOf(allotted, n) * cost;
      }
      const least = Math.min(...used.map((time, n) => time + (costs[n] ?? 0)));
      for (const [n, time] of used.entries()) expect(time).toBeLessThanOrEqual(least + (costs[n] ?? 0) + Math.max(...costs));
    }),
    runs(50),
  );
});

it('a quiet tenant waits for no more than one turn of each other one, whatever waits there', () => {
  fc.assert(
    fc.property(load, ({ costs }) => {
      const shares = createTurnShares();
      for (const [n, cost] of costs.entries()) teach(shares, n, cost);
      const noisy = costs.flatMap((_cost, n) => due(n, 'edit'));
      for (let claim = 0; claim < 20; claim += 1) shares.allot(8, noisy);
      teach(shares, 99, Math.min(...costs));
      expect(lanesOf(shares.allot(costs.length + 1, [...noisy, ...due(99, 'edit')]), 99)).toBeGreaterThanOrEqual(1);
    }),
    runs(100),
  );
});

describe('within a tenant', () => {
  const served = (turns: number, ...works: readonly Work[]): Partial<Record<Work, number>> => {
    const shares = createTurnShares();
    const counts: Partial<Record<Work, number>> = {};
    for (let n = 0; n < turns; n += 1)
      for (const { work, lanes } of shares.allot(1, due(1, ...works))) counts[work] = (counts[work] ?? 0) + lanes;
    return counts;
  };

  it('the most urgent work goes first, and of the rest each goes on', () => {
    expect(served(320, ...WORKS)).toEqual({ edit: 280, repair: 20, backfill: 10, check: 10 });
  });

  it('what is not due leaves its turns to the most urgent', () => {
    expect(served(320, 'backfill', 'check')).toEqual({ backfill: 310, check: 10 });
    expect(served(320, 'edit')).toEqual({ edit: 320 });
  });

  it('a short burst of edits is not interrupted', () => {
    expect(served(7, ...WORKS)).toEqual({ edit: 7 });
  });
});
