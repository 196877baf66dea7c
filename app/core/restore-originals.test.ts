import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { doc, media, mediaInline, mention, node, paragraph, text } from '../../test/factories/core.ts';
import { adfDocument, reshaped } from '../../test/factories/rich-text.ts';
import { runs } from '../../test/property-runs.ts';
import { toPortable } from './document.ts';
import type { AdfNode } from './item.ts';
import { normalRich } from './normal-form.ts';
import { restoreOriginals } from './restore-originals.ts';

const ann = mention('Ann', 'ann');
const anna = mention('Anna', 'anna');
const cat = media('cat.png');

describe('toPortable', () => {
  it.each<[string, AdfNode]>([
    [
      'a nested list',
      node('bulletList', node('listItem', paragraph('a'), node('orderedList', node('listItem', paragraph('b'))))),
    ],
    ['a node nobody knows', { type: 'someday', attrs: { x: 1 }, content: [paragraph('a')] }],
    ['an inline node nobody knows', paragraph({ type: 'someday', attrs: { text: 'x' } })],
    ['a link by address', paragraph({ type: 'inlineCard', attrs: { url: 'https://example.com' } })],
  ])('[D1] carries %s as it is', (_, block) => {
    expect(toPortable(doc(block))).toEqual(doc(block));
  });

  it.each<[string, AdfNode, AdfNode]>([
    ['a mention', paragraph('Hi ', ann, '!'), paragraph('Hi ', '@Ann', '!')],
    ['a mention that Jira gave no name', paragraph({ type: 'mention', attrs: { id: '1' } }), paragraph('@someone')],
    ['a name that lacks its @', paragraph({ type: 'mention', attrs: { id: '1', text: 'Ann' } }), paragraph('@Ann')],
    ['a picture', cat, paragraph(text('[file: cat.png]', 'em'))],
    ['a picture without a name', media(''), paragraph(text('[file]', 'em'))],
    ['a file in a line', paragraph('see ', mediaInline('a.pdf')), paragraph('see ', '[file: a.pdf]')],
    [
      'several files',
      { type: 'mediaGroup', content: [...(media('a').content ?? []), ...(media('b').content ?? [])] },
      paragraph(text('[file: a] [file: b]', 'em')),
    ],
    [
      'a picture in a table',
      node('table', node('tableRow', node('tableCell', cat))),
      node('table', node('tableRow', node('tableCell', paragraph(text('[file: cat.png]', 'em'))))),
    ],
  ])('[D2] shows %s in plain words', (_, block, standIn) => {
    expect(toPortable(doc(block))).toEqual(doc(standIn));
  });

  it('[D2] nothing that is bound to a site ever leaves it', () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        expect(JSON.stringify(toPortable(document))).not.toMatch(/"type":"(mention|media)/);
      }),
      runs(200),
    );
  });
});

