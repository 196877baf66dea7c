import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createAuthenticationLink, createConnection, probeSite } from '../../app/contract/connections.ts';
import { startSynchronization, tieSpaces } from '../../app/contract/synchronizations.ts';
import { listFiles, ROOT, readText } from './house-files.ts';

const pages = listFiles().filter((file) => file.endsWith('.md'));

/** The anchor that a heading gets on the usual code hosts. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

const anchorsIn = (page: string): string[] =>
  [...withoutCode(readText(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const linksIn = (page: string): string[] =>
  [...withoutCode(readText(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

const isBroken = (page: string, link: string): boolean => {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsIn(target).includes(anchor);
};

const foldersIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** `GET /api/v1/licence`, from the tables of the contract and from where routes are mounted. */
const callsIn = (folder: string, pattern: RegExp, prefix: string): string[] =>
  listFiles(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readText(file).matchAll(pattern)])
    .map(([, method = '', address = '']) => `${method.toUpperCase()} ${prefix}${address}`)
    .sort();

describe('the contract', () => {
  it('lists every address of the API, and none that is not there', () => {
    const mounted = callsIn('app/web/routes', /^ {2}router\.(get|post|put|patch|delete)\(\s*'([^']+)', guard/gm, '/api/v1');
    expect(mounted.length).toBeGreaterThan(40);
    expect(callsIn('app/contract', /^ \* \| (GET|POST|PUT|PATCH|DELETE) +([^\s?|]+)/gm, '')).toEqual(mounted);
  });
});

describe('docs/connect-a-data-center.md', () => {
  const bodies = [...readText('docs/connect-a-data-center.md').matchAll(/^call POST \/(\S+) '([^']+)'/gm)];
  const schemas: Readonly<Record<string, z.ZodType>> = {
    'connections/probe': probeSite,
    connections: createConnection,
    'connections/CONNECTION/authentication-links': createAuthenticationLink,
    synchronizations: tieSpaces,
    'synchronizations/SYNCHRONIZATION/start': startSynchronization,
  };

  it('shows calls that the API takes', () => {
    const id = '6f0d3c0e-4b0e-4a52-9a3b-0d7a3f1f3b1e';
    const taken = bodies.map(([, call = '', body = '']) => [
      call,
      schemas[call]?.safeParse(JSON.parse(body.replaceAll('"CONNECTION"', `"${id}"`))).success ?? false,
    ]);
    expect(taken).toEqual(Object.keys(schemas).map((call) => [call, true]));
  });
});

describe('the documents', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    expect(linksIn(page).filter((link) => isBroken(page, link))).toEqual([]);
  });

  it('show every folder in the tree of docs/architecture.md', () => {
    const tree = /^```text\n(tandem\/[\s\S]*?)^```/m.exec(readText('docs/architecture.md'))?.[1] ?? '';
    const shown = tree.split('\n').map((line) => line.replace(/^[│├└─ ]*/, ''));
    const top = foldersIn('.').filter((name) => !['.git', '.data', 'node_modules', 'coverage'].includes(name));
    const missing = [...top, ...foldersIn('app'), ...foldersIn('simulator')].filter(
      (name) => !shown.some((line) => line.startsWith(`${name}/ `)),
    );
    expect(missing).toEqual([]);
  });

  it('say of every table what it holds', () => {
    const made = listFiles('migrations').flatMap((file) =>
      [...readText(file).matchAll(/CREATE TABLE (\w+)/g)].map(([, name = '']) => name),
    );
    const [, section = ''] = readText('docs/architecture.md').split('## Where truth lives');
    expect(made.length).toBeGreaterThan(30);
    expect(made.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it('name only files that are there', () => {
    const files = listFiles();
    const named = [...readText('docs/architecture.md').matchAll(/`([a-z][\w./-]*\.(?:tsx?|json))`/g)].map(
      ([, file = '']) => file,
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });

  it('tell of every command of package.json', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readText('package.json')));
    const told = `${readText('README.md')}${readText('CONTRIBUTING.md')}`;
    const named = (name: string): boolean => new RegExp(`npm (?:run )?${name}(?![\\w:-])`).test(told);
    // npm runs it by itself after it has installed.
    expect(Object.keys(scripts).filter((name) => name !== 'prepare' && !named(name))).toEqual([]);
  });

  it('list every decision in docs/adr/README.md', () => {
    const decisions = readdirSync(path.join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
    expect(decisions.filter((name) => !readText('docs/adr/README.md').includes(`(${name})`))).toEqual([]);
  });
});
