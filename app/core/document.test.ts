import { describe, expect, it } from '@jest/globals';
import { plainText } from './document.ts';
import type { AdfNode } from './item.ts';

const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const text = (words: string): AdfNode => ({ type: 'text', text: words });

describe('the text of a document', () => {
  const nodes: [string, AdfNode, string][] = [
    ['words and line ends', paragraph(text('a'), { type: 'hardBreak' }, text('b')), 'a\nb'],
    ['a smiley', paragraph({ type: 'emoji', attrs: { shortName: ':smile:', text: '😄' } }), '😄'],
    ['a smiley of the site itself', paragraph({ type: 'emoji', attrs: { shortName: ':party:' } }), ':party:'],
    ['a lozenge', paragraph({ type: 'status', attrs: { text: 'DONE', color: 'green' } }), 'DONE'],
    ['a day', paragraph({ type: 'date', attrs: { timestamp: '1700000000000' } }), '2023-11-14'],
    ['no day', paragraph({ type: 'date', attrs: { timestamp: 'soon' } }, { type: 'date' }), ''],
    ['a title that opens', { type: 'expand', attrs: { title: 'More' }, content: [paragraph(text('x'))] }, 'More\nx'],
    ['what has a stand-in of its own', paragraph({ type: 'mention', attrs: { id: '1', text: '@Ann' } }), ''],
  ];

  it.each(nodes)('%s', (_name, node, words) => {
    expect(plainText(node)).toBe(words);
  });
});
