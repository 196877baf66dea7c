import { expect, it } from '@jest/globals';
import { shownName } from './shown-name.ts';

it.each<[string, string, string]>([
  ['an ordinary name', 'Priya Nair', 'Priya Nair'],
  [
    'accents, other scripts and joined letters',
    'Łukasz 佐藤 \u{1f469}\u200d\u{1f4bb} क्‍ष',
    'Łukasz 佐藤 \u{1f469}\u200d\u{1f4bb} क्‍ष',
  ],
  ['letters that belong from right to left', 'דוד כהן', 'דוד כהן'],
  ['spaces around and within', '  Ana \u00a0  Lima ', 'Ana Lima'],
  ['lines', 'Ana\r\nSet-Cookie: a=1\u2028b', 'Ana Set-Cookie: a=1 b'],
  ['control characters', 'Ana\u0000\u001b[2J', 'Ana [2J'],
  ['marks that turn letters', 'Ana\u202enatlA\u2066\u200f', 'Ana natlA'],
  ['half a character', 'Ana\ud800', 'Ana\ufffd'],
  ['nothing', ' \u200e\t', ''],
  ['120 letters', 'x'.repeat(120), 'x'.repeat(120)],
  ['121 letters', 'x'.repeat(121), `${'x'.repeat(119)}…`],
  ['a hundred thousand', '\u{1f469}'.repeat(100_000), `${'\u{1f469}'.repeat(119)}…`],
])('%s', (_what, name, shown) => {
  expect(shownName(name)).toBe(shown);
});
