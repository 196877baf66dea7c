/**
 * `npm run lab`: the fault laboratory (docs/lab.md). Runs seeds, each a world of its own with people, faults and deaths, and holds
 * each to what the product promises.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Crew, hireCrew } from './crew.ts';
import { exhaust } from './exhaust.ts';
import { MUTATIONS, type Mutation } from './mutation.ts';
import type { LabPlan } from './plan.ts';
import { runReal } from './real.ts';
import { describeRealPlan, drawRealPlan } from './real-plan.ts';
import { SCENARIOS } from './scenarios.ts';
import { type RunReport, reportPlan } from './seed-run.ts';
import type { Job } from './seed-worker.ts';

const DEFAULT_SEEDS = 300;
const DEFAULT_JOBS = availableParallelism();
/** Seeds by which a mutation must have been found. */
const MUTATION_SEEDS = 60;
/** More failures than this are told by their seeds alone. */
const MOST_SHRUNK = 3;
const MOST_BREACHES_SHOWN = 8;
const PLANS = '.data/lab';
/** A site is away for so long in a run on the real thing. */
const DEFAULT_OUTAGE_SECONDS = 5;

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    only: { type: 'string' },
    plan: { type: 'string' },
    jobs: { type: 'string' },
    json: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    mutations: { type: 'boolean', default: false },
    real: { type: 'string' },
    'outage-seconds': { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

const whole = (text: string | undefined, otherwise: number): number => {
  const number = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${text} is not a whole number`);
  return number;
};

const say = (text: string): void => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function* jobsOf(from: number, count: number, without?: Mutation): Iterable<Job> {
  for (let seed = from; seed < from + count; seed += 1) yield { kind: 'run', seed, without };
}

const show = ({ seed, breaches }: Pick<RunReport, 'seed' | 'breaches'>): void => {
  say(`SEED=${seed} broke ${[...new Set(breaches.map(({ property }) => property))].join(', ')}`);
  for (const { property, detail } of breaches.slice(0, MOST_BREACHES_SHOWN)) say(`  ${property}  ${detail}`);
};

interface Crashed {
  readonly seed: number;
  readonly error: string;
}

/** Runs seeds; says which of them failed. */
async function runSeeds(crew: Crew, from: number, count: number): Promise<{ reports: RunReport[]; crashed: Crashed[] }> {
  const reports: RunReport[] = [];
  const crashed: Crashed[] = [];
  await crew.work(jobsOf(from, count), (job, answer) => {
    if (answer.kind === 'crashed') {
      crashed.push({ seed: job.seed, error: answer.error });
      say(`SEED=${job.seed} crashed: ${answer.error}`);
    }
    if (answer.kind === 'report') {
      reports.push(answer.report);
      if (answer.report.breaches.length > 0) show(answer.report);
    }
    return 'go-on';
  });
  return { reports, crashed };
}

/** Looks for a smaller plan that fails likewise, and leaves it where it can be replayed. */
async function shrinkAll(crew: Crew, failed: readonly RunReport[]): Promise<void> {
  const jobs = failed.slice(0, MOST_SHRUNK).map(({ seed }) => ({ kind: 'shrink', seed }) as const);
  await crew.work(jobs, (job, answer) => {
    if (answer.kind !== 'plan') return 'go-on';
    mkdirSync(PLANS, { recursive: true });
    const file = `${PLANS}/${job.seed}.json`;
    writeFileSync(file, `${JSON.stringify(answer.plan, null, 1)}\n`);
    say(
      `SEED=${job.seed} shrunk: ${describePlan(answer.plan)}\n  replay the whole run:   npm run lab -- --only ${job.seed}\n  replay the shrunk one:  npm run lab -- --plan ${file}`,
    );
    return 'go-on';
  });
}

const describePlan = ({ acts, faults, deaths, suspensions, outages }: LabPlan): string =>
  [
    ...acts.map(({ at, side, kind }) => `${at} ms ${side} ${kind}`),
    ...faults.map(({ fault, site, from, until }) => `${from}–${until} ms ${fault} at ${site}`),
    ...deaths.map(({ process: nth, from, steps, when }) => `process ${nth} dies ${when} step ${steps} after ${from} ms`),
    ...suspensions.map(
      ({ process: nth, from, calls, forMs }) => `process ${nth} stands still ${calls} calls after ${from} ms for ${forMs} ms`,
    ),
    ...outages.map(({ from, forMs }) => `the store is away at ${from} ms for ${forMs} ms`),
  ].join('; ');

async function checkSeeds(): Promise<boolean> {
  const only = options.only === undefined ? null : whole(options.only, 0);
  const from = only ?? whole(options.from, 1);
  const count = only === null ? whole(options.seeds, DEFAULT_SEEDS) : 1;
  const crew = hireCrew(Math.min(count, whole(options.jobs, DEFAULT_JOBS)));
  const begun = performance.now();
  const { reports, crashed } = await runSeeds(crew, from, count);
  const failed = reports.filter(({ breaches }) => breaches.length > 0).toSorted((left, right) => left.seed - right.seed);
  if (!options['no-shrink']) await shrinkAll(crew, failed);
  crew.dismiss();
  const seconds = Math.round((performance.now() - begun) / 1000);
  const total = (of: (report: RunReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
  const people = total(({ counts }) => counts.people);
  const writes = total(({ counts }) => counts.writes);
  say(
    `${reports.length} runs, ${people} edits of people, ${writes} writes of the app, ${seconds} s: ${failed.length + crashed.length} failed`,
  );
  if (options.json)
    process.stdout.write(`${JSON.stringify({ commit: readCommit(), from, count, seconds, people, writes, failed, crashed })}\n`);
  return failed.length + crashed.length === 0;
}

async function checkPlan(file: string): Promise<boolean> {
  const plan: LabPlan = JSON.parse(readFileSync(file, 'utf8'));
  const report = await reportPlan(plan);
  if (report.breaches.length > 0) show(report);
  else say('Nothing was broken.');
  return report.breaches.length === 0;
}

async function checkExhaustively(): Promise<boolean> {
  let failures = 0;
  for (const scenario of SCENARIOS) {
    const { runs, fatal } = await exhaust(scenario);
    failures += fatal.length;
    say(`${scenario.name}: ${runs} runs, ${fatal.length} failed`);
    for (const { step, name, when, breaches } of fatal.slice(0, MOST_BREACHES_SHOWN))
      say(`  dead ${when} step ${step} (${name}): ${breaches.map(({ property, detail }) => `${property} ${detail}`).join('; ')}`);
  }
  return failures === 0;
}

/** With a rule switched off some seed must fail, else the laboratory would not notice if it were broken. */
async function checkMutations(): Promise<boolean> {
  const crew = hireCrew(whole(options.jobs, DEFAULT_JOBS));
  const from = whole(options.from, 1);
  let missed = 0;
  for (const mutation of MUTATIONS) {
    const found: RunReport[] = [];
    await crew.work(jobsOf(from, whole(options.seeds, MUTATION_SEEDS), mutation), (_job, answer) => {
      if (answer.kind !== 'report' || answer.report.breaches.length === 0) return 'go-on';
      found.push(answer.report);
      return 'enough';
    });
    const [first] = found;
    if (first === undefined) missed += 1;
    say(
      first === undefined
        ? `without ${mutation}: no seed noticed`
        : `without ${mutation}: SEED=${first.seed} broke ${first.breaches[0]?.property}: ${first.breaches[0]?.detail}`,
    );
  }
  crew.dismiss();
  return missed === 0;
}

/** Real processes, a real Postgres and real time: one seed after another. Leaves nothing behind when it is interrupted. */
async function checkReal(seeds: number): Promise<boolean> {
  const from = whole(options.from, 1);
  const outageMs = 1000 * whole(options['outage-seconds'], DEFAULT_OUTAGE_SECONDS);
  let close = (): Promise<void> => Promise.resolve();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  let failed = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const begun = performance.now();
    say(`SEED=${seed} ${describeRealPlan(drawRealPlan(seed, outageMs))}`);
    try {
      const { breaches, people, writes } = await runReal(seed, outageMs, (end) => {
        close = end;
      });
      const seconds = Math.round((performance.now() - begun) / 1000);
      say(`SEED=${seed} ${people} edits of people, ${writes} writes of the app, ${seconds} s: ${breaches.length} breaches`);
      if (breaches.length > 0) show({ seed, breaches });
      failed += breaches.length > 0 ? 1 : 0;
    } catch (error) {
      say(`SEED=${seed} crashed: ${error instanceof Error ? error.stack : String(error)}`);
      failed += 1;
    }
  }
  say(`${seeds} runs on the real thing: ${failed} failed`);
  return failed === 0;
}

const check = (): Promise<boolean> => {
  if (options.real !== undefined) return checkReal(whole(options.real, 1));
  if (options.mutations) return checkMutations();
  if (options.exhaustive) return checkExhaustively();
  return options.plan === undefined ? checkSeeds() : checkPlan(options.plan);
};

say(`COMMIT=${readCommit()}`);
const isWell = await check();
process.exit(isWell ? 0 : 1);
