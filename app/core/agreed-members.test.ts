import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprint } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import { agreedMembers } from './agreed-members.ts';
import { mergeSets } from './merge-sets.ts';
import { fingerprintMembers } from './normal-form.ts';
import type { Sides } from './side.ts';

type Members = readonly string[];

const print = (members: Members): string => fingerprintMembers(members, fingerprint);
const members = fc.subarray(['p', 'q', 'r', 's']);
const sides = fc.record({ A: members, B: members });
const bases = fc.option(sides.map(({ A, B }): Sides<string> => ({ A: print(A), B: print(B) })));

describe('agreedMembers', () => {
  it('[G6] what both hold, or neither holds any more, is agreed; the rest is as it was', () => {
    const base = { A: print(['both', 'gone', 'left A']), B: print(['gone', 'left B']) };
    expect(agreedMembers({ A: ['both', 'new', 'came to A'], B: ['both', 'new'] }, base, fingerprint)).toEqual({
      A: print(['both', 'new']),
      B: print(['both', 'new']),
    });
    expect(agreedMembers({ A: ['both'], B: ['waits'] }, { A: print(['both']), B: print([]) }, fingerprint)).toEqual({
      A: print(['both']),
      B: print([]),
    });
  });

  it('[G6] the merge with it is the same', () => {
    fc.assert(
      fc.property(sides, bases, (now, base) => {
        const agreed = agreedMembers(now, base, fingerprint);
        expect(mergeSets(now, agreed, 'both', fingerprint)).toEqual(mergeSets(now, base, 'both', fingerprint));
      }),
      runs(100),
    );
  });

  it('[G6] asking again changes nothing', () => {
    fc.assert(
      fc.property(sides, bases, (now, base) => {
        const agreed = agreedMembers(now, base, fingerprint);
        expect(agreedMembers(now, agreed, fingerprint)).toEqual(agreed);
      }),
      runs(100),
    );
  });
});
