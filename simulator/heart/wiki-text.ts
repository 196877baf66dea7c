import type { AdfNode } from './adf.ts';
import { documentOf, paragraphOf } from './adf.ts';
import { encodeMarkup, parseMarkup } from './wiki-markup.ts';

const attribute = (node: AdfNode, name: string): string => {
  const value = node.attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const MARKS: Readonly<Record<string, (text: string, mark: AdfNode) => string>> = {
  strong: (text) => `*${text}*`,
  em: (text) => `_${text}_`,
  code: (text) => `{{${text}}}`,
  strike: (text) => `-${text}-`,
  underline: (text) => `+${text}+`,
  link: (text, mark) => `[${text}|${attribute(mark, 'href')}]`,
};

const INLINE: Readonly<Record<string, (node: AdfNode) => string>> = {
  text: (node) => (node.marks ?? []).reduce((text, mark) => MARKS[mark.type]?.(text, mark) ?? text, node.text ?? ''),
  hardBreak: () => '\n',
  mention: (node) => `[~accountid:${attribute(node, 'id')}]`,
  emoji: (node) => attribute(node, 'text') || attribute(node, 'shortName'),
  inlineCard: (node) => `[${attribute(node, 'url')}|${attribute(node, 'url')}|smart-link]`,
  date: (node) => `{{${attribute(node, 'timestamp')}}}`,
  status: (node) => `*[ ${attribute(node, 'text')} ]*`,
};

const inline = (node: AdfNode): string =>
  (node.content ?? []).map((child) => INLINE[child.type]?.(child) ?? block(child, '')).join('');

const list = (node: AdfNode, bullets: string): string =>
  (node.content ?? [])
    .map((item) =>
      (item.content ?? [])
        .map((child) =>
          child.type === 'bulletList' || child.type === 'orderedList'
            ? block(child, bullets)
            : `${bullets} ${block(child, bullets)}`,
        )
        .join('\n'),
    )
    .join('\n');

const BLOCKS: Readonly<Record<string, (node: AdfNode, bullets: string) => string>> = {
  paragraph: inline,
  heading: (node) => `h${attribute(node, 'level')}. ${inline(node)}`,
  codeBlock: (node) => `{code:${attribute(node, 'language') || 'none'}}\n${inline(node)}\n{code}`,
  blockquote: (node) => `{quote}${blocks(node)}{quote}`,
  panel: (node) => `{panel}\n${blocks(node)}\n{panel}`,
  rule: () => '----',
  bulletList: (node, bullets) => list(node, `${bullets}*`),
  orderedList: (node, bullets) => list(node, `${bullets}#`),
};

const block = (node: AdfNode, bullets: string): string => BLOCKS[node.type]?.(node, bullets) ?? node.text ?? blocks(node);
const blocks = (node: AdfNode): string => (node.content ?? []).map((child) => block(child, '')).join('\n\n');

/** Common nodes only; others give their text. For documents that the converter does not take, and where a rough length will do. */
export const roughWikiText = (document: AdfNode): string => document.source ?? blocks(document);

/** Paragraphs of plain text and line ends: their markup is the text itself, save for `!`, `{`, `[~` and `[^`, which the converter escapes. */
const isPlain = (document: AdfNode): boolean =>
  (document.content ?? []).every(
    ({ type, content = [] }) =>
      type === 'paragraph' &&
      content.length > 0 &&
      content.every(
        (node) => node.type === 'hardBreak' || (node.type === 'text' && !node.marks && !/[!{]|\[[~^]/.test(node.text ?? '')),
      ),
  );

/** Documents are replaced and never changed, so that what one was written as holds for good. */
const written = new WeakMap<AdfNode, string>();

/** A document as the wiki text that REST v2, webhooks and the changelog show. */
export function toWikiText(document: AdfNode | null): string | null {
  if (document === null) return null;
  const known = document.source ?? written.get(document);
  if (known !== undefined) return known;
  const text = (isPlain(document) ? null : encodeMarkup(document)) ?? roughWikiText(document);
  written.set(document, text);
  return text;
}

/** Plain text as a document: an empty line parts paragraphs, a line end is a hard break. Wiki marks stay as they stand. */
function plainDocument(text: string): AdfNode {
  const paragraphs = text.split(/\n{2,}/);
  return documentOf(
    ...paragraphs.map((paragraph): AdfNode => {
      const lines = paragraph.split('\n');
      if (lines.length === 1) return paragraphOf(paragraph);
      const content = lines.flatMap((line, position): AdfNode[] => [
        ...(position === 0 ? [] : [{ type: 'hardBreak' }]),
        ...(line === '' ? [] : [{ type: 'text', text: line }]),
      ]);
      return { type: 'paragraph', content };
    }),
  );
}

/** Nothing in it can be markup: no marks, no dashes that strike out, no words that begin a heading or a quotation. */
const UNMARKED = /^(?!(?:.*\n)?\s*(?:h[1-6]|bq)\.)(?!.*(?:--|\s-|^-|\?\?))[\p{L}\p{N} \n.,;'"’“”%&=…–—?-]*$/su;

/** Wiki text as a document, by Atlassian's converter. */
export function fromWikiText(text: string): AdfNode {
  const lines = text.replaceAll('\r\n', '\n');
  return UNMARKED.test(lines) ? plainDocument(lines) : parseMarkup(lines);
}

/** Wiki text as a site keeps it that knows nothing else: it comes back as it was, mark for mark. */
export const verbatimDocument = (text: string): AdfNode => ({ ...plainDocument(text.replaceAll('\r\n', '\n')), source: text });

/** Whether a value is a document as REST v3 wants it. Nodes are not checked further. */
export function isDocument(value: unknown): value is AdfNode {
  if (typeof value !== 'object' || value === null) return false;
  const { type, version, content } = value as Record<string, unknown>;
  return type === 'doc' && version === 1 && Array.isArray(content);
}
