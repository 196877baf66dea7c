import { systemClock } from '../app/platform/clock.ts';
import type { Database } from '../app/platform/database.ts';
import { createDatabase } from '../app/platform/database.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { migrateUp } from '../app/platform/migrate.ts';

export interface TestDatabase extends Database {
  /** For whoever opens connections of their own: a second process, another pool. */
  readonly url: string;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run tests by "npm test".`);
  return value;
};

const urlOf = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
};

const onServer = async (server: string, sql: string): Promise<void> => {
  const database = createDatabase({ url: server, poolSize: 1, clock: systemClock });
  try {
    await database.execute(sql, []);
  } finally {
    await database.close();
  }
};

const newName = (): string => `tandem_test_${makeRandomId().replaceAll('-', '').slice(0, 16)}`;

/** Makes the migrated template; returns its name. Called once per run. */
export const prepareTemplate = async (server: string): Promise<string> => {
  const name = newName();
  await onServer(server, `CREATE DATABASE ${name}`);
  const database = createDatabase({ url: urlOf(server, name), poolSize: 2, clock: systemClock });
  try {
    await migrateUp(database.sequelize);
  } finally {
    await database.close();
  }
  return name;
};

export const dropTemplate = (): Promise<void> =>
  onServer(environment('TANDEM_TEST_SERVER'), `DROP DATABASE IF EXISTS ${environment('TANDEM_TEST_TEMPLATE')} WITH (FORCE)`);

const openTestDatabase = async (sql: (name: string) => string, poolSize: number): Promise<TestDatabase> => {
  const server = environment('TANDEM_TEST_SERVER');
  const name = newName();
  await onServer(server, sql(name));
  const url = urlOf(server, name);
  const database = createDatabase({ url, poolSize, clock: systemClock });
  return {
    ...database,
    url,
    async drop() {
      await database.close();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
};

/**
 * A database of one's own with the present schema, on real Postgres. One per test file: make it in `beforeAll`, `drop` it in
 * `afterAll`.
 */
export const createTestDatabase = ({ poolSize = 10 }: { poolSize?: number } = {}): Promise<TestDatabase> =>
  openTestDatabase((name) => `CREATE DATABASE ${name} TEMPLATE ${environment('TANDEM_TEST_TEMPLATE')}`, poolSize);

/** A database without any schema, for testing migrations. */
export const createEmptyTestDatabase = ({ poolSize = 10 }: { poolSize?: number } = {}): Promise<TestDatabase> =>
  openTestDatabase((name) => `CREATE DATABASE ${name} TEMPLATE template0`, poolSize);

/** Any number, the same for every test file. */
const ONE_AT_A_TIME = 7_241_127;

/** For what test files that run at the same time share on disk: one does it, the others wait for it. */
export async function oneAtATime(work: () => Promise<void>): Promise<void> {
  const noLimits = { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 };
  const database = createDatabase({ url: environment('TANDEM_TEST_SERVER'), poolSize: 1, clock: systemClock, ...noLimits });
  try {
    await database.transaction(async (statements) => {
      await statements.execute('SELECT pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
      await work();
    });
  } finally {
    await database.close();
  }
}
