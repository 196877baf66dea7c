import { describe, expect, it } from '@jest/globals';
import type { AdfNode } from '../../../core/item.ts';
import { normalRich } from '../../../core/normal-form.ts';
import { readMarkup } from './read-markup.ts';

const marked = (text: string, ...marks: (string | AdfNode)[]): AdfNode => ({
  type: 'text',
  text,
  ...(marks.length === 0 ? {} : { marks: marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark)) }),
});
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const words = (text: string): AdfNode => paragraph(marked(text));
const mention = (name: string): AdfNode => ({ type: 'mention', attrs: { id: name, text: `@${name}` } });
const file = (name: string, markup: string): AdfNode => ({
  type: 'mediaInline',
  attrs: { type: 'file', id: name, alt: name, markup },
});
const code = (text: string, language?: string): AdfNode => ({
  type: 'codeBlock',
  attrs: language === undefined ? {} : { language },
  content: [marked(text)],
});
const item = (...content: AdfNode[]): AdfNode => ({ type: 'listItem', content });
const cell = (...content: AdfNode[]): AdfNode => ({ type: 'tableCell', attrs: {}, content });
const table = (...cells: AdfNode[]): AdfNode => ({
  type: 'table',
  attrs: { layout: 'default' },
  content: [{ type: 'tableRow', content: cells }],
});

