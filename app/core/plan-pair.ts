import { breakPingPong } from './break-ping-pong.ts';
import type { FieldId, PieceKey } from './ids.ts';
import { fieldPiece, type PieceBase, STATUS_PIECE } from './piece.ts';
import type { Look, Operation, PiecePlan, Plan, PlanInput } from './plan.ts';
import { planComments } from './plan-comments.ts';
import { planFields } from './plan-fields.ts';
import { planStatus } from './plan-status.ts';
import { SIDES } from './side.ts';

/**
 * Decides what to do about a pair, from what is known of both sides and the base of each piece (SPEC.md). Pure: the same input gives
 * the same plan, and planning again after the plan was carried out gives an empty one (P1). What cannot be decided without looking
 * at a side asks for that look (O5).
 */
export function planPair(input: PlanInput): Plan {
  const status = planStatus(input);
  const answers = [...planFields(input), ...(status === null ? [] : [status]), ...planComments(input)];
  const pieces = answers.filter((answer): answer is PiecePlan => !isLook(answer));
  const bases = new Map<PieceKey, PieceBase | null>(unmappedPieces(input).map((piece) => [piece, null]));
  for (const { piece, base } of pieces) if (base !== undefined) bases.set(piece, base === 'forget' ? null : base);
  const agreed = new Map(pieces.flatMap((plan) => (plan.agreed === undefined ? [] : [[plan.piece, plan.agreed] as const])));
  const plan: Plan = {
    operations: mergeFieldWrites(pieces.flatMap((piece) => piece.operations)),
    bases,
    agreed,
    seen: new Map(pieces.flatMap((plan) => (plan.seen === undefined ? [] : [[plan.piece, plan.seen] as const]))),
    notes: pieces.flatMap((piece) => (piece.note === undefined ? [] : [piece.note])),
    losing: pieces.flatMap((piece) => (piece.losing === undefined ? [] : [piece.losing])),
    looks: SIDES.filter((side) => answers.some((answer) => isLook(answer) && answer.look.includes(side))),
  };
  return breakPingPong(plan, { ...input, bases: new Map([...input.bases, ...agreed]) });
}

/**
 * What is remembered of fields or a status that are not synchronized any more (B3): nobody looks after it, so it grows old, and were it
 * synchronized again, an edit of meanwhile could be written over unseen. Comments stay: their pieces say which copies there are.
 */
const unmappedPieces = ({ configuration, bases }: PlanInput): readonly PieceKey[] => {
  const mapped = new Set(configuration.fields.map(({ field }) => fieldPiece(field)));
  const isMapped = (piece: PieceKey): boolean =>
    piece === STATUS_PIECE ? configuration.status !== null : !piece.startsWith(FIELD) || mapped.has(piece);
  return [...bases.keys()].filter((piece) => !isMapped(piece));
};

const FIELD = fieldPiece('' as FieldId);

const isLook = (answer: PiecePlan | Look): answer is Look => 'look' in answer;

/** All fields of one item in one write (P2); then the status; then comments in the order they were made. */
function mergeFieldWrites(operations: readonly Operation[]): readonly Operation[] {
  const merged: Operation[] = [];
  for (const target of SIDES) {
    const writes = operations.flatMap((operation) =>
      operation.kind === 'write-fields' && operation.target === target ? operation.writes : [],
    );
    if (writes.length > 0) merged.push({ kind: 'write-fields', target, writes });
  }
  return [...merged, ...operations.filter((operation) => operation.kind !== 'write-fields')];
}
