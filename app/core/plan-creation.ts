import type { Configuration } from './configuration.ts';
import { emptyDocument } from './document.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { FieldValue, Item } from './item.ts';
import { fingerprintValue, type Fingerprinter, normalForm } from './normal-form.ts';
import { fieldPiece, type PieceBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import { settledFingerprint } from './settle.ts';
import { flowsFrom, otherSide, type Side, type Sides } from './side.ts';
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
 * The bases of a new pair, from the origin's item as it was carried over and the twin as it came out (SPEC I4, I5).
 * Status is left as changed at the origin, so that the next plan walks it there.
 */
export function firstBases(
  configuration: Configuration,
  items: Sides<Item>,
  origin: Side,
  fingerprint: Fingerprinter,
): ReadonlyMap<PieceKey, PieceBase> {
  const target = otherSide(origin);
  const sent = new Map(creationWrites(configuration, items[origin], origin).map((write) => [write.field, write.value]));
  const bases = new Map<PieceKey, PieceBase>();
  for (const { field } of configuration.fields) {
    const here = items[origin].fields.get(field);
    const there = items[target].fields.get(field);
    if (here === undefined || there === undefined) continue;
    const carried = sent.get(field);
    const targetPrint = carried === undefined ? fingerprintValue(there, fingerprint) : settledFingerprint(carried, there, fingerprint);
    bases.set(fieldPiece(field), synchronizedBase(sides(origin, fingerprintValue(here, fingerprint), targetPrint)));
  }
  if (configuration.status !== null && flowsFrom(origin, configuration.status.direction)) {
    bases.set(STATUS_PIECE, synchronizedBase(sides<string | null>(origin, null, fingerprint(`status:${items[target].status.id}`))));
  }
  return bases;
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

const sides = <T>(origin: Side, here: T, there: T): Sides<T> => (origin === 'A' ? { A: here, B: there } : { A: there, B: here });
