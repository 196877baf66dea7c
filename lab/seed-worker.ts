/** A process of its own that runs seeds for the laboratory: one message asks, one answers. */
import process from 'node:process';
import type { Mutation } from './mutation.ts';
import { drawPlan, type LabPlan } from './plan.ts';
import { type RunReport, reportPlan, shrinkSeed } from './seed-run.ts';

export type Job =
  | { readonly kind: 'run'; readonly seed: number; readonly without?: Mutation | undefined }
  | { readonly kind: 'shrink'; readonly seed: number };

export type JobAnswer =
  | { readonly kind: 'report'; readonly report: RunReport }
  | { readonly kind: 'plan'; readonly plan: LabPlan }
  /** A run that ended with an error of the laboratory or of the app. */
  | { readonly kind: 'crashed'; readonly error: string };

async function work(job: Job): Promise<JobAnswer> {
  try {
    if (job.kind === 'shrink') return { kind: 'plan', plan: await shrinkSeed(job.seed) };
    return { kind: 'report', report: await reportPlan(drawPlan(job.seed), job.without) };
  } catch (error) {
    return { kind: 'crashed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (job: Job) => void work(job).then((answer) => process.send?.(answer)));
