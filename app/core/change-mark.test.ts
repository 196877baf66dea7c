import { describe, expect, it } from '@jest/globals';
import { type ChangeMark, isAfter, laterOf, newestId } from './change-mark.ts';

const mark = (id: number | null, at: number): ChangeMark => ({ id, at });

describe('[O13] where a change stands', () => {
  it.each<[string, ChangeMark, ChangeMark, boolean]>([
    ['by its number, whatever the clock said', mark(8, 100), mark(7, 900), true],
    ['not after itself', mark(7, 900), mark(7, 100), false],
    ['by time, where it has no number', mark(null, 200), mark(7, 100), true],
    ['by time, where what is known has none', mark(8, 100), mark(null, 100), false],
  ])('is told %s', (_, change, known, expected) => {
    expect(isAfter(change, known)).toBe(expected);
  });

  it('the later of two is the one that is further on, at the later of both times', () => {
    expect(laterOf(mark(7, 900), mark(8, 100))).toEqual(mark(8, 900));
    expect(laterOf(mark(8, 100), mark(7, 900))).toEqual(mark(8, 900));
  });

  it('a later one without a number leaves none: times tell from then on', () => {
    expect(laterOf(mark(7, 100), mark(null, 200))).toEqual(mark(null, 200));
    expect(laterOf(mark(null, 200), mark(7, 100))).toEqual(mark(null, 200));
  });

  it('the newest number is none where no change has one', () => {
    expect([newestId([]), newestId([mark(null, 1)]), newestId([mark(3, 1), mark(null, 2), mark(9, 3)])]).toEqual([null, null, 9]);
  });
});
