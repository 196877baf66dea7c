import type { Configuration, FieldMapping } from './configuration.ts';
import { emptyDocument } from './document.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { FieldValue, Item } from './item.ts';
import { sentPrint, UNSEEN, wantedStatusPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue, normalForm } from './normal-form.ts';
import {
  COUNTS_AS_CHANGED,
  fieldPiece,
  ITEM_PIECE,
  type PieceBase,
  parkedBase,
  STATUS_PIECE,
  synchronizedBase,
} from './piece.ts';
import { flowsFrom, onSides, otherSide, type Side } from './side.ts';
import { translateStatus, translateValue } from './translate.ts';

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
 * The bases of a new pair, from what the twin was made with; nobody has seen it yet (SPEC I4, I5, O6). A field that Jira refused begins
 * parked: otherwise the twin's default would flow back over the origin's value.
 */
export function creationBases(
  configuration: Configuration,
  item: Item,
  origin: Side,
  creation: { readonly refused: ReadonlySet<FieldId>; readonly fingerprint: Fingerprinter; readonly now: number },
): ReadonlyMap<PieceKey, PieceBase> {
  const { refused, fingerprint, now } = creation;
  const sent = new Map(creationWrites(configuration, item, origin).map((write) => [write.field, write.value]));
  const bases = new Map<PieceKey, PieceBase>([[ITEM_PIECE, synchronizedBase(onSides<string | null>(origin, null, UNSEEN))]]);
  for (const { field } of configuration.fields) {
    const here = item.fields.get(field);
    const value = sent.get(field);
    const print = here === undefined ? null : fingerprintValue(here, fingerprint);
    const there = value === undefined ? UNSEEN : sentPrint(value, fingerprint);
    const base = refused.has(field)
      ? parkedBase(
          synchronizedBase(onSides(origin, COUNTS_AS_CHANGED, UNSEEN)),
          'field-refused',
          now,
          onSides<string | null>(origin, print, UNSEEN),
        )
      : synchronizedBase(onSides<string | null>(origin, print, there));
    bases.set(fieldPiece(field), base);
  }
  const status = creationStatusBase(configuration, item, origin, fingerprint);
  if (status !== null) bases.set(STATUS_PIECE, status);
  return bases;
}

/** The twin is expected in the status that stands for the origin's; if it begins in another it is walked there (I5). */
function creationStatusBase(
  configuration: Configuration,
  item: Item,
  origin: Side,
  fingerprint: Fingerprinter,
): PieceBase | null {
  const { status } = configuration;
  if (status === null) return null;
  const print = fingerprintStatus(item.status, fingerprint);
  if (!flowsFrom(origin, status.direction)) return synchronizedBase(onSides(origin, print, UNSEEN));
  const wanted = translateStatus(configuration, item.status.name, origin);
  return wanted === null
    ? synchronizedBase(onSides(origin, COUNTS_AS_CHANGED, UNSEEN))
    : synchronizedBase(onSides(origin, print, wantedStatusPrint(wanted, fingerprint)));
}

/** Filled fields that flow from the origin; the summary always, since Jira makes no item without one (I2). */
function creationWrites(configuration: Configuration, item: Item, origin: Side): readonly CreationWrite[] {
  const flowing = configuration.fields.filter((mapping) => carriesAtCreation(mapping, origin)).map((mapping) => mapping.field);
  const fields = flowing.includes(SUMMARY) ? flowing : [SUMMARY, ...flowing];
  return fields.flatMap((field) => {
    const value = item.fields.get(field);
    if (value === undefined || normalForm(value) === 'empty') return [];
    return [{ field, value: translateValue(value, { kind: 'rich', document: emptyDocument }) }];
  });
}

/** Whether a twin is made with what the origin shows in that field. */
const carriesAtCreation = ({ field, direction }: FieldMapping, origin: Side): boolean =>
  field === SUMMARY || flowsFrom(origin, direction);
