import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstMark, OVERLAP_MS, planScan, QUICKEST_PACE_MS, type ScanOutcome, SLOWEST_PACE_MS, scanFrom } from './plan-scan.ts';

const MINUTE = 60_000;
const outcome = (given: Partial<ScanOutcome>): ScanOutcome => ({
  complete: true,
  foundLate: 0,
  givenUp: 0,
  points: 2,
  spent: 0,
  paceMs: 5 * MINUTE,
  ...given,
});

describe('[H5] the pace of scans', () => {
  it.each([
    { title: 'a quiet scan doubles it', given: {}, minutes: 10 },
    { title: 'up to an hour', given: { paceMs: 40 * MINUTE }, minutes: 60 },
    { title: 'and stays there', given: { paceMs: 60 * MINUTE }, minutes: 60 },
    { title: 'a loss makes it quickest', given: { foundLate: 1, paceMs: 60 * MINUTE }, minutes: 5 },
    { title: 'and keeps it there', given: { foundLate: 1 }, minutes: 5 },
    { title: 'a delivery that Jira gave up is a loss', given: { givenUp: 3, paceMs: 40 * MINUTE }, minutes: 5 },
    { title: 'a dear scan doubles it even after a loss', given: { foundLate: 1, points: 50, spent: 100 }, minutes: 10 },
    { title: 'one within its share does not', given: { foundLate: 1, points: 50, spent: 450 }, minutes: 5 },
    { title: 'ten points are never dear', given: { foundLate: 1, points: 10 }, minutes: 5 },
  ])('$title', ({ given, minutes }) => {
    expect(planScan(outcome(given), 1)).toEqual({ afterMs: minutes * MINUTE, paceMs: minutes * MINUTE });
  });

  it('a scan that could not read the site is repeated soon and changes no pace', () => {
    expect(planScan(outcome({ complete: false, paceMs: 40 * MINUTE }), 0)).toEqual({ afterMs: 15_000, paceMs: 40 * MINUTE });
  });

  it('is never rarer than an hour and never quicker than nine tenths of five minutes', () => {
    const count = fc.nat(100_000);
    const any = fc.record({ foundLate: count, givenUp: count, points: count, spent: count, paceMs: fc.nat(SLOWEST_PACE_MS * 3) });
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, noNaN: true }), (given, jitter) => {
        const { afterMs, paceMs } = planScan({ ...given, complete: true }, jitter);
        expect(afterMs).toBeLessThanOrEqual(SLOWEST_PACE_MS);
        expect(afterMs).toBeGreaterThanOrEqual(0.9 * QUICKEST_PACE_MS);
        expect(paceMs).toBeGreaterThanOrEqual(QUICKEST_PACE_MS);
      }),
    );
  });
});

describe('[H2] where a scan begins', () => {
  it.each([
    ['fifteen minutes before what is proven seen', 1_800_000_000_000, 1_800_000_000_000 - OVERLAP_MS],
    ['at the beginning when nothing is', 0, 0],
    ['so at a start that leaves existing items alone', firstMark('leave', 1_800_000_000_000), 1_800_000_000_000 - OVERLAP_MS],
    ['at the beginning, when existing items are synchronized', firstMark('synchronize', 1_800_000_000_000), 0],
  ])('%s', (_title, mark, from) => {
    expect(scanFrom(mark)).toBe(from);
  });
});
