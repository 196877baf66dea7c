import type { Evidence } from '../evidence.ts';

/** One promise of the product, and how a run is held to it. */
export interface Property {
  /** As in the list of promises in docs/lab.md. */
  readonly name: string;
  readonly promise: string;
  /** What breaks it, in words for whoever looks for the cause; empty when nothing does. */
  check(evidence: Evidence): readonly string[];
}
