import { agreedMembers } from './agreed-members.ts';
import { membersIn, printAfter } from './agreement.ts';
import type { FieldMapping } from './configuration.ts';
import type { FieldValue } from './item.ts';
import { settleField } from './loose-print.ts';
import { mergeSets } from './merge-sets.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';
import { agreedBase, fieldPiece, lastSeen, type PieceBase, stillParked, synchronizedBase } from './piece.ts';
import type { Look, Note, Operation, PiecePlan, PlanInput, SetChange } from './plan.ts';
import { noteAgreed, planRelease, planSettled } from './plan-verdict.ts';
import { flowsFrom, onSides, otherSide, SIDES, type Side, type Sides } from './side.ts';

/** SPEC G. `values`: null where that side was not looked at; then there is a base. */
export function planSet(
  mapping: FieldMapping,
  input: PlanInput,
  values: Sides<FieldValue | null>,
  before: PieceBase | null,
): PiecePlan | Look | null {
  const base = before === null ? null : settleField(before, values, input.fingerprint);
  const { A: a, B: b } = values;
  if (a?.kind === 'set' && b?.kind === 'set')
    return (
      planMerge(mapping, input, { A: a.members, B: b.members }, base) ?? planSettled(before, base, fieldPiece(mapping.field))
    );
  const source: Side = a === null ? 'B' : 'A';
  const shown = values[source];
  const look: Look = { look: [otherSide(source)] };
  if (base === null || shown?.kind !== 'set') return look;
  return planFrom(mapping, input, source, shown.members, base, look);
}

/** Both sides are known: what each added or removed is carried to the other. */
function planMerge(
  mapping: FieldMapping,
  input: PlanInput,
  members: Sides<readonly string[]>,
  base: PieceBase | null,
): PiecePlan | null {
  const piece = fieldPiece(mapping.field);
  const now = printSides(members, input.fingerprint);
  const agreed = agreedBase(base);
  if (agreed !== null && agreed.A === now.A && agreed.B === now.B) return planRelease(piece, base);
  const known = agreedMembers(members, agreed, input.fingerprint);
  const { result, write } = mergeSets(members, known, mapping.direction, input.fingerprint);
  const after = synchronizedBase(printSides(result, input.fingerprint));
  if (!write.A && !write.B) return { piece, operations: [], base: after, note: noteUnwritten(mapping, now, agreed) };
  if (stillParked(base, now, input.now)) return null;
  const operations: Operation[] = SIDES.filter((side) => write[side]).map((target) => ({
    kind: 'write-fields',
    target,
    writes: [{ piece, field: mapping.field, value: changeTo(members[target], result[target]) }],
  }));
  return {
    piece,
    seen: now,
    operations,
    base: after,
    ...(known.A === agreed?.A && known.B === agreed.B
      ? {}
      : { agreed: { ...(base ?? synchronizedBase(known)), fingerprints: known } }),
    note: { piece, outcome: 'applied', source: write.A && write.B ? null : write.B ? 'A' : 'B', cause: null },
  };
}

/**
 * The target was not looked at: it gets what the source added and loses what the source removed, whatever else it holds (G5). The names
 * of what was removed come from the changelog; without them the target has to be read.
 */
function planFrom(
  mapping: FieldMapping,
  input: PlanInput,
  source: Side,
  members: readonly string[],
  base: PieceBase,
  look: Look,
): PiecePlan | Look | null {
  const piece = fieldPiece(mapping.field);
  const { fingerprint } = input;
  const target = otherSide(source);
  const agreed = agreedBase(base);
  if (agreed === null) return look;
  const print = fingerprintMembers(members, fingerprint);
  const now = onSides<string | null>(source, print, lastSeen(base, target));
  if (print === agreed[source]) return lastSeen(base, target) === agreed[target] ? planRelease(piece, base) : null;
  if (stillParked(base, now, input.now)) return null;
  // A parked change of the target waits there: both have to be merged.
  if (now[target] !== agreed[target]) return look;
  if (!flowsFrom(source, mapping.direction))
    return {
      piece,
      operations: [],
      base: synchronizedBase(onSides(source, print, agreed[target])),
      note: { piece, outcome: 'declined', source, cause: 'direction' },
    };
  const carried = carryMembers(members, agreed, source, namesOf(input, source, mapping, fingerprint), fingerprint);
  if (carried === null) return look;
  return {
    piece,
    seen: now,
    operations: [{ kind: 'write-fields', target, writes: [{ piece, field: mapping.field, value: carried.change }] }],
    base: synchronizedBase(onSides(source, print, carried.targetPrint)),
    note: { piece, outcome: 'applied', source, cause: null },
  };
}

/**
 * What the source added and removed since both sides agreed, and the target's fingerprint after it. Null: the name of something that was
 * removed is not known.
 */
function carryMembers(
  members: readonly string[],
  agreed: Sides<string>,
  source: Side,
  names: ReadonlyMap<string, string>,
  fingerprint: Fingerprinter,
): { readonly change: SetChange; readonly targetPrint: string } | null {
  const before = new Set(membersIn(agreed[source]));
  const after = new Map(members.map((member) => [fingerprintMembers([member], fingerprint), member]));
  const gone = [...before].filter((one) => !after.has(one));
  const remove = gone.flatMap((one) => names.get(one) ?? []);
  if (remove.length < gone.length) return null;
  const add = [...after].filter(([one]) => !before.has(one)).map(([, member]) => member);
  const change: SetChange = { kind: 'set-change', add, remove };
  return { change, targetPrint: printAfter(agreed[otherSide(source)], change, fingerprint) };
}

/** The members that the source held before, by their fingerprints. */
function namesOf(
  { views }: PlanInput,
  source: Side,
  { field }: FieldMapping,
  fingerprint: Fingerprinter,
): ReadonlyMap<string, string> {
  const former = views[source].former.get(field);
  const members = former?.kind === 'set' ? former.members : [];
  return new Map(members.map((member) => [fingerprintMembers([member], fingerprint), member]));
}

const changeTo = (members: readonly string[], result: readonly string[]): SetChange => ({
  kind: 'set-change',
  add: result.filter((member) => !members.includes(member)),
  remove: members.filter((member) => !result.includes(member)),
});

const printSides = (members: Sides<readonly string[]>, fingerprint: Fingerprinter): Sides<string> => ({
  A: fingerprintMembers(members.A, fingerprint),
  B: fingerprintMembers(members.B, fingerprint),
});

/** Nothing to write for a set: both sides came to the same, or one changed from which it does not flow (F6). */
function noteUnwritten({ field, direction }: FieldMapping, now: Sides<string>, agreed: Sides<string> | null): Note {
  const piece = fieldPiece(field);
  if (now.A === now.B) return noteAgreed(piece);
  const source = SIDES.find((side) => !flowsFrom(side, direction) && now[side] !== (agreed?.[side] ?? ''));
  return source === undefined ? noteAgreed(piece) : { piece, outcome: 'declined', source, cause: 'direction' };
}
