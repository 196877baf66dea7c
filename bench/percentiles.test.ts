import { describe, expect, it } from '@jest/globals';
import { medianOfWholeMs, percentiles } from './percentiles.ts';

describe('percentiles', () => {
  it('are values that were measured', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  });
});

describe('the median of whole milliseconds', () => {
  it('is the one value there is', () => {
    expect(medianOfWholeMs([3, 3, 3])).toBe(3);
  });

  it('lies between two values by how many there are of each', () => {
    expect(medianOfWholeMs([2, 2, 3, 3])).toBe(2.5);
    expect(medianOfWholeMs([2, 2, 2, 3])).toBeCloseTo(2.17, 2);
    expect(medianOfWholeMs([2, 3, 3, 3])).toBeCloseTo(2.83, 2);
  });
});
