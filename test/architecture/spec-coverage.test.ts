import { describe, expect, it } from '@jest/globals';
import { listFiles, readText } from './house-files.ts';

/** `[F1]` or `[F1, F2]` in a test's title or in the table that titles are made from. */
const QUOTE = /\[([A-Z]\d+(?:,\s*[A-Z]\d+)*)\]/g;

const rulesOf = (spec: string): string[] => [...spec.matchAll(/^\*\*([A-Z]\d+)\*\*/gm)].map(([, id = '']) => id);

const quotesIn = (text: string): string[] => [...text.matchAll(QUOTE)].flatMap(([, ids = '']) => ids.split(/,\s*/));

/** `* **L4 One at a time.**` in app/lanes/README.md. */
const lanesRulesOf = (page: string): string[] => [...page.matchAll(/^\* \*\*(L\d+) /gm)].map(([, id = '']) => id);

const rules = rulesOf(readText('app/core/SPEC.md'));
const known = new Set([...rules, ...lanesRulesOf(readText('app/lanes/README.md'))]);
const tests = listFiles('app')
  .concat(listFiles('test'), listFiles('lab'))
  .filter((file) => /\.(test|contract)\.ts$/.test(file) && !file.endsWith('spec-coverage.test.ts'));
const quoted = tests.flatMap((file) => quotesIn(readText(file)).map((id) => ({ id, file })));

describe('app/core/SPEC.md and the tests', () => {
  it('has rules, each with an id of its own', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it('has a test for every rule beside the code that decides or acts by it', () => {
    const beside = quoted.filter(({ file }) => /^app\/(core|sync)\//.test(file));
    const proven = new Set(beside.map(({ id }) => id));
    expect(rules.filter((id) => !proven.has(id))).toEqual([]);
  });

  it('has a rule for every id that a test quotes', () => {
    expect(quoted.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  it.each([
    ['it("[F1] leaves both alone")', ['F1']],
    ['it.each(rows)("[F1, K12] $title")', ['F1', 'K12']],
    ['const first = rows[0]; const ids = [A, B];', []],
  ])('reads quotes from %s', (text, ids) => {
    expect(quotesIn(text)).toEqual(ids);
  });
});
