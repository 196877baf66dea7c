import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildConfiguration, fieldId } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import type { Configuration } from './configuration.ts';
import { type Difference, describeDifference, type Terms } from './describe-difference.ts';

const terms = (change: Partial<Configuration> = {}, mode: Terms['mode'] = 'review'): Terms => ({
  mode,
  configuration: buildConfiguration({ types: [], fields: [], status: null, comments: null, strict: false, ...change }),
});
const bug = { types: { A: { id: '1', name: 'Bug' }, B: { id: '7', name: 'Defect' } }, direction: 'both' } as const;
const priority = { field: fieldId('priority'), direction: 'both', conflict: 'newest' } as const;
const status = { direction: 'both', conflict: 'newest', map: [{ A: 'Done', B: 'Closed' }] } as const;
const flow = { direction: 'both', conflict: 'newest' } as const;

describe('a difference', () => {
  it.each<[string, Terms, Terms, readonly Difference[]]>([
    [
      'of a new field',
      terms(),
      terms({ fields: [priority] }),
      [{ kind: 'field', field: fieldId('priority'), before: null, after: flow }],
    ],
    [
      'of a field that turned round',
      terms({ fields: [priority] }),
      terms({ fields: [{ ...priority, direction: 'A-to-B' }] }),
      [{ kind: 'field', field: fieldId('priority'), before: flow, after: { ...flow, direction: 'A-to-B' } }],
    ],
    [
      'of a work type that goes',
      terms({ types: [bug] }),
      terms(),
      [{ kind: 'type', types: bug.types, before: 'both', after: null }],
    ],
    [
      'of statuses',
      terms({ status }),
      terms({ status: { ...status, map: [{ A: 'Done', B: 'Released' }] } }),
      [
        { kind: 'status-pair', names: { A: 'Done', B: 'Closed' }, change: 'removed' },
        { kind: 'status-pair', names: { A: 'Done', B: 'Released' }, change: 'added' },
      ],
    ],
    ['of the status as a whole', terms(), terms({ status }), [{ kind: 'status', before: null, after: flow }]],
    [
      'of comments',
      terms({ comments: { direction: 'both', authorLine: true } }),
      terms({ comments: { direction: 'both', authorLine: false } }),
      [
        {
          kind: 'comments',
          before: { direction: 'both', authorLine: true },
          after: { direction: 'both', authorLine: false },
        },
      ],
    ],
    ['of how careful it is', terms(), terms({ strict: true }), [{ kind: 'strict', after: true }]],
    ['of the mode', terms(), terms({}, 'immediate'), [{ kind: 'mode', after: 'immediate' }]],
  ])('%s', (_name, before, after, differences) => expect(describeDifference(before, after)).toEqual(differences));

  it('is none between the same fields in another order', () => {
    const labels = { ...priority, field: fieldId('labels') };
    fc.assert(
      fc.property(fc.shuffledSubarray([priority, labels], { minLength: 2 }), (fields) => {
        expect(describeDifference(terms({ fields: [priority, labels] }), terms({ fields }))).toEqual([]);
      }),
      runs(100),
    );
  });
});
