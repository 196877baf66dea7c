import { describe, expect, it } from '@jest/globals';
import { buildMapping, buildValue, doc, fingerprint, paragraph, type ValueSketch } from '../../test/factories/core.ts';
import type { FieldMapping } from './configuration.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { findHeard, judgeOverwritten, type Overwrite, type OverwriteQuestion } from './judge-overwritten.ts';
import { fingerprintValue } from './normal-form.ts';

const text = (words: string): FieldValue => ({ kind: 'text', text: words });
const print = (value: ValueSketch): string => fingerprintValue(buildValue(value), fingerprint);

const change = (at: number, from: string, to: string, field = 'summary'): FieldChange => ({
  id: null,
  at,
  field,
  from: text(from),
  to: text(to),
  fromText: null,
  toText: null,
});

const SEEN = 100;
/** Our write of "ours" over what was taken to be "base". */
const judge = (
  changes: readonly FieldChange[],
  mapping: Partial<FieldMapping> = {},
  { sent = text('ours'), ...question }: Partial<OverwriteQuestion> & { readonly sent?: FieldValue } = {},
): Overwrite => {
  const ofField = changes.filter(({ field }) => field === 'summary');
  return judgeOverwritten({
    mapping: buildMapping('summary', mapping),
    target: 'B',
    expected: print('base'),
    decidedOn: null,
    seen: { id: null, at: SEEN },
    stands: true,
    ownReturnsUntil: 0,
    changes: ofField,
    nth: findHeard(ofField, sent, fingerprint),
    sourceChangedAt: 150,
    fingerprint,
    ...question,
  });
};

const SLIPPED_IN = [change(120, 'base', 'theirs'), change(200, 'theirs', 'ours')];
const SLIPPED_IN_LAST = [change(180, 'base', 'theirs'), change(200, 'theirs', 'ours')];
const stands = { kind: 'stands', value: text('theirs'), text: null };
const putBack = { kind: 'put-back', value: text('theirs') };

