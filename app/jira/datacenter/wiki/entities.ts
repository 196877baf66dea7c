/** Data Center shows what entities stand for: the one escape that works everywhere. */

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const BEGINS_ENTITY = /^&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/i;
const LAST_CODE_POINT = 0x10ffff;
/** What frames hidden parts (site-bound.ts) comes from no text. */
const isFrame = (code: number): boolean => code === 0xfdd0 || code === 0xfdd1;

export const decodeEntities = (text: string): string =>
  text.replace(ENTITY, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= LAST_CODE_POINT && !isFrame(code) ? String.fromCodePoint(code) : whole;
  });

/** Whether an ampersand at the beginning of that text would be taken for an entity. */
export const beginsEntity = (text: string): boolean => BEGINS_ENTITY.test(text);

export const entityOf = (character: string): string => `&#${character.codePointAt(0)};`;
