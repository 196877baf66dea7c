import { lookBefore, withAnswer } from './ask-person.ts';
import type { FieldMapping } from './configuration.ts';
import { decideScalar, type Verdict } from './decide-scalar.ts';
import type { FieldId } from './ids.ts';
import type { FieldValue } from './item.ts';
import { changesBack, isUntriedReturn, lookAcross } from './look-across.ts';
import { settleField, UNSEEN } from './loose-print.ts';
import { fingerprintValue, normalForm } from './normal-form.ts';
import {
  agreedBase,
  COUNTS_AS_CHANGED,
  fieldPiece,
  lastSeen,
  type PieceBase,
  restIsOver,
  stillParked,
  synchronizedBase,
} from './piece.ts';
import type { Look, PiecePlan, PlanInput } from './plan.ts';
import { planSet } from './plan-set.ts';
import { noteFlow, planSettled, planWithoutWrite } from './plan-verdict.ts';
import { onSides, otherSide, SIDES, type Side, type Sides } from './side.ts';
import { sameAcross, translateValue } from './translate.ts';
import { type Known, knownField } from './view.ts';

/** SPEC F, G and O. One answer per mapped field that asks for anything. */
export const planFields = (input: PlanInput): readonly (PiecePlan | Look)[] =>
  input.configuration.fields.flatMap((mapping) => planField(mapping, input) ?? []);

function planField(mapping: FieldMapping, input: PlanInput): PiecePlan | Look | null {
  const { field } = mapping;
  const known: Sides<Known> = { A: knownField(input.views.A, field), B: knownField(input.views.B, field) };
  const base = input.bases.get(fieldPiece(field)) ?? null;
  const unread = SIDES.filter((side) => known[side] === 'unread');
  if (base === null && unread.length > 0) return { look: unread };
  // The change that parked may be on the side that nothing was told of.
  if (base !== null && unread.length > 0 && restIsOver(base, input.now)) return { look: unread };
  if (base !== null && unread.length === 2) return null;
  if (known.A === 'absent' || known.B === 'absent') return declineMissingField(mapping, input, known, base);
  if (base !== null && unread.some((side) => lastSeen(base, side) === null)) return planBesideMissing(input, known, base, unread);
  const values: Sides<FieldValue | null> = { A: knownValue(known.A), B: knownValue(known.B) };
  if (SIDES.some((side) => values[side]?.kind === 'set')) return planSet(mapping, input, values, base);
  return planScalar(mapping, input, values, base);
}

const knownValue = (known: Known): FieldValue | null => (typeof known === 'string' ? null : known);

/** `values`: null where that side was not looked at; then there is a base. */
function planScalar(
  mapping: FieldMapping,
  input: PlanInput,
  values: Sides<FieldValue | null>,
  before: PieceBase | null,
): PiecePlan | Look | null {
  const piece = fieldPiece(mapping.field);
  const base = before === null ? null : settleField(unlessTouched(before, mapping.field, input), values, input.fingerprint);
  const blind = SIDES.filter((side) => values[side] === null);
  if (base !== null && blind.some((side) => base.fingerprints[side] === COUNTS_AS_CHANGED)) return { look: blind };
  const print = (side: Side): string => {
    const value = values[side];
    return value === null ? (base === null ? '' : (lastSeen(base, side) ?? '')) : fingerprintValue(value, input.fingerprint);
  };
  const now: Sides<string> = { A: print('A'), B: print('B') };
  const { A: a, B: b } = values;
  const back = changesBack(input.views, mapping.field, base, now);
  const decision = decideScalar({
    base: agreedBase(base),
    now,
    empty: { A: a !== null && normalForm(a) === 'empty', B: b !== null && normalForm(b) === 'empty' },
    same: a !== null && b !== null && sameAcross(a, b),
    direction: mapping.direction,
    conflict: mapping.conflict,
    changedAt: {
      A: input.views.A.changedAt.get(mapping.field) ?? null,
      B: input.views.B.changedAt.get(mapping.field) ?? null,
    },
    changedBackAt: back,
  });
  const missing = lookBefore(decision, base, now, blind, input.now) ?? lookAcross(decision, mapping.direction, back, blind);
  if (missing !== null) return missing;
  const verdict = withAnswer(decision, base, now);
  if (verdict.kind !== 'flow') return planWithoutWrite(piece, verdict, base, now, input.now) ?? planSettled(before, base, piece);
  if (!isUntriedReturn(verdict.source, back, base, now) && stillParked(base, now, input.now)) return null;
  return planFlow(mapping.field, input, verdict, { values, now, base });
}

