import { describe, expect, it } from '@jest/globals';
import {
  buildChange,
  buildConfiguration,
  buildItem,
  buildMapping,
  buildPlanInput,
  buildValue,
  doc,
  fingerprint,
  paragraph,
  type ValueSketch,
} from '../../test/factories/core.ts';
import { adoptedBases } from './adopt-twin.ts';
import type { FieldMapping } from './configuration.ts';
import type { FieldChange } from './item.ts';
import { fingerprintStatus } from './normal-form.ts';
import { COUNTS_AS_CHANGED, STATUS_PIECE } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';

interface Sketch {
  readonly shows: ValueSketch;
  readonly changes?: readonly FieldChange[];
}

const itemOf = (field: string, { shows, changes = [] }: Sketch) =>
  buildItem({ fields: { [field]: shows }, changes, changedAt: Object.fromEntries(changes.map(({ at }) => [field, at])) });

/** What is planned once a twin of A was found in B, and both were read. */
function planFound(field: string, A: Sketch, B: Sketch, mapping: Partial<Omit<FieldMapping, 'field'>> = {}): Plan {
  const configuration = buildConfiguration({ fields: [buildMapping(field, mapping)] });
  const items = { A: itemOf(field, A), B: itemOf(field, B) };
  return planPair(buildPlanInput({ configuration, ...items, bases: adoptedBases(configuration, items, 'A', fingerprint) }));
}

const writesOf = ({ operations }: Plan) =>
  operations.flatMap((operation) =>
    operation.kind === 'write-fields' ? operation.writes.map(({ value }) => [operation.target, value] as const) : [],
  );

const setTo = (add: readonly string[], remove: readonly string[]) => ({ kind: 'set-change', add, remove });
const labels = (from: readonly string[], to: readonly string[]) => [buildChange('labels', from, to)];
const summary = (from: string | null, to: string | null, at?: number) => [buildChange('summary', from, to, at)];
const words = (text: string) => doc(paragraph(text));
const option = (side: string, name: string) => ({ kind: 'option' as const, id: `${side}-${name}`, name });

describe('a twin that was found after the answer to its creation was lost', () => {
  it.each<[string, Sketch, Sketch, readonly unknown[]]>([
    [
      'a label removed from the origin since is removed',
      { shows: [], changes: labels(['x'], []) },
      { shows: ['x'] },
      [['B', setTo([], ['x'])]],
    ],
    [
      'one removed from the twin since is removed',
      { shows: ['x'] },
      { shows: [], changes: labels(['x'], []) },
      [['A', setTo([], ['x'])]],
    ],
    [
      'what both did since is merged',
      { shows: ['x', 'a'], changes: labels(['x'], ['x', 'a']) },
      { shows: [], changes: labels(['x'], []) },
      [
        ['A', setTo([], ['x'])],
        ['B', setTo(['a'], [])],
      ],
    ],
    [
      'labels that it cannot have been given stay, as the origin’s do',
      { shows: ['x'] },
      { shows: ['z'] },
      [
        ['A', setTo(['z'], [])],
        ['B', setTo(['x'], [])],
      ],
    ],
  ])('[I8] [G2] [G4] %s', (_, A, B, expected) => {
    expect(writesOf(planFound('labels', A, B))).toEqual(expected);
  });

  it.each<[string, Sketch, Sketch, readonly unknown[]]>([
    [
      'a value emptied at the origin since stays empty',
      { shows: null, changes: summary('x', null) },
      { shows: 'x' },
      [['B', buildValue(null)]],
    ],
    [
      'one emptied at the twin since stays empty',
      { shows: 'x' },
      { shows: null, changes: summary('x', null) },
      [['A', buildValue(null)]],
    ],
    [
      'both changed it: the newer one',
      { shows: 'a', changes: summary('x', 'a', 9) },
      { shows: 'b', changes: summary('x', 'b', 8) },
      [['B', buildValue('a')]],
    ],
    ['one that the origin had before it was changed', { shows: 'x', changes: summary('w', 'x') }, { shows: 'x' }, []],
    [
      'a default of the target’s stands where the origin was empty',
      { shows: null },
      { shows: 'default' },
      [['A', buildValue('default')]],
    ],
    [
      'one filled at the origin since goes over a default',
      { shows: 'w', changes: summary(null, 'w') },
      { shows: 'default' },
      [['B', buildValue('w')]],
    ],
    [
      'an option, by its name',
      { shows: option('A', 'High'), changes: [buildChange('summary', option('A', 'Low'), option('A', 'High'))] },
      { shows: option('B', 'Low') },
      [['B', { ...option('', 'High'), id: '' }]],
    ],
    [
      'a text changed at the origin since',
      { shows: words('b'), changes: [buildChange('summary', undefined, undefined)] },
      { shows: words('a') },
      [['B', buildValue(words('b'))]],
    ],
    [
      'a text changed at the twin since',
      { shows: words('a') },
      { shows: words('b'), changes: [buildChange('summary', undefined, undefined)] },
      [['A', buildValue(words('b'))]],
    ],
  ])('[I8] [F3] %s', (_, A, B, expected) => {
    expect(writesOf(planFound('summary', A, B))).toEqual(expected);
  });

  it('[I8] [I4] what the target did not take flows from the origin, whoever has priority', () => {
    expect(writesOf(planFound('summary', { shows: 'x' }, { shows: 'default' }, { conflict: 'B' }))).toEqual([
      ['B', buildValue('x')],
    ]);
  });

  it('[I8] [F8] nobody is asked about a value that one side alone has changed', () => {
    const A = { shows: 'a', changes: summary('x', 'a') };
    expect(writesOf(planFound('summary', A, { shows: 'x' }, { conflict: 'ask' }))).toEqual([['B', buildValue('a')]]);
  });

  it('[I8] [G4] labels that do not flow from the origin begin with no base', () => {
    const configuration = buildConfiguration({ fields: [buildMapping('labels', { direction: 'B-to-A' })] });
    const items = { A: itemOf('labels', { shows: ['x'] }), B: itemOf('labels', { shows: [] }) };
    expect(adoptedBases(configuration, items, 'A', fingerprint)).toEqual(new Map());
  });

  it('[I5] the status counts as changed at the origin, and at a twin that somebody has moved', () => {
    const configuration = buildConfiguration({ status: { direction: 'both', conflict: 'newest', map: [] } });
    const [first, moved] = [option('B', 'To Do'), option('B', 'Done')];
    const twin = { ...buildItem(), changes: [buildChange('status', first, moved)] };
    expect(adoptedBases(configuration, { A: buildItem(), B: twin }, 'A', fingerprint).get(STATUS_PIECE)?.fingerprints).toEqual({
      A: COUNTS_AS_CHANGED,
      B: fingerprintStatus(first, fingerprint),
    });
  });
});
