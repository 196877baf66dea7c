/**
 * `npm run bench`: the numbers of docs/bench/README.md, measured on this machine. `--only NAME` (repeatable) measures some, and is the
 * way to measure `growth`, which takes minutes. `--seconds N` sets how long steady load lasts, `--json` prints one JSON object,
 * `--profile FOLDER` keeps a CPU profile of the app, `--curves FOLDER` keeps the growth curves as JSON and SVG.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import type { Twins } from './arrival.ts';
import { backfill } from './backfill.ts';
import { coalescing } from './coalescing.ts';
import { keepCurves } from './curves.ts';
import { floor } from './floor.ts';
import { growth, growthOfPairs, growthOfTenants } from './growth.ts';
import { ingest } from './ingest.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { BURSTS, burstChanges, steadyChanges } from './load.ts';
import { memory } from './memory.ts';
import { noisy } from './noisy.ts';
import type { Percentiles } from './percentiles.ts';
import { points } from './points.ts';
import {
  CHANGES_PER_SECOND,
  failsRun,
  ITEMS,
  isMet,
  type Measure,
  type Run,
  type Scenario,
  setJiraLatency,
  type Throughput,
} from './scenario.ts';
import { simulator } from './simulator.ts';
import { type Stand, startStand } from './stand.ts';
import { throughput } from './throughput.ts';
import { growthOfWorkers, workers } from './workers.ts';

const SCENARIOS: readonly Scenario[] = [
  points,
  latency,
  throughput,
  coalescing,
  memory,
  floor,
  ingest,
  noisy,
  kill,
  workers,
  backfill,
  growth,
  simulator,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
    curves: { type: 'string' },
  },
});

const say = (text: string): void => {
  if (!values.json) console.log(text);
};

function remember<Key, Value>(make: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const made = new Map<Key, Promise<Value>>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** Work of different kinds, each kind done once. */
function onceEach() {
  const done = new Map<string, Promise<unknown>>();
  return async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const known = done.get(name) ?? work();
    done.set(name, known);
    return known as Promise<Value>;
  };
}

async function measureBursts(stand: Stand, twins: Twins): Promise<Throughput> {
  const before = await stand.cpu();
  const changesPerSecond = await burstChanges(stand.sites, twins);
  await stand.settle();
  const after = await stand.cpu();
  if (before === null || after === null) return { changesPerSecond, cpu: null };
  const perChange = (seconds: number): number => (seconds * 1000) / (BURSTS * twins.size);
  const cpu = {
    tandem: perChange(after.tandem - before.tandem),
    postgres: perChange(after.postgres - before.postgres),
    simulator: perChange(after.simulator - before.simulator),
  };
  return { changesPerSecond, cpu };
}

function createRun(seconds: number): Run & { close(): Promise<void> } {
  let started: Promise<Stand> | null = null;
  const stand = (): Promise<Stand> => (started ??= startStand({ profileFolder: values.profile }));
  const twins = remember<'all', Twins>(async () => (await stand()).makeTwins(ITEMS));
  const withJira = async <T>(jiraMs: number, work: (stand: Stand, twins: Twins) => Promise<T>): Promise<T> => {
    const [standing, items] = [await stand(), await twins('all')];
    await standing.settle();
    await setJiraLatency(standing.sites, jiraMs);
    try {
      return await work(standing, items);
    } finally {
      await setJiraLatency(standing.sites, 0);
    }
  };
  const once = onceEach();
  return {
    seconds,
    stand,
    twins: () => twins('all'),
    latency: remember<number, Percentiles>((jiraMs) =>
      withJira(jiraMs, ({ sites }, items) => steadyChanges(sites, items, { perSecond: CHANGES_PER_SECOND, seconds })),
    ),
    throughput: remember<number, Throughput>((jiraMs) => withJira(jiraMs, measureBursts)),
    workers: () => once('workers', growthOfWorkers),
    pairs: () => once('pairs', growthOfPairs),
    tenants: () => once('tenants', growthOfTenants),
    async close() {
      await (await started)?.close();
    },
  };
}

const isWanted = ({ name, long }: Scenario): boolean => (values.only.length === 0 ? long !== true : values.only.includes(name));

const round = (value: number): number => Number(value.toPrecision(3));

function goalOf(target: Measure['target']): string {
  if (target === null) return '';
  if ('exactly' in target) return `= ${target.exactly}`;
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}

function lineOf(measure: Measure): string {
  const { name, value, unit, target } = measure;
  const met = isMet(measure);
  const verdict = met === null ? '' : met ? 'met' : failsRun(measure) ? 'FAILED' : 'MISSED';
  return `  ${name.padEnd(58)} ${String(round(value)).padStart(8)} ${unit.padEnd(7)} ${goalOf(target).padEnd(8)} ${verdict}`;
}

const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
const machine = {
  tandem: version,
  node: process.version,
  cores: os.availableParallelism(),
  cpu: os.cpus()[0]?.model ?? 'unknown',
};

async function main(): Promise<void> {
  const unknown = values.only.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    console.error(`No scenario is called ${unknown.join(', ')}. There are: ${SCENARIOS.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  say(`Tandem ${machine.tandem} · Node ${machine.node} · ${machine.cores} cores, ${machine.cpu}`);
  const run = createRun(Number(values.seconds));
  const results: Record<string, readonly Measure[]> = {};
  try {
    for (const scenario of SCENARIOS.filter(isWanted)) {
      say(`\n${scenario.name}`);
      const measures = await scenario.measure(run);
      results[scenario.name] = measures;
      for (const measure of measures) say(lineOf(measure));
      if (measures.some(failsRun)) process.exitCode = 1;
    }
    if (values.curves !== undefined) await keepCurves(run, values.curves);
  } finally {
    await run.close();
  }
  if (values.json) {
    const scenarios = Object.fromEntries(
      Object.entries(results).map(([name, measures]) => [name, measures.map((measure) => ({ ...measure, met: isMet(measure) }))]),
    );
    console.log(JSON.stringify({ machine, scenarios }));
  }
}

await main();
