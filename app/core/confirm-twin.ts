import type { Configuration } from './configuration.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { FieldChange, FieldValue, Item } from './item.ts';
import { settleField, settleStatus, UNSEEN } from './loose-print.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue, normalForm } from './normal-form.ts';
import type { Observation } from './observation.ts';
import { COUNTS_AS_CHANGED, fieldPiece, ITEM_PIECE, type PieceBase, parkedBase, STATUS_PIECE } from './piece.ts';
import type { Note } from './plan.ts';
import { onSides, otherSide, type Side } from './side.ts';

/** What a twin shows when it is first seen: right after its creation, or later together with what changed since. */
export interface FirstSight {
  readonly fields: ReadonlyMap<FieldId, FieldValue>;
  readonly status: { readonly id: string; readonly name: string };
  /** Since the creation, oldest first. */
  readonly changes: readonly FieldChange[];
}

export interface ConfirmQuestion {
  readonly configuration: Configuration;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly origin: Side;
  readonly sight: FirstSight;
  readonly fingerprint: Fingerprinter;
  readonly now: number;
}

export interface Confirmation {
  /** What changes; the piece that stood for the unconfirmed twin is forgotten (null). */
  readonly bases: ReadonlyMap<PieceKey, PieceBase | null>;
  readonly notes: readonly Note[];
}

/** Whether the twin was made and not seen since. */
export const isUnconfirmed = (bases: ReadonlyMap<PieceKey, PieceBase>): boolean => bases.has(ITEM_PIECE);

/** The event of the creation, sent before anybody could touch the item; null when the twin has to be read to know what it held first. */
export const firstSightIn = (told: readonly Observation[]): Observation | null =>
  told.find((one) => one.event === 'created' && one.updatedAt === one.createdAt) ?? null;

/** A whole read, whatever happened to the twin since. */
export const firstSightOf = (item: Item): FirstSight => ({ fields: item.fields, status: item.status, changes: item.changes });

/**
 * The twin is seen for the first time (SPEC I4, I5, B2, O6): what was sent is known exactly now, what it was not given begins as it is,
 * what Jira dropped without a word parks, and a status other than the wanted one counts as changed at the origin.
 */
export function confirmTwin(question: ConfirmQuestion): Confirmation {
  const { configuration, bases, origin } = question;
  const confirmed = new Map<PieceKey, PieceBase | null>([[ITEM_PIECE, null]]);
  const notes: Note[] = [];
  for (const { field } of configuration.fields) {
    const base = bases.get(fieldPiece(field));
    const value = question.sight.fields.get(field);
    if (base === undefined || value === undefined) continue;
    const after = confirmField(question, field, base, value);
    if (after === base) continue;
    confirmed.set(fieldPiece(field), after);
    if (after.state.kind === 'parked' && base.state.kind !== 'parked')
      notes.push({ piece: fieldPiece(field), outcome: 'parked', source: origin, cause: 'field-refused' });
  }
  const status = bases.get(STATUS_PIECE);
  if (status !== undefined) confirmed.set(STATUS_PIECE, confirmStatus(question, status));
  return { bases: confirmed, notes };
}

function confirmField(
  { origin, sight, fingerprint, now }: ConfirmQuestion,
  field: FieldId,
  base: PieceBase,
  value: FieldValue,
): PieceBase {
  const twin = otherSide(origin);
  const touched = sight.changes.find((change) => change.field === field);
  if (base.fingerprints[twin] === UNSEEN)
    return touched === undefined ? settle(base, twin, value, fingerprint) : begun(base, twin, touched, fingerprint);
  const shown = fingerprintValue(value, fingerprint);
  const dropped = touched === undefined && normalForm(value) === 'empty' && base.fingerprints[twin] !== shown;
  if (!dropped || base.state.kind === 'parked') return settle(base, twin, value, fingerprint);
  const { [origin]: carried } = base.fingerprints;
  const agreed: PieceBase = { ...base, fingerprints: onSides<string | null>(origin, COUNTS_AS_CHANGED, shown) };
  return parkedBase(agreed, 'field-refused', now, onSides<string | null>(origin, carried, shown));
}

const settle = (base: PieceBase, twin: Side, value: FieldValue, fingerprint: Fingerprinter): PieceBase =>
  settleField(base, onSides<FieldValue | null>(twin, value, null), fingerprint);

/** Somebody changed it before it was seen: it began as that change says, so the change is carried. */
const begun = (base: PieceBase, twin: Side, { from }: FieldChange, fingerprint: Fingerprinter): PieceBase => ({
  ...base,
  fingerprints: { ...base.fingerprints, [twin]: from === null ? COUNTS_AS_CHANGED : fingerprintValue(from, fingerprint) },
});

/** It began as the first change says, if somebody moved it before it was seen: also to where it was wanted, since the origin may have left there. */
function confirmStatus({ origin, sight, fingerprint }: ConfirmQuestion, base: PieceBase): PieceBase {
  const moved = sight.changes.find((change) => change.field === 'status')?.from;
  const first = moved?.kind === 'option' ? moved : sight.status;
  const settled = settleStatus(base, onSides<FirstSight['status'] | null>(otherSide(origin), first, null), fingerprint);
  if (settled !== base) return settled;
  return { ...base, fingerprints: onSides<string | null>(origin, COUNTS_AS_CHANGED, fingerprintStatus(first, fingerprint)) };
}
