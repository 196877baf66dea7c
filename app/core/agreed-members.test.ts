import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildChange, fieldId, fingerprint } from '../../test/factories/core.ts';
import { agreedMembers } from './agreed-members.ts';
import type { FieldChange } from './item.ts';
import { mergeSets } from './merge-sets.ts';
import { fingerprintMembers } from './normal-form.ts';
import { SIDES, type Side, type Sides } from './side.ts';

const LABELS = fieldId('labels');
type Members = readonly string[];

const print = (members: Members): string => fingerprintMembers(members, fingerprint);
const same = (members: Members): Sides<string> => ({ A: print(members), B: print(members) });

/** A set at one side, with its changelog. */
class Held {
  members: Members;
  readonly changes: FieldChange[] = [];
  constructor(members: Members) {
    this.members = members;
  }
  become(members: Members, at: number): void {
    this.changes.push(buildChange('labels', this.members, members, at));
    this.members = members;
  }
  toggle(member: string, at: number): void {
    const has = this.members.includes(member);
    this.become(has ? this.members.filter((one) => one !== member) : [...this.members, member], at);
  }
}

/** What both sides hold in the end, once a turn has read them after a write of which nobody heard the end. */
function mergedAfter(base: Sides<string> | null, held: Sides<Held>): Members {
  const members = { A: held.A.members, B: held.B.members };
  const changes = { A: held.A.changes, B: held.B.changes };
  const agreed = agreedMembers({ field: LABELS, members, base, changes, fingerprint });
  const { result } = mergeSets(members, agreed, 'both', fingerprint);
  expect(print(result.A)).toBe(print(result.B));
  return [...result.A].sort();
}

const start = (members: Members): Sides<Held> => ({ A: new Held(members), B: new Held(members) });

/** Who adds the member x (`+`) or removes it (`-`), and when by the clock there. */
type Step = `${Side}${'+' | '-'}${number}`;

function take(held: Sides<Held>, steps: readonly Step[]): void {
  for (const step of steps) {
    const side = held[step.startsWith('A') ? 'A' : 'B'];
    const at = Number(step.slice(2));
    side.become(step[1] === '+' ? [...side.members, 'x'] : side.members.filter((one) => one !== 'x'), at);
  }
}

describe('a write of a set whose answer was lost', () => {
  it.each<[string, Members, readonly Step[], Members]>([
    ['it was done, and the target removed the member again', [], ['A+1', 'B+2', 'B-3'], []],
    ['it was done, and the source removed the member again', [], ['A+1', 'B+2', 'A-3'], []],
    ['the source had removed it before it arrived', [], ['A+1', 'A-2', 'B+3'], []],
    ['by a clock that is behind, it was done before there was anything to write', [], ['A+9', 'B+2', 'B-3'], []],
    ['it was not done', [], ['A+1'], ['x']],
    ['it was done', [], ['A+1', 'B+2'], ['x']],
    ['a removal was done, and the target added the member again', ['x'], ['A-1', 'B-2', 'B+3'], ['x']],
    ['the source added it once more after the target removed it', [], ['A+1', 'B+2', 'B-3', 'A-4', 'A+5'], ['x']],
    ['the target removed it after the source added it once more', [], ['A+1', 'B+2', 'A-3', 'A+4', 'B-5'], []],
  ])('[G7] %s', (_, before, steps, expected) => {
    const held = start(before);
    take(held, steps);
    expect(mergedAfter(same(before), held)).toEqual(expected);
  });

  it('[G7] what was noted as agreed after it was seen last is not told twice', () => {
    const held = start([]);
    take(held, ['A+1', 'B+2', 'B-3']);
    // That x had come to both was known already: B's removal is the only change.
    expect(mergedAfter(same(['x']), held)).toEqual([]);
  });

  const members = fc.subarray(['p', 'q', 'r', 's']);
  // Who toggles a member there and back before anybody has seen it cannot be told from the write.
  const toggles = fc.uniqueArray(
    fc.record({ side: fc.constantFrom<Side>('A', 'B'), member: fc.constantFrom('p', 'q', 'r', 's') }),
    { selector: ({ member }) => member },
  );

  it('[G6] [G7] what people did since it was done is what comes of it', () => {
    fc.assert(
      fc.property(members, toggles, fc.record({ A: members, B: members }), (base, earlier, later) => {
        const held = start(base);
        for (const [at, { side, member }] of earlier.entries()) held[side].toggle(member, 1 + at);
        const { result } = mergeSets({ A: held.A.members, B: held.B.members }, same(base), 'both', fingerprint);
        for (const side of SIDES) held[side].become(result[side], 10);
        for (const side of SIDES) held[side].become(later[side], 11);
        expect(mergedAfter(same(base), held)).toEqual([...mergeSets(later, same(result.A), 'both', fingerprint).result.A].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('[G6] [G7] where it was not done nothing comes of it', () => {
    fc.assert(
      fc.property(members, toggles, (base, earlier) => {
        const held = start(base);
        for (const [at, { side, member }] of earlier.entries()) held[side].toggle(member, 1 + at);
        const { result } = mergeSets({ A: held.A.members, B: held.B.members }, same(base), 'both', fingerprint);
        expect(mergedAfter(same(base), held)).toEqual([...result.A].sort());
      }),
      { numRuns: 500 },
    );
  });
});
