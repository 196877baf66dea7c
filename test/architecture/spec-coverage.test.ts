import { describe, expect, it } from '@jest/globals';
import { listFiles, readText } from './house-files.ts';

/** `[F1]` or `[F1, F2]` in a test's title or in the table that titles are made from. */
const QUOTE = /\[([A-Z]\d+(?:,\s*[A-Z]\d+)*)\]/g;

const rulesOf = (spec: string): string[] => [...spec.matchAll(/^\*\*([A-Z]\d+)\*\*/gm)].map(([, id = '']) => id);

const quotesIn = (text: string): string[] => [...text.matchAll(QUOTE)].flatMap(([, ids = '']) => ids.split(/,\s*/));

const rules = rulesOf(readText('app/core/SPEC.md'));
const tests = listFiles('app').filter((file) => /^app\/(core|sync)\/.*\.test\.ts$/.test(file));
const quoted = tests.flatMap((file) => quotesIn(readText(file)).map((id) => ({ id, file })));

describe('app/core/SPEC.md and the tests of app/core and app/sync', () => {
  it('has rules, each with an id of its own', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it('has a test for every rule', () => {
    const proven = new Set(quoted.map(({ id }) => id));
    expect(rules.filter((id) => !proven.has(id))).toEqual([]);
  });

  it('has a rule for every id that a test quotes', () => {
    expect(quoted.filter(({ id }) => !rules.includes(id))).toEqual([]);
  });

  it.each([
    ['it("[F1] leaves both alone")', ['F1']],
    ['it.each(rows)("[F1, K12] $title")', ['F1', 'K12']],
    ['const first = rows[0]; const ids = [A, B];', []],
  ])('reads quotes from %s', (text, ids) => {
    expect(quotesIn(text)).toEqual(ids);
  });
});
