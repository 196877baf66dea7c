/** Seconds in Jira's working week of five days of eight hours. */
const UNITS = [
  ['w', 144_000],
  ['d', 28_800],
  ['h', 3_600],
  ['m', 60],
] as const;

/** `1w 2d 3h 4m`, as Jira writes a span of work. */
export function inWords(seconds: number): string {
  let rest = Math.abs(seconds);
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) words.push(`${count}${unit}`);
    rest -= count * size;
  }
  return words.length === 0 ? '0m' : `${seconds < 0 ? '-' : ''}${words.join(' ')}`;
}

/** Seconds of `3h 30m`, `1.5d` or a bare number of minutes; null: not a span of work. */
export function readDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 60;
  if (!/^(?:\d+(?:\.\d+)?[wdhm]\s*)+$/.test(trimmed)) return null;
  const sizes: Readonly<Record<string, number>> = Object.fromEntries(UNITS);
  return [...trimmed.matchAll(/(\d+(?:\.\d+)?)([wdhm])/g)].reduce(
    (sum, [, count = '0', unit = 'm']) => sum + Math.round(Number(count) * (sizes[unit] ?? 0)),
    0,
  );
}
