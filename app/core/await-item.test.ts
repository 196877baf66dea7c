import { describe, expect, it } from '@jest/globals';
import { awaitItem, nextLookFor } from './await-item.ts';
import type { PieceKey } from './ids.ts';
import { AWAY_PIECE, PARKED_REST_MS, type PieceBase, parkedBase, restIsOver, synchronizedBase } from './piece.ts';

const NOW = 1_000_000_000;
const LABELS = 'field:labels' as PieceKey;
const AGREED = synchronizedBase({ A: 'a', B: 'b' });
const parked = (cause: string, since: number): PieceBase => parkedBase(AGREED, cause, since, { A: 'a2', B: 'b' });
const waiting = (base: PieceBase): PieceBase | undefined => awaitItem(new Map([[LABELS, base]]), 'item-missing', NOW).get(LABELS);

describe('[R13] a piece of a pair of which one item is not there', () => {
  it.each(['forbidden', 'field-refused', 'too-large', 'item-missing', 'a-code-of-another-version'])(
    'that was parked with %s and whose turn it is, waits for the item, and not a moment longer',
    (cause) => {
      const then = waiting(parked(cause, NOW - PARKED_REST_MS));
      expect(then).toMatchObject({ fingerprints: AGREED.fingerprints, state: { cause: 'item-missing', seen: { A: 'a2' } } });
      expect(then !== undefined && restIsOver(then, NOW)).toBe(true);
    },
  );

  it.each([
    ['that is not parked', AGREED],
    ['that still rests', parked('forbidden', NOW - 1)],
    ['that waits for a person', parked('conflict-undecided', 0)],
    ['that the brake stopped', parked('mass-clear', 0)],
  ])('%s stays as it is', (_title, base) => {
    expect(waiting(base)).toBeUndefined();
  });
});

it('[I6] that one of the items is not there is remembered, once, and whether Jira shows it elsewhere', () => {
  const moved = awaitItem(new Map([[LABELS, AGREED]]), 'moved-away', NOW);
  expect([...moved.keys()]).toEqual([AWAY_PIECE]);
  expect([...awaitItem(moved, 'moved-away', NOW).keys()]).toEqual([]);
  const missing = awaitItem(moved, 'item-missing', NOW);
  expect([...missing.keys()]).toEqual([AWAY_PIECE]);
  expect([...awaitItem(missing, 'item-missing', NOW + 1).keys()]).toEqual([]);
  expect([...awaitItem(missing, 'moved-away', NOW).keys()]).toEqual([AWAY_PIECE]);
});

describe('[R14] an item that Jira does not show is looked for', () => {
  const HOUR = 3_600_000;
  const missing = awaitItem(new Map(), 'item-missing', NOW);

  it.each([
    [0, 1],
    [0.5, 1],
    [1, 1],
    [3, 3],
    [100, 100],
    [1_000, 168],
  ])('after %d h that it is missing, in %d h', (past, wait) => {
    const now = NOW + past * HOUR;
    expect(nextLookFor(missing, now)).toBe(now + wait * HOUR);
  });

  it('and one that is in another space, or where it belongs, is not', () => {
    expect(nextLookFor(awaitItem(new Map(), 'moved-away', NOW), NOW)).toBeNull();
    expect(nextLookFor(new Map([[LABELS, parked('forbidden', 0)]]), NOW)).toBeNull();
  });
});
