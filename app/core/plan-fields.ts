import type { FieldMapping } from './configuration.ts';
import { decideScalar } from './decide-scalar.ts';
import type { FieldValue } from './item.ts';
import { mergeSets } from './merge-sets.ts';
import { fingerprintMembers, fingerprintValue, normalForm } from './normal-form.ts';
import { agreedBase, fieldPiece, type PieceBase, stillParked, synchronizedBase } from './piece.ts';
import type { Operation, PiecePlan, PlanInput } from './plan.ts';
import { otherSide, SIDES, type Sides } from './side.ts';
import { sameAcross, translateValue } from './translate.ts';

/** SPEC F and G. One plan per mapped field that asks for anything. */
export const planFields = (input: PlanInput): readonly PiecePlan[] =>
  input.configuration.fields.flatMap((mapping) => {
    const plan = planField(mapping, input);
    return plan === null ? [] : [plan];
  });

function planField(mapping: FieldMapping, input: PlanInput): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const a = input.items.A.fields.get(mapping.field);
  const b = input.items.B.fields.get(mapping.field);
  const base = input.bases.get(piece) ?? null;
  if (a === undefined || b === undefined) return declineMissingField(mapping, input, base);
  const values: Sides<FieldValue> = { A: a, B: b };
  if (a.kind === 'set' && b.kind === 'set') return planSet(mapping, input, { A: a.members, B: b.members }, base);
  return planScalar(mapping, input, values, base);
}

function planScalar(
  mapping: FieldMapping,
  input: PlanInput,
  values: Sides<FieldValue>,
  base: PieceBase | null,
): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const now: Sides<string> = {
    A: fingerprintValue(values.A, input.fingerprint),
    B: fingerprintValue(values.B, input.fingerprint),
  };
  const verdict = decideScalar({
    base: agreedBase(base),
    now,
    empty: { A: normalForm(values.A) === 'empty', B: normalForm(values.B) === 'empty' },
    same: sameAcross(values.A, values.B),
    direction: mapping.direction,
    conflict: mapping.conflict,
    changedAt: { A: input.items.A.changedAt.get(mapping.field) ?? null, B: input.items.B.changedAt.get(mapping.field) ?? null },
  });
  switch (verdict.kind) {
    case 'unchanged':
      return null;
    case 'agreed':
      return {
        piece,
        operations: [],
        base: synchronizedBase(now),
        note: { piece, outcome: 'agreed', source: null, cause: null },
      };
    case 'held':
      return {
        piece,
        operations: [],
        base: synchronizedBase(now),
        note: { piece, outcome: 'declined', source: verdict.source, cause: 'direction' },
      };
    case 'flow': {
      if (stillParked(base, now, input.now)) return null;
      const target = otherSide(verdict.source);
      const value = translateValue(values[verdict.source], values[target]);
      const written = fingerprintValue(value, input.fingerprint);
      return {
        piece,
        seen: now,
        operations: [{ kind: 'write-fields', target, writes: [{ piece, field: mapping.field, value }] }],
        base: synchronizedBase(target === 'A' ? { A: written, B: now.B } : { A: now.A, B: written }),
        note: {
          piece,
          outcome: verdict.overwrites ? 'overwritten' : 'applied',
          source: verdict.source,
          cause: verdict.overwrites ? 'conflict-lost' : null,
        },
      };
    }
  }
}

function planSet(
  mapping: FieldMapping,
  input: PlanInput,
  members: Sides<readonly string[]>,
  base: PieceBase | null,
): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const now: Sides<string> = {
    A: fingerprintMembers(members.A, input.fingerprint),
    B: fingerprintMembers(members.B, input.fingerprint),
  };
  const agreed = agreedBase(base);
  if (agreed !== null && agreed.A === now.A && agreed.B === now.B) return null;
  const { result, write } = mergeSets(members, agreed, mapping.direction, input.fingerprint);
  const after = synchronizedBase({
    A: fingerprintMembers(result.A, input.fingerprint),
    B: fingerprintMembers(result.B, input.fingerprint),
  });
  if (!write.A && !write.B)
    return { piece, operations: [], base: after, note: { piece, outcome: 'agreed', source: null, cause: null } };
  if (stillParked(base, now, input.now)) return null;
  const operations: Operation[] = SIDES.filter((side) => write[side]).map((target) => ({
    kind: 'write-fields',
    target,
    writes: [{ piece, field: mapping.field, value: { kind: 'set', members: result[target] } }],
  }));
  return {
    piece,
    seen: now,
    operations,
    base: after,
    note: { piece, outcome: 'applied', source: write.A && write.B ? null : write.B ? 'A' : 'B', cause: null },
  };
}

/** One side does not offer the field: the other side's changes are recorded as seen and said to be declined (F7). */
function declineMissingField(mapping: FieldMapping, input: PlanInput, base: PieceBase | null): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const print = (value: FieldValue | undefined): string | null =>
    value === undefined ? null : fingerprintValue(value, input.fingerprint);
  const now = { A: print(input.items.A.fields.get(mapping.field)), B: print(input.items.B.fields.get(mapping.field)) };
  if (now.A === (base?.fingerprints.A ?? null) && now.B === (base?.fingerprints.B ?? null)) return null;
  const source = now.A === null ? 'B' : 'A';
  return {
    piece,
    operations: [],
    base: synchronizedBase(now),
    note: { piece, outcome: 'declined', source, cause: 'field-not-offered' },
  };
}
