import { membersIn } from './agreement.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';
import { type Direction, flowsFrom, type Side, type Sides } from './side.ts';

export interface SetMerge {
  /** What each side should hold. */
  readonly result: Sides<readonly string[]>;
  /** Which sides must be written. */
  readonly write: Sides<boolean>;
}

/**
 * Three-way merge of a set (SPEC G2–G4): what one side added is added on the other, what it removed is removed there, each only
 * where the direction lets it flow. With no base (never agreed) both keep everything and get what the other has.
 * `base` holds, per side, the members' fingerprints joined by commas.
 */
export function mergeSets(
  members: Sides<readonly string[]>,
  base: Sides<string | null> | null,
  direction: Direction,
  fingerprint: Fingerprinter,
): SetMerge {
  const changes: Sides<MemberChange> = {
    A: changeOf(members.A, base?.A ?? null, fingerprint),
    B: changeOf(members.B, base?.B ?? null, fingerprint),
  };
  const result: Sides<readonly string[]> = {
    A: flowsFrom('B', direction) ? applyChange(members.A, changes.B, fingerprint) : members.A,
    B: flowsFrom('A', direction) ? applyChange(members.B, changes.A, fingerprint) : members.B,
  };
  const differs = (side: Side): boolean =>
    fingerprintMembers(result[side], fingerprint) !== fingerprintMembers(members[side], fingerprint);
  return { result, write: { A: differs('A'), B: differs('B') } };
}

interface MemberChange {
  readonly added: readonly string[];
  /** Fingerprints: what was removed is no longer known by name. */
  readonly removed: ReadonlySet<string>;
}

function changeOf(members: readonly string[], base: string | null, fingerprint: Fingerprinter): MemberChange {
  const before = new Set(membersIn(base ?? ''));
  const now = new Map(members.map((member) => [fingerprintMembers([member], fingerprint), member]));
  return {
    added: [...now].filter(([print]) => !before.has(print)).map(([, member]) => member),
    removed: new Set([...before].filter((print) => !now.has(print))),
  };
}

function applyChange(members: readonly string[], change: MemberChange, fingerprint: Fingerprinter): readonly string[] {
  const kept = members.filter((member) => !change.removed.has(fingerprintMembers([member], fingerprint)));
  const present = new Set(kept);
  return [...kept, ...change.added.filter((member) => !present.has(member))];
}
