import type { FieldId } from './ids.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';
import { otherSide, SIDES, type Side, type Sides } from './side.ts';

export interface MembersQuestion {
  readonly field: FieldId;
  /** What both sides hold now. */
  readonly members: Sides<readonly string[]>;
  /** Per side the fingerprints of what was agreed before, joined by commas; null: nothing ever was. */
  readonly base: Sides<string> | null;
  /** What each side changed since it was known before, oldest first; both empty unless a write of this set had no answer. */
  readonly changes: Sides<readonly FieldChange[]>;
  readonly fingerprint: Fingerprinter;
}

/**
 * What both sides have agreed on, member by member (SPEC G6, G7), in the form of a set's base. The merge with it is the same as with
 * `base` but for what an unanswered write carried; and it holds, too, while other members wait.
 */
export function agreedMembers(question: MembersQuestion): Sides<string> {
  const { base, members, fingerprint } = question;
  const now = { A: printsOf(members.A, fingerprint), B: printsOf(members.B, fingerprint) };
  const before = { A: membersIn(base?.A ?? ''), B: membersIn(base?.B ?? '') };
  const flips = { A: flipsOf(question, 'A'), B: flipsOf(question, 'B') };
  const all = [...new Set(SIDES.flatMap((side) => [...now[side], ...before[side]]))].sort();
  const held = (side: Side): string => all.filter((one) => isAgreed(one, side)).join(',');
  const isAgreed = (one: string, side: Side): boolean => {
    const here = now.A.has(one);
    if (here === now.B.has(one)) return here;
    const states = { A: before.A.has(one), B: before.B.has(one) };
    const carried = base !== null && states.A === states.B && wasCarried({ one, before: states.A, now, flips });
    return carried ? !states[side] : states[side];
  };
  return { A: held('A'), B: held('B') };
}

/** The members that a set's base tells of, by their fingerprints. */
export const membersIn = (print: string): ReadonlySet<string> => new Set(print === '' ? [] : print.split(','));

const printsOf = (members: readonly string[], fingerprint: Fingerprinter): ReadonlySet<string> =>
  membersIn(fingerprintMembers(members, fingerprint));

/** One change of a set: which members came, and which went. */
interface Flip {
  readonly at: number;
  readonly came: ReadonlySet<string>;
  readonly went: ReadonlySet<string>;
}

function flipsOf({ changes, field, fingerprint }: MembersQuestion, side: Side): readonly Flip[] {
  const prints = (value: FieldValue | null): ReadonlySet<string> =>
    value?.kind === 'set' ? printsOf(value.members, fingerprint) : new Set();
  return changes[side]
    .filter((change) => change.field === field)
    .map(({ at, from, to }) => {
      const [before, after] = [prints(from), prints(to)];
      return { at, came: lacking(after, before), went: lacking(before, after) };
    });
}

/** What of `all` is not in `some`. */
const lacking = (all: ReadonlySet<string>, some: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...all].filter((one) => !some.has(one)));

/**
 * One side holds it as it was agreed, but had come to hold it as the other does, and was changed back. Its coming along was the write
 * whose answer was lost, or what that write carried over: so both had agreed on the new state, and the way back is a change of its own.
 * Only if the other side did it once more is it asked who was the last, by the clocks of two sites.
 */
function wasCarried({
  one,
  before,
  now,
  flips,
}: {
  one: string;
  before: boolean;
  now: Sides<ReadonlySet<string>>;
  flips: Sides<readonly Flip[]>;
}): boolean {
  const back: Side = now.A.has(one) === before ? 'A' : 'B';
  const timesAt = (side: Side): readonly number[] => {
    const own = flips[side].filter(({ came, went }) => came.has(one) || went.has(one));
    // What was noted as agreed after it was seen last is told once more: it leads up to what was agreed.
    const [first] = own;
    return (first !== undefined && first.came.has(one) === before ? own.slice(1) : own).map(({ at }) => at);
  };
  const there = timesAt(otherSide(back));
  const lastBack = timesAt(back).at(-1);
  const lastThere = there.at(-1);
  if (lastBack === undefined || lastThere === undefined) return false;
  return there.length === 1 || lastBack > lastThere;
}
