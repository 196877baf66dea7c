import type { PieceKey } from './ids.ts';
import type { PieceBase } from './piece.ts';
import type { Note, Operation, Plan } from './plan.ts';

/** What becomes of a piece whose writes are not made. Without a base it stays as it is remembered. */
export interface Withheld {
  readonly base: PieceBase | null;
  readonly note: Note | null;
}

/** The plan without the writes of these pieces; everything else goes on (SPEC M). */
export function withhold(plan: Plan, withheld: ReadonlyMap<PieceKey, Withheld>): Plan {
  if (withheld.size === 0) return plan;
  const bases = new Map([...plan.bases].filter(([piece]) => !withheld.has(piece)));
  for (const [piece, { base }] of withheld) if (base !== null) bases.set(piece, base);
  const notes = plan.notes.filter(({ piece }) => piece === null || !withheld.has(piece));
  return {
    ...plan,
    operations: plan.operations.flatMap((operation) => without(operation, withheld)),
    bases,
    seen: new Map([...plan.seen].filter(([piece]) => !withheld.has(piece))),
    losing: plan.losing.filter(({ piece }) => !withheld.has(piece)),
    notes: [...notes, ...[...withheld.values()].flatMap(({ note }) => (note === null ? [] : [note]))],
  };
}

function without(operation: Operation, withheld: ReadonlyMap<PieceKey, Withheld>): readonly Operation[] {
  if (operation.kind !== 'write-fields') return withheld.has(operation.piece) ? [] : [operation];
  const writes = operation.writes.filter(({ piece }) => !withheld.has(piece));
  if (writes.length === operation.writes.length) return [operation];
  return writes.length === 0 ? [] : [{ ...operation, writes }];
}

/** A piece's write, whatever operation it is in. */
export interface PieceWrite {
  readonly piece: PieceKey;
  readonly operation: Operation;
}

/** The writes of a plan, piece by piece. */
export const pieceWrites = (plan: Plan): readonly PieceWrite[] =>
  plan.operations.flatMap((operation): readonly PieceWrite[] =>
    operation.kind === 'write-fields'
      ? operation.writes.map(({ piece }) => ({ piece, operation }))
      : [{ piece: operation.piece, operation }],
  );
