import { plainText } from '../../../core/document.ts';
import type { AdfNode } from '../../../core/item.ts';
import { entityOf } from './entities.ts';
import { readMarkup } from './read-markup.ts';
import { siteBoundMarkup, withoutFrames } from './site-bound.ts';
import { writeCode, writeHeading, writeTable } from './write-blocks.ts';
import { cardMarkup, writeInline } from './write-inline.ts';

/**
 * A document as wiki markup. What Data Center cannot show (a merged cell, a column, a task's box) loses its form, never its words: the
 * markup is read again, and where it does not say what the document says, it is written with fewer forms. So what we wrote is known as
 * ours when it is read (SPEC B1).
 */
export function writeMarkup(document: AdfNode): string {
  const blocks = document.content ?? [];
  return firstFaithful(document, [
    () =>
      blocks
        .map(writeFaithfully)
        .filter((block) => block !== '')
        .join('\n\n'),
    () => writeBlocks(blocks.flatMap(paragraphsIn), TOP),
    () => writeBlocks(blocks.flatMap(paragraphsIn).map(unmarked), TOP),
    ...plainWritings(document),
  ]);
}

/** One block with as many of its forms as it can be read in. */
const writeFaithfully = (block: AdfNode): string =>
  firstFaithful(block, [
    () => writeBlock(block, TOP),
    () => writeBlock(unmarked(block), TOP),
    () => writeBlocks(paragraphsIn(block), TOP),
    () => writeBlocks(paragraphsIn(block).map(unmarked), TOP),
    ...plainWritings(block),
  ]);

/** Its words as they stand; with each sign as an entity, which is ugly to edit and never mistaken for markup; and without people and files. */
const plainWritings = (node: AdfNode): readonly (() => string)[] => [
  () => linesOf(plainText(node)),
  () =>
    (node.type === 'doc' ? (node.content ?? []) : [node])
      .flatMap(paragraphsIn)
      .map(({ content = [] }) => linesOf(content.map(spellOut).join('')))
      .join('\n\n'),
  () => linesOf(spelledOut(plainText(node))),
];

const spellOut = (node: AdfNode): string =>
  (namesIn(node).length > 0 ? siteBoundMarkup(node) : '') || spelledOut(plainText(node));

/** What may mean something to Data Center, at any place. */
const SIGNS = /[&\\*_+\-^~{}[\]!?#|():;@]|(?<=^\s*(?:h[1-6]|bq))\./gmu;
const spelledOut = (text: string): string => withoutFrames(text).replaceAll(SIGNS, entityOf);

const linesOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** The first that reads as it should; else the last, which has the least that could be misread. */
function firstFaithful(node: AdfNode, writings: readonly (() => string)[]): string {
  let markup = '';
  for (const write of writings) {
    markup = write();
    if (saysAll(readMarkup(markup), node)) break;
  }
  return markup;
}

/** The same words, with all people and files. */
const saysAll = (read: AdfNode, meant: AdfNode): boolean => {
  const shown = new Set(namesIn(read));
  return wordsOf(read) === wordsOf(meant) && namesIn(meant).every((name) => shown.has(name));
};

const wordsOf = (node: AdfNode): string => plainText(node).replace(/\s+/g, ' ').trim();

/** Of people and files. An image that only the parser takes for one may have any sign in its name, and is left out. */
const namesIn = ({ type, attrs, content = [] }: AdfNode): readonly string[] => {
  const name = type === 'mention' || type === 'mediaInline' ? attrs?.['id'] : undefined;
  return [...(typeof name === 'string' && name !== '' ? [name] : []), ...content.flatMap(namesIn)];
};

/** Without emphasis; links stay, since where they lead is more than a form. */
const unmarked = ({ marks, ...node }: AdfNode): AdfNode => {
  const links = (marks ?? []).filter(({ type }) => type === 'link');
  const content = node.content?.map(unmarked);
  return { ...node, ...(links.length === 0 ? {} : { marks: links }), ...(content === undefined ? {} : { content }) };
};

/** What may not stand within what else. */
interface BlockPlace {
  readonly framed: boolean;
}
const TOP: BlockPlace = { framed: false };
const IN_FRAME: BlockPlace = { framed: true };
const FLOW = { inCell: false, oneLine: false };

const writeBlocks = (nodes: readonly AdfNode[], place: BlockPlace): string =>
  nodes
    .map((node) => writeBlock(node, place))
    .filter((block) => block !== '')
    .join('\n\n');

function writeBlock(node: AdfNode, place: BlockPlace): string {
  const content = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
    case 'caption':
      return writeInline(content, FLOW);
    case 'heading':
      return writeHeading(node);
    case 'codeBlock':
      return writeCode(node) ?? writeBlocks(codeLines(node), place);
    case 'rule':
      return '----';
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
    case 'decisionList':
      return writeList(node, '');
    case 'table':
      return writeTable(node, paragraphsIn);
    case 'blockquote':
      return place.framed ? writeBlocks(content, place) : frame('quote', '', content);
    case 'panel':
      return place.framed ? writeBlocks(content, place) : frame('panel', panelColor(node), content);
    case 'expand':
    case 'nestedExpand':
      return writeBlocks([...titleOf(node), ...content], place);
    case 'blockCard':
    case 'embedCard':
      return cardMarkup(node);
    case 'media':
      return mediaMarkup(node);
    default:
      return isInline(node) ? writeInline([node], FLOW) : writeBlocks(content, place);
  }
}

