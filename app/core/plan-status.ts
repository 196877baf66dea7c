import { decideScalar } from './decide-scalar.ts';
import { fingerprintStatus } from './normal-form.ts';
import { agreedBase, type PieceBase, parkedBase, STATUS_PIECE, stillParked, synchronizedBase } from './piece.ts';
import type { PiecePlan, PlanInput } from './plan.ts';
import { type Flow, noteFlow, planWithoutWrite } from './plan-verdict.ts';
import { flowsFrom, otherSide, SIDES, type Side, type Sides } from './side.ts';
import { sameName, translateStatus } from './translate.ts';

/** SPEC T. Status goes by transitions, so it is an operation of its own; names are matched by the configuration's map. */
export function planStatus(input: PlanInput): PiecePlan | null {
  const { configuration, items, fingerprint } = input;
  const mapping = configuration.status;
  if (mapping === null) return null;
  const base = input.bases.get(STATUS_PIECE) ?? null;
  const now: Sides<string> = {
    A: fingerprintStatus(items.A.status, fingerprint),
    B: fingerprintStatus(items.B.status, fingerprint),
  };
  const verdict = decideScalar({
    base: agreedBase(base),
    now,
    empty: { A: false, B: false },
    same: SIDES.some((source) => flowsFrom(source, mapping.direction) && isWanted(input, source)),
    direction: mapping.direction,
    conflict: mapping.conflict,
    changedAt: { A: items.A.changedAt.get('status') ?? null, B: items.B.changedAt.get('status') ?? null },
  });
  if (verdict.kind !== 'flow') return planWithoutWrite(STATUS_PIECE, verdict, base, now);
  return stillParked(base, now, input.now) ? null : flowStatus(input, verdict, base, now);
}

function flowStatus(input: PlanInput, flow: Flow, base: PieceBase | null, now: Sides<string>): PiecePlan {
  const piece = STATUS_PIECE;
  const { source } = flow;
  const toStatus = translateStatus(input.configuration, input.items[source].status.name, source);
  if (toStatus === null) {
    const parked = parkedBase(base, 'status-not-mapped', input.now, now);
    return { piece, operations: [], base: parked, note: { piece, outcome: 'parked', source, cause: 'status-not-mapped' } };
  }
  return {
    piece,
    seen: now,
    operations: [{ kind: 'transition', target: otherSide(source), piece, toStatus }],
    // The target's own fingerprint is known once the transition was made; until then its former one stands (T2).
    base: synchronizedBase(now),
    note: noteFlow(piece, flow),
  };
}

/** Whether the other side is where the status of `source` sends it (T1): with a many-to-one map one direction is enough. */
function isWanted({ configuration, items }: PlanInput, source: Side): boolean {
  const wanted = translateStatus(configuration, items[source].status.name, source);
  return wanted !== null && sameName(wanted, items[otherSide(source)].status.name);
}
