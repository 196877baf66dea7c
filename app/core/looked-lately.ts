import type { Operation, Plan } from './plan.ts';
import { SIDES, type Side, type Sides } from './side.ts';

/**
 * So old may a look be by which something is replaced of which Jira does not tell afterwards. A turn's call takes a few tenths of a second, so a
 * turn that nothing holds up makes all it has to within one look; and hardly anybody opens a comment, changes it and saves it in less.
 */
export const LOOKED_LATELY_MS = 5_000;

/** When each side was looked at last, or answered a write with all it shows: epoch milliseconds by our own clock. Null: not at all. */
export type LookedAt = Sides<number | null>;

/** Jira's answer to these does not tell what they replaced, or took away (SPEC O12). */
const UNTOLD: ReadonlySet<Operation['kind']> = new Set(['transition', 'edit-comment', 'delete-comment']);

/**
 * Whether the target has to be looked at again before this is done to it (SPEC O12). A look that is later than now tells nothing: our clock was
 * put back.
 */
export function needsNewLook({ kind, target }: Operation, lookedAt: LookedAt, now: number): boolean {
  const at = lookedAt[target];
  return UNTOLD.has(kind) && (at === null || at > now || now - at > LOOKED_LATELY_MS);
}

/** The sides that have to be looked at again before this plan is carried out (SPEC O12). */
export const newLooksFor = ({ operations }: Pick<Plan, 'operations'>, lookedAt: LookedAt, now: number): readonly Side[] =>
  SIDES.filter((side) => operations.some((operation) => operation.target === side && needsNewLook(operation, lookedAt, now)));
