import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adfDocument } from '../../../../test/factories/rich-text.ts';
import { wikiMarkup } from '../../../../test/factories/wiki-markup.ts';
import { runs } from '../../../../test/property-runs.ts';
import { plainText, toPortable } from '../../../core/document.ts';
import type { AdfNode } from '../../../core/item.ts';
import { normalRich } from '../../../core/normal-form.ts';
import { restoreOriginals } from '../../../core/restore-originals.ts';
import { readMarkup } from './read-markup.ts';
import { writeMarkup } from './write-markup.ts';

const marked = (text: string, ...marks: (string | AdfNode)[]): AdfNode => ({
  type: 'text',
  text,
  ...(marks.length === 0 ? {} : { marks: marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark)) }),
});
const block = (type: string, ...content: AdfNode[]): AdfNode => ({ type, content });
const paragraph = (...content: AdfNode[]): AdfNode => block('paragraph', ...content);
const words = (text: string): AdfNode => paragraph(marked(text));
const link = (href: string): AdfNode => ({ type: 'link', attrs: { href } });
const doc = (...content: AdfNode[]): AdfNode => ({ type: 'doc', version: 1, content });
const hardBreak: AdfNode = { type: 'hardBreak' };
const code = (text: string, language?: string): AdfNode => ({
  ...block('codeBlock', marked(text)),
  ...(language ? { attrs: { language } } : {}),
});
const row = (type: string, ...cells: AdfNode[]): AdfNode => block('tableRow', ...cells.map((each) => block(type, each)));

const mention = (id: string): AdfNode => ({ type: 'mention', attrs: { id, text: `@${id}` } });

const wordsOf = (document: AdfNode): string => plainText(document).replace(/\s+/g, ' ').trim();

/** Of people and files. */
const namesIn = ({ type, attrs, content = [] }: AdfNode): readonly string[] => [
  ...(type === 'mention' || type === 'mediaInline' ? [String(attrs?.['id'])] : []),
  ...content.flatMap(namesIn),
];

