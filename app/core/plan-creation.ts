import type { Configuration } from './configuration.ts';
import { emptyDocument } from './document.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { FieldValue, Item } from './item.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue, normalForm } from './normal-form.ts';
import { COUNTS_AS_CHANGED, fieldPiece, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import { settledFingerprint, wasDropped } from './settle.ts';
import { flowsFrom, onSides, otherSide, type Side, type Sides } from './side.ts';
import { translateValue } from './translate.ts';

export interface CreationWrite {
  readonly field: FieldId;
  readonly value: FieldValue;
}

export type CreationPlan =
  | { readonly kind: 'create'; readonly target: Side; readonly typeId: string; readonly writes: readonly CreationWrite[] }
  | { readonly kind: 'decline'; readonly cause: 'type-not-mapped' | 'direction' };

const SUMMARY = 'summary' as FieldId;

/** Whether an unpaired item gets a twin, and with what (SPEC I1–I3). */
export function planCreation(configuration: Configuration, item: Item, origin: Side): CreationPlan {
  const target = otherSide(origin);
  const rows = configuration.types.filter((row) => row.types[origin].id === item.type.id);
  if (rows.length === 0) return { kind: 'decline', cause: 'type-not-mapped' };
  const row = rows.find((candidate) => flowsFrom(origin, candidate.direction));
  if (row === undefined) return { kind: 'decline', cause: 'direction' };
  return { kind: 'create', target, typeId: row.types[target].id, writes: creationWrites(configuration, item, origin) };
}

/**
 * The bases of a new pair, from the origin's item as it was carried over and the twin as it came out (SPEC I4). A field that Jira
 * refused, or dropped without a word, begins parked: otherwise the twin's default would flow back over the origin's value.
 */
export function firstBases(
  configuration: Configuration,
  items: Sides<Item>,
  origin: Side,
  creation: { readonly refused: ReadonlySet<FieldId>; readonly fingerprint: Fingerprinter; readonly now: number },
): ReadonlyMap<PieceKey, PieceBase> {
  const { refused, fingerprint, now } = creation;
  const target = otherSide(origin);
  const wanted = new Map(creationWrites(configuration, items[origin], origin).map((write) => [write.field, write.value]));
  const bases = new Map<PieceKey, PieceBase>(firstStatusBase(configuration, items, origin, fingerprint));
  for (const { field } of configuration.fields) {
    const here = items[origin].fields.get(field);
    const there = items[target].fields.get(field);
    if (here === undefined || there === undefined) continue;
    const sent = wanted.get(field);
    const print = fingerprintValue(here, fingerprint);
    const shown = fingerprintValue(there, fingerprint);
    const dropped = refused.has(field) || (sent !== undefined && wasDropped(sent, there));
    const base = dropped
      ? parkedBase(
          synchronizedBase(onSides(origin, COUNTS_AS_CHANGED, shown)),
          'field-refused',
          now,
          onSides(origin, print, shown),
        )
      : synchronizedBase(onSides(origin, print, sent === undefined ? shown : settledFingerprint(sent, there, fingerprint)));
    bases.set(fieldPiece(field), base);
  }
  return bases;
}

/** The status counts as changed at the origin, so that the next plan walks the twin there (SPEC I5). */
export function firstStatusBase(
  configuration: Configuration,
  items: Sides<Item>,
  origin: Side,
  fingerprint: Fingerprinter,
): ReadonlyMap<PieceKey, PieceBase> {
  if (configuration.status === null) return new Map();
  const shown = fingerprintStatus(items[otherSide(origin)].status, fingerprint);
  return new Map([[STATUS_PIECE, synchronizedBase(onSides(origin, COUNTS_AS_CHANGED, shown))]]);
}

/** Filled fields that flow from the origin; the summary always, since Jira makes no item without one (I2). */
function creationWrites(configuration: Configuration, item: Item, origin: Side): readonly CreationWrite[] {
  const flowing = configuration.fields.filter((mapping) => flowsFrom(origin, mapping.direction)).map((mapping) => mapping.field);
  const fields = flowing.includes(SUMMARY) ? flowing : [SUMMARY, ...flowing];
  return fields.flatMap((field) => {
    const value = item.fields.get(field);
    if (value === undefined || normalForm(value) === 'empty') return [];
    return [{ field, value: translateValue(value, { kind: 'rich', document: emptyDocument }) }];
  });
}
