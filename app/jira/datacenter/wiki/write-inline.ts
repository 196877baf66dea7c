import { dayOf } from '../../../core/document.ts';
import type { AdfNode } from '../../../core/item.ts';
import { escapeText } from './escape-text.ts';
import { siteBoundMarkup } from './site-bound.ts';
import { statusColor } from './status-markup.ts';

/** Where a line of text stands. */
export interface LinePlace {
  /** A table's cell ends at a bar. */
  readonly inCell: boolean;
  /** Headings and cells have one line: a line end within is a forced break. */
  readonly oneLine: boolean;
}

/** A stretch of text, marked alike, or a node of its own between such. */
type Piece = { readonly kind: 'text'; readonly text: string; readonly marks: readonly AdfNode[] } | Other;
type Other =
  | { readonly kind: 'break' }
  /** `asText`: what it says where it would not be taken for markup; null: it always is. */
  | { readonly kind: 'markup'; readonly markup: string; readonly asText: string | null };

/** The inline content of a paragraph, heading or cell, as markup. Outer blanks and breaks are left out. */
export function writeInline(content: readonly AdfNode[], place: LinePlace): string {
  const lines: Piece[][] = [[]];
  for (const piece of content.flatMap((node) => pieceOf(node))) {
    if (piece.kind === 'break') lines.push([]);
    else addTo(lines.at(-1) ?? [], piece);
  }
  const written = lines.map((pieces) => writeLine(pieces, place).trim());
  const first = written.findIndex((line) => line !== '');
  const last = written.findLastIndex((line) => line !== '');
  const shown = written.slice(Math.max(first, 0), last + 1);
  if (place.oneLine) return shown.filter((line) => line !== '').join('\\\\ ');
  // An empty line would begin another paragraph.
  return shown.map((line) => (line === '' ? '\\\\' : line)).join('\n');
}

/** What stands side by side with the same marks is one text: signs on both sides of the seam can mean something together. */
function addTo(line: Piece[], piece: Piece): void {
  const last = line.at(-1);
  const isSame = last?.kind === 'text' && piece.kind === 'text' && JSON.stringify(last.marks) === JSON.stringify(piece.marks);
  if (isSame) line[line.length - 1] = { ...last, text: `${last.text}${piece.text}` };
  else line.push(piece);
}

/** Smileys that both products have. */
const SMILEYS: Readonly<Record<string, string>> = {
  '🙂': ':)',
  '😞': ':(',
  '😛': ':P',
  '😃': ':D',
  '😉': ';)',
  '👍': '(y)',
  '👎': '(n)',
  ':info:': '(i)',
  ':check_mark:': '(/)',
  ':cross_mark:': '(x)',
  ':warning:': '(!)',
  ':plus:': '(+)',
  ':minus:': '(-)',
  ':question:': '(?)',
  ':light_bulb_on:': '(on)',
  ':light_bulb_off:': '(off)',
  ':yellow_star:': '(*)',
  ':red_star:': '(*r)',
  ':green_star:': '(*g)',
  ':blue_star:': '(*b)',
  ':flag_on:': '(flag)',
  ':flag_off:': '(flagoff)',
};