describe('a document written as wiki markup', () => {
  const cases: [string, AdfNode[], string][] = [
    [
      'emphasis',
      [paragraph(marked('bold', 'strong'), marked(' and '), marked('both', 'strong', 'em'))],
      '*bold* and *{_}both{_}*',
    ],
    [
      'emphasis that goes on',
      [paragraph(marked('a ', 'strong'), marked('b', 'strong', 'em'), marked(' c', 'strong'))],
      '*a _b_ c*',
    ],
    ['emphasis within a word', [paragraph(marked('un'), marked('bel', 'strong'), marked('ievable'))], 'un{*}bel{*}ievable'],
    ['blanks at the edge of emphasis', [paragraph(marked('a'), marked(' b ', 'em'), marked('c'))], 'a _b_ c'],
    ['emphasis of signs', [paragraph(marked('a '), marked('***', 'strong'))], 'a \\*\\*\\*'],
    [
      'signs that are no markup',
      [words('2 * 3, snake_case, well-known, C:\\dir, a|b (c) 50% #5')],
      '2 * 3, snake_case, well-known, C:\\dir, a|b (c) 50% #5',
    ],
    [
      'signs that would be',
      [words('*stars* _x_ -- {code} {{y}} [link] (x) :) !a.png! ??q??')],
      '\\*stars\\* \\_x\\_ \\-\\- \\{code} \\{\\{y}} \\[link] \\(x) :\\) \\!a.png! \\?\\?q\\?\\?',
    ],
    [
      'beginnings of lines',
      [words('h1. a'), words('* b'), words('|c|'), words('----'), words('bq. d')],
      'h1&#46; a\n\n\\* b\n\n\\|c|\n\n\\-\\-\\-\\-\n\nbq&#46; d',
    ],
    ['macros that work where they came from', [words('{toc} {jira:x}')], '{toc} {jira:x}'],
    ['what would be an entity', [words('&amp; & &#42; &x')], '&amp;amp; & &amp;#42; &x'],
    ['backslashes before signs', [words('\\*a \\\\ b\\')], '&#92;\\*a &#92;\\ b&#92;'],
    ['addresses', [words('see http://x.y/~a_b/c*d?e=f&g=h. Yes')], 'see http://x.y/~a_b/c*d?e=f&g=h. Yes'],
    [
      'links',
      [
        paragraph(
          marked('a|b]', link('http://x.y/a b|c')),
          marked(' '),
          marked('http://x.y/z', link('http://x.y/z')),
          marked('!'),
        ),
      ],
      '[a&#124;b&#93;|http://x.y/a%20b%7Cc] [http://x.y/z]!',
    ],
    ['line ends', [paragraph(marked('a'), hardBreak, hardBreak, marked('b'), hardBreak)], 'a\n\\\\\nb'],
    ['monospace', [paragraph(marked('a*b*', 'code'), marked(' x'), marked('y', 'code'))], '{{a*b\\*}} xy'],
    [
      'colours and heights',
      [
        paragraph(
          marked('H'),
          marked('2', { type: 'subsup', attrs: { type: 'sub' } }),
          marked('O '),
          marked('red', { type: 'textColor', attrs: { color: '#ff0000' } }),
        ),
      ],
      'H{~}2{~}O {color:#ff0000}red{color}',
    ],
    ['headings', [{ ...block('heading', marked('T'), hardBreak, marked('U')), attrs: { level: 2 } }], 'h2. T\\\\ U'],
    [
      'lists',
      [
        block(
          'bulletList',
          block('listItem', words('a'), words('more'), block('orderedList', block('listItem', words('b')))),
          block('listItem', words('c'), code('x', 'javascript')),
        ),
      ],
      '* a\nmore\n*# b\n* c\n{code:javascript}\nx\n{code}',
    ],
    [
      'tasks',
      [
        block(
          'taskList',
          { ...block('taskItem', marked('a')), attrs: { state: 'TODO' } },
          { ...block('taskItem', marked('b')), attrs: { state: 'DONE' } },
        ),
      ],
      '* a\n* -b-',
    ],
    [
      'tables',
      [
        block(
          'table',
          row('tableHeader', words('A|B'), words('C')),
          row('tableCell', paragraph(marked('a'), hardBreak, marked('b')), paragraph()),
        ),
      ],
      '||A&#124;B||C||\n|a\\\\ b| |',
    ],
    [
      'lists in tables',
      [block('table', row('tableCell', block('bulletList', block('listItem', words('a')), block('listItem', words('b')))))],
      '|a\\\\ b|',
    ],
    [
      'panels, quotes, rules',
      [{ ...block('panel', words('x')), attrs: { panelType: 'warning' } }, block('blockquote', words('q')), { type: 'rule' }],
      '{panel:bgColor=#fffae6}\nx\n{panel}\n\n{quote}\nq\n{quote}\n\n----',
    ],
    ['what opens', [{ ...block('expand', words('x')), attrs: { title: 'More' } }], '*More*\n\nx'],
    ['columns', [block('layoutSection', block('layoutColumn', words('a')), block('layoutColumn', words('b')))], 'a\n\nb'],
    ['code of unknown languages', [code('  x\ny', 'typescript')], '{noformat}\n  x\ny\n{noformat}'],
    [
      'code about code',
      [code('{code}'), code('{noformat}'), code('{noformat}{code}')],
      '{noformat}\n{code}\n{noformat}\n\n{code:none}\n{noformat}\n{code}\n\n\\{noformat}\\{code}',
    ],
    [
      'lozenges, days, smileys, cards',
      [
        paragraph(
          { type: 'status', attrs: { text: 'OK', color: 'red' } },
          marked(' '),
          { type: 'date', attrs: { timestamp: '1700000000000' } },
          marked(' '),
          { type: 'emoji', attrs: { shortName: ':smiley:', text: '😃' } },
          marked(' '),
          { type: 'inlineCard', attrs: { url: 'https://x.y/z' } },
        ),
      ],
      '{color:#ff5630}{*}\\[ OK ]{*}{color} 2023-11-14 :D [https://x.y/z|https://x.y/z|smart-link]',
    ],
    [
      'what reads as something else in every other form',
      [words('m}}!http://x.y/z.png!{{m')],
      'm&#125;&#125;&#33;http&#58;//x.y/z.png&#33;&#123;&#123;m',
    ],
    [
      'an icon behind a colon',
      [
        paragraph(
          marked('Status:'),
          { type: 'emoji', attrs: { shortName: ':check_mark:', text: ':check_mark:' } },
          marked(' '),
          mention('jo'),
        ),
      ],
      'Status&#58;(/) [~jo]',
    ],
    [
      'a person beside what reads as something else in every other form',
      [paragraph(marked('m}}!http://x.y/z.png!{{m '), mention('jo'))],
      'm&#125;&#125;&#33;http&#58;//x.y/z.png&#33;&#123;&#123;m [~jo]',
    ],
    ['nothing', [paragraph(), paragraph(marked(' '))], ''],
  ];

  it.each(cases)('%s', (_name, content, markup) => {
    const document = doc(...content);
    expect(writeMarkup(document)).toBe(markup);
    expect(wordsOf(readMarkup(markup))).toBe(wordsOf(document));
  });

  it('is written as it stands where a line is too long to be markup', () => {
    const line = JSON.stringify(Array.from({ length: 600 }, (_, n) => ({ id: n, name: `item_${n}` })));
    expect(writeMarkup(doc(words(line)))).toBe(line);
  });

  it('is known as ours when it is read again, whatever was written (SPEC B1)', () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const portable = toPortable(document);
        expect(wordsOf(readMarkup(writeMarkup(portable)))).toBe(wordsOf(portable));
      }),
      runs(200),
    );
  });
});

