import { beginsEntity, entityOf } from './entities.ts';
import { withoutFrames } from './site-bound.ts';

/** Where a text stands: what it must not be mistaken for depends on it. */
export interface TextPlace {
  /** The characters next to it, empty at the ends of a line. */
  readonly before: string;
  readonly after: string;
  /** Nothing but blanks stands before it in its line. */
  readonly startsLine: boolean;
  readonly inCell: boolean;
  readonly inLink: boolean;
}

const WORD = /[\p{L}\p{N}]/u;
const BLANK = /\s/;
/** Marks that work in pairs at the edges of words. */
const PAIRED = new Set(['*', '_', '+', '-', '^', '~']);
/** What a backslash takes the meaning of (the parser and Data Center agree on these). */
const BACKSLASHED = new Set([...'*_+-^~{}[]!?#|()']);
/** Beginnings of macros that are read; others pass as they are, so that they work again where they came from. */
const MACRO = /^\{(?:[*_+\-^~?{]|(?:code|noformat|quote|panel|color|adf)\b)/;
/** Smileys and pictures, as Data Center draws them. */
const PICTURE = /^\((?:[ynix/!+\-?*]|on|off|\*[rgby]|flag|flagoff)\)/;
const SMILEY = /^:[PpD](?![A-Za-z0-9])/;
/** An entity ends like a pair of eyes. */
const EYES = /[:;]$/;
const LIST = /^[*#-]+\s/;
const BLOCK_WORD = /^(?:h[1-6]|bq)\./;
/** Addresses are linked as they stand; an escape in one would break it. */
const ADDRESS = /(?:https?|ftps?):\/\/[^\s|[\]{}\\!"<>]+/y;

/** A text in which nothing is markup, that reads as before, with as few escapes as that takes. */
export function escapeText(raw: string, place: TextPlace): string {
  const text = withoutFrames(raw).replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
  let escaped = '';
  for (let at = 0; at < text.length; ) {
    ADDRESS.lastIndex = at;
    const address = place.inLink || WORD.test(charBefore(text, at, place)) ? undefined : ADDRESS.exec(text)?.[0];
    escaped += address ?? escapeAt(text, at, place, `${place.before}${escaped}`);
    at += address?.length ?? 1;
  }
  return escaped;
}

const charBefore = (text: string, at: number, { before }: TextPlace): string => (at === 0 ? before : text.charAt(at - 1));
const charAfter = (text: string, at: number, { after }: TextPlace): string =>
  at === text.length - 1 ? after : text.charAt(at + 1);

function escapeAt(text: string, at: number, place: TextPlace, written: string): string {
  const character = text.charAt(at);
  const startsLine = place.startsLine && text.slice(0, at).trim() === '';
  const spot = { text, at, rest: text.slice(at), startsLine, place };
  if (startsLine && BLOCK_WORD.test(spot.rest)) return character;
  if (needsEntity(character, spot)) return character === '&' ? '&amp;' : entityOf(character);
  const isMouth = (character === ')' || character === '(') && EYES.test(written);
  return isMouth || isMark(character, spot) ? `\\${character}` : character;
}

interface Spot {
  readonly text: string;
  readonly at: number;
  readonly rest: string;
  readonly startsLine: boolean;
  readonly place: TextPlace;
}

/** What no backslash helps. */
function needsEntity(character: string, { text, at, rest, place }: Spot): boolean {
  switch (character) {
    case '.':
      return place.startsLine && /^\s*(?:h[1-6]|bq)$/.test(text.slice(0, at));
    case '&':
      return beginsEntity(rest);
    case '\\':
      return !isPlainBackslash(charAfter(text, at, place));
    case '|':
      return place.inCell || place.inLink;
    case '[':
    case ']':
      return place.inLink;
    case ':':
      return SMILEY.test(`${rest}${place.after}`) || (rest === ':' && place.after === '(');
    default:
      return false;
  }
}

/** Before a letter it is just a character; before anything else it might take a meaning away, ours included. */
const isPlainBackslash = (next: string): boolean => next !== '' && (WORD.test(next) || BLANK.test(next)) && next !== '\\';

function isMark(character: string, { text, at, rest, startsLine, place }: Spot): boolean {
  if (!BACKSLASHED.has(character)) return false;
  const [before, after] = [charBefore(text, at, place), charAfter(text, at, place)];
  if (startsLine && (LIST.test(`${rest}${place.after || ' '}`) || character === '|')) return true;
  if (PAIRED.has(character)) return isOpening(before, after) || isClosing(before, after);
  switch (character) {
    case '{':
      return MACRO.test(`${rest}${place.after}`) || before === '{';
    case '[':
      return true;
    case '!':
      return isOpening(before, after) || (after !== '' && !BLANK.test(after) && `${rest}${place.after}`.indexOf('!', 1) > 0);
    case '?':
      return before === '?' || after === '?';
    case '(':
      return PICTURE.test(rest);
    default:
      return false;
  }
}

const isOpening = (before: string, after: string): boolean => !WORD.test(before) && after !== '' && !BLANK.test(after);
const isClosing = (before: string, after: string): boolean => before !== '' && !BLANK.test(before) && !WORD.test(after);
