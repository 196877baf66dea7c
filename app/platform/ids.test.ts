import { describe, expect, it } from '@jest/globals';
import { isUuid } from './columns.ts';
import { makeRandomId } from './ids.ts';

describe('ids', () => {
  it('are uuids of version 7 that nobody has seen before', () => {
    const ids = Array.from({ length: 10_000 }, makeRandomId);
    expect(ids.filter((id) => !isUuid(id) || !/^.{14}7.{4}[89ab]/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('begin with the time, in milliseconds', () => {
    const earliest = Date.now();
    const time = Number.parseInt(makeRandomId().replace('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(earliest);
    expect(time).toBeLessThanOrEqual(Date.now());
  });
});
