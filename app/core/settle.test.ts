import { describe, expect, it } from '@jest/globals';
import { buildValue, doc, fingerprint, paragraph, text, type ValueSketch } from '../../test/factories/core.ts';
import { fingerprintValue } from './normal-form.ts';
import { settledFingerprint, wasDropped } from './settle.ts';

const high = (id: string): ValueSketch => ({ kind: 'option', id, name: 'High' });

describe('settledFingerprint', () => {
  it.each<[string, ValueSketch, ValueSketch, 'sent' | 'returned']>([
    ['a text that somebody changed meanwhile', 'x', 'y', 'sent'],
    ['labels that somebody added to', ['a'], ['a', 'b'], 'sent'],
    ['an option in the numbers of the target', high('1'), high('7'), 'returned'],
    ['another option', high('1'), { kind: 'option', id: '8', name: 'Low' }, 'sent'],
    ['a document in another shape', doc(paragraph('a', 'b')), doc({ ...paragraph('ab'), attrs: { style: 'new' } }), 'returned'],
    ['a document with other blanks', doc(paragraph('a b')), doc(paragraph('a  b ')), 'returned'],
    ['a document with other words', doc(paragraph('a')), doc(paragraph(text('b'))), 'sent'],
  ])('[B1] %s', (_, sent, returned, expected) => {
    const values = { sent: buildValue(sent), returned: buildValue(returned) };
    expect(settledFingerprint(values.sent, values.returned, fingerprint)).toBe(fingerprintValue(values[expected], fingerprint));
  });

  it('[B1] what Jira does not return is taken as sent', () => {
    expect(settledFingerprint(buildValue('x'), undefined, fingerprint)).toBe(fingerprintValue(buildValue('x'), fingerprint));
  });
});

describe('wasDropped', () => {
  it.each<[string, ValueSketch, ValueSketch | undefined, boolean]>([
    ['filled, nothing shown', 'x', null, true],
    ['filled, an empty document shown', doc(paragraph('a')), doc(paragraph()), true],
    ['members, none shown', ['a'], [], true],
    ['filled, something else shown', 'x', 'y', false],
    ['emptied', null, null, false],
    ['blanks only', '  ', null, false],
    ['not shown at all', 'x', undefined, false],
  ])('[B2] %s', (_, sent, returned, dropped) => {
    expect(wasDropped(buildValue(sent), returned === undefined ? undefined : buildValue(returned))).toBe(dropped);
  });
});
