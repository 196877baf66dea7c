import { membersIn } from './agreement.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';
import { SIDES, type Side, type Sides } from './side.ts';

/**
 * What both sides have agreed on, member by member (SPEC G6), in the form of a set's base. The merge with it is the same as with `base`, and
 * it holds, too, while other members wait.
 *
 * @param members what both sides hold now
 * @param base per side the fingerprints of what was agreed before, joined by commas; null: nothing ever was
 */
export function agreedMembers(
  members: Sides<readonly string[]>,
  base: Sides<string> | null,
  fingerprint: Fingerprinter,
): Sides<string> {
  const printsOf = (side: Side): ReadonlySet<string> => new Set(membersIn(fingerprintMembers(members[side], fingerprint)));
  const now = { A: printsOf('A'), B: printsOf('B') };
  const before = { A: new Set(membersIn(base?.A ?? '')), B: new Set(membersIn(base?.B ?? '')) };
  const all = [...new Set(SIDES.flatMap((side) => [...now[side], ...before[side]]))].sort();
  const isAgreed = (one: string, side: Side): boolean =>
    now.A.has(one) === now.B.has(one) ? now.A.has(one) : before[side].has(one);
  const held = (side: Side): string => all.filter((one) => isAgreed(one, side)).join(',');
  return { A: held('A'), B: held('B') };
}
