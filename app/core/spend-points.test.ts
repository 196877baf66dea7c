import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import {
  hourCounted,
  hourEnd,
  hourOf,
  NO_POINTS,
  type PointsByWork,
  spendPoints,
  totalOf,
  WORKS,
  type Work,
} from './spend-points.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 22, 10);
const END = START + HOUR_MS;
const BUDGET = 65_000;

const ask = (
  given: { spent?: Partial<PointsByWork>; payers?: number; paid?: number; work?: Work; points?: number; minute?: number } = {},
) =>
  spendPoints({
    pool: { budget: BUDGET, spent: { ...NO_POINTS, ...given.spent }, payers: given.payers ?? 1 },
    paid: given.paid ?? 0,
    work: given.work ?? 'edit',
    points: given.points ?? 1,
    now: START + (given.minute ?? 0) * 60_000,
  });

it.each([
  [START, START / HOUR_MS, END],
  [START + 1, START / HOUR_MS, END],
  [END - 1, START / HOUR_MS, END],
  [END, END / HOUR_MS, END + HOUR_MS],
])('[Q1] the hour of %i is %i and ends at %i', (now, hour, end) => {
  expect([hourOf(now), hourEnd(now)]).toEqual([hour, end]);
});

describe('what an answer says is left', () => {
  const MINUTE_MS = 60_000;
  const hour = hourOf(START);
  it.each([
    ['in the middle of it', START + 20 * MINUTE_MS, 40 * MINUTE_MS, hour],
    ['at its beginning', START + 300, HOUR_MS, hour],
    ['of the hour before, whose end came a moment late', START + 300, 1_000, hour - 1],
    ['of the hour before, told as its last second was over', START + 300, 0, hour - 1],
    ['of the next hour, which began a moment early', END - 300, HOUR_MS, hour + 1],
    ['by a clock half a minute off', START + 20 * MINUTE_MS, 40.5 * MINUTE_MS, hour],
    ['until no full hour', START + 20 * MINUTE_MS, 20 * MINUTE_MS, null],
    ['until a time that is not said, in the middle of it', START + MINUTE_MS, null, hour],
    ['until a time that is not said, after the full hour', START + MINUTE_MS - 1, null, null],
    ['until a time that is not said, before the full hour', END - 1, null, null],
  ] as const)('[Q7] %s', (_title, now, resetsInMs, counted) => {
    expect(hourCounted(now, resetsInMs)).toBe(counted);
  });
});

describe('what is left goes', () => {
  it.each([
    ['the first point', {}, 'go'],
    ['the last point', { spent: { edit: BUDGET - 1 } }, 'go'],
    ['one point too many', { spent: { edit: BUDGET } }, 'exhausted'],
    ['two points when one is left', { spent: { edit: BUDGET - 1 }, points: 2 }, 'too-dear'],
    ['a call that is dearer than an hour, at its beginning', { points: BUDGET + 1 }, 'go'],
  ] as const)('[Q1] %s: %s', (_title, given, kind) => {
    expect(ask(given)).toEqual(kind === 'go' ? { kind } : { kind, until: END });
  });

  it.each([
    ['repair', 0.9],
    ['backfill', 0.6],
    ['check', 0.3],
  ] as const)('[Q2] to %s until the part of more urgent work begins', (work, part) => {
    const spent = BUDGET * part;
    expect(ask({ work, spent: { edit: spent - 1 } }).kind).toBe('go');
    // A minute in, what was kept has melted by a sixtieth: enough for this much and not for more.
    const kept = (BUDGET * (1 - part) * 59) / 60;
    const mine = BUDGET * 0.05;
    expect(ask({ work, minute: 1, spent: { edit: BUDGET - kept - mine - 2, [work]: mine } }).kind).toBe('go');
    expect(ask({ work, minute: 1, spent: { edit: BUDGET - kept - mine + 1, [work]: mine } }).kind).toBe('held');
  });

  it.each(WORKS)('[Q2] to %s at the end of the hour, whatever was kept: points are lost there', (work) => {
    expect(ask({ work, minute: 59.999, spent: { edit: BUDGET - 100 } }).kind).toBe('go');
  });

  it.each([
    ['repair', 0.05],
    ['backfill', 0.05],
    ['check', 0.02],
  ] as const)('[Q3] to %s by a small part of its own, evenly, when edits take nearly everything', (work, part) => {
    const mine = (BUDGET * part) / 2;
    const spent = { edit: BUDGET - mine - 500 };
    expect(ask({ work, minute: 30, spent: { ...spent, [work]: mine - 1 } }).kind).toBe('go');
    expect(ask({ work, minute: 30, spent: { ...spent, [work]: mine } }).kind).toBe('held');
  });
});