const attribute = ({ attrs }: AdfNode, name: string): string => {
  const value = attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const plain = (text: string): Piece[] => (text === '' ? [] : [{ kind: 'text', text, marks: [] }]);
const markup = (written: string): Piece[] => [{ kind: 'markup', markup: written, asText: null }];

function pieceOf(node: AdfNode): readonly Piece[] {
  switch (node.type) {
    case 'text':
      return node.text ? [{ kind: 'text', text: node.text, marks: node.marks ?? [] }] : [];
    case 'hardBreak':
      return [{ kind: 'break' }];
    case 'mention':
      return attribute(node, 'id') === '' ? plain(attribute(node, 'text')) : markup(siteBoundMarkup(node));
    case 'mediaInline':
      return markup(siteBoundMarkup(node) || `[^${attribute(node, 'alt') || attribute(node, 'id')}]`);
    case 'emoji':
      return emoji(attribute(node, 'text') || attribute(node, 'shortName'));
    case 'date':
      return plain(dayOf(attribute(node, 'timestamp')));
    case 'status':
      return [
        {
          kind: 'text',
          text: `[ ${attribute(node, 'text')} ]`,
          marks: [{ type: 'textColor', attrs: { color: statusColor(node) } }, { type: 'strong' }],
        },
      ];
    case 'inlineCard':
      return card(node);
    default:
      return node.content === undefined ? plain(attribute(node, 'text')) : node.content.flatMap((child) => pieceOf(child));
  }
}

const emoji = (text: string): readonly Piece[] => {
  const smiley = SMILEYS[text];
  return smiley === undefined ? plain(text) : [{ kind: 'markup', markup: smiley, asText: text }];
};

/** A link that is shown as a card; a blank in an address would end it. */
export const cardMarkup = (node: AdfNode): string => {
  const url = encodeAddress(attribute(node, 'url'));
  return url === '' ? '' : `[${url}|${url}|smart-link]`;
};
const card = (node: AdfNode): readonly Piece[] => (cardMarkup(node) === '' ? [] : markup(cardMarkup(node)));

const encodeAddress = (address: string): string =>
  address.replaceAll(/[\s|[\]{}\\]/g, (character) => encodeURIComponent(character));

interface Writing {
  readonly place: LinePlace;
  readonly inLink: boolean;
}

function writeLine(pieces: readonly Piece[], place: LinePlace): string {
  return writePieces(pieces, { place, inLink: false }, { before: '', after: '' });
}

/** The outermost mark is the one that reaches furthest. */
function writePieces(pieces: readonly Piece[], writing: Writing, around: { before: string; after: string }): string {
  let written = '';
  for (let at = 0; at < pieces.length; ) {
    const [piece] = pieces.slice(at, at + 1);
    if (piece === undefined) break;
    const run = piece.kind === 'text' ? longestRun(pieces, at) : null;
    const end = at + (run?.length ?? 1);
    const before = written.at(-1) ?? around.before;
    const after = firstCharacter(pieces[end]) ?? around.after;
    if (run !== null) written += writeMarked(run.mark, pieces.slice(at, end), writing, { before, after });
    else if (piece.kind === 'text')
      written += writeText(piece.text, writing, { before, after, startsLine: isBlank(before, written) });
    else if (piece.kind === 'markup') {
      // A smiley with a letter right behind it is none.
      const isText = piece.asText !== null && /^[A-Za-z0-9]/.test(after);
      written += isText
        ? writeText(piece.asText, writing, { before, after, startsLine: false })
        : apart(piece.markup, before, after);
    }
    at = end;
  }
  return written;
}

const isBlank = (before: string, written: string): boolean => before === '' && written.trim() === '';

const firstCharacter = (piece: Piece | undefined): string | undefined => {
  if (piece === undefined) return undefined;
  if (piece.kind === 'markup') return piece.markup.charAt(0);
  // What a marked text begins with is a mark, or nearly so.
  return piece.kind === 'text' ? (piece.marks.length > 0 ? '{' : piece.text.charAt(0)) : undefined;
};

/** An image with blanks in its name has to stand apart. */
const apart = (written: string, before: string, after: string): string =>
  /^![^|]*\s/.test(written)
    ? `${/[\p{L}\p{N}!]$/u.test(before) ? ' ' : ''}${written}${/^[\p{L}\p{N}]/u.test(after) ? ' ' : ''}`
    : written;

/** Code first: nothing else shows in it but the link around it. */
const ORDER = ['link', 'code', 'textColor', 'strong', 'em', 'strike', 'underline', 'subsup'];

const sameMark = (a: AdfNode, b: AdfNode): boolean => a.type === b.type && JSON.stringify(a.attrs) === JSON.stringify(b.attrs);

function longestRun(pieces: readonly Piece[], at: number): { mark: AdfNode; length: number } | null {
  const first = pieces[at];
  if (first?.kind !== 'text') return null;
  const runs = ORDER.flatMap((type) => first.marks.filter((mark) => mark.type === type)).map((mark) => {
    const rest = pieces.slice(at);
    const ends = rest.findIndex((piece) => piece.kind !== 'text' || !piece.marks.some((other) => sameMark(other, mark)));
    return { mark, length: ends < 0 ? rest.length : ends };
  });
  const code = runs.find(({ mark }) => mark.type === 'code');
  const link = runs.find(({ mark }) => mark.type === 'link');
  return (
    link ??
    code ??
    runs.reduce<(typeof runs)[number] | null>((best, run) => (best !== null && best.length >= run.length ? best : run), null)
  );
}

/** Blanks at the edges of marked text stand outside of the mark: inside they would undo it. */
function writeMarked(
  mark: AdfNode,
  pieces: readonly Piece[],
  writing: Writing,
  around: { before: string; after: string },
): string {
  const inner = pieces.map((piece) =>
    piece.kind === 'text' ? { ...piece, marks: piece.marks.filter((other) => !sameMark(other, mark)) } : piece,
  );
  const [left, core, right] = trimPieces(inner);
  if (core.length === 0) return `${left}${right}`;
  const written = delimit(mark, core, writing, {
    before: left === '' ? around.before : ' ',
    after: right === '' ? around.after : ' ',
  });
  return `${left}${written}${right}`;
}

function trimPieces(pieces: readonly Piece[]): [string, readonly Piece[], string] {
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : 'x')).join('');
  if (text.trim() === '') return [text, [], ''];
  const left = text.length - text.trimStart().length;
  const right = text.length - text.trimEnd().length;
  return [
    text.slice(0, left),
    dropCharacters(dropCharacters(pieces, left, 'start'), right, 'end'),
    right === 0 ? '' : text.slice(-right),
  ];
}

