import { describe, expect, it } from '@jest/globals';
import {
  buildConfiguration,
  buildItem,
  buildMapping,
  buildPlanInput,
  buildValue,
  doc,
  fieldId,
  fingerprint,
  media,
  mention,
  paragraph,
  text,
  type ValueSketch,
} from '../../test/factories/core.ts';
import type { FieldMapping } from './configuration.ts';
import { fingerprintValue } from './normal-form.ts';
import { fieldPiece, PARKED_REST_MS, type PieceBase, parkedBase, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';
import { UNREAD, wholeView } from './view.ts';

const SUMMARY = fieldPiece(fieldId('summary'));
const NOW = 1_000_000;

const print = (value: ValueSketch): string => fingerprintValue(buildValue(value), fingerprint);
const agreedOn = (a: ValueSketch, b: ValueSketch = a): PieceBase => synchronizedBase({ A: print(a), B: print(b) });

interface Case {
  readonly A?: ValueSketch;
  readonly B?: ValueSketch;
  readonly base?: PieceBase;
  readonly mapping?: Partial<FieldMapping>;
  readonly changedAt?: { readonly A?: number; readonly B?: number };
  readonly now?: number;
}

/** Plans one field, `summary`, whatever kind of value it holds. An absent value is a field that the side does not offer. */
function planSummary({ A, B, base, mapping, changedAt, now = NOW }: Case): Plan {
  const item = (value: ValueSketch | undefined, at: number | undefined) =>
    buildItem({ fields: value === undefined ? {} : { summary: value }, changedAt: at === undefined ? {} : { summary: at } });
  return planPair(
    buildPlanInput({
      configuration: buildConfiguration({ fields: [buildMapping('summary', mapping)] }),
      A: item(A, changedAt?.A),
      B: item(B, changedAt?.B),
      bases: base === undefined ? [] : [[SUMMARY, base]],
      now,
    }),
  );
}

const write = (target: 'A' | 'B', value: ValueSketch) => ({
  kind: 'write-fields',
  target,
  writes: [{ piece: SUMMARY, field: 'summary', value: buildValue(value) }],
});

const change = (target: 'A' | 'B', add: readonly string[], remove: readonly string[] = []) => ({
  kind: 'write-fields',
  target,
  writes: [{ piece: SUMMARY, field: 'summary', value: { kind: 'set-change', add, remove } }],
});

describe('fields that hold one value', () => {
  it('[F1] an echo plans nothing at all', () => {
    expect(planSummary({ A: 'x', B: 'x', base: agreedOn('x') })).toMatchObject({ operations: [], notes: [], bases: new Map() });
    expect(planSummary({ A: 'x ', B: ' x', base: agreedOn('x') })).toMatchObject({ operations: [], notes: [], bases: new Map() });
  });

  it('[F2] both typed the same: recorded, not written', () => {
    const plan = planSummary({ A: 'y', B: 'y', base: agreedOn('x') });
    expect(plan.operations).toEqual([]);
    expect(plan.bases.get(SUMMARY)).toMatchObject(agreedOn('y'));
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'agreed', source: null, cause: null }]);
  });

  it('[F3] one change is written to the other side', () => {
    const plan = planSummary({ A: 'x', B: 'y', base: agreedOn('x') });
    expect(plan.operations).toEqual([write('A', 'y')]);
    expect(plan.bases.get(SUMMARY)).toMatchObject(agreedOn('y'));
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'applied', source: 'B', cause: null }]);
  });

  it('[F3] clearing a field is a change like any other', () => {
    expect(planSummary({ A: null, B: 'x', base: agreedOn('x') }).operations).toEqual([write('B', null)]);
  });

  it('[F4] the loser of a conflict is said to be overwritten', () => {
    const plan = planSummary({ A: 'a', B: 'b', base: agreedOn('x'), changedAt: { A: 1, B: 2 } });
    expect(plan.operations).toEqual([write('A', 'b')]);
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'overwritten', source: 'B', cause: 'conflict-lost' }]);
  });

  it('[F4] a side that never changed the field since it was made loses against one that did', () => {
    expect(planSummary({ A: 'a', B: 'b', changedAt: { B: 1 } }).operations).toEqual([write('A', 'b')]);
    expect(planSummary({ A: 'a', B: 'b', changedAt: { A: 1 } }).operations).toEqual([write('B', 'a')]);
  });

  it.each<[string, ValueSketch, ValueSketch, object[]]>([
    ['fills the empty one', null, 'b', [write('A', 'b')]],
    ['takes blanks for empty', ' ', 'b', [write('A', 'b')]],
    ['takes an empty document for empty', doc(paragraph()), doc(paragraph('b')), [write('A', doc(paragraph('b')))]],
    ['writes nothing where both are empty', null, doc(), []],
  ])('[F5] never agreed: %s', (_, A, B, operations) => {
    expect(planSummary({ A, B, changedAt: { A: 9 } }).operations).toEqual(operations);
  });

  it('[F6] a change against the direction is recorded as seen, said, and never comes back', () => {
    const mapping = { direction: 'A-to-B' } as const;
    const declined = planSummary({ A: 'x', B: 'own', base: agreedOn('x'), mapping });
    expect(declined.operations).toEqual([]);
    expect(declined.notes).toEqual([{ piece: SUMMARY, outcome: 'declined', source: 'B', cause: 'direction' }]);
    const base = declined.bases.get(SUMMARY) ?? agreedOn('x');
    expect(planSummary({ A: 'x', B: 'own', base, mapping }).notes).toEqual([]);
    expect(planSummary({ A: 'x', B: 'own', base }).operations).toEqual([]);
    expect(planSummary({ A: 'new', B: 'own', base, mapping }).operations).toEqual([write('B', 'new')]);
  });

  it('[N4] an option is written as the source names it and compared by name', () => {
    const high = { kind: 'option', id: '1', name: 'High' } as const;
    const low = { kind: 'option', id: '2', name: 'Low' } as const;
    expect(planSummary({ A: high, B: { ...high, id: '77' }, base: agreedOn(low) })).toMatchObject({ operations: [] });
    expect(planSummary({ A: high, B: low, base: agreedOn(low) }).operations).toEqual([write('B', { ...high, id: '' })]);
  });

  it('[D3] rich text that comes back takes its originals along', () => {
    const original = doc(paragraph('Hi ', mention('Ann')), media('a.png'));
    const copy = doc(paragraph('Hello @Ann'), paragraph(text('[file: a.png]', 'em')));
    const plan = planSummary({ A: original, B: copy, base: agreedOn(original, 'what it was') });
    expect(plan.operations).toEqual([write('A', doc(paragraph('Hello ', mention('Ann')), media('a.png')))]);
  });
});

