import type { FieldMapping } from './configuration.ts';
import { decideScalar } from './decide-scalar.ts';
import type { FieldValue } from './item.ts';
import { mergeSets } from './merge-sets.ts';
import { fingerprintMembers, fingerprintValue, normalForm } from './normal-form.ts';
import { agreedBase, fieldPiece, type PieceBase, stillParked, synchronizedBase } from './piece.ts';
import type { Note, Operation, PiecePlan, PlanInput } from './plan.ts';
import { noteAgreed, noteFlow, planRelease, planWithoutWrite } from './plan-verdict.ts';
import { flowsFrom, onSides, otherSide, SIDES, type Sides } from './side.ts';
import { sameAcross, translateValue } from './translate.ts';

/** SPEC F and G. One plan per mapped field that asks for anything. */
export const planFields = (input: PlanInput): readonly PiecePlan[] =>
  input.configuration.fields.flatMap((mapping) => {
    const plan = planField(mapping, input);
    return plan === null ? [] : [plan];
  });

function planField(mapping: FieldMapping, input: PlanInput): PiecePlan | null {
  const a = input.items.A.fields.get(mapping.field);
  const b = input.items.B.fields.get(mapping.field);
  const base = input.bases.get(fieldPiece(mapping.field)) ?? null;
  if (a === undefined || b === undefined) return declineMissingField(mapping, input, { A: a, B: b }, base);
  if (a.kind === 'set' && b.kind === 'set') return planSet(mapping, input, { A: a.members, B: b.members }, base);
  return planScalar(mapping, input, { A: a, B: b }, base);
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
    changedAt: {
      A: input.items.A.changedAt.get(mapping.field) ?? null,
      B: input.items.B.changedAt.get(mapping.field) ?? null,
    },
  });
  if (verdict.kind !== 'flow') return planWithoutWrite(piece, verdict, base, now);
  if (stillParked(base, now, input.now)) return null;
  const { source } = verdict;
  const target = otherSide(source);
  const value = translateValue(values[source], values[target]);
  return {
    piece,
    seen: now,
    operations: [{ kind: 'write-fields', target, writes: [{ piece, field: mapping.field, value }] }],
    base: synchronizedBase(onSides<string>(source, now[source], fingerprintValue(value, input.fingerprint))),
    note: noteFlow(piece, verdict),
  };
}

function planSet(
  mapping: FieldMapping,
  input: PlanInput,
  members: Sides<readonly string[]>,
  base: PieceBase | null,
): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const print = (sides: Sides<readonly string[]>): Sides<string> => ({
    A: fingerprintMembers(sides.A, input.fingerprint),
    B: fingerprintMembers(sides.B, input.fingerprint),
  });
  const now = print(members);
  const agreed = agreedBase(base);
  if (agreed !== null && agreed.A === now.A && agreed.B === now.B) return planRelease(piece, base);
  const { result, write } = mergeSets(members, agreed, mapping.direction, input.fingerprint);
  const after = synchronizedBase(print(result));
  if (!write.A && !write.B) return { piece, operations: [], base: after, note: noteUnwritten(mapping, now, agreed) };
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

/** Nothing to write for a set: both sides came to the same, or one changed from which it does not flow (F6). */
function noteUnwritten({ field, direction }: FieldMapping, now: Sides<string>, agreed: Sides<string> | null): Note {
  const piece = fieldPiece(field);
  if (now.A === now.B) return noteAgreed(piece);
  const source = SIDES.find((side) => !flowsFrom(side, direction) && now[side] !== (agreed?.[side] ?? ''));
  return source === undefined ? noteAgreed(piece) : { piece, outcome: 'declined', source, cause: 'direction' };
}

/**
 * One side does not offer the field (F7). What the other shows is recorded as seen and, when there is or was something to carry,
 * said to be declined.
 */
function declineMissingField(
  { field }: FieldMapping,
  input: PlanInput,
  values: Sides<FieldValue | undefined>,
  base: PieceBase | null,
): PiecePlan | null {
  const piece = fieldPiece(field);
  const print = (value: FieldValue | undefined): string | null =>
    value === undefined ? null : fingerprintValue(value, input.fingerprint);
  const now = { A: print(values.A), B: print(values.B) };
  const before = base?.fingerprints ?? { A: null, B: null };
  if (now.A === before.A && now.B === before.B) return null;
  const recorded: PiecePlan = { piece, operations: [], base: synchronizedBase(now) };
  const source = SIDES.find((side) => now[side] !== null) ?? null;
  const shown = source === null ? undefined : values[source];
  const nothingToCarry = base === null && (shown === undefined || normalForm(shown) === 'empty');
  return nothingToCarry ? recorded : { ...recorded, note: { piece, outcome: 'declined', source, cause: 'field-not-offered' } };
}
