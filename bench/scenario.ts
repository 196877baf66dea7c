import type { Twins } from './arrival.ts';
import type { CpuUse } from './cpu.ts';
import type { Percentiles } from './percentiles.ts';
import type { SimulatedSites, Stand } from './stand.ts';

/** One measured number. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /**
   * What it is to be (docs/bench/README.md); null where there is no target. `exactly` is for what was lost, doubled or wrong: anything
   * else fails the run, while a rate or a time that misses its target is only told.
   */
  readonly target: { readonly atMost: number } | { readonly atLeast: number } | { readonly exactly: number } | null;
}

export interface Throughput {
  readonly changesPerSecond: number;
  /** CPU ms for each change; null where the system does not tell. Unlike the rate it hardly depends on what else the machine does. */
  readonly cpu: CpuUse | null;
}

/** What the scenarios of one run share. Everything is started when first asked for, and measured once. */
export interface Run {
  readonly seconds: number;
  stand(): Promise<Stand>;
  /** Items with twins on the stand, for load. */
  twins(): Promise<Twins>;
  /** Of Tandem, with Jira answering after so many ms. */
  latency(jiraMs: number): Promise<Percentiles>;
  throughput(jiraMs: number): Promise<Throughput>;
  /** Changes a second by the number of worker processes. */
  workers(): Promise<readonly WorkersPoint[]>;
  /** What a change costs by the number of pairs, and by the number of tenants. */
  pairs(): Promise<readonly Cost[]>;
  tenants(): Promise<readonly Cost[]>;
}

/** What one change costs at one size. */
export interface Cost {
  readonly size: number;
  /** CPU of Postgres and of the app's store together, ms for each change. */
  readonly cpu: number;
  /** From its webhook's receipt to its lane's end, ms, the median; includes what the disk takes. */
  readonly p50: number;
}

export interface WorkersPoint {
  readonly workers: number;
  readonly changesPerSecond: number;
}

export interface Scenario {
  readonly name: string;
  /** Measured only when it is asked for: it takes minutes. */
  readonly long?: true;
  measure(run: Run): Promise<readonly Measure[]>;
}

/** The load of `latency` and of the floor. */
export const CHANGES_PER_SECOND = 50;
/** Items of the load; also the size of a burst. */
export const ITEMS = 500;

export const setJiraLatency = async (
  { acme, globex }: Pick<SimulatedSites, 'acme' | 'globex'>,
  latencyMs: number,
): Promise<void> => {
  for (const site of [acme, globex]) await site.control('PUT', '/settings', { latencyMs });
};

export const isMet = ({ value, target }: Measure): boolean | null => {
  if (target === null) return null;
  if ('exactly' in target) return value === target.exactly;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
};

/** Whether something was lost, doubled or wrong: the other numbers of such a run say little. */
export const failsRun = (measure: Measure): boolean =>
  measure.target !== null && 'exactly' in measure.target && isMet(measure) === false;
