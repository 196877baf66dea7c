import { expect, it } from '@jest/globals';
import { compareMade } from './made-items.ts';

it('one that was lost and one that was doubled do not make up for each other', () => {
  const made = ['a', 'b', 'b', 'd', 'd', 'd'].map((summary) => ({ summary, at: 0 }));
  expect(compareMade(['a', 'b', 'c', 'd'], made)).toEqual({ lost: 1, doubled: 3 });
  expect(compareMade(['a'], made.slice(0, 1))).toEqual({ lost: 0, doubled: 0 });
});
