import type { AdfNode } from '../../../core/item.ts';

/** A status lozenge of Cloud is a bold word in brackets, coloured, on Data Center, and recognised by exactly that. */

const COLORS: Readonly<Record<string, string>> = {
  neutral: '#97a0af',
  purple: '#6554c0',
  blue: '#00b8d9',
  red: '#ff5630',
  yellow: '#ff991f',
  green: '#36b37e',
};
const BY_COLOR = new Map(Object.entries(COLORS).map(([name, color]) => [color, name]));
const NEUTRAL = '#97a0af';

export const statusColor = (status: AdfNode): string => COLORS[String(status.attrs?.['color'])] ?? NEUTRAL;

/** The lozenge that a text node is, or null. */
export function statusIn({ text = '', marks = [] }: AdfNode): AdfNode | null {
  const [, words] = /^\[ (.+) \]$/.exec(text) ?? [];
  if (words === undefined || marks.length !== 2 || !marks.some(({ type }) => type === 'strong')) return null;
  const color = BY_COLOR.get(String(marks.find(({ type }) => type === 'textColor')?.attrs?.['color']).toLowerCase());
  return color === undefined ? null : { type: 'status', attrs: { text: words, color } };
}
