import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
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

  it('list every decision in docs/adr/README.md', () => {
    const decisions = readdirSync(path.join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
    expect(decisions.filter((name) => !readText('docs/adr/README.md').includes(`(${name})`))).toEqual([]);
  });
});
