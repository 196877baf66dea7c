import { describe, expect, it } from '@jest/globals';
import { commentId } from '../../test/factories/core.ts';
import {
  agreedBase,
  commentPiece,
  originOfComment,
  PARKED_REST_MS,
  parkedBase,
  releasedBase,
  stillParked,
  synchronizedBase,
} from './piece.ts';

const SEEN = { A: 'a1', B: 'b0' };
const SINCE = 5_000;

describe('parked pieces', () => {
  const parked = parkedBase(synchronizedBase({ A: 'a0', B: 'b0' }), 'field-refused', SINCE, SEEN);

  it.each<[string, { A: string | null; B: string | null }, number, boolean]>([
    ['the same content at once', SEEN, SINCE, true],
    ['the same content just before ten minutes', SEEN, SINCE + PARKED_REST_MS - 1, true],
    ['the same content at ten minutes', SEEN, SINCE + PARKED_REST_MS, false],
    ['changed content at A', { ...SEEN, A: 'a2' }, SINCE, false],
    ['changed content at B', { ...SEEN, B: 'b1' }, SINCE, false],
    ['content gone at B', { ...SEEN, B: null }, SINCE, false],
  ])('[R3] %s', (_, now, at, rests) => {
    expect(stillParked(parked, now, at)).toBe(rests);
  });

  it('[R3] a piece that is not parked never rests', () => {
    expect(stillParked(null, SEEN, SINCE)).toBe(false);
    expect(stillParked(synchronizedBase(SEEN), SEEN, SINCE)).toBe(false);
  });

  it('[R3] keeps what was agreed, and is released to exactly that', () => {
    const comments = { A: commentId('1'), B: null };
    const before = synchronizedBase({ A: 'a0', B: 'b0' }, comments);
    expect(releasedBase(parkedBase(before, 'forbidden', SINCE, SEEN))).toEqual(before);
    expect(releasedBase(before)).toBeNull();
    expect(parkedBase(null, 'forbidden', SINCE, SEEN)).toMatchObject({ fingerprints: { A: null, B: null }, comments: null });
  });
});

describe('agreedBase', () => {
  it.each([
    [{ A: null, B: null }, false],
    [{ A: 'a', B: null }, false],
    [{ A: null, B: 'b' }, false],
    [{ A: 'a', B: 'b' }, true],
    [{ A: '', B: 'b' }, true],
  ])('[F5] %j: agreed is %s', (fingerprints, agreed) => {
    expect(agreedBase(synchronizedBase(fingerprints))).toEqual(agreed ? fingerprints : null);
  });
});

describe('the names of comments', () => {
  it.each(['A', 'B'] as const)('say where one was first made (%s)', (side) => {
    expect(originOfComment(commentPiece(side, commentId('10012')))).toEqual({ side, commentId: '10012' });
  });
});
