import type { PieceKey } from './ids.ts';
import type { Operation, Plan } from './plan.ts';

/** Whether the plan writes fields. They go first: Jira answers with the whole item, and the rest is planned again with it. */
export const hasFieldWrites = (plan: Plan): boolean => plan.operations.some(({ kind }) => kind === 'write-fields');

/** The part of a plan that writes fields or needs no write. What else there is to do is planned again after it. */
export function fieldWritesOf(plan: Plan): Plan {
  const later = new Set(plan.operations.flatMap((operation) => piecesLater(operation)));
  const now = (piece: PieceKey | null): boolean => piece === null || !later.has(piece);
  return {
    operations: plan.operations.filter(({ kind }) => kind === 'write-fields'),
    bases: new Map([...plan.bases].filter(([piece]) => now(piece))),
    agreed: plan.agreed,
    seen: new Map([...plan.seen].filter(([piece]) => now(piece))),
    notes: plan.notes.filter(({ piece }) => now(piece)),
    losing: plan.losing.filter(({ piece }) => now(piece)),
    looks: plan.looks,
  };
}

const piecesLater = (operation: Operation): readonly PieceKey[] => (operation.kind === 'write-fields' ? [] : [operation.piece]);
