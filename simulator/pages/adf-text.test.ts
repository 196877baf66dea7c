import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { AdfNode } from '../heart/adf.ts';
import { documentOf, paragraphOf } from '../heart/adf.ts';
import { adfHtml } from './adf-html.ts';
import { adfToText, textToAdf } from './adf-text.ts';

const bulletsOf = (...lines: string[]): AdfNode => ({
  type: 'bulletList',
  content: lines.map((line) => ({ type: 'listItem', content: [paragraphOf(line)] })),
});
const bold: AdfNode = { type: 'paragraph', content: [{ type: 'text', text: 'loud', marks: [{ type: 'strong' }] }] };
const table: AdfNode = {
  type: 'table',
  content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [paragraphOf('cell')] }] }],
};
const unheardOf: AdfNode = { type: 'newFangledThing', attrs: { secret: 7 } };

describe('textToAdf', () => {
  it.each<[string, string, AdfNode | null]>([
    ['nothing', ' \n\n ', null],
    ['paragraphs', 'one\n\n\ntwo', documentOf(paragraphOf('one'), paragraphOf('two'))],
    [
      'line ends within a paragraph',
      'one\r\ntwo',
      documentOf({
        type: 'paragraph',
        content: [{ type: 'text', text: 'one' }, { type: 'hardBreak' }, { type: 'text', text: 'two' }],
      }),
    ],
    ['bullets right after a line', 'list:\n- a\n- b', documentOf(paragraphOf('list:'), bulletsOf('a', 'b'))],
  ])('reads %s', (_what, text, document) => {
    expect(textToAdf(text, null)).toEqual(document);
  });

  it('keeps what it cannot edit, wherever it is moved, and the marks of untouched blocks', () => {
    const before = documentOf(bold, table, paragraphOf('plain'), unheardOf);
    const text = adfToText(before);
    expect(text).toBe('loud\n\n[[table 2]]\n\nplain\n\n[[newFangledThing 4]]');
    expect(textToAdf('[[newFangledThing 4]]\n\nloud\n\nplainer\n\n[[table 2]]', before)).toEqual(
      documentOf(unheardOf, bold, paragraphOf('plainer'), table),
    );
  });

  it('gives back the same document when the text was not touched', () => {
    // A browser posts every line end as CRLF; text in Jira holds no carriage returns of its own.
    const line = fc.string().map((text) => text.replaceAll('\r', ''));
    const block = fc.oneof(
      line.map(paragraphOf),
      fc.array(line, { minLength: 1 }).map((lines) => bulletsOf(...lines)),
      fc.constantFrom(bold, table, unheardOf),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1 }), (blocks) => {
        const before = documentOf(...blocks);
        expect(textToAdf(adfToText(before).replaceAll('\n', '\r\n'), before)).toEqual(before);
      }),
      runs(100),
    );
  });
});

describe('adfHtml', () => {
  it.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '//elsewhere'])('makes no link of %s', (href) => {
    const link: AdfNode = { type: 'text', text: 'click', marks: [{ type: 'link', attrs: { href } }] };
    expect(
      adfHtml(documentOf({ type: 'paragraph', content: [link, { type: 'inlineCard', attrs: { url: href } }] })).markup,
    ).not.toContain('<a ');
  });

  it('shows the text of nodes it does not know, escaped', () => {
    expect(adfHtml({ type: '<x>', content: [{ type: 'text', text: '<img>' }] }).markup).toBe(
      '<div class="adf-other"><small>&lt;x&gt;</small> &lt;img&gt;</div>',
    );
  });
});