function dropCharacters(pieces: readonly Piece[], count: number, edge: 'start' | 'end'): readonly Piece[] {
  const [piece, ...rest] = edge === 'start' ? pieces : pieces.toReversed();
  if (count === 0 || piece?.kind !== 'text') return pieces;
  const dropped = Math.min(count, piece.text.length);
  const text = edge === 'start' ? piece.text.slice(dropped) : piece.text.slice(0, piece.text.length - dropped);
  const left = [...(text === '' ? [] : [{ ...piece, text }]), ...rest];
  return dropCharacters(edge === 'start' ? left : left.toReversed(), count - dropped, edge);
}

/** A mark of nothing but signs is hardly seen, and easily taken for part of them. */
const hasLetter = (piece: Piece): boolean => piece.kind === 'text' && /[\p{L}\p{N}]/u.test(piece.text);

const DELIMITERS: Readonly<Record<string, string>> = { strong: '*', em: '_', strike: '-', underline: '+' };

function delimit(mark: AdfNode, pieces: readonly Piece[], writing: Writing, around: { before: string; after: string }): string {
  if (mark.type === 'link') return link(mark, pieces, writing, around);
  if (mark.type === 'code') return monospace(pieces, writing, around);
  if (mark.type === 'textColor') {
    const inner = writePieces(pieces, writing, { before: '}', after: '{' });
    return `{color:${attribute(mark, 'color')}}${inner}{color}`;
  }
  const delimiter = mark.type === 'subsup' ? (attribute(mark, 'type') === 'sub' ? '~' : '^') : DELIMITERS[mark.type];
  if (delimiter === undefined || !pieces.some(hasLetter)) return writePieces(pieces, writing, around);
  const inner = writePieces(pieces, writing, { before: delimiter, after: delimiter });
  const apartFromWords = /^[\s(]?$/.test(around.before) && /^[\s.,;:)]?$/.test(around.after);
  return apartFromWords ? `${delimiter}${inner}${delimiter}` : `{${delimiter}}${inner}{${delimiter}}`;
}

const BARE_ADDRESS = /^(?:https?|ftp):\/\/[^\s|[\]{}\\!"<>]+[\p{L}\p{N}/]$/u;

/** An address that stands for itself is linked by both products. */
function link(mark: AdfNode, pieces: readonly Piece[], writing: Writing, around: { before: string; after: string }): string {
  const address = encodeAddress(attribute(mark, 'href'));
  if (address === '') return writePieces(pieces, writing, { before: '', after: '' });
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  const isApart = /^\s?$/.test(around.before) && /^\s?$/.test(around.after);
  if (text === address && isApart && BARE_ADDRESS.test(address)) return address;
  const words = writePieces(pieces, { ...writing, inLink: true }, { before: '', after: '' });
  return words === address && /^[a-z]+:/i.test(address) ? `[${address}]` : `[${words}|${address}]`;
}

/** Between letters there is no monospace. */
function monospace(pieces: readonly Piece[], writing: Writing, around: { before: string; after: string }): string {
  const bare = pieces.map((piece) => (piece.kind === 'text' ? { ...piece, marks: [] } : piece));
  const isApart = !/[\p{L}\p{N}]/u.test(around.before) && !/[\p{L}\p{N}]/u.test(around.after);
  if (!isApart) return writePieces(bare, writing, around);
  return `{{${writePieces(bare, writing, { before: '{', after: '}' })}}}`;
}

const writeText = (
  text: string,
  { place, inLink }: Writing,
  around: { before: string; after: string; startsLine: boolean },
): string => escapeText(text, { ...around, inCell: place.inCell, inLink });