const frame = (macro: string, parameters: string, content: readonly AdfNode[]): string => {
  const inner = writeBlocks(content, IN_FRAME);
  return inner === '' ? '' : `{${macro}${parameters}}\n${inner}\n{${macro}}`;
};

const PANEL_COLORS: Readonly<Record<string, string>> = {
  info: '#deebff',
  note: '#eae6ff',
  success: '#e3fcef',
  warning: '#fffae6',
  error: '#ffebe6',
};
const panelColor = ({ attrs }: AdfNode): string => {
  const color = PANEL_COLORS[String(attrs?.['panelType'])];
  return color === undefined ? '' : `:bgColor=${color}`;
};

const titleOf = ({ attrs }: AdfNode): readonly AdfNode[] => {
  const title = attrs?.['title'];
  return typeof title === 'string' && title.trim() !== ''
    ? [{ type: 'paragraph', content: [{ type: 'text', text: title, marks: [{ type: 'strong' }] }] }]
    : [];
};

/** A file or image that the parser found: by its name, or its address. One without a name shows nothing. */
const mediaMarkup = (media: AdfNode): string => {
  const written = siteBoundMarkup(media);
  const name = media.attrs?.['url'] ?? media.attrs?.['id'];
  return written !== '' ? written : typeof name === 'string' && name.trim() !== '' ? `!${imageName(name)}!` : '';
};

/** An exclamation mark in a name would end it, brackets and braces can mean something else, and right behind a blank none is an end: a bar parts them. */
const imageName = (name: string): string => `${name.replaceAll(/[![{]/g, '\\$&')}${/\s$/.test(name) ? '|' : ''}`;

const INLINE = new Set([
  'text',
  'hardBreak',
  'mention',
  'emoji',
  'date',
  'status',
  'inlineCard',
  'mediaInline',
  'inlineExtension',
  'placeholder',
]);
const isInline = ({ type }: AdfNode): boolean => INLINE.has(type);

const BULLETS: Readonly<Record<string, string>> = { orderedList: '#' };

function writeList(list: AdfNode, above: string): string {
  const bullets = `${above}${BULLETS[list.type] ?? '*'}`;
  return (list.content ?? [])
    .map((item) => (isList(item) ? writeList(item, bullets) : writeItem(item, bullets)))
    .filter((line) => line !== '')
    .join('\n');
}

const isList = ({ type }: AdfNode): boolean => type.endsWith('List');

/** Only lists and code stand in an item as what they are. */
function writeItem(item: AdfNode, bullets: string): string {
  const content = item.content ?? [];
  if (content.some(isInline))
    return line(bullets, writeInline(item.attrs?.['state'] === 'DONE' ? content.map(struck) : content, FLOW));
  const parts: string[] = [];
  let words: string[] = [];
  const endWords = (): void => {
    if (words.length > 0) parts.push(parts.length === 0 ? `${bullets} ${words.join('\n')}` : words.join('\n'));
    words = [];
  };
  for (const child of content) {
    if (isList(child)) {
      endWords();
      parts.push(writeList(child, bullets));
    } else if (child.type === 'codeBlock' && (parts.length > 0 || words.length > 0)) {
      endWords();
      parts.push(writeCode(child) ?? writeBlocks(codeLines(child), IN_FRAME));
    } else
      words.push(
        ...paragraphsIn(child)
          .map((paragraph) => writeBlock(paragraph, IN_FRAME))
          .filter((text) => text !== ''),
      );
  }
  endWords();
  return parts.filter((part) => part !== '').join('\n');
}

const line = (bullets: string, text: string): string => (text === '' ? '' : `${bullets} ${text}`);
const struck = (node: AdfNode): AdfNode =>
  node.type === 'text' ? { ...node, marks: [...(node.marks ?? []), { type: 'strike' }] } : node;

/** All text below a node as plain paragraphs, for where the forms of blocks may not stand. */
function paragraphsIn(node: AdfNode): readonly AdfNode[] {
  if (node.type === 'codeBlock') return codeLines(node);
  const content = node.content ?? [];
  if (isInline(node)) return [{ type: 'paragraph', content: [node] }];
  if (node.type === 'media') return mediaMarkup(node) === '' ? [] : [{ type: 'paragraph', content: [inlineMedia(node)] }];
  if (node.type.endsWith('Card')) return [{ type: 'paragraph', content: [{ ...node, type: 'inlineCard' }] }];
  if (content.some(isInline)) return [{ type: 'paragraph', content }];
  return [...(node.type.endsWith('xpand') ? titleOf(node) : []), ...content.flatMap(paragraphsIn)];
}

const inlineMedia = (media: AdfNode): AdfNode => ({
  type: 'mediaInline',
  attrs: { ...media.attrs, markup: mediaMarkup(media) },
});

const codeLines = (code: AdfNode): readonly AdfNode[] => [
  {
    type: 'paragraph',
    content: plainText(code)
      .split('\n')
      .flatMap((text, at): AdfNode[] => [
        ...(at === 0 ? [] : [{ type: 'hardBreak' }]),
        ...(text === '' ? [] : [{ type: 'text', text }]),
      ]),
  },
];
