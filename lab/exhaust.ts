import { type Death, IDLE } from './fate.ts';
import type { Breach } from './judge.ts';
import type { LabPlan } from './plan.ts';
import { runPlan } from './run-plan.ts';
import type { Scenario } from './scenarios.ts';

/** A death after which a promise was broken. */
export interface FatalStep {
  readonly step: number;
  readonly name: string;
  readonly when: Death['when'];
  readonly breaches: readonly Breach[];
}

export interface Exhausted {
  readonly scenario: string;
  readonly runs: number;
  readonly fatal: readonly FatalStep[];
}

/** Steps of a process that only looks. */
const LOOKING = new Set([IDLE, 'renew', 'beat', 'claimDue']);
const GONE_MS = 1_000;

const dyingAt = (plan: LabPlan, steps: number, when: Death['when']): LabPlan => ({
  ...plan,
  deaths: [{ process: 0, from: 0, steps, when, goneMs: GONE_MS }],
});

/** Runs a scenario once to count its steps; then once for each step, dying before it, and once dying after it. */
export async function exhaust({ name: scenario, plan }: Scenario): Promise<Exhausted> {
  const whole = await runPlan(plan);
  const fatal: FatalStep[] =
    whole.breaches.length === 0 ? [] : [{ step: -1, name: 'nobody died', when: 'before', breaches: whole.breaches }];
  let runs = 1;
  for (const [step, name] of whole.trail.entries()) {
    if (step < whole.trailBegins || LOOKING.has(name)) continue;
    for (const when of ['before', 'after'] as const) {
      const { breaches } = await runPlan(dyingAt(plan, step - whole.trailBegins, when));
      runs += 1;
      if (breaches.length > 0) fatal.push({ step, name, when, breaches });
    }
  }
  return { scenario, runs, fatal };
}
