import type { SafetyRule } from './memory/memory-ledger.ts';

/** A rule that keeps the app safe, switched off to see whether the laboratory notices. */
export type Mutation = SafetyRule | 'echo';

export const MUTATIONS: readonly Mutation[] = ['deduplication', 'fencing', 'echo', 'intents', 'base-commit'];

/** The part of it that the ledger is to leave out. */
export const withoutRule = (mutation: Mutation | undefined): SafetyRule | undefined =>
  mutation === 'echo' ? undefined : mutation;
