import type { SeenCall } from './calls.ts';
import type { AnsweredDelivery } from './deliveries.ts';
import type { Tables } from './memory/tables.ts';
import type { LabPlan } from './plan.ts';
import type { Rig } from './rig.ts';
import type { Couple } from './sites.ts';
import type { Deed } from './witness.ts';

export interface Rest {
  /** When nothing was broken any more. */
  readonly healthyAt: number;
  /** When all was done, or a day was over without that. */
  readonly at: number;
  readonly isRest: boolean;
  /** How long, at most, a due lane had waited whenever we looked, from then on. */
  readonly oldestDueMs: number;
}

/** Everything by which a run is judged. */
export interface Evidence {
  readonly plan: LabPlan;
  readonly couples: readonly Couple[];
  readonly deeds: readonly Deed[];
  readonly calls: readonly SeenCall[];
  readonly deliveries: readonly AnsweredDelivery[];
  readonly log: readonly string[];
  /** For the history, for what the effects say of themselves, and for whether lanes are at rest. */
  readonly tables: Tables;
  readonly rest: Rest;
  /** Whose trace that is: the effect, or null when nobody of us made it. */
  readonly effectOf: (trace: string) => string | null;
  /** Errors that nobody caught: each would have ended its process. */
  readonly uncaught: readonly string[];
  /** Lanes of which a void claim was written all the same. */
  readonly voidWrites: readonly string[];
  /** Methods of stores that were handed content that was not sealed. */
  readonly bare: readonly string[];
}

const EFFECT = /^tandem\/1\/[^/]+\/([^/]+)\//;

export const gatherEvidence = (rig: Rig, plan: LabPlan, rest: Rest, uncaught: readonly string[]): Evidence => ({
  plan,
  couples: rig.couples,
  deeds: rig.witness.deeds,
  calls: rig.ground.calls,
  deliveries: rig.ground.deliveries,
  log: rig.ground.log,
  tables: rig.ground.tables,
  rest,
  effectOf: (trace) => EFFECT.exec(trace)?.[1] ?? null,
  uncaught,
  voidWrites: rig.ground.voidWrites,
  bare: rig.ground.bare,
});
