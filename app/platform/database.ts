import { createHash } from 'node:crypto';
import type { ClientBase, QueryResult } from 'pg';
import type { Transaction } from 'sequelize';
import { QueryTypes, Sequelize } from 'sequelize';
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import { enterWall } from './tenant-role.ts';
import { isTransientError } from './transient-error.ts';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly poolSize: number;
  readonly clock: Clock;
  readonly statementTimeoutMs?: number;
  /** A forgotten transaction stops vacuum everywhere; see docs/adr/0001. */
  readonly idleInTransactionTimeoutMs?: number;
}

/** What can be put in place of `$1`, `$2`… An array becomes a Postgres array. */
export type Bind = string | number | boolean | null | readonly (string | number | boolean | null)[];

/** Runs one statement; inside of `Database.transaction` as a part of it. */
export interface Statements {
  /** Rows, each parsed by `row`: a mismatch between SQL and schema is a bug and throws. */
  rows<Row extends z.ZodType>(sql: string, bind: readonly Bind[], row: Row): Promise<z.output<Row>[]>;
  /** Number of rows written. */
  execute(sql: string, bind: readonly Bind[]): Promise<number>;
}

/** Statements behind the wall of one tenant. */
export interface TenantDatabase extends Statements {
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
}

/**
 * Postgres by a pool of connections. Work that fails for a passing reason (deadlock, serialization, failover, lost
 * connection) is repeated a bounded number of times, so work must be repeatable: it may have been committed although the answer was lost.
 */
export interface Database extends TenantDatabase {
  readonly sequelize: Sequelize;
  /** One transaction at Postgres' default level, READ COMMITTED, repeated as a whole. Never do network calls inside. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  /**
   * The same database as that tenant sees it: rows of others are not there and cannot be written (docs/adr/0011). Each statement is a
   * transaction of its own, which costs three more ways to the database: for what people and programs ask for, not for turns.
   */
  forTenant(tenantId: string): TenantDatabase;
  close(): Promise<void>;
}

/**
 * How long a connection that nobody uses stays. A new one costs 35 ms of CPU until it has done what a change needs (a login, and each
 * statement parsed and planned; measured), and a burst wants a dozen at once, in the moment when there is most to do. Shorter than the
 * four minutes after which the strictest of the clouds' networks forgets a silent connection.
 */
const IDLE_MS = 120_000;

/** 20 ms, 40 ms, … 2.5 s: five seconds in all, about what a failover of a managed Postgres takes. */
const RETRY_ATTEMPTS = 8;
const FIRST_RETRY_MS = 20;

/** Sequelize answers with the number itself for an INSERT, and with the driver's result for everything else. */
const writtenRows = (metadata: unknown): number => {
  if (typeof metadata === 'number') return metadata;
  return typeof metadata === 'object' && metadata !== null && 'rowCount' in metadata && typeof metadata.rowCount === 'number'
    ? metadata.rowCount
    : 0;
};

const statementsIn = (sequelize: Sequelize, transaction: Transaction | null): Statements => ({
  async rows(sql, bind, row) {
    const found = await sequelize.query(sql, { bind: [...bind], type: QueryTypes.SELECT, transaction });
    return found.map((one) => row.parse(one));
  },
  async execute(sql, bind) {
    const [, metadata] = await sequelize.query(sql, { bind: [...bind], transaction });
    return writtenRows(metadata);
  },
});

/**
 * A short name for each statement. Postgres parses and plans a named one once per connection, instead of every time, which
 * halves what it does per change (docs/bench). Kept in a session are these names and {@link PLAN_ONCE}, nothing else: a pooler must know
 * prepared statements.
 */
const nameStatement = (): ((sql: string) => string) => {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql) ?? createHash('sha256').update(sql).digest('base64url').slice(0, 24);
    names.set(sql, known);
    return known;
  };
};

const isDriver = (connection: object): connection is ClientBase =>
  'query' in connection && typeof connection.query === 'function';

/**
 * Statements of their own, each on any connection of Sequelize's pool, by the driver itself. What has no parameters may be several
 * commands in one text, which cannot be prepared, and is not what a loaded server runs.
 */
const preparedStatements = (sequelize: Sequelize): Statements => {
  const nameOf = nameStatement();
  const run = async (sql: string, bind: readonly Bind[]): Promise<QueryResult<Record<string, unknown>>> => {
    const connection = await sequelize.connectionManager.getConnection({ type: 'write', useMaster: true });
    try {
      if (!isDriver(connection)) throw new Error('The pool holds something else than connections of pg.');
      return await connection.query({ name: nameOf(sql), text: sql, values: [...bind] });
    } catch (error) {
      // Sequelize's own mark for a connection that its pool throws away; after a deadlock that is more than is needed, and harmless.
      if (isTransientError(error)) Object.assign(connection, { _invalid: true });
      throw error;
    } finally {
      sequelize.connectionManager.releaseConnection(connection);
    }
  };
  const plain = statementsIn(sequelize, null);
  return {
    rows: async (sql, bind, row) =>
      bind.length === 0 ? plain.rows(sql, bind, row) : (await run(sql, bind)).rows.map((one) => row.parse(one)),
    execute: async (sql, bind) => (bind.length === 0 ? plain.execute(sql, bind) : ((await run(sql, bind)).rowCount ?? 0)),
  };
};

const createRetry =
  (clock: Clock) =>
  async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === RETRY_ATTEMPTS || !isTransientError(error)) throw error;
        await clock.sleepUntil(clock.now() + FIRST_RETRY_MS * 2 ** (attempt - 1));
      }
    }
  };

/**
 * Postgres compares what a plan for any parameters costs with the mean of the first five plans for given ones. A session that began
 * with small tables never finds the former cheap again once they have grown, and plans each statement each time: half of what a change
 * costs (docs/bench). Every statement of ours is to go by the index for whatever it is given, so one plan is enough.
 */
const PLAN_ONCE = 'SET plan_cache_mode = force_generic_plan';

const prepareSession = async (connection: unknown): Promise<void> => {
  if (typeof connection === 'object' && connection !== null && isDriver(connection)) await connection.query(PLAN_ONCE);
};

/** Connects lazily: the first statement fails if there is no database. */
export const createDatabase = (options: DatabaseOptions): Database => {
  const sequelize = new Sequelize(options.url, {
    dialect: 'postgres',
    logging: false,
    pool: { max: options.poolSize, min: 0, acquire: 30_000, idle: IDLE_MS },
    dialectOptions: {
      application_name: 'tandem',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 10_000,
      keepAlive: true,
    },
    hooks: { afterConnect: prepareSession },
  });
  const retry = createRetry(options.clock);
  const alone = preparedStatements(sequelize);
  const transact = <T>(work: (statements: Statements) => Promise<T>, first: string | null): Promise<T> =>
    retry(() =>
      sequelize.transaction(async (transaction) => {
        if (first !== null) await sequelize.query(first, { transaction });
        return work(statementsIn(sequelize, transaction));
      }),
    );
  return {
    sequelize,
    rows: (sql, bind, row) => retry(() => alone.rows(sql, bind, row)),
    execute: (sql, bind) => retry(() => alone.execute(sql, bind)),
    transaction: (work) => transact(work, null),
    forTenant(tenantId) {
      const first = enterWall(tenantId);
      const behind = <T>(work: (statements: Statements) => Promise<T>): Promise<T> => transact(work, first);
      return {
        rows: (sql, bind, row) => behind((statements) => statements.rows(sql, bind, row)),
        execute: (sql, bind) => behind((statements) => statements.execute(sql, bind)),
        transaction: behind,
      };
    },
    close: () => sequelize.close(),
  };
};
