import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../test/property-runs.ts';
import { firstPlace, type ListPlace, nextPlace, readPlace, secondOf, writePlace } from './list-place.ts';

const NOON = Date.UTC(2027, 0, 15, 12);

interface Listed {
  readonly id: string;
  time: number;
}

/** A server's page: what it has from that second on, by its index, which knows seconds, and then by number. */
const pageOf = (items: readonly Listed[], { from, startAt }: ListPlace, size: number) => {
  const found = items
    .filter(({ time }) => secondOf(time) >= from)
    .sort((a, b) => secondOf(a.time) - secondOf(b.time) || Number(a.id) - Number(b.id));
  return { total: found.length, rows: found.slice(startAt, startAt + size).map((row) => ({ ...row })) };
};

describe('the place of a list', () => {
  it('is written down and read again, and nothing else is one', () => {
    const place = { from: NOON, startAt: 90, anchors: ['1', '2'] };
    expect(readPlace(writePlace(place))).toEqual(place);
    for (const token of ['', 'x', '{}', 'null', '{"from":-1,"startAt":0,"anchors":[]}']) expect(readPlace(token)).toBeNull();
  });

  it('goes on at the second of the last item, and within a second by positions that overlap', () => {
    const at = firstPlace(NOON + 999);
    expect(at).toEqual({ from: NOON, startAt: 0, anchors: [] });
    const later = Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, time: NOON + n * 100 }));
    expect(nextPlace(at, later, 50)).toEqual(firstPlace(NOON + 1000));
    const same = later.map(({ id }) => ({ id, time: NOON + 5 }));
    const next = nextPlace(at, same, 50);
    expect(next).toEqual({ from: NOON, startAt: 10, anchors: same.slice(-10).map(({ id }) => id) });
    expect(nextPlace(at, same, 20)).toBeNull();
    expect(nextPlace(at, [], 0)).toBeNull();
  });

  it('begins the second anew when all of the page before has moved away', () => {
    const at = { from: NOON, startAt: 10, anchors: ['8', '9'] };
    const page = [{ id: '30', time: NOON }];
    expect(nextPlace(at, page, 11)).toEqual(firstPlace(NOON));
    expect(nextPlace(at, [{ id: '9', time: NOON }, ...page], 12)).toBeNull();
    // It is met again, but where it moved to.
    expect(nextPlace(at, [...page, { id: '9', time: NOON + 4000 }], 12)).toEqual(firstPlace(NOON));
  });

  it('passes over nothing, whatever changes meanwhile (SPEC H2)', () => {
    const item = fc.record({ time: fc.nat({ max: 3_000 }) });
    const edits = fc.array(fc.array(fc.nat({ max: 60 }), { maxLength: 25 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), edits, fc.integer({ min: 2, max: 15 }), (made, changes, size) => {
        const items: Listed[] = made.map(({ time }, n) => ({ id: `${n}`, time: NOON + time }));
        const seen = new Map<string, number>();
        let at: ListPlace | null = firstPlace(NOON);
        for (let pages = 0; at !== null; pages += 1) {
          expect(pages).toBeLessThan(200);
          const { rows, total } = pageOf(items, at, size);
          for (const { id, time } of rows) seen.set(id, time);
          at = nextPlace(at, rows, total);
          for (const n of changes[pages] ?? []) {
            const changed = items[n];
            if (changed !== undefined) changed.time = NOON + 4_000 + pages;
          }
        }
        expect(items.filter(({ id }) => !seen.has(id))).toEqual([]);
      }),
      runs(500),
    );
  });
});