describe('markup that was read, crossed and comes back', () => {
  const markups = [
    'see [my report|^f.pdf] please',
    '|[my report|^f.pdf]|x|\n\n{panel:bgColor=#deebff}\n[log|^server.log]\n{panel}',
    'Ask [~jsmith] about !shot.png|thumbnail!, see [^log.txt].',
    'h2. Steps\n\n# one\n# two\n## deeper\n\n* other',
    '||a||b||\n|1|[~jo]|\n| |!x.png!|',
    '{panel:bgColor=#deebff}\nbe careful\n{panel}\n\n{quote}\nsaid\n{quote}',
    '{code:java}\n  int x = 1;\n{code}\n\n{noformat}\n*raw*\n{noformat}',
    '*bold* _it_ -gone- +under+ {{mono}} {color:#ff0000}red{color}',
    '{toc}\n\n{anchor:x}\n\n----',
    '[here|https://x.y/z?a=b#c] and https://x.y/a_b',
    'price \\*net\\* :) (!) C:\\dir \\{code}',
    'line one\nline two',
  ];

  it.each(markups)('%j is written as it was', (markup) => {
    const document = readMarkup(markup);
    const back = restoreOriginals(toPortable(document), document);
    expect(writeMarkup(back)).toBe(markup);
    expect(normalRich(readMarkup(writeMarkup(back)))).toBe(normalRich(document));
  });

  const keepsItsWords = (markup: string): void => {
    const first = readMarkup(markup);
    const second = readMarkup(writeMarkup(first));
    expect(JSON.stringify([first, second])).not.toMatch(/[\uFDD0\uFDD1]/);
    expect(namesIn(second)).toEqual(expect.arrayContaining([...namesIn(first)]));
    expect(wordsOf(second)).toBe(wordsOf(first));
    expect(wordsOf(readMarkup(writeMarkup(second)))).toBe(wordsOf(first));
  };

  it.each([
    '# !\\[~jo]!',
    '* !|!',
    '|!|!',
    '!a |!',
    '!a -- |!',
    '!\\!!',
    '!\\!a.png|thumbnail!',
    '!\\{panel}!',
    '{{m}}!http://x.y/z.png!{{m}}',
    'http://x.y/z??^a|',
    'http://x.y/z&#124;^a',
    'a\\!http://x.y/z.png!a',
    '|{noformat}http://x.y/z{color}{noformat}',
    '\\:(/)',
  ])('%j keeps its words and comes to rest', keepsItsWords);

  it('keeps its words and comes to rest', () => {
    fc.assert(fc.property(wikiMarkup, keepsItsWords), runs(200));
  });
});
