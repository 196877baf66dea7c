import type { PieceKey } from './ids.ts';
import type { PieceBase } from './piece.ts';
import type { Operation, Plan, PlanInput } from './plan.ts';
import { planComments } from './plan-comments.ts';
import { planFields } from './plan-fields.ts';
import { planStatus } from './plan-status.ts';

/**
 * Decides what to do about a pair, from both sides as they are now and the base of each piece (SPEC.md). Pure: the same input
 * gives the same plan, and planning again after the plan was carried out gives an empty one (P1).
 */
export function planPair(input: PlanInput): Plan {
  const status = planStatus(input);
  const pieces = [...planFields(input), ...(status === null ? [] : [status]), ...planComments(input)];
  const bases = new Map<PieceKey, PieceBase | null>();
  for (const { piece, base } of pieces) if (base !== undefined) bases.set(piece, base === 'forget' ? null : base);
  const operations = mergeFieldWrites(pieces.flatMap((piece) => piece.operations));
  const seen = new Map(pieces.flatMap((plan) => (plan.seen === undefined ? [] : [[plan.piece, plan.seen] as const])));
  const notes = pieces.flatMap((piece) => (piece.note === undefined ? [] : [piece.note]));
  return { operations, bases, seen, notes };
}

/** All fields of one item in one write (P2); then the status; then comments in the order they were made. */
function mergeFieldWrites(operations: readonly Operation[]): readonly Operation[] {
  const merged: Operation[] = [];
  for (const target of ['A', 'B'] as const) {
    const writes = operations.flatMap((operation) =>
      operation.kind === 'write-fields' && operation.target === target ? operation.writes : [],
    );
    if (writes.length > 0) merged.push({ kind: 'write-fields', target, writes });
  }
  return [...merged, ...operations.filter((operation) => operation.kind !== 'write-fields')];
}
