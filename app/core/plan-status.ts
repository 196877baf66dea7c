import { decideScalar } from './decide-scalar.ts';
import { agreedBase, parkedBase, STATUS_PIECE, stillParked, synchronizedBase } from './piece.ts';
import type { PiecePlan, PlanInput } from './plan.ts';
import { flowsFrom, otherSide, type Side, type Sides } from './side.ts';
import { sameName, translateStatus } from './translate.ts';

/** SPEC T. Status goes by transitions, so it is an operation of its own; names are matched by the configuration's map. */
export function planStatus(input: PlanInput): readonly PiecePlan[] {
  const { configuration, items, fingerprint } = input;
  const mapping = configuration.status;
  if (mapping === null) return [];
  const base = input.bases.get(STATUS_PIECE) ?? null;
  const now: Sides<string> = { A: fingerprint(`status:${items.A.status.id}`), B: fingerprint(`status:${items.B.status.id}`) };
  const verdict = decideScalar({
    base: agreedBase(base),
    now,
    empty: { A: false, B: false },
    same: flowsThatMatch(input).length > 0,
    direction: mapping.direction,
    conflict: mapping.conflict,
    changedAt: { A: items.A.changedAt.get('status') ?? null, B: items.B.changedAt.get('status') ?? null },
  });
  switch (verdict.kind) {
    case 'unchanged':
      return [];
    case 'agreed':
      return [
        {
          piece: STATUS_PIECE,
          operations: [],
          base: synchronizedBase(now),
          note: { piece: STATUS_PIECE, outcome: 'agreed', source: null, cause: null },
        },
      ];
    case 'held':
      return [
        {
          piece: STATUS_PIECE,
          operations: [],
          base: synchronizedBase(now),
          note: { piece: STATUS_PIECE, outcome: 'declined', source: verdict.source, cause: 'direction' },
        },
      ];
    case 'flow':
      return stillParked(base, now, input.now) ? [] : [flowStatus(input, verdict.source, verdict.overwrites, now)];
  }
}

function flowStatus(input: PlanInput, source: Side, overwrites: boolean, now: Sides<string>): PiecePlan {
  const target = otherSide(source);
  const piece = STATUS_PIECE;
  const toStatus = translateStatus(input.configuration, input.items[source].status.name, source);
  if (toStatus === null) {
    const base = parkedBase(input.bases.get(piece) ?? null, 'status-not-mapped', input.now, now);
    return { piece, operations: [], base, note: { piece, outcome: 'parked', source, cause: 'status-not-mapped' } };
  }
  return {
    piece,
    seen: now,
    operations: [{ kind: 'transition', target, piece, toStatus }],
    // The target's own fingerprint is known once the transition was made; until then its former one stands (T2).
    base: synchronizedBase(now),
    note: { piece, outcome: overwrites ? 'overwritten' : 'applied', source, cause: overwrites ? 'conflict-lost' : null },
  };
}

/** The sides from which the other side's present status is the right one (T1): with a many-to-one map one is enough. */
const flowsThatMatch = ({ configuration, items }: PlanInput): readonly Side[] =>
  (['A', 'B'] as const).filter((source) => {
    const wanted = translateStatus(configuration, items[source].status.name, source);
    return (
      configuration.status !== null &&
      flowsFrom(source, configuration.status.direction) &&
      wanted !== null &&
      sameName(wanted, items[otherSide(source)].status.name)
    );
  });