describe('between tenants', () => {
  it('[Q4] a tenant within its share spends like one that is alone', () => {
    expect(ask({ payers: 10, paid: 6_499, spent: { edit: BUDGET - 1 } }).kind).toBe('go');
  });

  it('[Q4] a tenant far above its share leaves nearly half of the rest of the hour to the others', () => {
    expect(ask({ payers: 1000, paid: 30_000, spent: { edit: 32_000 } }).kind).toBe('go');
    expect(ask({ payers: 1000, paid: 32_600, spent: { edit: 32_700 } }).kind).toBe('held');
    expect(ask({ payers: 1000, paid: 50, spent: { edit: 32_700 } }).kind).toBe('go');
  });

  it('[Q4] a tenant that is alone may have everything', () => {
    expect(ask({ payers: 1, paid: BUDGET - 1, spent: { edit: BUDGET - 1 } }).kind).toBe('go');
  });

  it('[Q4] one that takes all it gets leaves a newcomer points at every moment of the hour', () => {
    const pool = { budget: BUDGET, spent: { ...NO_POINTS }, payers: 100 };
    for (let minute = 0; minute < 60; minute += 1) {
      const now = START + minute * 60_000;
      while (spendPoints({ pool, paid: pool.spent.edit, work: 'edit', points: 1, now }).kind === 'go') pool.spent.edit += 1;
      const left = BUDGET - totalOf(pool.spent);
      expect(left / BUDGET).toBeGreaterThan(0.45 * (1 - minute / 60));
    }
    expect(BUDGET - totalOf(pool.spent)).toBeLessThan(BUDGET / 60);
  });
});

const request = fc.record({
  pool: fc.record({
    budget: fc.integer({ min: 1, max: 500_000 }),
    spent: fc.record({ edit: fc.nat(200_000), repair: fc.nat(50_000), backfill: fc.nat(50_000), check: fc.nat(9_000) }),
    payers: fc.nat(10_000),
  }),
  paid: fc.nat(300_000),
  work: fc.constantFrom(...WORKS),
  points: fc.integer({ min: 0, max: 200 }),
  now: fc.integer({ min: START, max: END - 1 }),
});

it('[Q5] a wait is in the future and ends with the hour at the latest, and then the same call goes if no other was made', () => {
  fc.assert(
    fc.property(request, (given) => {
      const decided = spendPoints(given);
      if (decided.kind === 'go') return;
      expect(decided.until).toBeGreaterThan(given.now);
      expect(decided.until).toBeLessThanOrEqual(END);
      if (decided.until < END) expect(spendPoints({ ...given, now: decided.until }).kind).toBe('go');
    }),
    runs(100),
  );
});

it('[Q1, Q2] an edit waits for nothing but an empty pool, or for tenants that had less', () => {
  fc.assert(
    fc.property(request, (given) => {
      const paid = Math.min(given.paid, given.pool.budget / Math.max(1, given.pool.payers) - given.points);
      if (paid < 0) return;
      expect(spendPoints({ ...given, work: 'edit', paid }).kind).not.toBe('held');
    }),
    runs(100),
  );
});

it('[Q1, Q3] in an hour in which everybody wants more than there is, no more is spent, and every work gets its part', () => {
  const others = fc.array(fc.constantFrom('repair', 'backfill', 'check'), { minLength: 0, maxLength: 5 });
  fc.assert(
    fc.property(fc.integer({ min: 2_000, max: 20_000 }), others, (budget, order) => {
      const spent: Record<Work, number> = { ...NO_POINTS, edit: Math.round(budget * 0.8) };
      for (let now = START; now < END; now += 10_000) {
        for (const work of [...order, ...WORKS])
          if (spendPoints({ pool: { budget, spent, payers: 1 }, paid: 0, work, points: 1, now }).kind === 'go') spent[work] += 1;
        expect(totalOf(spent)).toBeLessThanOrEqual(budget);
      }
      for (const work of WORKS) expect(spent[work]).toBeGreaterThan(0.005 * budget);
    }),
    runs(30),
  );
});
