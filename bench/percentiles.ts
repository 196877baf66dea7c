export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

export const percentiles = (values: readonly number[]): Percentiles => {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
};

/**
 * The median of times told in whole milliseconds. Those that are told as n lie around n, and are taken as spread evenly from half a
 * millisecond below to half above it: where a median is 2 or 3, which of them it is would be chance.
 */
export function medianOfWholeMs(values: readonly number[]): number {
  const { p50 } = percentiles(values);
  const below = values.filter((value) => value < p50).length;
  const same = values.filter((value) => value === p50).length;
  return p50 - 0.5 + (values.length / 2 - below) / same;
}
