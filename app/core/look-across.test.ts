import { describe, expect, it } from '@jest/globals';
import {
  buildChange,
  buildConfiguration,
  buildItem,
  buildMapping,
  buildValue,
  fieldId,
  fingerprint,
} from '../../test/factories/core.ts';
import type { FieldMapping } from './configuration.ts';
import { fingerprintValue } from './normal-form.ts';
import { fieldPiece, type PieceBase, parkedBase, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';
import { UNREAD, type View, wholeView } from './view.ts';

const SEEN = 100;
const known = (seen = SEEN, told = SEEN) => ({ seen: { id: null, at: seen }, told: { id: null, at: told } });
const agreed = fingerprintValue(buildValue('agreed'), fingerprint);

/** One side, read whole since it was last seen, after its summary was changed to these values one after another. */
const changedTo = (...values: string[]): View => {
  const all = ['agreed', ...values];
  const changes = values.map((to, n) => buildChange('summary', all[n], to, SEEN + 10 * (n + 1)));
  const changedAt = { summary: changes.at(-1)?.at ?? SEEN };
  return wholeView(buildItem({ fields: { summary: all.at(-1) ?? '' }, changes, changedAt }), known());
};

const plan = (A: View, B: View, mapping: Partial<FieldMapping> = {}, base: Partial<PieceBase> = {}): Plan =>
  planPair({
    configuration: buildConfiguration({ fields: [buildMapping('summary', mapping)] }),
    views: { A, B },
    bases: new Map([[fieldPiece(fieldId('summary')), { ...synchronizedBase({ A: agreed, B: agreed }), ...base }]]),
    fingerprint,
    now: 1_000_000,
  });

describe('a side that was changed and changed back', () => {
  it('[F10] asks for a look at the other side', () => {
    expect(plan(changedTo('other', 'agreed'), UNREAD).looks).toEqual(['B']);
    expect(plan(UNREAD, changedTo('other', 'third', 'agreed')).looks).toEqual(['A']);
  });

  it.each<[string, View, Partial<FieldMapping>]>([
    ['nothing was changed', changedTo(), {}],
    ['only the other side flows', changedTo('other', 'agreed'), { direction: 'B-to-A' }],
  ])('[F10] asks for none where %s', (_, view, mapping) => {
    expect(plan(view, UNREAD, mapping)).toMatchObject({ looks: [], operations: [] });
  });

  it('[F10] is none of a person where two values of ours had crossed to it until then', () => {
    const crossing = (at: number) => ({ at, to: 'A' as const, print: 'p', returned: false });
    const memory = (...at: number[]) => ({ pingPong: { crossings: at.map(crossing), frozen: null } });
    const back = changedTo('other', 'agreed');
    expect(plan(back, UNREAD, {}, memory(105, 115)).looks).toEqual([]);
    expect(plan(back, UNREAD, {}, memory(115)).looks).toEqual(['B']);
  });

  it('[F10] an edit of the other side that was made before it loses, and is kept', () => {
    const made = plan(changedTo('other', 'agreed'), changedTo('theirs'));
    expect(made.operations).toMatchObject([{ target: 'B', writes: [{ value: buildValue('agreed') }] }]);
    expect(made.losing).toMatchObject([{ side: 'B', value: buildValue('theirs') }]);
    expect(made.notes).toMatchObject([{ outcome: 'overwritten', source: 'A' }]);
  });

  describe('after its change could not be carried', () => {
    const print = (text: string) => fingerprintValue(buildValue(text), fingerprint);
    const parked = (A: string, B: string, cause = 'field-refused') =>
      parkedBase(synchronizedBase({ A: agreed, B: agreed }), cause, 999_999, { A: print(A), B: print(B) });
    /** The last event alone: the one before was worked off. */
    const backTo = (text: string, at: number): View => ({
      ...UNREAD,
      fields: new Map([[fieldId('summary'), buildValue(text)]]),
      changedAt: new Map([['summary', at]]),
    });

    it('[F10] is the last word against an older edit that could not be carried either', () => {
      const made = plan(backTo('agreed', SEEN + 50), changedTo('theirs'), {}, parked('other', 'theirs'));
      expect(made.operations).toMatchObject([{ target: 'B', writes: [{ value: buildValue('agreed') }] }]);
      expect(made.losing).toMatchObject([{ side: 'B', value: buildValue('theirs') }]);
    });

    it('[F10] is the last word though both sides show what the attempt saw', () => {
      const made = plan(changedTo('other', 'agreed'), changedTo('theirs'), {}, parked('agreed', 'theirs'));
      expect(made.operations).toMatchObject([{ target: 'B', writes: [{ value: buildValue('agreed') }] }]);
    });

    it('[F8] [F10] is none where a person is asked: who takes an edit back has decided', () => {
      const parkedToAsk = parked('other', 'theirs', 'conflict-undecided');
      const made = plan(backTo('agreed', SEEN + 50), changedTo('theirs'), { conflict: 'ask' }, parkedToAsk);
      expect(made.operations).toMatchObject([{ target: 'A', writes: [{ value: buildValue('theirs') }] }]);
    });

    it('[F10] is none against a later one', () => {
      const made = plan(backTo('agreed', SEEN + 5), changedTo('theirs'), {}, parked('other', 'theirs'));
      expect(made.operations).toMatchObject([{ target: 'A', writes: [{ value: buildValue('theirs') }] }]);
    });

    it('[F10] asks for a look at the other side', () => {
      expect(plan(backTo('agreed', SEEN + 50), UNREAD, {}, parked('other', 'agreed')).looks).toEqual(['B']);
    });
  });

  it('[F10] a later edit of the other side flows', () => {
    const made = plan(changedTo('other', 'agreed'), changedTo('x', 'y', 'theirs'));
    expect(made.operations).toMatchObject([{ target: 'A', writes: [{ value: buildValue('theirs') }] }]);
    expect(made.losing).toEqual([]);
  });

  it.each([
    [
      'once',
      [
        ['agreed', 'first', 900],
        ['first', 'second', 110],
      ],
      'second',
      undefined,
    ],
    [
      'and back',
      [
        ['agreed', 'first', 900],
        ['first', 'agreed', 110],
      ],
      'agreed',
      110,
    ],
  ] as const)('[F10] a clock that was ahead is put right before the last change: it was changed %s', (_, lines, summary, at) => {
    const changes = lines.map(([from, to, when]) => buildChange('summary', from, to, when)).toSorted((a, b) => a.at - b.at);
    expect(wholeView(buildItem({ fields: { summary }, changes }), known()).changedBackAt.get('summary')).toBe(at);
  });

  it('[O13] is none of what was known by its number, though the clock of its site was ahead', () => {
    const changes = [
      { ...buildChange('summary', 'agreed', 'other', SEEN + 600), id: 5 },
      { ...buildChange('summary', 'other', 'agreed', SEEN + 610), id: 6 },
    ];
    const back = (seen: number | null, told: number | null) =>
      wholeView(buildItem({ changes }), { seen: { id: seen, at: SEEN }, told: { id: told, at: SEEN } }).changedBackAt;
    expect(back(6, null)).toEqual(new Map());
    expect(back(4, 6)).toEqual(new Map());
    expect(back(5, 5)).toEqual(new Map());
    expect(back(4, 4)).toEqual(new Map([['summary', SEEN + 610]]));
    expect(back(null, null)).toEqual(new Map([['summary', SEEN + 610]]));
  });

  it('[F10] a rich text is known by the words that the changelog tells', () => {
    const line = (at: number, fromText: string | null, toText: string | null) => ({
      ...buildChange('summary', undefined, undefined, at),
      fromText,
      toText,
    });
    const emptied = [line(110, null, 'words'), line(120, 'words', null)];
    expect(wholeView(buildItem({ changes: emptied }), known()).changedBackAt).toEqual(new Map([['summary', 120]]));
    // That something else was told since does not make a text known.
    expect(wholeView(buildItem({ changes: emptied }), known(SEEN, 115)).changedBackAt).toEqual(new Map([['summary', 120]]));
    expect(wholeView(buildItem({ changes: emptied }), known(110, 110)).changedBackAt).toEqual(new Map());
    expect(wholeView(buildItem({ changes: [line(110, 'a', 'b'), line(120, 'b', 'c')] }), known()).changedBackAt).toEqual(
      new Map(),
    );
  });
});
