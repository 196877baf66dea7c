import type { AdfNode } from '../../../core/item.ts';
import { languageIn } from './code-languages.ts';

/**
 * What means something on its own site only (a person, a file, an image, an anchor) keeps the very words in which it was written: they
 * are hidden from the parser, which would lose their parameters or tear a line apart, and put in their place afterwards.
 */

/** Never characters of a text (Unicode's noncharacters): they frame the number of what is hidden. */
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';
const PLACE = /\uFDD0(\d+)\uFDD1/g;

/** Text in which marks mean nothing. What stands behind a backslash is text, what stands behind two of them, a forced break, is not. */
const VERBATIM = /(?<=(?<!\\)(?:\\\\)*)\{(code|noformat)(?::([^}\n]*))?\}([\s\S]*?)\{\1\}/g;

/**
 * `[~name]`, `[^file]`, `[title|^file]`, `!image|parameters!`, `{anchor:name}`, none of them escaped. An image whose name has blanks has to stand
 * apart, and does not begin where the icon `(!)` ends: of words between exclamation marks there are more.
 */
const SITE_BOUND =
  /(?<=(?<!\\)(?:\\\\)*)(?:\[~([^\]\n|]+)\]|\[(?:[^[\]\n|]+\|)?\^([^\]\n]+)\]|!([^!\s|]+\.[\p{L}\p{N}]{1,8}(?:\|[^!\n]*)?)!|(?<![\p{L}\p{N}!])!((?![\s)])[^!\n|]*\.[\p{L}\p{N}]{1,8}(?:\|[^!\n]*)?)!(?![\p{L}\p{N}])|\{anchor:[^}\n]*\})/gu;

export interface Hidden {
  readonly text: string;
  readonly parts: readonly AdfNode[];
}

export function hideSiteBound(text: string): Hidden {
  const parts: AdfNode[] = [];
  const hide = (open: string): string =>
    open.replace(SITE_BOUND, (markup: string, person?: string, file?: string, image?: string, apart?: string) => {
      parts.push(asNode(markup, person, file ?? image ?? apart));
      return `${OPEN}${parts.length - 1}${CLOSE}`;
    });
  let hidden = '';
  let from = 0;
  for (const verbatim of text.matchAll(VERBATIM)) {
    hidden += hide(text.slice(from, verbatim.index)) + hideCode(verbatim, parts);
    from = verbatim.index + verbatim[0].length;
  }
  return { text: hidden + hide(text.slice(from)), parts };
}

/** The parser would take the blanks before its first line away, and call most languages Java. */
function hideCode([whole, macro = '', parameters = '', code = '']: readonly string[], parts: AdfNode[]): string {
  if (code.trim() === '') return whole ?? '';
  const text = code.replace(/^[^\S\n]*\n/, '').replace(/\n[^\S\n]*$/, '');
  parts.push({ type: 'codeBlock', attrs: { language: languageIn(macro, parameters) }, content: [{ type: 'text', text }] });
  return `{${macro}${parameters === '' ? '' : `:${parameters}`}}${OPEN}${parts.length - 1}${CLOSE}{${macro}}`;
}

/** The block of code that the parser saw as a place alone; null: it was none of those hidden. */
export function hiddenCode(text: string, parts: readonly AdfNode[]): AdfNode | null {
  const [, number] = /^\uFDD0(\d+)\uFDD1$/.exec(text.trim()) ?? [];
  const part = number === undefined ? undefined : parts[Number(number)];
  return part?.type === 'codeBlock' ? part : null;
}

const asNode = (markup: string, person: string | undefined, file: string | undefined): AdfNode => {
  if (person !== undefined) return { type: 'mention', attrs: { id: person, text: `@${person}` } };
  if (file === undefined) return { type: 'text', text: markup };
  const [name = file] = file.split('|', 1);
  return { type: 'mediaInline', attrs: { type: 'file', id: name, alt: name, markup } };
};

/** A text node with what was hidden in it. */
export function showSiteBound(node: AdfNode, parts: readonly AdfNode[]): readonly AdfNode[] {
  const text = node.text ?? '';
  if (!text.includes(OPEN)) return [node];
  const shown: AdfNode[] = [];
  let from = 0;
  for (const place of text.matchAll(PLACE)) {
    const part = parts[Number(place[1])];
    if (part === undefined) continue;
    shown.push({ ...node, text: text.slice(from, place.index) });
    const isText = part.type === 'text' || part.type === 'codeBlock';
    shown.push(isText ? { ...node, text: siteBoundMarkup(part) } : part);
    from = place.index + place[0].length;
  }
  shown.push({ ...node, text: text.slice(from) });
  return shown.filter(({ type, text: words }) => type !== 'text' || words !== '');
}

/** The same where nothing but text may stand: in the words in which it was written. */
export const showAsText = (text: string, parts: readonly AdfNode[]): string =>
  text.replace(PLACE, (place: string, number: string) => {
    const part = parts[Number(number)];
    return part === undefined ? place : siteBoundMarkup(part);
  });

/** How it was written; what never was in wiki markup is left to words. */
export function siteBoundMarkup(node: AdfNode): string {
  const attribute = (name: string): string => {
    const value = node.attrs?.[name];
    return typeof value === 'string' ? value : '';
  };
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'codeBlock') return node.content?.[0]?.text ?? '';
  return node.type === 'mention' ? `[~${attribute('id')}]` : attribute('markup');
}

/** Takes out what frames hidden parts, so that no text can be taken for one. */
export const withoutFrames = (text: string): string => text.replaceAll(/[\uFDD0\uFDD1]/g, '');
