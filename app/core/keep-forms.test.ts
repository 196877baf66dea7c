import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { doc, mention, paragraph } from '../../test/factories/core.ts';
import { adfDocument } from '../../test/factories/rich-text.ts';
import { runs } from '../../test/property-runs.ts';
import { plainText, toPortable } from './document.ts';
import type { AdfNode } from './item.ts';
import { keepForms, type Shows } from './keep-forms.ts';
import { normalRich } from './normal-form.ts';
import { restoreOriginals } from './restore-originals.ts';
import { translateValue } from './translate.ts';

/** A site that knows paragraphs alone, and of macros nothing. */
const asParagraphs: Shows = ({ content = [], ...document }) => ({
  ...document,
  content: content
    .flatMap((block) => plainText(block).split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => paragraph(line)),
});

const block = (type: string, ...content: AdfNode[]): AdfNode => ({ type, content });
const tasks = block('taskList', { ...block('taskItem', { type: 'text', text: 'call' }), attrs: { state: 'TODO' } });
const expand: AdfNode = { type: 'expand', attrs: { title: 'More' }, content: [paragraph('inside'), paragraph('and out')] };
const macro: AdfNode = { type: 'extension', attrs: { extensionKey: 'toc' } };
const signed: AdfNode = { type: 'paragraph', content: [{ type: 'text', text: 'by ' }, mention('Ann', '1')] };

describe('text that comes back from a site with fewer forms', () => {
  const current = doc(macro, paragraph('first'), tasks, expand, signed, paragraph('last'));
  const shown = asParagraphs(toPortable(current));
  const edited = (change: (lines: AdfNode[]) => AdfNode[]): AdfNode => ({
    ...shown,
    content: change([...(shown.content ?? [])]),
  });

  it('[D5] has all its forms again when nothing was edited', () => {
    expect(restoreOriginals(shown, current, asParagraphs)).toEqual(current);
  });

  it('[D5] [D3] loses the forms of what was edited alone', () => {
    const back = restoreOriginals(
      edited((lines) => lines.map((line) => (plainText(line) === 'first' ? paragraph('1st') : line))),
      current,
      asParagraphs,
    );
    expect(back).toEqual(doc(macro, paragraph('1st'), tasks, expand, signed, paragraph('last')));
    const inside = restoreOriginals(
      edited((lines) => lines.map((line) => (plainText(line) === 'inside' ? paragraph('in') : line))),
      current,
      asParagraphs,
    );
    expect(inside).toEqual(
      doc(macro, paragraph('first'), tasks, paragraph('More'), paragraph('in'), paragraph('and out'), signed, paragraph('last')),
    );
  });

  it('[D5] keeps what was deleted deleted, and what was added added', () => {
    const back = keepForms(
      edited((lines) => [paragraph('new'), ...lines.filter((line) => plainText(line) !== 'call')]),
      toPortable(current),
      asParagraphs,
    );
    expect(back.document).toEqual(
      toPortable(doc(macro, paragraph('new'), paragraph('first'), expand, signed, paragraph('last'))),
    );
  });

  it('[D5] of two that read alike each gets its own', () => {
    const twice = doc(tasks, paragraph('call'), expand);
    expect(restoreOriginals(asParagraphs(twice), twice, asParagraphs)).toEqual(twice);
  });

  it('[D5] [D4] an unedited document is the same, whatever the site makes of it', () => {
    const shows = fc.constantFrom<Shows>(
      asParagraphs,
      (document) => document,
      (document) => ({ ...document, content: [] }),
    );
    fc.assert(
      fc.property(adfDocument, shows, (document, makes) => {
        const sent = { kind: 'rich', document: makes(toPortable(document)) } as const;
        const back = translateValue(sent, { kind: 'rich', document }, makes);
        if (back.kind === 'rich') expect(normalRich(back.document)).toBe(normalRich(document));
      }),
      runs(300),
    );
  });
});
