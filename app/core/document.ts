import type { AdfNode } from './item.ts';

/**
 * Rich text between two Cloud sites is carried node by node in ADF. Nodes that only mean something on their own site (a
 * mention names an account, media names a file in that site's store) are **site-bound**: they travel as a readable stand-in, and
 * a stand-in that comes back becomes the original node again (SPEC D1–D4; the way back is restore-originals.ts).
 * Structure: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */

/** Attributes that Jira makes up by itself and changes at will: never content (SPEC N3). */
const VOLATILE_ATTRIBUTES = new Set([
  'localId',
  'occurrenceKey',
  'collection',
  '__fileName',
  '__fileSize',
  '__fileMimeType',
  '__displayType',
]);
const INLINE_SITE_BOUND = new Set(['mention', 'mediaInline']);
const BLOCK_SITE_BOUND = new Set(['mediaSingle', 'mediaGroup']);

/** A canonical text of the document, or null when it shows nothing. */
export function normalDocument(document: AdfNode): string | null {
  const content = normalContent(document.content ?? []);
  const shown = content.filter((node) => !isEmptyParagraph(node));
  return shown.length === 0 ? null : JSON.stringify(trimEmptyParagraphs(content));
}

/** The document as another site can show it: site-bound nodes replaced by stand-ins (SPEC D2). */
export function toPortable(node: AdfNode): AdfNode {
  if (node.content === undefined) return node;
  return { ...node, content: node.content.map((child) => (isSiteBound(child) ? standInFor(child) : toPortable(child))) };
}

/** All text of a node as a person reads it, blocks separated by line ends. Site-bound nodes have none: their stand-ins do. */
export function plainText(node: AdfNode): string {
  const words = WORDS_OF[node.type]?.(node);
  if (words !== undefined) return words;
  const title = node.type === 'expand' || node.type === 'nestedExpand' ? attributeText(node, 'title') : '';
  const parts = [...(title === '' ? [] : [title]), ...(node.content ?? []).map(plainText)];
  return parts.join(isInlineContainer(node) ? '' : '\n');
}

const attributeText = ({ attrs }: AdfNode, name: string): string => {
  const value = attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Nodes that show words which are not in their content. A date is midnight UTC, in epoch milliseconds. */
const WORDS_OF: Readonly<Record<string, (node: AdfNode) => string>> = {
  text: ({ text }) => text ?? '',
  hardBreak: () => '\n',
  emoji: (node) => attributeText(node, 'text') || attributeText(node, 'shortName'),
  status: (node) => attributeText(node, 'text'),
  date: (node) => dayOf(attributeText(node, 'timestamp')),
};

const LAST_TIME = 8.64e15;

/** `YYYY-MM-DD`; empty for what is no time. */
export const dayOf = (timestamp: string): string => {
  const time = Number(timestamp);
  return timestamp !== '' && Math.abs(time) <= LAST_TIME ? new Date(time).toISOString().slice(0, 10) : '';
};

export const emptyDocument: AdfNode = { type: 'doc', version: 1, content: [] };

const isInlineContainer = (node: AdfNode): boolean =>
  node.type === 'paragraph' || node.type === 'heading' || node.type === 'codeBlock';

const isEmptyParagraph = (node: AdfNode): boolean => node.type === 'paragraph' && (node.content ?? []).length === 0;

function trimEmptyParagraphs(content: readonly AdfNode[]): readonly AdfNode[] {
  const first = content.findIndex((node) => !isEmptyParagraph(node));
  const last = content.findLastIndex((node) => !isEmptyParagraph(node));
  return content.slice(first, last + 1);
}

function normalNode(node: AdfNode): AdfNode {
  const attrs = normalAttributes(node.attrs);
  const marks = (node.marks ?? []).map(normalNode).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const content = normalContent(node.content ?? []);
  return {
    type: node.type,
    ...(node.text === undefined ? {} : { text: node.text }),
    ...(attrs === null ? {} : { attrs }),
    ...(marks.length === 0 ? {} : { marks }),
    ...(content.length === 0 ? {} : { content }),
  };
}

/** Neighbouring texts with the same marks are one text: Jira joins and splits them freely. */
function normalContent(content: readonly AdfNode[]): readonly AdfNode[] {
  const joined: AdfNode[] = [];
  for (const node of content.map(normalNode)) {
    const previous = joined.at(-1);
    if (node.type === 'text' && node.text === '') continue;
    if (node.type === 'text' && previous?.type === 'text' && sameNode({ ...previous, text: '' }, { ...node, text: '' })) {
      joined[joined.length - 1] = { ...previous, text: `${previous.text ?? ''}${node.text ?? ''}` };
    } else joined.push(node);
  }
  return joined;
}

function normalAttributes(attrs: AdfNode['attrs']): Record<string, unknown> | null {
  const kept = Object.entries(attrs ?? {})
    .filter(([name, value]) => !VOLATILE_ATTRIBUTES.has(name) && value !== null && value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.length === 0 ? null : Object.fromEntries(kept.map(([name, value]) => [name, sortedKeys(value)]));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sortedKeys(inner)]),
  );
}

const sameNode = (a: AdfNode, b: AdfNode): boolean => normalNodeText(a) === normalNodeText(b);

/** A node's normal form as a text, to compare or look up by. */
export const normalNodeText = (node: AdfNode): string => JSON.stringify(normalNode(node));

/** Whether the node stands inside a line of text and means something on its own site only: a mention, a file within a line. */
export const isInlineSiteBound = (node: AdfNode): boolean => INLINE_SITE_BOUND.has(node.type);
/** The same of a node that is a block of its own. */
export const isBlockSiteBound = (node: AdfNode): boolean => BLOCK_SITE_BOUND.has(node.type);
/** The same wherever it stands. */
export const isSiteBound = (node: AdfNode): boolean => isInlineSiteBound(node) || isBlockSiteBound(node);

/** What is read in place of a site-bound node on the other site. */
export function standInText(node: AdfNode): string {
  if (node.type === 'mention') return mentionText(node);
  if (node.type === 'mediaInline') return `[${mediaName(node)}]`;
  const names = (node.content ?? []).filter((child) => child.type === 'media').map((media) => `[${mediaName(media)}]`);
  return names.join(' ') || '[file]';
}

/** The node that travels in place of a site-bound one. */
export function standInFor(node: AdfNode): AdfNode {
  const text = standInText(node);
  if (isInlineSiteBound(node)) return { type: 'text', text };
  return { type: 'paragraph', content: [{ type: 'text', text, marks: [{ type: 'em' }] }] };
}

const mentionText = (mention: AdfNode): string => {
  const text = mention.attrs?.['text'];
  if (typeof text !== 'string' || text === '') return '@someone';
  return text.startsWith('@') ? text : `@${text}`;
};

const mediaName = (media: AdfNode): string => {
  const name = media.attrs?.['alt'];
  return typeof name === 'string' && name !== '' ? `file: ${name}` : 'file';
};