/** The source's value in the target's terms, written there. */
function planFlow(
  field: FieldId,
  { fingerprint, shows }: PlanInput,
  verdict: Verdict & { kind: 'flow' },
  { values, now, base }: { values: Sides<FieldValue | null>; now: Sides<string>; base: PieceBase | null },
): PiecePlan | Look {
  const piece = fieldPiece(field);
  const { source } = verdict;
  const target = otherSide(source);
  const from = values[source];
  if (from === null) return { look: [source] };
  const to = values[target];
  if (to === null && from.kind === 'rich' && !isPlainCopy(base)) return { look: [target] };
  const value = translateValue(from, to ?? { kind: 'empty' }, shows?.[source] ?? null);
  return {
    piece,
    seen: now,
    operations: [{ kind: 'write-fields', target, writes: [{ piece, field, value }] }],
    base: synchronizedBase(onSides<string>(source, now[source], fingerprintValue(value, fingerprint))),
    note: noteFlow(piece, verdict),
    ...(verdict.overwrites && to !== null ? { losing: { piece, side: target, value: to } } : {}),
  };
}

/** What a side held at first was never seen, and somebody has changed it since: that change is carried, not taken for how it began (O6). */
function unlessTouched(base: PieceBase, field: FieldId, { views }: PlanInput): PieceBase {
  const printOf = (side: Side): string | null => {
    const print = base.fingerprints[side];
    return print === UNSEEN && views[side].changedAt.has(field) ? COUNTS_AS_CHANGED : print;
  };
  return SIDES.some((side) => printOf(side) !== base.fingerprints[side])
    ? { ...base, fingerprints: { A: printOf('A'), B: printOf('B') } }
    : base;
}

/**
 * Both sides hold the very same document, so the target has no nodes of its own that would have to be put back (D3): it need not be
 * read before it is written.
 */
const isPlainCopy = (base: PieceBase | null): boolean => base !== null && base.fingerprints.A === base.fingerprints.B;

/** One side was not looked at and did not offer the field when it was: worth a look once the other changes (F7). */
function planBesideMissing(input: PlanInput, known: Sides<Known>, base: PieceBase, unread: readonly Side[]): Look | null {
  const changed = SIDES.some((side) => {
    const value = knownValue(known[side]);
    return value !== null && fingerprintValue(value, input.fingerprint) !== lastSeen(base, side);
  });
  return changed ? { look: unread } : null;
}

/**
 * One side does not offer the field (F7). What the other shows is recorded as seen and, when there is or was something to carry,
 * said to be declined.
 */
function declineMissingField(
  { field }: FieldMapping,
  input: PlanInput,
  known: Sides<Known>,
  base: PieceBase | null,
): PiecePlan | Look | null {
  const piece = fieldPiece(field);
  const print = (side: Side): string | null => {
    const value = knownValue(known[side]);
    if (known[side] === 'unread') return base === null ? null : lastSeen(base, side);
    return value === null ? null : fingerprintValue(value, input.fingerprint);
  };
  const now = { A: print('A'), B: print('B') };
  const before = base?.fingerprints ?? { A: null, B: null };
  if (base !== null && now.A === before.A && now.B === before.B) return null;
  if (base === null && now.A === null && now.B === null) return null;
  const unread = SIDES.filter((side) => known[side] === 'unread');
  if (unread.length > 0) return { look: unread };
  const recorded: PiecePlan = { piece, operations: [], base: synchronizedBase(now) };
  const source = SIDES.find((side) => now[side] !== null) ?? null;
  const shown = source === null ? null : knownValue(known[source]);
  const nothingToCarry = base === null && (shown === null || normalForm(shown) === 'empty');
  return nothingToCarry ? recorded : { ...recorded, note: { piece, outcome: 'declined', source, cause: 'field-not-offered' } };
}
