/**
 * What no name and no text of ours holds: control characters but for tabs and ends of lines, halves of characters, and what turns the text
 * around it (Unicode Annex 9). It would be shown to other people, also at the partner's site; zero cannot even be stored.
 */
const UNSHOWABLE = /[^\P{Cc}\t\n\r]|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u;

/** Where texts of a parsed body hold such characters: paths like `partner.projectKey`. */
export function findUnshowable(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') return UNSHOWABLE.test(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => findUnshowable(part, path === '' ? key : `${path}.${key}`));
}
