import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { doc, fingerprint, media, mention, node, paragraph, text } from '../../test/factories/core.ts';
import { adfDocument, reshaped } from '../../test/factories/rich-text.ts';
import { runs } from '../../test/property-runs.ts';
import type { AdfNode, FieldValue } from './item.ts';
import { fingerprintMembers, fingerprintValue, normalForm } from './normal-form.ts';

const rich = (document: AdfNode): FieldValue => ({ kind: 'rich', document });

describe('normal forms', () => {
  it('[N1] values of different kinds never equal each other, whatever they show', () => {
    const values: FieldValue[] = [
      { kind: 'empty' },
      { kind: 'text', text: 'empty' },
      { kind: 'text', text: '2026-11-22' },
      { kind: 'date', date: '2026-11-22' },
      { kind: 'option', id: '2026-11-22', name: 'x' },
      { kind: 'set', members: ['2026-11-22'] },
      rich(doc(paragraph('2026-11-22'))),
    ];
    expect(new Set(values.map(normalForm)).size).toBe(values.length);
  });

  it.each<[string, FieldValue]>([
    ['no text', { kind: 'text', text: '' }],
    ['blanks', { kind: 'text', text: ' \r\n\t' }],
    ['no members', { kind: 'set', members: [] }],
    ['a document without nodes', rich(doc())],
    ['a document that lacks content', rich({ type: 'doc', version: 1 })],
    ['an empty paragraph', rich(doc(paragraph()))],
    ['a paragraph of an empty text', rich(doc(paragraph(''), { type: 'paragraph', attrs: { localId: 'x' } }))],
  ])('[N1] %s is empty', (_, value) => {
    expect(normalForm(value)).toBe(normalForm({ kind: 'empty' }));
  });

  it.each<[string, string, string, boolean]>([
    ['line ends', 'a\r\nb', 'a\nb', true],
    ['old line ends', 'a\rb', 'a\nb', true],
    ['trailing blanks', 'a  ', 'a', true],
    ['leading line ends', '\n a', 'a', true],
    ['inner blanks', 'a  b', 'a b', false],
    ['case', 'A', 'a', false],
  ])('[N2] %s', (_, one, other, same) => {
    expect(normalForm({ kind: 'text', text: one }) === normalForm({ kind: 'text', text: other })).toBe(same);
  });

  it.each<[string, AdfNode, AdfNode]>([
    ['local ids', { type: 'paragraph', attrs: { localId: '1' }, content: [text('a')] }, paragraph('a')],
    ['the order of marks', paragraph(text('a', 'em', 'strong')), paragraph(text('a', 'strong', 'em'))],
    [
      'the order of attributes',
      { type: 'panel', attrs: { a: { x: 1, y: 2 }, b: 2 } },
      { type: 'panel', attrs: { b: 2, a: { y: 2, x: 1 } } },
    ],
    ['unset attributes', { type: 'panel', attrs: { a: null, b: '' } }, { type: 'panel' }],
    ['how a run of text is split', paragraph('a', 'b', '', 'c'), paragraph('abc')],
    [
      'how a marked run is split',
      paragraph(text('a', 'em', 'strong'), text('b', 'strong', 'em')),
      paragraph(text('ab', 'em', 'strong')),
    ],
  ])('[N3] leaves out %s', (_, one, other) => {
    expect(normalForm(rich(doc(one)))).toBe(normalForm(rich(doc(other))));
  });

  it('[N3] leaves out outer empty paragraphs, not inner ones', () => {
    const bare = doc(paragraph('a'), paragraph('b'));
    expect(normalForm(rich(doc(paragraph(), ...(bare.content ?? []), paragraph(), paragraph())))).toBe(normalForm(rich(bare)));
    expect(normalForm(rich(doc(paragraph('a'), paragraph(), paragraph('b'))))).not.toBe(normalForm(rich(bare)));
  });

  it.each<[string, AdfNode, AdfNode]>([
    ['words', paragraph('a'), paragraph('b')],
    ['marks', paragraph(text('a', 'em')), paragraph('a')],
    ['attributes', { type: 'heading', attrs: { level: 1 } }, { type: 'heading', attrs: { level: 2 } }],
    ['whose mention it is', paragraph(mention('Ann', '1')), paragraph(mention('Ann', '2'))],
    ['which file it is', media('a', '1'), media('a', '2')],
    ['nodes it does not know', node('blink', paragraph('a')), node('marquee', paragraph('a'))],
  ])('[N3] keeps %s', (_, one, other) => {
    expect(normalForm(rich(doc(one)))).not.toBe(normalForm(rich(doc(other))));
  });

  it('[N3] any document equals itself as Jira may have stored it', () => {
    fc.assert(
      fc.property(
        adfDocument.chain((document) => fc.tuple(fc.constant(document), reshaped(document))),
        ([document, stored]) => {
          expect(normalForm(rich(stored))).toBe(normalForm(rich(document)));
        },
      ),
      runs(300),
    );
  });
});

describe('fingerprints of sets', () => {
  it('[G1] one fingerprint per member, without order or repeats', () => {
    const base = fingerprintMembers(['b', 'a', 'b'], fingerprint);
    expect(base).toBe(fingerprintMembers(['a', 'b'], fingerprint));
    expect(base.split(',')).toEqual(expect.arrayContaining([fingerprintMembers(['a'], fingerprint)]));
    expect(base.split(',')).toHaveLength(2);
  });

  it('[G1] members differ by case, as labels in Jira do', () => {
    expect(fingerprintMembers(['Urgent', 'urgent'], fingerprint).split(',')).toHaveLength(2);
  });

  it('[G1] a set is remembered by its members, everything else by one fingerprint', () => {
    expect(fingerprintValue({ kind: 'set', members: ['a'] }, fingerprint)).toBe(fingerprintMembers(['a'], fingerprint));
    expect(fingerprintValue({ kind: 'text', text: 'a' }, fingerprint)).toBe(fingerprint('text:a'));
  });
});
