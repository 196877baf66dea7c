import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { environmentOf, type StartedProcess, startProcess } from './child-process.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { personAt } from './people.ts';
import { startTwoSites, until } from './two-sites.ts';

const TIMEOUT_MS = 60_000;
const COUNTS = z.object({ leased: z.number(), intended: z.number() });
const KEY = 'ab'.repeat(32);

describe('npm start with settings for production', () => {
  let database: TestDatabase;
  const started: StartedProcess[] = [];

  const start = (environment: Record<string, string>): StartedProcess => {
    const one = startProcess(environment);
    started.push(one);
    return one;
  };

  const good = async (): Promise<Record<string, string>> => ({
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    TANDEM_ENCRYPTION_KEY: KEY,
    PUBLIC_URL: 'https://tandem.example.com',
    PORT: String(await freePort()),
  });

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterEach(async () => {
    for (const one of started) one.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
  });

  afterAll(() => database.drop());

  it(
    'names all that is missing or wrong at once, each with what to do, and quotes no value',
    async () => {
      const one = start({ NODE_ENV: 'production', ROLE: 'boss', PORT: '70000', DATABASE_URL: 'mysql://tandem:hunter2@host/db' });
      expect(await one.ended).toBe(1);
      const output = one.output();
      for (const name of ['ROLE', 'PORT', 'DATABASE_URL', 'PUBLIC_URL', 'TANDEM_ENCRYPTION_KEY']) {
        expect(output).toMatch(new RegExp(`^  ${name} .+\\n    -> .+$`, 'm'));
      }
      expect(output).toContain('5 settings are wrong');
      expect(output).not.toMatch(/hunter2|boss|70000/);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['AC_OPTS that switches authentication off', { AC_OPTS: 'no-auth' }, 'AC_OPTS can switch off the check of who is calling'],
    ['no encryption key', { TANDEM_ENCRYPTION_KEY: '' }, 'TANDEM_ENCRYPTION_KEY is required in production'],
    ['an encryption key that is too short', { TANDEM_ENCRYPTION_KEY: 'abcd' }, 'TANDEM_ENCRYPTION_KEY must be exactly 64'],
    ['a public address without TLS', { PUBLIC_URL: 'http://tandem.example.com' }, 'PUBLIC_URL must begin with https://'],
  ])(
    'refuses %s',
    async (_what, change, message) => {
      const one = start({ ...(await good()), ...change });
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain(message);
    },
    TIMEOUT_MS,
  );

  it(
    'says that the port is taken, and by which setting to choose another',
    async () => {
      const taken = createServer().listen(0);
      await once(taken, 'listening');
      const address = taken.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const one = start({ ...(await good()), PORT: String(port) });
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain(
        `Port ${port} is taken by another program. Stop that one, or choose another port with PORT.`,
      );
      taken.close();
    },
    TIMEOUT_MS,
  );

  it(
    'says in a sentence that the database cannot be reached',
    async () => {
      const one = start({ ...(await good()), DATABASE_URL: `postgres://tandem:hunter2@127.0.0.1:${await freePort()}/tandem` });
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain('Tandem could not start.');
      expect(one.output()).not.toMatch(/hunter2|\n\s+at /);
    },
    TIMEOUT_MS,
  );

  it(
    'leaves a database alone that a newer version has set up',
    async () => {
      await database.execute("INSERT INTO schema_migration (name) VALUES ('20990101000000-from-the-future')", []);
      try {
        const one = start(await good());
        expect(await one.ended).toBe(1);
        expect(one.output()).toContain('set up by a newer version of Tandem');
        expect(one.output()).toContain('20990101000000-from-the-future');
      } finally {
        await database.execute("DELETE FROM schema_migration WHERE name = '20990101000000-from-the-future'", []);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'runs, and ends cleanly when asked',
    async () => {
      const environment = await good();
      const one = start(environment);
      const ready = (): Promise<boolean> =>
        fetch(`http://localhost:${environment['PORT']}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until(ready);
      one.kill('SIGTERM');
      expect(await one.ended).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'ends the turns in hand when asked to stop, and takes no more',
    async () => {
      const two = await startTwoSites({ role: 'web' });
      try {
        const { acme, globex } = two.world.sites;
        const mia = personAt(acme);
        const items = Array.from({ length: 60 }, (_, n) => mia.create('SUP', { summary: `Work ${n}` }));
        await two.world.idle();
        // Slow enough that turns are in hand when the worker is asked to stop.
        for (const { control } of [acme, globex]) control.latencyMs = 100;
        const worker = start({ ...environmentOf(two.config), ROLE: 'worker', LOG_LEVEL: 'warn', WORKER_CONCURRENCY: '4' });
        const made = (): number =>
          globex.heart.ledger.entries
            .filter(({ who, method, path }) => who === 'app' && method === 'POST' && /\/issue(\/bulk)?$/.test(path))
            .reduce((items, { points }) => items + points, 0);
        await until(() => made() > 0);
        worker.kill('SIGTERM');
        expect(await worker.ended).toBe(0);
        expect(worker.output()).toBe('');
        expect(made()).toBeLessThan(items.length);
        const left = await two.database.rows(
          "SELECT (SELECT count(*)::int FROM lane WHERE lease_until IS NOT NULL) AS leased, (SELECT count(*)::int FROM effect WHERE state = 'intended') AS intended",
          [],
          COUNTS,
        );
        expect(left).toEqual([{ leased: 0, intended: 0 }]);
      } finally {
        await two.close();
      }
    },
    TIMEOUT_MS,
  );
});
