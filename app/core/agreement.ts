import type { PieceKey } from './ids.ts';
import { sentPrint, toldPrint, wantedStatusPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';
import { agreedBase, type PieceBase } from './piece.ts';
import type { Operation, Plan, PlannedWrite, SetChange } from './plan.ts';
import { onSides, otherSide, type Side, type Sides } from './side.ts';

/**
 * What a write makes both sides agree on, recorded before it begins: should nobody hear how it ended, and it turns out to have been done, it
 * counts as if it had been heard (SPEC O10). Fingerprints only.
 */
export interface Agreement {
  /** The source as it was then; the target as it was meant to become, as loosely as it can be known before it is seen. */
  readonly fingerprints: Sides<string | null>;
  /** What the target's changelog says of it; null for what it does not tell, or tells by its members; of a comment what the event of its edit or deletion says. */
  readonly told: string | null;
  /** The write was known to replace an edit that lost a conflict, and nothing at the target will tell so: an edit of a comment. */
  readonly replaces?: true;
  /** Of an edit of a comment: the last edit at the target that was known before it, by the target's clock (epoch ms). */
  readonly since?: number;
}

/** What each piece of an operation agrees on once it is done. `bases`: before the plan. */
export function agreementsOf(
  operation: Operation,
  plan: Pick<Plan, 'bases' | 'seen' | 'losing'>,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  fingerprint: Fingerprinter,
): ReadonlyMap<PieceKey, Agreement> {
  const { target } = operation;
  const source = otherSide(target);
  const seen = (piece: PieceKey): string | null =>
    (plan.seen.get(piece) ?? plan.bases.get(piece)?.fingerprints)?.[source] ?? null;
  switch (operation.kind) {
    case 'write-fields':
      return new Map(
        operation.writes.map((write) => [
          write.piece,
          agreementOfWrite(write, target, seen(write.piece), bases.get(write.piece) ?? null, fingerprint),
        ]),
      );
    case 'transition': {
      const reached = wantedStatusPrint(operation.toStatus, fingerprint);
      const fingerprints = onSides<string | null>(source, seen(operation.piece), reached);
      return new Map([[operation.piece, { fingerprints, told: reached }]]);
    }
    case 'create-comment':
    case 'edit-comment': {
      const body = sentPrint({ kind: 'rich', document: operation.body }, fingerprint);
      const fingerprints = onSides<string | null>(source, plan.bases.get(operation.piece)?.fingerprints[source] ?? null, body);
      return new Map([
        [
          operation.piece,
          {
            fingerprints,
            told: toldPrint({ kind: 'rich', document: operation.body }, fingerprint),
            ...(plan.losing.some(({ piece }) => piece === operation.piece) ? { replaces: true as const } : {}),
            ...(operation.kind === 'edit-comment' ? { since: operation.since } : {}),
          },
        ],
      ]);
    }
    case 'delete-comment':
      return new Map();
  }
}

function agreementOfWrite(
  { value }: PlannedWrite,
  target: Side,
  source: string | null,
  base: PieceBase | null,
  fingerprint: Fingerprinter,
): Agreement {
  const on = (reached: string): Sides<string | null> => onSides<string | null>(otherSide(target), source, reached);
  if (value.kind === 'set-change')
    return { fingerprints: on(printAfter(agreedBase(base)?.[target] ?? '', value, fingerprint)), told: null };
  return { fingerprints: on(sentPrint(value, fingerprint)), told: toldPrint(value, fingerprint) };
}

/** The fingerprints of the members that both sides agreed on, changed so. What else the target holds or lacks is a change of its own, and not carried yet. */
export function printAfter(before: string, { add, remove }: SetChange, fingerprint: Fingerprinter): string {
  const members = new Set(membersIn(before));
  for (const member of remove) members.delete(fingerprintMembers([member], fingerprint));
  for (const member of add) members.add(fingerprintMembers([member], fingerprint));
  return [...members].sort().join(',');
}

/** The fingerprints of a set's members. */
export const membersIn = (print: string): readonly string[] => (print === '' ? [] : print.split(','));

/**
 * What both sides of a set agree on by two writes that began from the same, one on each side (SPEC O10): neither undoes what the other did.
 *
 * @param before per side the fingerprints that both writes began from, joined by commas; null: nothing was agreed
 */
export function agreedByBoth(
  before: Sides<string | null>,
  one: Sides<string | null>,
  other: Sides<string | null>,
): Sides<string> {
  const on = (side: Side): string => {
    const [began, first, second] = [before, one, other].map((prints) => new Set(membersIn(prints[side] ?? '')));
    const all = [...new Set([...(first ?? []), ...(second ?? [])])].sort();
    const isHeld = (member: string): boolean =>
      began?.has(member) !== true || (first?.has(member) === true && second?.has(member) === true);
    return all.filter(isHeld).join(',');
  };
  return { A: on('A'), B: on('B') };
}
