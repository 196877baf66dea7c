import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { TestDatabase } from '../../test/database.ts';
import { createEmptyTestDatabase } from '../../test/database.ts';
import type { Database } from './database.ts';
import { createDatabase } from './database.ts';

const valueRow = z.object({ value: z.number() });
/** Sequelize says on the console that it could not roll back on a cut connection, and has no switch for that. */
const expectComplaint = () => jest.spyOn(console, 'warn').mockImplementation(() => undefined);

const KILL_MYSELF = 'SELECT pg_terminate_backend(pg_backend_pid())';

describe('the database', () => {
  let server: TestDatabase;
  let database: Database;
  let waits: number[];

  beforeAll(async () => {
    server = await createEmptyTestDatabase({ poolSize: 2 });
    await server.execute('CREATE TABLE counter (id integer PRIMARY KEY, value integer NOT NULL)', []);
    // Time that only passes when somebody waits for it.
    let now = 0;
    const clock = {
      now: () => now,
      async sleepUntil(at: number) {
        waits.push(at - now);
        now = at;
        // In that time the driver hears which of its connections are gone.
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
    database = createDatabase({ url: server.url, poolSize: 4, clock, statementTimeoutMs: 5_000 });
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });
  beforeEach(async () => {
    waits = [];
    await server.execute('TRUNCATE counter', []);
    await server.execute('INSERT INTO counter VALUES (1, 0), (2, 0)', []);
  });

  const add = (id: number) => ['UPDATE counter SET value = value + 1 WHERE id = $1', [id]] as const;
  const values = async () => (await server.rows('SELECT value FROM counter ORDER BY id', [], valueRow)).map(({ value }) => value);

  it('repeats a transaction that met another in a deadlock', async () => {
    let first: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => {
      first = resolve;
    });
    let holding = 0;
    const cross = (from: number, to: number) => {
      let tries = 0;
      return database.transaction(async (statements) => {
        tries += 1;
        await statements.execute(...add(from));
        if (tries === 1) {
          holding += 1;
          if (holding === 2) first();
          await bothHoldOne;
        }
        await statements.execute(...add(to));
        return tries;
      });
    };
    const tries = await Promise.all([cross(1, 2), cross(2, 1)]);
    // Postgres ends one of the two; on a busy machine both look for the circle at the same moment, and it may end both.
    expect(Math.max(...tries)).toBeGreaterThan(1);
    expect(await values()).toEqual([2, 2]);
  });

  it('repeats work whose connection was cut, as a whole', async () => {
    const complaint = expectComplaint();
    let tries = 0;
    await database.transaction(async (statements) => {
      tries += 1;
      await statements.execute(...add(1));
      if (tries === 1) await statements.execute(KILL_MYSELF, []);
    });
    expect(tries).toBe(2);
    expect(complaint).toHaveBeenCalledTimes(1);
    expect(await values()).toEqual([1, 0]);
  });

  it('counts the rows that statements write, alone and within a transaction', async () => {
    await database.execute('CREATE TABLE counted (id integer PRIMARY KEY)', []);
    const upsert = 'INSERT INTO counted VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = excluded.id';
    const counts = await database.transaction(async (statements) => [
      await statements.execute(upsert, [1]),
      await statements.execute(upsert, [1]),
      await statements.execute('INSERT INTO counted VALUES ($1) ON CONFLICT DO NOTHING', [1]),
      await statements.execute('UPDATE counted SET id = $1', [2]),
      await statements.execute('DELETE FROM counted WHERE id = $1', [7]),
    ]);
    expect(counts).toEqual([1, 1, 0, 1, 0]);
    expect(await database.execute(upsert, [3])).toBe(1);
  });

  it('goes on after the server cut every idle connection', async () => {
    await Promise.all([1, 2, 3].map(() => database.execute('SELECT 1', [])));
    await server.execute(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      [],
    );
    // A statement alone is not repeated: it may meet a connection of which it is not known yet that it was cut, but each one only once.
    const read = () => database.rows('SELECT 7 AS value', [], valueRow).catch(() => 'cut');
    const answers: unknown[] = [];
    do answers.push(await read());
    while (answers.at(-1) === 'cut' && answers.length <= 3);
    expect(answers.at(-1)).toEqual([{ value: 7 }]);
  });

  it('gives up after a bounded number of attempts, waiting longer each time', async () => {
    expectComplaint();
    let tries = 0;
    const work = database.transaction(async (statements) => {
      tries += 1;
      await statements.execute(KILL_MYSELF, []);
    });
    await expect(work).rejects.toThrow();
    expect(tries).toBe(8);
    expect(waits).toEqual([20, 40, 80, 160, 320, 640, 1280]);
  });

  it.each([
    ['a mistake in the SQL', 'SELECT * FROM nowhere'],
    ['a broken rule of the schema', 'INSERT INTO counter VALUES (1, 0)'],
  ])('does not repeat %s', async (_name, sql) => {
    await expect(database.execute(sql, [])).rejects.toThrow();
    expect(waits).toEqual([]);
  });

  it('takes back everything when the work throws', async () => {
    const work = database.transaction(async (statements) => {
      await statements.execute(...add(1));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await values()).toEqual([0, 0]);
  });

  it('throws when a row is not what the code expects', async () => {
    await expect(database.rows("SELECT 'text' AS value", [], valueRow)).rejects.toThrow(z.ZodError);
  });

  it('plans a statement once, also where the tables have grown since', async () => {
    await database.execute('CREATE TABLE growing (id integer PRIMARY KEY, word text)', []);
    const sql = 'SELECT count(*)::integer AS value FROM growing g JOIN growing h USING (id) WHERE g.id < $1 AND h.id < $1';
    const ask = () => database.rows(sql, [10], valueRow);
    for (let n = 0; n < 10; n += 1) await ask();
    await database.execute('INSERT INTO growing SELECT n, $1 FROM generate_series(1, 20000) n', ['x']);
    await database.execute('ANALYZE growing', []);
    for (let n = 0; n < 10; n += 1) expect(await ask()).toEqual([{ value: 9 }]);
    const planRow = z.object({ once: z.coerce.number(), each: z.coerce.number() });
    const plans = await database.rows(
      'SELECT generic_plans AS once, custom_plans AS each FROM pg_prepared_statements WHERE statement = $1',
      [sql],
      planRow,
    );
    expect(plans).toEqual([{ once: 20, each: 0 }]);
  });

  it('bounds how long a statement and a forgotten transaction last', async () => {
    const row = z.object({ statement: z.string(), idle: z.string() });
    const sql =
      "SELECT current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle";
    expect(await database.rows(sql, [], row)).toEqual([{ statement: '5s', idle: '10s' }]);
  });
});
