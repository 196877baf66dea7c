import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RULES = 'scripts/lint-rules';

/** Each of our own rules, a folder in which it holds, and lines that each break it. */
const breaches: readonly { rule: string; folder: string; lines: readonly string[] }[] = [
  {
    rule: 'no-clock',
    folder: 'simulator/heart',
    lines: ['Date.now();', 'new Date();', 'Date();', 'performance.now();', 'process.hrtime.bigint();'],
  },
  { rule: 'no-randomness', folder: 'app/lanes', lines: ['Math.random();', 'randomUUID();', 'crypto.randomUUID();'] },
  {
    rule: 'no-timers',
    folder: 'app/jira',
    lines: [
      'setTimeout(go, 1);',
      'setInterval(go, 1, 2);',
      'setImmediate(go);',
      'globalThis.setTimeout(go, 1);',
      "import { setTimeout as delay } from 'node:timers/promises';",
    ],
  },
  { rule: 'no-console', folder: 'app/web', lines: ["console.log('a', 1);", 'console.error();'] },
  {
    rule: 'no-environment',
    folder: 'app/store',
    lines: ['go(process.env.HOME);', "go(process.env['HOME']);", 'go(process.cwd());', 'process.exit(1);'],
  },
  {
    rule: 'core-is-synchronous',
    folder: 'app/core',
    lines: [
      'export const a = async () => 1;',
      'export const b = async (x: number): Promise<number> => x;',
      'export async function c() {}',
      'export async function d(x: number, y: number): Promise<number> { return x + y; }',
      'export const e = { async f() {} };',
      'await go();',
      'export const g = Promise.resolve(1);',
      'export const h = new Promise(go);',
    ],
  },
  { rule: 'no-double-cast', folder: 'test/fixtures', lines: ['export const a = go as unknown as string;'] },
  {
    rule: 'no-module-mocks',
    folder: 'test/fixtures',
    lines: ["jest.mock('./own.ts');", "jest.unstable_mockModule('./own.ts', go);"],
  },
  { rule: 'no-unfinished-tests', folder: 'test/fixtures', lines: ["it.todo('works');", "test.failing('works', go);"] },
];

/** The same lines, where they are allowed. */
const allowed: readonly { folder: string; lines: readonly string[] }[] = [
  { folder: 'app/platform', lines: ['Date.now();', 'Math.random();', 'setTimeout(go, 1);', 'export const a = async () => 1;'] },
  { folder: 'scripts', lines: ["console.log('a');", 'go(process.env.HOME);', 'process.exit(1);'] },
  { folder: 'app/sync', lines: ['new Date(1).toISOString();', 'Date.parse(go);', 'export const b = async () => 1;'] },
];

const fileOf = (folder: string, line: number): string => `${folder}/line-${line}.ts`;

let house: string;
let report: string;

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
  writeFileSync(path.join(house, file), text);
};

beforeAll(() => {
  house = mkdtempSync(path.join(tmpdir(), 'tandem-lint-rules-'));
  cpSync(path.join(ROOT, 'biome.json'), path.join(house, 'biome.json'));
  cpSync(path.join(ROOT, RULES), path.join(house, RULES), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(house, 'node_modules'), 'dir');
  for (const { rule, folder, lines } of breaches) {
    for (const [line, text] of lines.entries()) write(fileOf(`${folder}/${rule}`, line), `${text}\n`);
  }
  for (const { folder, lines } of allowed) {
    for (const [line, text] of lines.entries()) write(fileOf(`${folder}/allowed`, line), `${text}\n`);
  }
  const tool = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(
    process.execPath,
    [tool, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.'],
    {
      cwd: house,
      encoding: 'utf8',
    },
  );
  report = run.stdout;
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

const reportOf = (file: string): string =>
  report
    .split('\n')
    .filter((line) => line.includes(`/${file},`))
    .join('\n');

/** The rule's own sentence, as the report shows it. */
const sentences: Readonly<Record<string, string>> = {
  'no-clock': 'Take the time as an argument',
  'no-randomness': 'Take ids and randomness as an argument',
  'no-timers': 'Wait with the clock you are given',
  'no-console': 'Log with the logger you are given',
  'no-environment': 'Take the setting as an argument',
  'core-is-synchronous': 'The core decides, it never waits',
  'no-double-cast': 'A double cast hides a wrong type',
  'no-module-mocks': 'Mock no module',
  'no-unfinished-tests': 'Write the test, or an issue',
};

describe('our own lint rules', () => {
  it.each(breaches.flatMap(({ rule, folder, lines }) => lines.map((text, line) => ({ rule, folder, text, line }))))(
    '$rule bites on: $text',
    ({ rule, folder, line }) => {
      expect(reportOf(fileOf(`${folder}/${rule}`, line))).toContain(sentences[rule]);
    },
  );

  it.each(allowed.flatMap(({ folder, lines }) => lines.map((text, line) => ({ folder, text, line }))))(
    'allows in $folder: $text',
    ({ folder, line }) => {
      const said = reportOf(fileOf(`${folder}/allowed`, line));
      for (const sentence of Object.values(sentences)) expect(said).not.toContain(sentence);
    },
  );

  it('has a breach here for every rule file', () => {
    const files = readdirSync(path.join(ROOT, RULES)).map((file) => path.basename(file, '.grit'));
    expect(breaches.map(({ rule }) => rule).sort()).toEqual(files.sort());
  });
});
