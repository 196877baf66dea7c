import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { linesOf, listFiles, ROOT, readText } from './house-files.ts';

const files = listFiles();
const texts = files.filter((file) => !/\.(png|ico|woff2?|gz)$/.test(file));
const code = files.filter((file) => /\.(ts|tsx|mjs|js|css|hbs|grit)$/.test(file) && !file.startsWith('test/architecture/'));

const placesOf = (among: readonly string[], pattern: RegExp): string[] =>
  among.flatMap((file) =>
    linesOf(file)
      .filter(({ text }) => pattern.test(text))
      .map(({ at, text }) => `${at} ${text.trim()}`),
  );

describe('the house', () => {
  it('names no folder of a developer machine', () => {
    // Put together here, so that this line is not one of its own findings.
    const personal = new RegExp(['/wor' + 'k/', '/roo' + 't/', '/tm' + 'p/\\w', '/hom' + 'e/\\w', '/Use' + 'rs/\\w'].join('|'));
    expect(placesOf(texts, personal)).toEqual([]);
  });

  it('switches no check off', () => {
    expect(placesOf(code, /biome-ignore|eslint-disable|@ts-(ignore|expect-error|nocheck)|istanbul ignore|v8 ignore/)).toEqual([]);
  });

  it('leaves no promises in the code', () => {
    // 'TODO' in quotes is a state of Jira's task lists.
    expect(placesOf(code, /\b(FIXME|XXX|HACK)\b|\bTODO\b(?!')/)).toEqual([]);
  });

  it('names nothing after what holds everything', () => {
    // A service desk is a thing of Jira's; `services` alone would hold anything.
    const vague = /(^|[/-])(utils?|helpers?|common|misc|managers?|services?(?!-desk))([/.-]|$)/;
    expect(files.filter((file) => /^(app|simulator|test|bench|scripts)\//.test(file) && vague.test(file))).toEqual([]);
  });

  it('tries every property from the seed that all share (test/property-runs.ts)', () => {
    const count = (file: string, call: string): number => readText(file).split(call).length - 1;
    const tests = code.filter((file) => file.endsWith('.test.ts'));
    expect(tests.filter((file) => count(file, 'fc.assert(') !== count(file, ' runs('))).toEqual([]);
  });

  it('waits for every property that takes its time', () => {
    const unheard = /(?<!await |return )fc\.assert\(\s*fc\.asyncProperty/;
    expect(code.filter((file) => unheard.test(readText(file)))).toEqual([]);
  });

  it('has a file behind every npm script', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readText('package.json'));
    const named = Object.values(scripts).flatMap(
      (command) => command.match(/\b(app|scripts|bench|simulator|test)\/[\w./-]+/g) ?? [],
    );
    expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('has a lock file that `npm ci` accepts: it names the packages of every platform', () => {
    interface Entry {
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    }
    const { packages }: { packages: Record<string, Entry> } = JSON.parse(readText('package-lock.json'));
    const names = new Set(Object.keys(packages).map((place) => place.split('node_modules/').at(-1)));
    const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
    // `npm run complete-lock` puts them in where a registry mirror left them out.
    expect(optional.filter((name) => !names.has(name))).toEqual([]);
  });
});