describe('judgeOverwritten', () => {
  it.each<[string, readonly FieldChange[]]>([
    ['what we knew', [change(200, 'base', 'ours')]],
    ['the very value already', []],
    ['the very value since long, after many changes', [change(10, 'x', 'ours')]],
    ['what we knew, told of in the meantime', [change(110, 'older', 'base'), change(200, 'base', 'ours')]],
    ['what we knew; another field was edited', [change(150, 'a', 'b', 'environment'), change(200, 'base', 'ours')]],
  ])('[O7] the target held %s: nothing is lost', (_, changes) => {
    expect(judge(changes)).toEqual({ kind: 'none' });
  });

  it.each<[string, readonly FieldChange[], Partial<FieldMapping>, object]>([
    ['newest: the source was later', SLIPPED_IN, { conflict: 'newest' }, stands],
    ['newest: the target was later', SLIPPED_IN_LAST, { conflict: 'newest' }, putBack],
    ['the source has priority', SLIPPED_IN_LAST, { conflict: 'A' }, stands],
    ['the target has priority', SLIPPED_IN, { conflict: 'B' }, putBack],
    ['a person is to decide', SLIPPED_IN, { conflict: 'ask' }, putBack],
    ['only the source flows', SLIPPED_IN_LAST, { conflict: 'B', direction: 'A-to-B' }, stands],
  ])('[O7] an edit slipped in; %s', (_, changes, mapping, expected) => {
    expect(judge(changes, mapping)).toMatchObject(expected);
  });

  it('[O7] [F8] what it held was in view when it was decided that it loses: it is not put back', () => {
    for (const conflict of ['ask', 'B', 'newest'] as const) {
      expect(judge(SLIPPED_IN_LAST, { conflict }, { decidedOn: print('theirs') })).toMatchObject(stands);
      expect(judge(SLIPPED_IN_LAST, { conflict }, { decidedOn: print('other') })).toMatchObject(putBack);
    }
  });

  const BACK = [change(120, 'base', 'theirs'), change(180, 'theirs', 'base'), change(200, 'base', 'ours')];
  it.each<[string, readonly FieldChange[], Partial<FieldMapping>, object]>([
    ['newest: after the source', BACK, { conflict: 'newest' }, { kind: 'put-back', value: text('base') }],
    ['newest: before the source', BACK.map((one, n) => (n === 1 ? { ...one, at: 140 } : one)), {}, { kind: 'none' }],
    ['the source has priority', BACK, { conflict: 'A' }, { kind: 'stands', value: text('base') }],
    ['only the source flows', BACK, { direction: 'A-to-B' }, { kind: 'none' }],
    ['it only came to what we knew', BACK.slice(1), {}, { kind: 'none' }],
  ])('[O7] [F10] it was changed and changed back; %s', (_, changes, mapping, expected) => {
    expect(judge(changes, mapping)).toMatchObject(expected);
  });

  it('[O7] [F10] what may have come back by writes of ours is nobody’s edit', () => {
    expect(judge(BACK, {}, { ownReturnsUntil: 190 })).toEqual({ kind: 'none' });
  });

  it('[O7] an edit that is dated after our write, since a clock was put back, came before it all the same', () => {
    const changes = [change(120, 'base', 'first'), change(200, 'theirs', 'ours'), change(900, 'first', 'theirs')];
    expect(judge(changes)).toMatchObject({ ...putBack, changedAt: 900 });
  });

  it('[O7] a value that stands there again is not put back, nor one that somebody has edited since', () => {
    const again = change(210, 'ours', 'theirs');
    const since = { stands: false };
    expect(judge([...SLIPPED_IN_LAST, again], {}, since)).toEqual({ kind: 'restored' });
    expect(judge([...SLIPPED_IN_LAST, change(210, 'ours', 'third')], {}, since)).toEqual(stands);
  });

  it('[O13] what was seen is told by the numbers of the changes, since the clock of the target may be wrong', () => {
    const numbered = (...lines: readonly FieldChange[]) => lines.map((line, n) => ({ ...line, id: n + 1 }));
    const [away, back, write] = [change(700, 'base', 'theirs'), change(710, 'theirs', 'base'), change(720, 'base', 'ours')];
    const seen = (id: number) => ({ seen: { id, at: SEEN } });
    // What was changed back had been seen, though it is dated later than we saw it.
    expect(judge(numbered(away, back, write), {}, seen(2))).toEqual({ kind: 'none' });
    expect(judge(numbered(away, back, write), {}, seen(0))).toMatchObject({ kind: 'put-back' });
    const behind = [change(20, 'base', 'theirs'), change(30, 'theirs', 'ours')];
    expect(judge(numbered(...behind), {}, seen(0))).toEqual(stands);
    expect(judge(behind, {}, seen(0))).toEqual({ kind: 'none' });
  });

  it('[O7] of a rich text the words are kept, and only when somebody edited it since the last look', () => {
    const rich = { sent: { kind: 'rich' as const, document: doc(paragraph('ours')) }, expected: 'whatever' };
    const line = (at: number, fromText: string): FieldChange => ({
      id: null,
      at,
      field: 'summary',
      from: null,
      to: null,
      fromText,
      toText: null,
    });
    expect(judge([line(120, 'base'), line(200, 'theirs')], {}, rich)).toEqual({ kind: 'stands', value: null, text: 'theirs' });
    expect(judge([line(SEEN, 'older'), line(200, 'base')], {}, rich)).toEqual({ kind: 'none' });
    expect(judge([line(200, 'base')], {}, rich)).toEqual({ kind: 'none' });
  });

  it('[O6] [O7] what was sent and never seen is known by its name', () => {
    const option = (id: string, name: string): FieldValue => ({ kind: 'option', id, name });
    const changes = [{ ...change(200, '', ''), from: option('7', 'Low'), to: option('9', 'High') }];
    const sent = { sent: option('', 'High'), expected: fingerprint('option-named:low') };
    expect(judge(changes, {}, sent)).toEqual({ kind: 'none' });
  });
});
