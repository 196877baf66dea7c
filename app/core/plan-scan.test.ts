import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import {
  firstMark,
  isHeard,
  OVERLAP_MS,
  planScan,
  QUICKEST_PACE_MS,
  QUICKEST_POLL_MS,
  reachBack,
  type ScanOutcome,
  SHORT_OVERLAP_MS,
  SLOWEST_PACE_MS,
  SLOWEST_POLL_MS,
  scanFrom,
} from './plan-scan.ts';

const MINUTE = 60_000;
const outcome = (given: Partial<ScanOutcome>): ScanOutcome => ({
  complete: true,
  unreadMs: 0,
  foundLate: 0,
  givenUp: 0,
  points: 2,
  spent: 0,
  paceMs: 5 * MINUTE,
  isPolled: false,
  isTriedOnce: false,
  isFirst: false,
  found: 0,
  ...given,
});

const count = fc.nat(100_000);
const anyOutcome = fc.record({
  unreadMs: fc.nat(SLOWEST_PACE_MS * 3),
  foundLate: count,
  givenUp: count,
  points: count,
  spent: count,
  found: count,
  isTriedOnce: fc.boolean(),
  isFirst: fc.boolean(),
  paceMs: fc.nat(SLOWEST_PACE_MS * 3),
});
const anyJitter = fc.double({ min: 0, max: 1, noNaN: true });

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

  it.each([
    { title: 'at first, before its time as a whole', unreadMs: -2 * MINUTE, seconds: 15 },
    { title: 'a little later', unreadMs: 20_000, seconds: 20 },
    { title: 'after two minutes', unreadMs: 2 * MINUTE, seconds: 120 },
    { title: 'after a night', unreadMs: 480 * MINUTE, seconds: 300 },
    { title: 'after a night, where it is polled', unreadMs: 480 * MINUTE, isPolled: true, seconds: 60 },
  ])(
    'a scan that could not read the site is repeated soon, the longer unread the later, and changes no pace: $title',
    ({ unreadMs, isPolled = false, seconds }) => {
      const plan = planScan(outcome({ complete: false, paceMs: 40 * MINUTE, unreadMs, isPolled }), 0);
      expect(plan).toEqual({ afterMs: seconds * 1000, paceMs: 40 * MINUTE });
    },
  );

  it('is never rarer than an hour and never quicker than nine tenths of five minutes', () => {
    fc.assert(
      fc.property(anyOutcome, anyJitter, (given, jitter) => {
        const { afterMs, paceMs } = planScan({ ...given, complete: true, isPolled: false }, jitter);
        expect(afterMs).toBeLessThanOrEqual(SLOWEST_PACE_MS);
        expect(afterMs).toBeGreaterThanOrEqual(0.9 * QUICKEST_PACE_MS);
        expect(paceMs).toBeGreaterThanOrEqual(QUICKEST_PACE_MS);
      }),
      runs(100),
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

it('[H5] scans of a site that sends each event once never rest longer than five minutes', () => {
  expect(planScan(outcome({ isTriedOnce: true }), 1).paceMs).toBe(5 * MINUTE);
  expect(planScan(outcome({ isTriedOnce: true, paceMs: 60 * MINUTE, points: 50 }), 1).paceMs).toBe(5 * MINUTE);
});

describe('[H7] the pace where no event comes', () => {
  it.each([
    { title: 'a change makes it quickest', given: { found: 1 }, seconds: 15 },
    { title: 'whatever was carried there already', given: { found: 3, foundLate: 3, spent: 10_000 }, seconds: 15 },
    { title: 'so does a start', given: { isFirst: true }, seconds: 15 },
    { title: 'a quiet poll slows it by half', given: { paceMs: 60_000 }, seconds: 90 },
    { title: 'from the quickest on', given: { paceMs: 15_000 }, seconds: 22.5 },
    { title: 'up to five minutes', given: { paceMs: 4 * MINUTE }, seconds: 300 },
    { title: 'also when it was slower, by events', given: { paceMs: 60 * MINUTE }, seconds: 300 },
    { title: 'one that lists much is as rare as it is dear', given: { found: 1, points: 101 }, seconds: 181.8 },
    { title: 'but comes within the hour', given: { found: 1, points: 50_000 }, seconds: 3600 },
  ])('$title', ({ given, seconds }) => {
    const plan = planScan(outcome({ isPolled: true, ...given }), 1);
    expect(plan).toEqual({ afterMs: seconds * 1000, paceMs: seconds * 1000 });
  });

  it('never costs more than its points an hour, nor comes later than an hour', () => {
    fc.assert(
      fc.property(anyOutcome, anyJitter, (given, jitter) => {
        const { afterMs, paceMs } = planScan({ ...given, complete: true, isPolled: true }, jitter);
        expect(paceMs).toBeGreaterThanOrEqual(QUICKEST_POLL_MS);
        expect(afterMs).toBeLessThanOrEqual(SLOWEST_PACE_MS);
        if (paceMs < SLOWEST_PACE_MS) expect((given.points * 3_600_000) / paceMs).toBeLessThanOrEqual(2_000);
        if (given.points < 100) expect(paceMs).toBeLessThanOrEqual(SLOWEST_POLL_MS);
      }),
      runs(100),
    );
  });

  const site = { webhook: 'registered', lastEventAt: 10 * MINUTE, lastScanAt: 9 * MINUTE, foundLate: 0 } as const;
  it.each<[string, Partial<Parameters<typeof isHeard>[0]>, boolean]>([
    ['a webhook of ours that has told something', {}, true],
    ['one that a person registered', { webhook: 'manual' }, true],
    ['one that has told nothing yet, whatever was registered', { lastEventAt: null }, false],
    ['none', { webhook: 'none' }, false],
    ['polling, though something came once', { webhook: 'polling' }, false],
    ['something was lost, and events come', { foundLate: 2 }, true],
    ['something was lost, and none came since the scan before', { foundLate: 2, lastScanAt: 12 * MINUTE }, false],
    ['nothing was lost, and none came for long', { lastScanAt: 9000 * MINUTE }, true],
    ['the minute of the event is that of the scan before', { foundLate: 2, lastScanAt: 10 * MINUTE + 59_000 }, true],
  ])('relies on events: %s', (_title, given, heard) => {
    expect(isHeard({ ...site, ...given })).toBe(heard);
  });

  it.each<[string, boolean, number | null, number]>([
    ['far, where events come', false, 0, OVERLAP_MS],
    ['far at first', true, null, OVERLAP_MS],
    ['a little way, most of the time', true, 0, SHORT_OVERLAP_MS],
    ['far again after some minutes', true, -4 * MINUTE, OVERLAP_MS],
  ])('reaches back %s', (_title, isPolled, fullAt, overlap) => {
    expect(reachBack(isPolled, fullAt, 0)).toBe(overlap);
  });

  it('misses nothing between two that reach back far, whatever clocks and indexes do within what these cover', () => {
    const minutes = (least: number, most: number) => fc.integer({ min: least * MINUTE, max: most * MINUTE });
    // A change that the index shows `lag` after it was made, dated by a clock that is `off`; polls in between moved the mark to `mark`.
    fc.assert(
      fc.property(minutes(0, 5), minutes(-5, 5), minutes(0, 4), (lag, off, sinceFull) => {
        const madeAt = 100 * MINUTE;
        const fullAt = madeAt + lag + sinceFull;
        const mark = fullAt - QUICKEST_POLL_MS;
        expect(scanFrom(mark, OVERLAP_MS)).toBeLessThanOrEqual(madeAt + off);
      }),
      runs(100),
    );
  });
});
