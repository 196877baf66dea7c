import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const SCRIPT = path.join(import.meta.dirname, 'find-chromium.ts');

let folder: string;

const program = (name: string): string => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-chromium-'));
  for (const name of ['google-chrome', 'chosen']) {
    writeFileSync(program(name), '#!/bin/sh\n');
    chmodSync(program(name), 0o755);
  }
  writeFileSync(program('chromium'), 'not a program');
  mkdirSync(program('empty'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const find = (environment: Record<string, string>) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { env: environment, encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

describe('the finder of Chromium', () => {
  it('takes what CHROMIUM_PATH says', () => {
    expect(find({ CHROMIUM_PATH: program('chosen'), PATH: folder })).toMatchObject({ status: 0, stdout: program('chosen') });
  });

  it('takes a program from the PATH, and passes over what cannot be run', () => {
    expect(find({ PATH: [program('empty'), folder].join(path.delimiter) })).toMatchObject({
      status: 0,
      stdout: program('google-chrome'),
    });
  });

  it('says that CHROMIUM_PATH is wrong instead of taking another browser', () => {
    const { status, stderr } = find({ CHROMIUM_PATH: program('chromium'), PATH: folder });
    expect(status).toBe(1);
    expect(stderr).toContain('CHROMIUM_PATH');
  });
});
