/** Text that may go into a page as it is. Made by {@link html} alone, so that nothing reaches a page unescaped. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const render = (part: Part): string => {
  if (part === null || part === false) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(render).join('');
};

/**
 * A page or a piece of one. Interpolated strings are escaped, for element content and for attributes in double quotes;
 * `null` and `false` give nothing; lists are joined. Never interpolate into a script, a style or an unquoted attribute.
 */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: literals.map((literal, index) => literal + render(parts[index] ?? null)).join(''),
});
