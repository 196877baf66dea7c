/**
 * What breaks lines, moves cursors or turns the text around it: control characters, separators of lines and paragraphs, and the marks by
 * which letters are shown from right to left (Unicode Annex 9). Joiners stay: names in many scripts need them.
 */
const TURNS_OR_BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Longer names are cut: what stands around them must stay in sight. */
const LONGEST = 120;

/** A name that somebody gave themselves, or a site, as it can stand in a sentence of ours. May be empty. */
export function shownName(name: string): string {
  const letters = [
    ...name
      .slice(0, 4 * LONGEST)
      .toWellFormed()
      .replace(TURNS_OR_BREAKS, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
  ];
  return letters.length <= LONGEST
    ? letters.join('')
    : `${letters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}
