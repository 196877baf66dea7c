import { describe, expect, it } from '@jest/globals';
import { agreedByBoth } from './agreement.ts';

describe('agreedByBoth', () => {
  it.each<[string, string | null, string, string, string]>([
    ['what either added', null, 'x', 'y', 'x,y'],
    ['what either removed is gone', 'x,y,z', 'y,z', 'x,z', 'z'],
    ['one added, the other removed', 'x', 'x,y', '', 'y'],
    ['what neither touched stays', 'x', 'x', 'x', 'x'],
    ['nothing is left', 'x', '', '', ''],
  ])('[O10] [G6] %s', (_, began, first, second, after) => {
    const on = (print: string | null) => ({ A: print, B: print });
    expect(agreedByBoth(on(began), on(first), on(second))).toEqual(on(after));
    expect(agreedByBoth(on(began), on(second), on(first))).toEqual(on(after));
  });
});
