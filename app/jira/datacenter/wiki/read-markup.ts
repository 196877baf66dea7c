import type { AdfNode } from '../../../core/item.ts';
import { adfNode } from '../../schemas.ts';
import { convertMarkup } from './converter.ts';
import { decodeEntities } from './entities.ts';
import { hiddenCode, hideSiteBound, showAsText, showSiteBound, withoutFrames } from './site-bound.ts';
import { statusIn } from './status-markup.ts';

/**
 * The wiki markup of Data Center as a document. The same text always gives the same document: its fingerprint is what is remembered of it.
 * Whatever is no markup is text, macros that nobody knows too. Never throws.
 */
export function readMarkup(markup: string): AdfNode {
  const text = withoutFrames(markup.replaceAll(/\r\n?/g, '\n'));
  if (text.trim() === '') return { type: 'doc', version: 1, content: [] };
  const hidden = hideSiteBound(text);
  if (isTooCostly(hidden.text)) return plainDocument(text);
  const parsed = adfNode.safeParse(convertOrNull(hidden.text));
  if (!parsed.success) return plainDocument(text);
  const content = (parsed.data.content ?? []).flatMap((node) => restore(node, hidden.parts, null));
  return { type: 'doc', version: 1, content: content.flatMap(tidy) };
}

const convertOrNull = (text: string): unknown => {
  try {
    return convertMarkup(text);
  } catch (error) {
    // A text nested too deep for the stack, or a node that the editor's schema does not allow at its place.
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** For each mark that begins something the parser looks for its end in the rest of the line: 5 million steps take a tenth of a second. */
const MOST_STEPS = 5_000_000;

const isTooCostly = (text: string): boolean =>
  text.split('\n').reduce((steps, line) => steps + line.length * (line.match(/[*_+^~?{[!-]/g)?.length ?? 0), 0) > MOST_STEPS ||
  text.length * (text.match(/\[\^/g)?.length ?? 0) > MOST_STEPS;

/** Its lines as they stand. */
export const plainDocument = (text: string): AdfNode => ({
  type: 'doc',
  version: 1,
  content: text
    .split(/\n[^\S\n]*\n\s*/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => ({
      type: 'paragraph',
      content: paragraph
        .split('\n')
        .flatMap((line, at): AdfNode[] => [
          ...(at === 0 ? [] : [{ type: 'hardBreak' }]),
          ...(line === '' ? [] : [{ type: 'text', text: line }]),
        ]),
    })),
});

/** Sizes that the parser makes up, and what it says of its own accord. */
const MADE_UP = new Set(['accessLevel', 'collection', 'width', 'height', 'isNumberColumnEnabled', 'localId', 'occurrenceKey']);

function restore(node: AdfNode, parts: readonly AdfNode[], parent: AdfNode | null): readonly AdfNode[] {
  if (node.type === 'text') return restoreText(node, parts, parent);
  const code = node.type === 'codeBlock' ? hiddenCode(node.content?.[0]?.text ?? '', parts) : null;
  if (code !== null) return [{ ...code, attrs: code.attrs?.['language'] == null ? {} : code.attrs }];
  return [
    {
      ...node,
      ...(node.attrs === undefined ? {} : { attrs: named(restoreAttributes(node.attrs, parts), node.type) }),
      ...(node.content === undefined ? {} : { content: node.content.flatMap((child) => restore(child, parts, node)) }),
    },
  ];
}

type Attributes = NonNullable<AdfNode['attrs']>;

/** What other sites read of a file is its name, wherever it stands; the parser makes that its id alone. */
const named = (attrs: Attributes, type: string): Attributes =>
  type === 'media' && attrs['type'] === 'file' ? { alt: attrs['id'], ...attrs } : attrs;

/** An image's name, a link's address: what was hidden in it stands there as it was written. */
const restoreAttributes = (attrs: Attributes, parts: readonly AdfNode[]): Attributes =>
  Object.fromEntries(
    Object.entries(attrs)
      .filter(([name]) => !MADE_UP.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? showAsText(value, parts) : value]),
  );

function restoreText(node: AdfNode, parts: readonly AdfNode[], parent: AdfNode | null): readonly AdfNode[] {
  const text = node.text ?? '';
  if (parent?.type === 'codeBlock') return [{ ...node, text: showAsText(text, parts) }];
  const decoded = { ...node, text: decodeEntities(text.replaceAll('\n', ' ')), ...restoreMarks(node, parts) };
  if (decoded.marks?.some(({ type }) => type === 'code')) return [{ ...decoded, text: showAsText(decoded.text, parts) }];
  const status = statusIn(decoded);
  return status === null ? showSiteBound(decoded, parts) : [status];
}

const restoreMarks = ({ marks }: AdfNode, parts: readonly AdfNode[]): Pick<AdfNode, 'marks'> =>
  marks === undefined
    ? {}
    : {
        marks: marks.map((mark) => (mark.attrs === undefined ? mark : { ...mark, attrs: restoreAttributes(mark.attrs, parts) })),
      };

/** Frames that Data Center does not even draw when nothing is in them. */
const FRAMES = new Set(['panel', 'blockquote']);

/** Without what shows nothing: blanks and breaks at the ends of lines of text, empty paragraphs between others, empty frames. */
function tidy(node: AdfNode): readonly AdfNode[] {
  if (node.type === 'codeBlock' || node.content === undefined) return [node];
  if (node.type === 'paragraph' || node.type === 'heading') {
    const content = trimLine(node.content);
    return content.length === 0 ? [] : [{ ...node, content }];
  }
  const content = node.content.flatMap(tidy);
  if (content.length > 0) return [{ ...node, content: node.type === 'tableHeader' ? content.map(withoutBold) : content }];
  if (FRAMES.has(node.type)) return [];
  return [NEEDS_CONTENT.has(node.type) ? { ...node, content: [{ type: 'paragraph', content: [] }] } : { ...node, content }];
}

/** A header's cells are bold of themselves. */
const withoutBold = ({ marks, ...node }: AdfNode): AdfNode => {
  const others = (marks ?? []).filter(({ type }) => type !== 'strong');
  const content = node.content?.map(withoutBold);
  return { ...node, ...(others.length === 0 ? {} : { marks: others }), ...(content === undefined ? {} : { content }) };
};

const NEEDS_CONTENT = new Set(['tableCell', 'tableHeader', 'listItem']);

const showsNothing = ({ type, text }: AdfNode): boolean =>
  type === 'hardBreak' || (type === 'text' && (text ?? '').trim() === '');

/** Without blanks and breaks at both ends. */
function trimLine(content: readonly AdfNode[]): readonly AdfNode[] {
  const first = content.findIndex((node) => !showsNothing(node));
  const shown = content.slice(Math.max(first, 0), content.findLastIndex((node) => !showsNothing(node)) + 1);
  return shown.map((node, at) => {
    if (node.type !== 'text' || node.text === undefined) return node;
    const begun = at === 0 ? node.text.trimStart() : node.text;
    return { ...node, text: at === shown.length - 1 ? begun.trimEnd() : begun };
  });
}
