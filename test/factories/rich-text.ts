import fc from 'fast-check';
import type { AdfNode } from '../../app/core/item.ts';
import { media, mediaInline, mention } from './core.ts';

/** Arbitrary documents: marks, mentions, files, lists, tables, code and nodes that nobody knows. */

const NAMES = ['Ann', 'Anna', 'Ann Lee', 'Jörg', '田中'];
const FILES = ['a.png', 'b.pdf', ''];

const words = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('hello', ' ', 'a b', 'x', '@', 'Ann', '@Ann', '[file]', '[file: a.png]', 's', '、') },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const marks = fc.subarray(['strong', 'em', 'strike']).map((types) => types.map((type) => ({ type })));
const textNode = fc
  .tuple(words, marks)
  .map(([text, made]): AdfNode => ({ type: 'text', text, ...(made.length === 0 ? {} : { marks: made }) }));
const mentionNode = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('1', '2')).map(([name, id]) => mention(name, id));
const inline: fc.Arbitrary<AdfNode> = fc.oneof(
  { weight: 5, arbitrary: textNode },
  { weight: 2, arbitrary: mentionNode },
  { weight: 1, arbitrary: fc.constant({ type: 'mention', attrs: { id: '3' } }) },
  { weight: 1, arbitrary: fc.constantFrom(...FILES).map((name) => mediaInline(name)) },
  { weight: 1, arbitrary: fc.constantFrom<AdfNode>({ type: 'hardBreak' }, { type: 'emoji', attrs: { shortName: ':x:' } }) },
);
const mediaBlock = fc.oneof(
  fc.tuple(fc.constantFrom(...FILES), fc.constantFrom('1', '2')).map(([name, id]) => media(name, id)),
  fc
    .constantFrom(...FILES)
    .map((name): AdfNode => ({ type: 'mediaGroup', content: [...(media(name).content ?? []), ...(media('z').content ?? [])] })),
);

const { block } = fc.letrec<{ block: AdfNode }>((tie) => {
  const blocks = fc.array(tie('block'), { maxLength: 3 });
  const inside = (type: string, content: fc.Arbitrary<readonly AdfNode[]>, attrs?: AdfNode['attrs']): fc.Arbitrary<AdfNode> =>
    content.map((made) => ({ type, ...(attrs === undefined ? {} : { attrs }), content: made }));
  const listOf = (type: string) => inside(type, fc.array(inside('listItem', blocks), { maxLength: 2 }));
  const row = inside('tableRow', fc.array(inside('tableCell', blocks, { colspan: 1 }), { maxLength: 2 }));
  return {
    block: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: inside('paragraph', fc.array(inline, { maxLength: 5 })) },
      { weight: 2, arbitrary: mediaBlock },
      { weight: 1, arbitrary: inside('heading', fc.array(inline, { maxLength: 2 }), { level: 2 }) },
      {
        weight: 1,
        arbitrary: inside(
          'codeBlock',
          words.map((text) => [{ type: 'text', text }]),
        ),
      },
      { weight: 1, arbitrary: listOf('bulletList') },
      { weight: 1, arbitrary: listOf('orderedList') },
      { weight: 1, arbitrary: inside('table', fc.array(row, { maxLength: 2 }), { layout: 'default' }) },
      { weight: 1, arbitrary: inside('panel', blocks, { panelType: 'info' }) },
      { weight: 1, arbitrary: inside('someday', blocks, { a: { b: [1, 'x'] } }) },
    ),
  };
});

export const adfDocument: fc.Arbitrary<AdfNode> = fc
  .array(block, { maxLength: 4 })
  .map((content) => ({ type: 'doc', version: 1, content }));

/** The same document in another shape that Jira could have given it (SPEC N3), drawn at random. */
export const reshaped = (document: AdfNode): fc.Arbitrary<AdfNode> =>
  fc.infiniteStream(fc.nat({ max: 3 })).map((stream) => {
    const next = (): number => stream.next().value ?? 0;
    const empty: AdfNode = { type: 'paragraph', content: [] };
    const content = (document.content ?? []).flatMap((child) => reshapeNode(child, next));
    return { ...document, content: [...(next() === 0 ? [empty] : []), ...content, ...(next() === 0 ? [empty] : [])] };
  });

/** The way Jira's editor stores a document: runs of text joined, marks in one order, local ids given. */
export const storedByEditor = (document: AdfNode): AdfNode => {
  let choice = 0;
  return { ...document, content: (document.content ?? []).flatMap((child) => reshapeNode(child, () => ++choice % 4)) };
};

function reshapeNode(node: AdfNode, next: () => number): readonly AdfNode[] {
  const marks = node.marks === undefined || next() === 0 ? node.marks : [...node.marks].reverse();
  const shaped: AdfNode = { ...node, ...(marks === undefined ? {} : { marks }) };
  if (node.type === 'text') {
    const at = next();
    const words = node.text ?? '';
    return next() === 0
      ? [
          { ...shaped, text: words.slice(0, at) },
          { ...shaped, text: words.slice(at) },
        ]
      : [shaped];
  }
  const attrs =
    next() === 0 ? node.attrs : { ...Object.fromEntries(Object.entries(node.attrs ?? {}).reverse()), localId: `local-${next()}` };
  const content = node.content?.flatMap((child) => reshapeNode(child, next));
  return [{ ...shaped, ...(attrs === undefined ? {} : { attrs }), ...(content === undefined ? {} : { content }) }];
}
