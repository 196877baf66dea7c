import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { systemClock } from './clock.ts';
import { createDatabase } from './database.ts';
import type { EmbeddedPostgres } from './embedded-postgres.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const MODULE = new URL('./embedded-postgres.ts', import.meta.url).href;

/** Waits for what another process does; the test's own time limit is the end of it. */
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await systemClock.sleepUntil(systemClock.now() + 20);
};

const isAlive = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ask = async (server: EmbeddedPostgres, sql: string): Promise<unknown> => {
  const database = createDatabase({ url: server.url, poolSize: 1, clock: systemClock });
  try {
    return (await database.rows(sql, [], z.object({ answer: z.unknown() })))[0]?.answer;
  } finally {
    await database.close();
  }
};

/** A process that starts Postgres in the folder, says so, and then does nothing until somebody kills it. */
const startOwner = async (folder: string, lifetime: 'persistent' | 'temporary') => {
  const code = `import { startEmbeddedPostgres } from '${MODULE}';
    await startEmbeddedPostgres({ folder: '${folder}', lifetime: '${lifetime}' });
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  const [line = ''] = readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  return { owner, postgres: Number(line) };
};

describe('the embedded Postgres', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'tandem-embedded-'));
    rmSync(home, { recursive: true });
    folder = path.join(home, 'postgres');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('keeps data and password from start to start, in UTF-8, safe on disk', async () => {
    const first = await startEmbeddedPostgres({ folder, lifetime: 'persistent' });
    await ask(first, "CREATE TABLE kept AS SELECT 'Grüße'::text AS word; SELECT 1 AS answer");
    await first.stop();
    const second = await startEmbeddedPostgres({ folder, lifetime: 'persistent' });
    expect(await ask(second, 'SELECT word AS answer FROM kept')).toBe('Grüße');
    expect(
      await ask(second, "SELECT current_setting('server_encoding') || ', fsync ' || current_setting('fsync') AS answer"),
    ).toBe('UTF8, fsync on');
    await second.stop();
  }, 30_000);

  it('leaves nothing of a temporary one, and stopping twice is stopping once', async () => {
    const server = await startEmbeddedPostgres({ folder, lifetime: 'temporary', settings: { max_connections: '42' } });
    expect(await ask(server, "SELECT current_setting('max_connections') AS answer")).toBe('42');
    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(folder)).toBe(false);
  }, 30_000);

  it('refuses a folder that another Tandem is running from, and leaves that one alone', async () => {
    const { owner, postgres } = await startOwner(folder, 'persistent');
    await expect(startEmbeddedPostgres({ folder, lifetime: 'persistent' })).rejects.toThrow(
      `already running from this folder (process ${owner.pid})`,
    );
    expect(isAlive(postgres)).toBe(true);
    owner.kill('SIGKILL');
    await until(() => !isAlive(postgres));
  }, 30_000);

  it('stops, and cleans up, when its process is killed', async () => {
    const { owner, postgres } = await startOwner(folder, 'temporary');
    owner.kill('SIGKILL');
    await until(() => !isAlive(postgres) && !existsSync(folder));
    expect(isAlive(postgres)).toBe(false);
  }, 30_000);

  it('starts although the number in a left-over lock file belongs to another program by now', async () => {
    const first = await startEmbeddedPostgres({ folder, lifetime: 'persistent' });
    await first.stop();
    writeFileSync(path.join(folder, 'data', 'postmaster.pid'), `${process.pid}\n`);
    const second = await startEmbeddedPostgres({ folder, lifetime: 'persistent' });
    expect(await ask(second, 'SELECT 5 AS answer')).toBe(5);
    await second.stop();
  }, 30_000);
});
