import { createHash } from 'node:crypto';
import type { Breach } from './judge.ts';
import type { Mutation } from './mutation.ts';
import { drawPlan, type LabPlan } from './plan.ts';
import { type Outcome, runPlan } from './run-plan.ts';
import { shrink } from './shrink.ts';

/** What is told of a run, whichever process made it. */
export interface RunReport {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  readonly counts: Outcome['counts'];
  /** Of all calls and deeds: the same run, the same digest. */
  readonly digest: string;
}

export async function reportPlan(plan: LabPlan, without?: Mutation): Promise<RunReport> {
  const { breaches, counts, evidence } = await runPlan(plan, without);
  const digest = createHash('sha256')
    .update(JSON.stringify([evidence.calls, evidence.deeds]))
    .digest('hex')
    .slice(0, 16);
  return { seed: plan.seed, breaches, counts, digest };
}

/** The smallest plan found that breaks one of the same promises. */
export function shrinkSeed(seed: number): Promise<LabPlan> {
  const whole = drawPlan(seed);
  let broken: ReadonlySet<string> | null = null;
  return shrink(whole, async (plan) => {
    broken ??= new Set((await reportPlan(whole)).breaches.map(({ property }) => property));
    const { breaches } = await reportPlan(plan);
    return breaches.some(({ property }) => broken?.has(property) === true);
  });
}
