import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const sources = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`);

const importersOf = (packageName: string): string[] =>
  ['app', 'scripts'].flatMap(sources).filter((path) => {
    const text = readFileSync(`${ROOT}${path}`, 'utf8');
    return new RegExp(`(from|import|require\\()\\s*['"]${packageName}['"]`).test(text);
  });

describe('the wall around atlassian-connect-express (ADR 0002)', () => {
  it('has one door: the worker that renders the descriptor', () => {
    expect(importersOf('atlassian-connect-express')).toEqual(['app/hosts/connect/ace-worker.ts']);
  });

  it('is not walked around: nobody loads the worker in this process', () => {
    const loaders = ['app', 'scripts']
      .flatMap(sources)
      .filter((path) => /import\s+(?!type)[^;]*ace-worker/.test(readFileSync(`${ROOT}${path}`, 'utf8')));
    expect(loaders).toEqual([]);
  });

  it('leaves the dead HTTP client outside', () => {
    expect(importersOf('request')).toEqual([]);
  });
});
