import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWorldFile } from './world-file.ts';

describe('the file of the simulated world', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tandem-world-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is not there before the first write, then holds the last one and leaves no draft', () => {
    const file = createWorldFile(path.join(folder, 'world'));
    expect(file.read()).toBeNull();
    file.write(Buffer.from('first, and longer'));
    file.write(Buffer.from('second'));
    expect(file.read()?.toString()).toBe('second');
    expect(readdirSync(folder)).toEqual(['world']);
  });

  it('is written also when somebody removed the folder meanwhile', () => {
    const place = path.join(folder, 'data', 'world');
    const file = createWorldFile(place);
    file.write(Buffer.from('one'));
    rmSync(path.dirname(place), { recursive: true });
    file.write(Buffer.from('two'));
    expect(readFileSync(place, 'utf8')).toBe('two');
  });
});
