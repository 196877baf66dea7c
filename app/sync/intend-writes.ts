import { agreementsOf } from '../core/agreement.ts';
import type { PieceKey } from '../core/ids.ts';
import type { Operation, Plan } from '../core/plan.ts';
import type { Ground } from './ground.ts';
import { keepValue } from './keep-value.ts';
import type { Effect } from './ports.ts';
import { emptyRecord, intendEffect, type Turn } from './turn.ts';

/** One write of a plan and the record of its intent. */
export interface Step {
  readonly operation: Operation;
  readonly effect: Effect;
}

/** The writes of a plan, in its order, each with what both sides agree on once it is done (SPEC O10). */
export const stepsOf = (turn: Turn, ground: Ground, plan: Plan): Step[] =>
  plan.operations.map((operation) => {
    const agreed = agreementsOf(operation, plan, ground.bases, turn.ports.fingerprinter(turn.claim.tenantId));
    return { operation, effect: intendEffect(turn, operation.kind, operation.target, piecesOf(operation), agreed) };
  });

/**
 * Records the intents of all of them. What a write is about to replace is kept before it begins: should we die after it, nobody knows any more
 * what stood there, and of comments Jira keeps no history (SPEC F9). A pair that is not stored yet has had no comments to edit.
 *
 * @returns false: the lane is somebody else's by now
 */
export async function beginWrites(turn: Turn, steps: readonly Step[], plan: Plan): Promise<boolean> {
  if (plan.losing.length === 0 || turn.memory.pair === null) return intendAll(turn, steps);
  const kept = plan.losing.map((losing) => keepValue(turn, losing));
  const begun = { ...emptyRecord(null, { kind: 'continue' }), effects: steps.map(({ effect }) => effect), kept };
  return (await turn.ports.turns.complete(turn.claim, begun)) === 'written';
}

/** False: the lane is somebody else's by now. */
export const intendAll = async (turn: Turn, steps: readonly Step[]): Promise<boolean> =>
  steps.length === 0 ||
  (await turn.ports.turns.intend(
    turn.claim,
    steps.map(({ effect }) => effect),
  )) === 'written';

/** The pieces that an operation writes; for everything but fields exactly one. */
export const piecesOf = (operation: Operation): readonly PieceKey[] =>
  operation.kind === 'write-fields' ? operation.writes.map((write) => write.piece) : [operation.piece];
