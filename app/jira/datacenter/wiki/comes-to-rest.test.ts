import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildConfiguration, buildItem, fieldId } from '../../../../test/factories/core.ts';
import { adfDocument } from '../../../../test/factories/rich-text.ts';
import { SimulatedPair } from '../../../../test/factories/simulated-pair.ts';
import { wikiMarkup } from '../../../../test/factories/wiki-markup.ts';
import { runs } from '../../../../test/property-runs.ts';
import { plainText, toPortable } from '../../../core/document.ts';
import type { AdfNode, FieldValue } from '../../../core/item.ts';
import type { Side } from '../../../core/side.ts';
import { readMarkup } from './read-markup.ts';
import { writeMarkup } from './write-markup.ts';

const DESCRIPTION = fieldId('description');

/** A Data Center site keeps the markup, and shows what it reads as. */
const stored = (document: AdfNode): AdfNode => readMarkup(writeMarkup(document));

const SITES: readonly { name: string; at: Readonly<Record<Side, (document: AdfNode) => AdfNode>> }[] = [
  { name: 'Cloud and Data Center', at: { A: (document) => document, B: stored } },
  { name: 'two Data Center sites', at: { A: stored, B: stored } },
];

const markup = wikiMarkup.map(readMarkup);

interface Edit {
  readonly side: Side;
  readonly document: AdfNode;
}
/** What a person types on that side: anything on Cloud, markup on Data Center. */
const edits = (onCloud: fc.Arbitrary<AdfNode>): fc.Arbitrary<readonly Edit[]> =>
  fc.array(
    fc.oneof(
      fc.record({ side: fc.constant('A' as const), document: onCloud }),
      fc.record({ side: fc.constant('B' as const), document: markup }),
    ),
    { minLength: 1, maxLength: 4 },
  );

const newPair = (at: (typeof SITES)[number]['at']): SimulatedPair =>
  new SimulatedPair(
    buildConfiguration({ fields: ['description'], comments: { direction: 'both', authorLine: true } }),
    { A: buildItem({ site: 'A-', fields: { description: null } }), B: buildItem({ site: 'B-', fields: { description: null } }) },
    new Map(),
    {
      reshape: (document, side) => at[side](document),
      shows: { A: at.A === stored ? stored : null, B: stored },
    },
  );

const words = (value: FieldValue | undefined): string =>
  value?.kind === 'rich' ? plainText(toPortable(value.document)).replace(/\s+/g, ' ').trim() : '';
const bodies = (pair: SimulatedPair, side: Side): string[] =>
  pair.items[side].comments.map(({ body }) => words({ kind: 'rich', document: body }).replace(/^Maria: ?/, '')).sort();

describe('rich text of Cloud', () => {
  it('keeps its forms in what was not edited on Data Center [D5]', () => {
    const text = (words: string): AdfNode => ({ type: 'text', text: words });
    const paragraph = (words: string): AdfNode => ({ type: 'paragraph', content: [text(words)] });
    const forms: AdfNode[] = [
      { type: 'taskList', content: [{ type: 'taskItem', attrs: { state: 'TODO' }, content: [text('call')] }] },
      { type: 'expand', attrs: { title: 'More' }, content: [paragraph('inside')] },
      { type: 'extension', attrs: { extensionKey: 'toc' } },
      { type: 'codeBlock', attrs: { language: 'typescript' }, content: [text('const x = 1;')] },
      { type: 'layoutSection', content: [{ type: 'layoutColumn', attrs: { width: 50 }, content: [paragraph('left')] }] },
    ];
    const pair = newPair(SITES[0]?.at ?? { A: stored, B: stored });
    const document = { type: 'doc', version: 1, content: [paragraph('Hello'), ...forms] };
    pair.setField('A', DESCRIPTION, { kind: 'rich', document });
    pair.settle();
    const shown = pair.items.B.fields.get(DESCRIPTION);
    const typed = shown?.kind === 'rich' ? writeMarkup(shown.document).replace('Hello', 'Hi') : '';
    pair.setField('B', DESCRIPTION, { kind: 'rich', document: readMarkup(typed) });
    pair.settle();
    expect(pair.items.A.fields.get(DESCRIPTION)).toEqual({
      kind: 'rich',
      document: { ...document, content: [paragraph('Hi'), ...forms] },
    });
  });
});

describe.each(SITES)('rich text between $name', ({ name, at }) => {
  const typed = name === 'two Data Center sites' ? markup : adfDocument;

  it('comes to rest in one turn after each edit, with the same words on both sides (SPEC P1)', () => {
    fc.assert(
      fc.property(edits(typed), (all) => {
        const pair = newPair(at);
        for (const { side, document } of all) {
          pair.setField(side, DESCRIPTION, { kind: 'rich', document });
          expect(pair.settle()).toBeLessThanOrEqual(1);
          const [a, b] = [pair.items.A.fields.get(DESCRIPTION), pair.items.B.fields.get(DESCRIPTION)];
          expect(words(a)).toBe(words(b));
        }
      }),
      runs(100),
    );
  });

  it('comes to rest in comments as well (SPEC K4)', () => {
    fc.assert(
      fc.property(edits(typed), (all) => {
        const pair = newPair(at);
        for (const { side, document } of all) pair.addComment(side, document, 'Maria');
        expect(pair.settle()).toBeLessThanOrEqual(1);
        expect(bodies(pair, 'A')).toEqual(bodies(pair, 'B'));
      }),
      runs(100),
    );
  });
});
