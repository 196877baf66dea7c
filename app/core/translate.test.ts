import { describe, expect, it } from '@jest/globals';
import {
  buildConfiguration,
  buildValue,
  doc,
  media,
  mention,
  paragraph,
  text,
  type ValueSketch,
} from '../../test/factories/core.ts';
import type { Side } from './side.ts';
import { sameAcross, translateStatus, translateValue } from './translate.ts';

describe('sameAcross', () => {
  it.each<[string, ValueSketch, ValueSketch, boolean]>([
    ['options by name', { kind: 'option', id: '1', name: 'High' }, { kind: 'option', id: '7', name: ' high ' }, true],
    ['not by id', { kind: 'option', id: '1', name: 'High' }, { kind: 'option', id: '1', name: 'Low' }, false],
    ['sets without order', ['a', 'b'], ['b', 'a'], true],
    ['labels by case', ['a'], ['A'], false],
    ['texts by normal form', 'x ', 'x', true],
    ['rich text in portable form', doc(paragraph('Hi ', mention('Ann'))), doc(paragraph('Hi @Ann')), true],
    ['files by their stand-in', doc(media('a.png')), doc(paragraph(text('[file: a.png]', 'em'))), true],
    ['an empty document and nothing', doc(paragraph()), null, true],
    ['a filled one and nothing', 'x', null, false],
    ['a text and a document', 'x', doc(paragraph('x')), false],
  ])('[N4] %s', (_, a, b, same) => {
    expect(sameAcross(buildValue(a), buildValue(b))).toBe(same);
    expect(sameAcross(buildValue(b), buildValue(a))).toBe(same);
  });
});

describe('translateValue', () => {
  it('[D2] [D3] lends the originals of the target, and only them', () => {
    const source = buildValue(doc(paragraph('Hi @Ann and ', mention('Bob'))));
    const current = buildValue(doc(paragraph(mention('Ann'))));
    expect(translateValue(source, current)).toEqual(buildValue(doc(paragraph('Hi ', mention('Ann'), ' and ', '@Bob'))));
    expect(translateValue(source, { kind: 'empty' })).toEqual(buildValue(doc(paragraph('Hi @Ann and ', '@Bob'))));
  });
});

describe('translateStatus', () => {
  const configuration = buildConfiguration({
    status: {
      direction: 'both',
      conflict: 'newest',
      map: [
        { A: 'In Progress', B: 'Doing' },
        { A: 'In Review', B: 'Doing' },
        { A: 'In Progress', B: 'Started' },
      ],
    },
  });

  it.each<[Side, string, string | null]>([
    ['A', 'In Progress', 'Doing'],
    ['A', ' in review', 'Doing'],
    ['B', 'DOING', 'In Progress'],
    ['B', 'Started', 'In Progress'],
    ['A', 'Weird', null],
  ])('[T1] from %s, %s means %s', (source, name, expected) => {
    expect(translateStatus(configuration, name, source)).toBe(expected);
  });

  it('[T1] nothing is translated where status is not synchronized', () => {
    expect(translateStatus(buildConfiguration(), 'In Progress', 'A')).toBeNull();
  });
});
