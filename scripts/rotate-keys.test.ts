import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSecretBox } from '../app/connections/secret-box.ts';
import { connection, tenant } from '../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [OLD, NEW] = ['ab'.repeat(32), 'cd'.repeat(32)];
const before = createSecretBox({ current: Buffer.from(OLD, 'hex'), older: [] });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant(1)]);
  await database.execute(
    `INSERT INTO connection (tenant_id, connection_id, kind, client_key, base_url, display_url, sealed_secret, state, installed_at)
     VALUES ($1, $2, 'connect', 'site', '', '', $3, 'enabled', now())`,
    [tenant(1), connection(1), before.seal(tenant(1), 'the-secret')],
  );
});
afterAll(() => database.drop());

/** The command as an operator runs it: its exit code and all that it prints. */
const rotate = (environment: Readonly<Record<string, string>>, ...flags: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'scripts/rotate-keys.ts', ...flags],
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...environment } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });

describe('npm run rotate-keys', () => {
  it('changes the key of what is sealed, says so, and shows no key and no secret', async () => {
    const settings = { DATABASE_URL: database.url, TANDEM_ENCRYPTION_KEY: NEW, TANDEM_ENCRYPTION_KEYS_OLDER: OLD };
    const looked = await rotate(settings, '--look');
    expect(looked).toMatchObject({
      code: 1,
      output: expect.stringContaining(`connection.sealed_secret: 1 with key ${before.currentKeyId}`),
    });
    const rotated = await rotate(settings);
    expect(rotated).toMatchObject({ code: 0, output: expect.stringContaining('connection.sealed_secret: 1\n') });
    expect(await rotate({ ...settings, TANDEM_ENCRYPTION_KEYS_OLDER: '' })).toMatchObject({ code: 0 });
    const without = await rotate({ DATABASE_URL: database.url, TANDEM_ENCRYPTION_KEY: OLD });
    expect(without).toMatchObject({ code: 1, output: expect.stringContaining('which is not set') });
    expect([looked, rotated, without].map(({ output }) => output).join('\n')).not.toMatch(/(ab){8}|(cd){8}|the-secret|postgres:/);
  }, 60_000);

  it('says what is missing', async () => {
    expect(await rotate({})).toMatchObject({ code: 1, output: expect.stringContaining('DATABASE_URL is not set') });
    expect(await rotate({ DATABASE_URL: database.url })).toMatchObject({
      code: 1,
      output: expect.stringContaining('TANDEM_ENCRYPTION_KEY is required'),
    });
  }, 60_000);
});
