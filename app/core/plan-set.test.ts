import { describe, expect, it } from '@jest/globals';
import {
  buildConfiguration,
  buildItem,
  buildMapping,
  buildPlanInput,
  buildValue,
  fieldId,
  fingerprint,
} from '../../test/factories/core.ts';
import type { FieldMapping } from './configuration.ts';
import type { FieldValue } from './item.ts';
import { fingerprintMembers } from './normal-form.ts';
import { fieldPiece, type PieceBase, parkedBase, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';
import { UNREAD, type View, wholeView } from './view.ts';

const LABELS = fieldId('labels');
const PIECE = fieldPiece(LABELS);
const print = (...members: readonly string[]): string => fingerprintMembers(members, fingerprint);
const agreed = (...members: readonly string[]): PieceBase => synchronizedBase({ A: print(...members), B: print(...members) });

/** What an event told: what A holds now, and what it held before where the event says so. */
const told = (members: readonly string[], former?: readonly string[]): View => ({
  ...UNREAD,
  fields: new Map<typeof LABELS, FieldValue>([[LABELS, buildValue(members)]]),
  former: former === undefined ? new Map() : new Map([['labels', buildValue(former)]]),
});

const plan = (A: View, B: View, base: PieceBase | null, mapping: Partial<FieldMapping> = {}): Plan =>
  planPair({
    ...buildPlanInput({ configuration: buildConfiguration({ fields: [buildMapping('labels', mapping)] }) }),
    views: { A, B },
    bases: new Map(base === null ? [] : [[PIECE, base]]),
  });

describe('a set whose target was not looked at', () => {
  it('[G5] gets what was added and loses what was removed', () => {
    const { operations, bases, looks } = plan(told(['b', 'c'], ['a', 'b']), UNREAD, agreed('a', 'b'));
    expect(operations).toMatchObject([{ target: 'B', writes: [{ value: { kind: 'set-change', add: ['c'], remove: ['a'] } }] }]);
    expect(bases.get(PIECE)?.fingerprints).toEqual(agreed('b', 'c').fingerprints);
    expect(looks).toEqual([]);
  });

  it('[G5] keeps its own members in the base: they are not the source’s', () => {
    const base = synchronizedBase({ A: print('a'), B: print('a', 'own') });
    const { bases } = plan(told(['a', 'b']), UNREAD, base, { direction: 'A-to-B' });
    expect(bases.get(PIECE)?.fingerprints).toEqual({ A: print('a', 'b'), B: print('a', 'b', 'own') });
  });

  it('[G5] is looked at when nobody says what was removed', () => {
    expect(plan(told(['b']), UNREAD, agreed('a', 'b'))).toMatchObject({ operations: [], looks: ['B'] });
  });

  it.each<[string, PieceBase | null]>([
    ['was never agreed', null],
    ['has a change of its own that was refused', parkedBase(agreed('a'), 'field-refused', 1, { A: print('a'), B: print('z') })],
  ])('[G5] is looked at when it %s', (_, base) => {
    expect(plan(told(['a', 'b']), UNREAD, base).looks).toEqual(['B']);
  });

  it('[F6] [G5] a change against the direction is recorded and declined', () => {
    const { operations, notes, bases } = plan(told(['a', 'b']), UNREAD, agreed('a'), { direction: 'B-to-A' });
    expect([operations, notes]).toEqual([[], [{ piece: PIECE, outcome: 'declined', source: 'A', cause: 'direction' }]]);
    expect(bases.get(PIECE)?.fingerprints.A).toBe(print('a', 'b'));
  });
});

describe('a set of which some members wait', () => {
  const both = (A: readonly string[], B: readonly string[], base: PieceBase | null) =>
    plan(wholeView(buildItem({ fields: { labels: A } })), wholeView(buildItem({ fields: { labels: B } })), base);

  it.each<[string, readonly string[], readonly string[], PieceBase | null, readonly string[]]>([
    ['what both added', ['x', 'y', 'new'], ['x', 'y'], agreed('x'), ['x', 'y']],
    ['what both removed', ['new'], [], agreed('x'), []],
    ['what both hold though nothing ever was agreed', ['x', 'new'], ['x'], null, ['x']],
  ])('[G6] %s is agreed already', (_, A, B, base, members) => {
    expect(both(A, B, base).agreed.get(PIECE)).toEqual(agreed(...members));
  });

  it('[G6] loses what one side removes of it while the rest is refused', () => {
    const parked = parkedBase(agreed('x', 'y'), 'forbidden', 1, { A: print('x', 'y', 'new'), B: print('x', 'y') });
    expect(both(['x', 'y', 'new'], ['x'], parked).operations).toMatchObject([
      { target: 'A', writes: [{ value: { add: [], remove: ['y'] } }] },
      { target: 'B', writes: [{ value: { add: ['new'], remove: [] } }] },
    ]);
  });

  it('[G6] nothing is told of one that has nothing new to remember', () => {
    expect(both(['x', 'new'], ['x'], agreed('x')).agreed).toEqual(new Map());
  });
});
