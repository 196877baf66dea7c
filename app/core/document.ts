import type { AdfNode } from './item.ts';

/**
 * Rich text between two Cloud sites is carried node by node in ADF. Nodes that only mean something on their own site (a
 * mention names an account, media names a file in that site's store) travel as a readable stand-in, and a stand-in that comes
 * back becomes the original node again (SPEC D1–D4).
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
const BLOCK_MEDIA = new Set(['mediaSingle', 'mediaGroup']);

/** A canonical text of the document, or null when it shows nothing. */
export function normalDocument(document: AdfNode): string | null {
  const content = normalContent(document.content ?? []);
  const shown = content.filter((node) => !isEmptyParagraph(node));
  return shown.length === 0 ? null : JSON.stringify(trimEmptyParagraphs(content));
}

/** The document as another site can show it: site-bound nodes replaced by stand-ins (SPEC D2). */
export function toPortable(document: AdfNode): AdfNode {
  return mapContent(document, (node) => {
    const standIn = standInFor(node);
    return standIn === null ? [node] : [standIn];
  });
}

/**
 * A portable document on its way back into the site whose `current` document holds the originals: each stand-in that still
 * stands is replaced by its original, in order (SPEC D3). A stand-in that was deleted takes its original with it.
 */
export function restoreOriginals(portable: AdfNode, current: AdfNode | null): AdfNode {
  const originals = current === null ? [] : collectSiteBound(current);
  if (originals.length === 0) return portable;
  const takeFirst = (matches: (original: AdfNode) => boolean): AdfNode | null => {
    const index = originals.findIndex(matches);
    return index < 0 ? null : (originals.splice(index, 1)[0] ?? null);
  };
  return mapContent(portable, (node) => {
    if (node.type === 'text') return restoreMentions(node, originals, takeFirst);
    const original = takeFirst((candidate) => BLOCK_MEDIA.has(candidate.type) && sameNode(standInFor(candidate), node));
    return [original ?? node];
  });
}

/** The copy of a comment names its author in a first line (SPEC K4). */
export const withAuthorLine = (body: AdfNode, authorName: string): AdfNode => ({
  ...body,
  content: [authorLine(authorName), ...(body.content ?? [])],
});

/** The body of an edited copy without the author line; unchanged when a person removed or reworded that line. */
export function withoutAuthorLine(body: AdfNode, authorName: string): AdfNode {
  const [first, ...rest] = body.content ?? [];
  return first !== undefined && plainText(first) === plainText(authorLine(authorName)) ? { ...body, content: rest } : body;
}

/** All text of a node, blocks separated by line ends. */
export function plainText(node: AdfNode): string {
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'hardBreak') return '\n';
  const parts = (node.content ?? []).map(plainText);
  return parts.join(isInlineContainer(node) ? '' : '\n');
}

export const emptyDocument: AdfNode = { type: 'doc', version: 1, content: [] };

const authorLine = (authorName: string): AdfNode => ({
  type: 'paragraph',
  content: [{ type: 'text', text: `${authorName}:`, marks: [{ type: 'strong' }] }],
});

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

const sameNode = (a: AdfNode | null, b: AdfNode): boolean =>
  a !== null && JSON.stringify(normalNode(a)) === JSON.stringify(normalNode(b));

/** Null for nodes that mean the same on every site. */
function standInFor(node: AdfNode): AdfNode | null {
  if (node.type === 'mention') return { type: 'text', text: mentionText(node) };
  if (!BLOCK_MEDIA.has(node.type)) return null;
  const names = (node.content ?? []).filter((child) => child.type === 'media').map((media) => `[${mediaName(media)}]`);
  return { type: 'paragraph', content: [{ type: 'text', text: names.join(' ') || '[file]', marks: [{ type: 'em' }] }] };
}

const mentionText = (mention: AdfNode): string => {
  const text = mention.attrs?.['text'];
  if (typeof text !== 'string' || text === '') return '@someone';
  return text.startsWith('@') ? text : `@${text}`;
};

const mediaName = (media: AdfNode): string => {
  const name = media.attrs?.['alt'] ?? media.attrs?.['__fileName'];
  return typeof name === 'string' && name !== '' ? `file: ${name}` : 'file';
};

function collectSiteBound(node: AdfNode): AdfNode[] {
  if (node.type === 'mention' || BLOCK_MEDIA.has(node.type)) return [node];
  return (node.content ?? []).flatMap(collectSiteBound);
}

function mapContent(node: AdfNode, replace: (child: AdfNode) => readonly AdfNode[]): AdfNode {
  if (node.content === undefined) return node;
  return {
    ...node,
    content: node.content.flatMap((child) => replace(child).map((made) => (made === child ? mapContent(child, replace) : made))),
  };
}

/** A stand-in for a mention has melted into the text around it: it is cut out again where it reads exactly like one. */
function restoreMentions(
  node: AdfNode,
  originals: readonly AdfNode[],
  takeFirst: (matches: (original: AdfNode) => boolean) => AdfNode | null,
): readonly AdfNode[] {
  const text = node.text ?? '';
  const isHere = (candidate: AdfNode): boolean => candidate.type === 'mention' && text.includes(mentionText(candidate));
  const next = originals.filter(isHere).sort((a, b) => text.indexOf(mentionText(a)) - text.indexOf(mentionText(b)))[0];
  const mention = next === undefined ? null : takeFirst((candidate) => candidate === next);
  if (mention === null) return [node];
  const at = text.indexOf(mentionText(mention));
  const before = text.slice(0, at);
  const after = text.slice(at + mentionText(mention).length);
  return [
    ...(before === '' ? [] : [{ ...node, text: before }]),
    mention,
    ...(after === '' ? [] : restoreMentions({ ...node, text: after }, originals, takeFirst)),
  ];
}
