import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { licenceFile } from '../app/contract/licence.ts';
import { signedTextOf } from '../app/core/licence.ts';
import { createEd25519Check } from '../app/platform/ed25519.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const keyFile = z.object({ publicKey: z.string(), privateKey: z.string() });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-licence-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const all = ['--disable-warning=ExperimentalWarning', 'scripts/licence.ts', ...words];
    execFile(process.execPath, all, { cwd: ROOT, env: { PATH: process.env['PATH'] } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const save = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('npm run licence', () => {
  it('makes keys, and licences that they sign', async () => {
    const keys = await run('keys');
    const { publicKey, privateKey } = keyFile.parse(JSON.parse(keys.out));
    const key = save('issuer.json', keys.out);
    const wish = ['--holder', 'Acme Ltd', '--endpoints', '3', '--expires', '2027-11-30', '--site', 'https://acme.atlassian.net/'];
    const issued = await run('issue', '--key', key, ...wish);
    const { licence, signature } = licenceFile.parse(JSON.parse(issued.out));
    expect(licence).toMatchObject({
      holder: 'Acme Ltd',
      endpoints: 3,
      expires: '2027-11-30',
      site: 'https://acme.atlassian.net',
    });
    expect(createEd25519Check(publicKey)(signedTextOf(licence), signature)).toBe(true);
    expect(issued.out).not.toContain(privateKey);
    const shown = await run('show', save('licence.json', issued.out), '--public-key', publicKey);
    expect(JSON.parse(shown.out)).toEqual({ ...licence, signedByThatKey: true });
    const changed = save('changed.json', issued.out.replace('"endpoints": 3', '"endpoints": 300'));
    expect(JSON.parse((await run('show', changed, '--public-key', publicKey)).out)).toMatchObject({ signedByThatKey: false });
    const nothing = await run('issue', '--key', key, '--holder', 'Acme Ltd', '--endpoints', 'many', '--expires', 'soon');
    expect(nothing).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/expires: .+\nendpoints: /) });
  }, 60_000);

  it('says how it is used', async () => {
    expect(await run()).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Usage:') });
  }, 60_000);
});