describe('wiki markup read as a document', () => {
  const cases: [string, string, AdfNode[]][] = [
    ['words', 'Hello', [words('Hello')]],
    ['lines and paragraphs', 'a\nb\r\n\r\nc', [paragraph(marked('a'), { type: 'hardBreak' }, marked('b')), words('c')]],
    [
      'emphasis',
      '*b* _i_ -s-',
      [paragraph(marked('b', 'strong'), marked(' '), marked('i', 'em'), marked(' '), marked('s', 'strike'))],
    ],
    ['emphasis within a word', 'un{*}bel{*}ievable', [paragraph(marked('un'), marked('bel', 'strong'), marked('ievable'))]],
    ['what only looks like emphasis', '2*3*4 snake_case a-b-c', [words('2*3*4 snake_case a-b-c')]],
    ['escapes', '\\*a\\* \\[b\\] \\{code}', [words('*a* [b] {code}')]],
    ['entities', 'a &#124; b &amp; c&nbsp;d &#xe9;', [words('a | b & c\u00a0d é')]],
    ['an entity of nothing', '&#9999999; &#0; &foo;', [words('&#9999999; &#0; &foo;')]],
    ['backslashes of a path', 'C:\\dir\\new', [words('C:\\dir\\new')]],
    ['mentions', "Ask [~jsmith], [~o'neil]", [paragraph(marked('Ask '), mention('jsmith'), marked(', '), mention("o'neil"))]],
    ['an escaped mention', '\\[~jsmith]', [words('[~jsmith]')]],
    [
      'an image within a line',
      'see !a b.png|thumbnail! there',
      [paragraph(marked('see '), file('a b.png', '!a b.png|thumbnail!'), marked(' there'))],
    ],
    ['a file behind a forced break', 'a\\\\[^r.pdf]', [paragraph(marked('a'), { type: 'hardBreak' }, file('r.pdf', '[^r.pdf]'))]],
    ['code behind a forced break', 'a\\\\{noformat}[~jo]{noformat}', [words('a'), code('[~jo]')]],
    ['an escaped file behind backslashes', 'a\\\\\\[^report.pdf]', [words('a\\\\\\[^report.pdf]')]],
    ['a file', '[^report.pdf]', [paragraph(file('report.pdf', '[^report.pdf]'))]],
    [
      'an image whose name looks like a file',
      '![^f.pdf]!',
      [
        {
          type: 'mediaSingle',
          attrs: { layout: 'center' },
          content: [{ type: 'media', attrs: { type: 'file', id: '[^f.pdf]', alt: '[^f.pdf]' } }],
        },
      ],
    ],
    [
      'a link to what looks like a person',
      '[here|http://x.y/[~jo]]',
      [paragraph(marked('here', { type: 'link', attrs: { href: 'http://x.y/[~jo]' } }))],
    ],
    [
      'an icon and a sentence',
      '(!) Please [~jo] check config.xml!',
      [
        paragraph(
          { type: 'emoji', attrs: { shortName: ':warning:', id: 'atlassian-warning', text: ':warning:' } },
          marked(' Please '),
          mention('jo'),
          marked(' check config.xml!'),
        ),
      ],
    ],
    ['exclamations', 'Hello! See a.txt! And!more!', [words('Hello! See a.txt! And!more!')]],
    [
      'an image in a table',
      '|!a.png|width=30!|b|',
      [table(cell(paragraph(file('a.png', '!a.png|width=30!'))), cell(words('b')))],
    ],
    ['an anchor', '{anchor:top}Top', [paragraph(marked('{anchor:top}'), marked('Top'))]],
    [
      'macros that nobody knows',
      '{toc}\n\n{expand:title=More}x{expand}',
      [words('{toc}'), words('{expand:title=More}x{expand}')],
    ],
    [
      'code with its indentation',
      '{code:title=Foo.java|java}\n  if (x)\n    y();\n{code}',
      [paragraph(marked('Foo.java', 'strong')), code('  if (x)\n    y();', 'java')],
    ],
    [
      'code in languages that are called otherwise',
      '{code:bash}\nls\n{code}\n{code:c#}\nx\n{code}\n{code:none}\ny\n{code}',
      [code('ls', 'shell'), code('x', 'csharp'), code('y')],
    ],
    [
      'verbatim text in which nothing is markup',
      '{noformat}\n[~jo] *x* &amp; !a.png!\n{noformat}',
      [code('[~jo] *x* &amp; !a.png!')],
    ],
    ['monospace in which nothing is decoded but entities', '{{[~jo] a&#124;b}}', [paragraph(marked('[~jo] a|b', 'code'))]],
    [
      'a panel and its title',
      '{panel:title=Note|borderStyle=dashed}\nx\n{panel}',
      [{ type: 'panel', attrs: { panelType: 'info' }, content: [paragraph(marked('Note', 'strong')), words('x')] }],
    ],
    ['an empty panel', '{panel}\n{panel}\nx', [words('x')]],
    [
      'lists within lists',
      '* a\n*# b\n* c',
      [
        {
          type: 'bulletList',
          content: [
            item(words('a'), { type: 'orderedList', attrs: { order: 1 }, content: [item(words('b'))] }),
            item(words('c')),
          ],
        },
      ],
    ],
    ['links', '[here|http://x.y/z]', [paragraph(marked('here', { type: 'link', attrs: { href: 'http://x.y/z' } }))]],
    ['a lozenge', '{color:#36B37E}*[ DONE ]*{color}', [paragraph({ type: 'status', attrs: { text: 'DONE', color: 'green' } })]],
    [
      'words in brackets of another colour',
      '{color:#123456}*[ x ]*{color}',
      [paragraph(marked('[ x ]', 'strong', { type: 'textColor', attrs: { color: '#123456' } }))],
    ],
    [
      'a smiley',
      'ok :)',
      [paragraph(marked('ok '), { type: 'emoji', attrs: { shortName: ':slight_smile:', id: '1f642', text: '🙂' } })],
    ],
    [
      'a document of Cloud',
      '{adf:display=block}\n{"type":"paragraph","content":[{"type":"text","text":"x"}]}\n{adf}',
      [words('x')],
    ],
    ['nothing', ' \n ', []],
    ['frames of what is hidden', '\uFDD00\uFDD1 [~jo]', [paragraph(marked('0 '), mention('jo'))]],
    ['frames that an entity would make', '&#64976;0&#64977; [~jo]', [paragraph(marked('&#64976;0&#64977; '), mention('jo'))]],
  ];

  it.each(cases)('%s', (_name, markup, content) => {
    expect(normalRich(readMarkup(markup))).toBe(normalRich({ type: 'doc', version: 1, content }));
    expect(readMarkup(markup)).toEqual(readMarkup(markup));
  });

  it('shows nothing of breaks at the end of a line, however many there are', () => {
    expect(normalRich(readMarkup(`a${'\\\\ '.repeat(8000)}`))).toBe(
      normalRich({ type: 'doc', version: 1, content: [words('a')] }),
    );
  });

  it('takes a text that would keep the parser busy for what it says', () => {
    const busy = '*a '.repeat(10_000);
    expect(readMarkup(`${busy}\nx\n\ny`)).toMatchObject({
      content: [{ type: 'paragraph', content: [{ text: busy }, { type: 'hardBreak' }, { text: 'x' }] }, words('y')],
    });
    expect(readMarkup('[^a'.repeat(8_000)).content).toHaveLength(1);
  });

  it('reads code as code, however long its lines', () => {
    const long = '{"a":[1,-2]},'.repeat(3_000);
    expect(readMarkup(`{code:json}\n${long}\n{code}\n*b*`).content).toEqual([
      code(long, 'json'),
      paragraph(marked('b', 'strong')),
    ]);
  });

  it('reads a text nested too deep for a document', () => {
    const deep = `${'{color:red}'.repeat(20_000)}x`;
    expect(() => readMarkup(deep)).not.toThrow();
    expect(() => readMarkup('*'.repeat(4_000).concat(' x'))).not.toThrow();
  });
});
