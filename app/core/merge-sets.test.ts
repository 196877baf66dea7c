import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprint } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import { mergeSets } from './merge-sets.ts';
import { fingerprintMembers } from './normal-form.ts';
import { type Direction, flowsFrom, type Side, type Sides } from './side.ts';

type Members = readonly string[];

const baseOf = (base: Sides<Members> | null): Sides<string> | null =>
  base === null ? null : { A: fingerprintMembers(base.A, fingerprint), B: fingerprintMembers(base.B, fingerprint) };

const merge = (members: Sides<Members>, base: Sides<Members> | null, direction: Direction = 'both') =>
  mergeSets(members, baseOf(base), direction, fingerprint);

const same = (members: Members): Sides<Members> => ({ A: members, B: members });

describe('mergeSets', () => {
  it.each<[string, Sides<Members>, Sides<Members>, Members]>([
    ['an addition', { A: ['x', 'y'], B: ['x'] }, same(['x']), ['x', 'y']],
    ['a removal', { A: ['x'], B: ['x', 'y'] }, same(['x', 'y']), ['x']],
    ['the last removal', { A: [], B: ['x'] }, same(['x']), []],
    ['two additions', { A: ['x', 'a'], B: ['x', 'b'] }, same(['x']), ['a', 'b', 'x']],
    ['the same addition', { A: ['a'], B: ['a'] }, same([]), ['a']],
    ['an addition and a removal', { A: ['x', 'a'], B: [] }, same(['x']), ['a']],
    ['two removals', { A: ['y'], B: ['x'] }, same(['x', 'y']), []],
    ['labels that differ by case', { A: ['Urgent', 'urgent'], B: ['urgent'] }, same(['urgent']), ['Urgent', 'urgent']],
    ['a change of case', { A: ['Urgent'], B: ['urgent'] }, same(['urgent']), ['Urgent']],
  ])('[G2] %s', (_, members, base, expected) => {
    const { result } = merge(members, base);
    expect([...result.A].sort()).toEqual(expected);
    expect([...result.B].sort()).toEqual(expected);
  });

  it('[G2] only a side that lacks something is written', () => {
    expect(merge({ A: ['x', 'y'], B: ['x'] }, same(['x'])).write).toEqual({ A: false, B: true });
    expect(merge({ A: ['y', 'x'], B: ['x', 'y'] }, same(['x'])).write).toEqual({ A: false, B: false });
  });

  it.each<[string, Direction, Sides<Members>, Sides<Members>, Sides<Members>]>([
    ['additions are carried', 'A-to-B', { A: ['a'], B: ['own'] }, { A: [], B: ['own'] }, { A: ['a'], B: ['own', 'a'] }],
    ['removals are carried', 'A-to-B', { A: [], B: ['a', 'own'] }, { A: ['a'], B: ['a', 'own'] }, { A: [], B: ['own'] }],
    ['the target may add its own', 'A-to-B', { A: ['a'], B: ['a', 'own'] }, same(['a']), { A: ['a'], B: ['a', 'own'] }],
    ['what the target removed stays removed', 'A-to-B', { A: ['a', 'b'], B: [] }, same(['a']), { A: ['a', 'b'], B: ['b'] }],
    ['the other way', 'B-to-A', { A: ['own'], B: ['b'] }, { A: ['own'], B: [] }, { A: ['own', 'b'], B: ['b'] }],
  ])('[G3] one way: %s', (_, direction, members, base, expected) => {
    expect(merge(members, base, direction).result).toEqual(expected);
  });

  it.each<[Direction, Sides<Members>]>([
    ['both', { A: ['a', 'x', 'b'], B: ['b', 'x', 'a'] }],
    ['A-to-B', { A: ['a', 'x'], B: ['b', 'x', 'a'] }],
    ['B-to-A', { A: ['a', 'x', 'b'], B: ['b', 'x'] }],
  ])('[G4] never agreed (%s): all is kept and shared where it flows', (direction, expected) => {
    expect(merge({ A: ['a', 'x'], B: ['b', 'x'] }, null, direction).result).toEqual(expected);
  });

  const members = fc.subarray(['a', 'A', 'b', 'c', 'd']);
  const sides = fc.record({ A: members, B: members });

  it('[G2] agrees with the plain definition of a three-way merge, for any direction', () => {
    fc.assert(
      fc.property(sides, sides, fc.constantFrom<Direction>('both', 'A-to-B', 'B-to-A'), (now, base, direction) => {
        const wanted = (side: Side, other: Side): Members => {
          if (!flowsFrom(other, direction)) return [...now[side]].sort();
          const added = now[other].filter((member) => !base[other].includes(member));
          const removed = base[other].filter((member) => !now[other].includes(member));
          return [...new Set([...now[side].filter((member) => !removed.includes(member)), ...added])].sort();
        };
        const { result } = merge(now, base, direction);
        expect([...result.A].sort()).toEqual(wanted('A', 'B'));
        expect([...result.B].sort()).toEqual(wanted('B', 'A'));
      }),
      runs(500),
    );
  });

  it('[G2] both ways, two sides that agreed agree again', () => {
    fc.assert(
      fc.property(sides, members, (now, base) => {
        const { result } = merge(now, same(base));
        expect(fingerprintMembers(result.A, fingerprint)).toBe(fingerprintMembers(result.B, fingerprint));
      }),
      runs(300),
    );
  });

  it('[G1] [G4] an empty base is a base: what it lacks was added, and nothing was removed', () => {
    expect(merge({ A: ['a'], B: [] }, same([])).result).toEqual(same(['a']));
  });
});