describe('a field that one side does not offer', () => {
  const missing = { piece: SUMMARY, outcome: 'declined', cause: 'field-not-offered' };

  it.each<[string, Case, object[]]>([
    ['missing at B', { A: 'x' }, [{ ...missing, source: 'A' }]],
    ['missing at A', { B: 'x' }, [{ ...missing, source: 'B' }]],
    ['nothing to carry', { A: null }, []],
    ['nothing to carry in a set', { A: [] }, []],
    ['cleared after it was carried', { A: null, base: agreedOn('x') }, [{ ...missing, source: 'A' }]],
    ['missing at both, as always', {}, []],
    ['missing at both now', { base: agreedOn('x') }, [{ ...missing, source: null }]],
  ])('[F7] %s', (_, given, notes) => {
    const plan = planSummary(given);
    expect(plan.operations).toEqual([]);
    expect(plan.notes).toEqual(notes);
    const base = plan.bases.get(SUMMARY);
    if (base != null) expect(planSummary({ ...given, base })).toMatchObject({ notes: [], bases: new Map() });
  });

  it('[F7] the other fields go on', () => {
    const plan = planPair(
      buildPlanInput({
        configuration: buildConfiguration({ fields: ['summary', 'duedate'] }),
        A: buildItem({ fields: { summary: 'x', duedate: 'd' } }),
        B: buildItem({ fields: { duedate: null } }),
      }),
    );
    expect(plan.operations).toMatchObject([{ target: 'B', writes: [{ field: 'duedate' }] }]);
  });

  it.each<[string, ValueSketch, ValueSketch, object[]]>([
    ['empty: it is filled, and overwrites nothing', 'x', null, [write('B', 'x')]],
    ['with the same value', 'x', 'x', []],
    ['as an empty set', ['a'], [], [change('B', ['a'])]],
    ['as a set of its own', ['a'], ['b'], [change('A', ['b']), change('B', ['a'])]],
  ])('[F7] [F5] when it appears %s', (_, A, B, operations) => {
    const absent = planSummary({ A }).bases.get(SUMMARY) ?? agreedOn(null);
    expect(planSummary({ A, B, base: absent }).operations).toEqual(operations);
  });
});