describe('restoreOriginals', () => {
  it.each<[string, AdfNode, AdfNode, AdfNode]>([
    [
      'a mention melted into its line',
      doc(paragraph('Hi ', ann, ', ok')),
      doc(paragraph('Hello @Ann, ok')),
      doc(paragraph('Hello ', ann, ', ok')),
    ],
    [
      'a mention at both ends',
      doc(paragraph(ann, ' and ', anna)),
      doc(paragraph('@Ann or @Anna')),
      doc(paragraph(ann, ' or ', anna)),
    ],
    [
      'mentions that changed places',
      doc(paragraph(ann, ' ', anna)),
      doc(paragraph('@Anna, @Ann')),
      doc(paragraph(anna, ', ', ann)),
    ],
    ['the longer name alone', doc(paragraph(ann, ' ', anna)), doc(paragraph('only @Anna')), doc(paragraph('only ', anna))],
    [
      'the name that stands apart before one inside a word',
      doc(paragraph(ann, 'x')),
      doc(paragraph('@Annabel met @Ann')),
      doc(paragraph('@Annabel met ', ann)),
    ],
    [
      'the longer of two names that both stand apart',
      doc(paragraph(ann, ' ', mention('Ann Lee'))),
      doc(paragraph('only @Ann Lee')),
      doc(paragraph('only ', mention('Ann Lee'))),
    ],
    [
      'a name with text right behind it',
      doc(paragraph(mention('田中'), 'さん')),
      doc(paragraph('あ @田中さん')),
      doc(paragraph('あ ', mention('田中'), 'さん')),
    ],
    [
      'a mention inside marked text',
      doc(paragraph(ann)),
      doc(paragraph(text('so @Ann!', 'strong'))),
      doc(paragraph(text('so ', 'strong'), ann, text('!', 'strong'))),
    ],
    [
      'two of one name, in order',
      doc(paragraph(mention('Ann', '1'), ' ', mention('Ann', '2'))),
      doc(paragraph('both @Ann @Ann')),
      doc(paragraph('both ', mention('Ann', '1'), ' ', mention('Ann', '2'))),
    ],
    ['a copied stand-in once', doc(paragraph(ann)), doc(paragraph('@Ann, @Ann')), doc(paragraph(ann, ', @Ann'))],
    [
      'a picture',
      doc(paragraph('a'), cat),
      doc(paragraph('b'), paragraph(text('[file: cat.png]', 'em'))),
      doc(paragraph('b'), cat),
    ],
    [
      'a picture whose line lost its slant',
      doc(paragraph('a'), cat),
      doc(paragraph('b'), paragraph(' [file: cat.png] ')),
      doc(paragraph('b'), cat),
    ],
    [
      'a picture in a list',
      doc(node('bulletList', node('listItem', paragraph('a'), cat))),
      doc(node('bulletList', node('listItem', paragraph('b'), paragraph(text('[file: cat.png]', 'em'))))),
      doc(node('bulletList', node('listItem', paragraph('b'), cat))),
    ],
    [
      'a file in a line',
      doc(paragraph('see ', mediaInline('a'))),
      doc(paragraph('look [file: a]')),
      doc(paragraph('look ', mediaInline('a'))),
    ],
  ])('[D3] puts back %s', (_, current, edited, expected) => {
    expect(normalRich(restoreOriginals(edited, current))).toBe(normalRich(expected));
  });

  it.each<[string, AdfNode, AdfNode]>([
    ['a deleted mention', doc(paragraph('Hi ', ann)), doc(paragraph('Hi '))],
    ['a deleted picture', doc(paragraph('a'), cat), doc(paragraph('a'))],
    ['a name that nobody mentioned', doc(paragraph(cat)), doc(paragraph('Hi @Ann'))],
    ['a name inside code, where Jira takes text only', doc(paragraph(ann)), doc(node('codeBlock', text('@Ann')))],
    ['anything when there is nothing to put back', doc(paragraph('a')), doc(paragraph('@Ann'))],
  ])('[D3] leaves out %s', (_, current, edited) => {
    expect(normalRich(restoreOriginals(edited, current))).toBe(normalRich(edited));
  });

  it('[D3] a part that came back untouched keeps its own originals, whatever was edited around it', () => {
    const first = paragraph('Ask ', mention('Ann', '1'));
    const second = paragraph('Thank ', mention('Ann', '2'), 's');
    expect(restoreOriginals(toPortable(doc(second)), doc(first, second))).toEqual(doc(second));
    const edited = doc(paragraph('New for @Ann'), ...(toPortable(doc(second)).content ?? []));
    expect(normalRich(restoreOriginals(edited, doc(first, second)))).toBe(
      normalRich(doc(paragraph('New for ', mention('Ann', '1')), second)),
    );
  });

  it('[D3] a part that was copied out of a larger one gets its originals once: in the larger one when that is untouched', () => {
    const line = paragraph('Hi ', ann);
    const list = node('bulletList', node('listItem', line));
    const copied = paragraph('Hi @Ann');
    const back = restoreOriginals(doc(copied, ...(toPortable(doc(list)).content ?? [])), doc(list));
    expect(normalRich(back)).toBe(normalRich(doc(copied, list)));
    const edited = node('bulletList', node('listItem', copied, paragraph('and more')));
    expect(normalRich(restoreOriginals(doc(copied, edited), doc(list)))).toBe(
      normalRich(doc(copied, node('bulletList', node('listItem', line, paragraph('and more'))))),
    );
    const wrapped = node('panel', list);
    const halves = doc(
      node('bulletList', node('listItem', copied), node('listItem', paragraph('more'))),
      node('panel', toPortable(list)),
    );
    expect(JSON.stringify(restoreOriginals(halves, doc(wrapped))).split('mention')).toHaveLength(2);
  });

  it('[D3] takes back nothing that the current document does not hold, and nothing twice', () => {
    const bound = (document: AdfNode): readonly string[] =>
      document.type === 'mention' || document.type.startsWith('media')
        ? [JSON.stringify(document)]
        : (document.content ?? []).flatMap(bound);
    fc.assert(
      fc.property(adfDocument, adfDocument, (edited, current) => {
        const available = bound(current).slice();
        for (const used of bound(restoreOriginals(toPortable(edited), current))) {
          expect(available).toContain(used);
          available.splice(available.indexOf(used), 1);
        }
      }),
      runs(300),
    );
  });

  it('[D4] there and back without an edit is the same document, however the other site stored it', () => {
    fc.assert(
      fc.property(
        adfDocument.chain((document) => fc.tuple(fc.constant(document), reshaped(toPortable(document)))),
        ([document, stored]) => {
          expect(normalRich(restoreOriginals(toPortable(stored), document))).toBe(normalRich(document));
        },
      ),
      runs(500),
    );
  });

  it('[D4] a paragraph added in front leaves every other part the same', () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const portable = toPortable(document);
        const added = paragraph('An addition');
        const back = restoreOriginals({ ...portable, content: [added, ...(portable.content ?? [])] }, document);
        expect(normalRich(back)).toBe(normalRich({ ...document, content: [added, ...(document.content ?? [])] }));
      }),
      runs(300),
    );
  });
});
