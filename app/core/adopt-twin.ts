import type { Configuration } from './configuration.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { FieldValue, Item } from './item.ts';
import { sentPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue, normalForm } from './normal-form.ts';
import { COUNTS_AS_CHANGED, fieldPiece, type PieceBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import { carriesAtCreation } from './plan-creation.ts';
import { onSides, otherSide, type Side, type Sides } from './side.ts';

/**
 * The bases of a pair whose twin was found, since the answer to its creation was lost: nobody remembers what it was made with, but both
 * changelogs tell (SPEC I8). A field without a base is compared as both sides show it now (F5, G4).
 *
 * @param items both sides, read whole with their newest changes
 */
export function adoptedBases(
  configuration: Configuration,
  items: Sides<Item>,
  origin: Side,
  fingerprint: Fingerprinter,
): ReadonlyMap<PieceKey, PieceBase> {
  const bases = new Map<PieceKey, PieceBase>();
  for (const mapping of configuration.fields) {
    if (!carriesAtCreation(mapping, origin)) continue;
    const base = firstBase(mapping.field, items, origin, fingerprint);
    if (base !== null) bases.set(fieldPiece(mapping.field), base);
  }
  if (configuration.status !== null) bases.set(STATUS_PIECE, firstStatusBase(items, origin, fingerprint));
  return bases;
}

function firstBase(field: FieldId, items: Sides<Item>, origin: Side, fingerprint: Fingerprinter): PieceBase | null {
  const here = items[origin].fields.get(field);
  const there = items[otherSide(origin)].fields.get(field);
  if (here === undefined || there === undefined) return null;
  const began = firstValue(items[otherSide(origin)], field, there);
  const lines = items[origin].changes.filter((change) => change.field === field);
  const agreed = (first: string, twin: string): PieceBase => synchronizedBase(onSides(origin, first, twin));
  // A rich text: what it was before somebody changed it is not told.
  if (began === null) return lines.length === 0 ? agreed(fingerprintValue(here, fingerprint), COUNTS_AS_CHANGED) : null;
  const print = fingerprintValue(began, fingerprint);
  const told = lines.flatMap(({ from, to }) => [from, to].filter((value) => value !== null));
  const shown: readonly FieldValue[] = [here, ...told];
  const carried = shown.find((value) => sentPrint(value, fingerprint) === sentPrint(began, fingerprint));
  if (carried !== undefined) return agreed(fingerprintValue(carried, fingerprint), print);
  // What of a set was not carried is not lost by keeping all that both hold (G4).
  if (began.kind === 'set') return null;
  const mayHaveBeenEmpty = (told.length === lines.length * 2 ? shown : told).some((value) => normalForm(value) === 'empty');
  return mayHaveBeenEmpty ? null : agreed(COUNTS_AS_CHANGED, print);
}

/** What the twin held before anybody changed it; null when that is not told. */
function firstValue({ changes }: Item, field: FieldId, shown: FieldValue): FieldValue | null {
  const first = changes.find((change) => change.field === field);
  return first === undefined ? shown : first.from;
}

/**
 * The status counts as changed at the origin, so that the next plan walks the twin there (SPEC I5). A twin that somebody has moved since
 * it was made began where that change says: both have changed.
 */
function firstStatusBase(items: Sides<Item>, origin: Side, fingerprint: Fingerprinter): PieceBase {
  const twin = items[otherSide(origin)];
  const moved = twin.changes.find(({ field }) => field === 'status')?.from;
  const shown = fingerprintStatus(moved?.kind === 'option' ? moved : twin.status, fingerprint);
  return synchronizedBase(onSides(origin, COUNTS_AS_CHANGED, shown));
}