describe('sets', () => {
  it('[G2] a merge writes each side that lacks something', () => {
    const plan = planSummary({ A: ['x', 'a'], B: ['x', 'b'], base: agreedOn(['x']) });
    expect(plan.operations).toEqual([change('A', ['b']), change('B', ['a'])]);
    expect(plan.bases.get(SUMMARY)).toMatchObject(agreedOn(['a', 'b', 'x']));
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'applied', source: null, cause: null }]);
  });

  it.each<[string, ValueSketch, ValueSketch, 'A' | 'B']>([
    ['A', ['x', 'a'], ['x'], 'A'],
    ['B', ['x'], ['x', 'b'], 'B'],
  ])('[G2] a change at %s alone is said to come from there', (_, A, B, source) => {
    expect(planSummary({ A, B, base: agreedOn(['x']) }).notes).toEqual([
      { piece: SUMMARY, outcome: 'applied', source, cause: null },
    ]);
  });

  it('[G3] [F6] what the target adds for itself is declined once and stays', () => {
    const mapping = { direction: 'A-to-B' } as const;
    const plan = planSummary({ A: ['x'], B: ['x', 'own'], base: agreedOn(['x']), mapping });
    expect(plan.operations).toEqual([]);
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'declined', source: 'B', cause: 'direction' }]);
    const base = plan.bases.get(SUMMARY) ?? agreedOn([]);
    expect(planSummary({ A: ['x', 'new'], B: ['x', 'own'], base, mapping }).operations).toEqual([change('B', ['new'])]);
  });

  it('[G4] never agreed: both keep all and share', () => {
    expect(planSummary({ A: ['a'], B: ['b'] }).operations).toEqual([change('A', ['b']), change('B', ['a'])]);
    expect(planSummary({ A: ['a'], B: ['a'] })).toMatchObject({ operations: [], notes: [{ outcome: 'agreed' }] });
  });
});

describe('parked fields', () => {
  const seen = { A: print('long'), B: print('x') };
  const parked = parkedBase(agreedOn('x'), 'too-large', NOW, seen);

  it.each<[string, Case, object[]]>([
    ['the same content rests', { A: 'long', B: 'x' }, []],
    ['until ten minutes are over', { A: 'long', B: 'x', now: NOW + PARKED_REST_MS }, [write('B', 'long')]],
    ['changed content is tried at once', { A: 'short', B: 'x' }, [write('B', 'short')]],
    ['a change at the other side is a conflict', { A: 'long', B: 'y', changedAt: { A: 1, B: 2 } }, [write('A', 'y')]],
  ])('[R3] %s', (_, given, operations) => {
    expect(planSummary({ ...given, base: parked }).operations).toEqual(operations);
  });

  it('[R3] a change that was taken back releases the piece', () => {
    const plan = planSummary({ A: 'x', B: 'x', base: parked });
    expect(plan.bases.get(SUMMARY)).toEqual(agreedOn('x'));
    expect(plan.operations).toEqual([]);
  });

  it('[R3] a set that was taken back is released, too', () => {
    const base = parkedBase(agreedOn(['x']), 'too-large', NOW, { A: 'seen', B: 'seen' });
    expect(planSummary({ A: ['x'], B: ['x'], base }).bases.get(SUMMARY)).toEqual(agreedOn(['x']));
  });

  it('[R3] agreement by hand releases the piece', () => {
    expect(planSummary({ A: 'long', B: 'long', base: parked }).bases.get(SUMMARY)).toEqual(agreedOn('long'));
  });

  it('[F6] when the direction was turned meanwhile, the change is declined and nothing stays parked', () => {
    const plan = planSummary({ A: 'long', B: 'x', base: parked, mapping: { direction: 'B-to-A' } });
    expect(plan.operations).toEqual([]);
    expect(plan.bases.get(SUMMARY)).toEqual(agreedOn('long', 'x'));
  });

  it('[R3] a piece with writes remembers what it looked at', () => {
    expect(planSummary({ A: 'long', B: 'x', base: agreedOn('x') }).seen.get(SUMMARY)).toEqual(seen);
  });
});

describe('what was not looked at', () => {
  const look = (base: PieceBase | null, now: number) =>
    planPair({
      ...buildPlanInput({ configuration: buildConfiguration({ fields: ['summary'] }), now }),
      views: { A: UNREAD, B: UNREAD },
      bases: new Map(base === null ? [] : [[SUMMARY, base]]),
    }).looks;
  const parked = parkedBase(synchronizedBase({ A: 'a', B: 'b' }), 'field-refused', 0, { A: 'a2', B: 'b' });

  it.each<[string, PieceBase | null, number, readonly string[]]>([
    ['is as it was', synchronizedBase({ A: 'a', B: 'b' }), 0, []],
    ['was never agreed: look', null, 0, ['A', 'B']],
    ['is parked and rests', parked, 599_999, []],
    ['is parked and its rest is over: look', parked, 600_000, ['A', 'B']],
  ])('[O1] [O5] %s', (_, base, now, looks) => {
    expect(look(base, now)).toEqual(looks);
  });

  it('[O4] a rich text flows without a look at the target when both hold the very same document', () => {
    const item = buildItem({
      fields: { summary: doc(paragraph('x')) },
    });
    const looks = (base: PieceBase) =>
      planPair({
        ...buildPlanInput({ configuration: buildConfiguration({ fields: ['summary'] }) }),
        views: { A: wholeView(item), B: UNREAD },
        bases: new Map([[SUMMARY, base]]),
      }).looks;
    expect(looks(synchronizedBase({ A: 'same', B: 'same' }))).toEqual([]);
    expect(looks(synchronizedBase({ A: 'one', B: 'other' }))).toEqual(['B']);
  });
});
