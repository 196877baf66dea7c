import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { QueryTypes, type Sequelize } from 'sequelize';
import type { MigrationParams, RunnableMigration, UmzugStorage } from 'umzug';
import { Umzug } from 'umzug';
import type { MigrationStep } from './migration-step.ts';
import { raiseTenantWall } from './tenant-wall.ts';

const MIGRATIONS_FOLDER = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'migrations');

/** Any number, the same for everybody who migrates a Tandem database. */
const MIGRATION_LOCK = 7_241_126;

interface MigrationFile {
  readonly up: MigrationStep;
  readonly down: MigrationStep;
}

/** Names and files in order of time, which is the order of names. */
export const listMigrations = (folder: string = MIGRATIONS_FOLDER): readonly { name: string; file: string }[] =>
  readdirSync(folder)
    .filter((file) => /^\d{14}-[a-z0-9-]+\.ts$/.test(file))
    .sort()
    .map((file) => ({ name: path.basename(file, '.ts'), file: path.join(folder, file) }));

const loadMigration = async (file: string): Promise<MigrationFile> => (await import(pathToFileURL(file).href)) as MigrationFile;

/** One migration and its entry in the list of applied ones, in one transaction. */
const runStep = (
  sequelize: Sequelize,
  file: string,
  direction: 'up' | 'down',
  note: { sql: string; name: string },
): Promise<void> =>
  sequelize.transaction(async (transaction) => {
    const migration = await loadMigration(file);
    const run = async (sql: string): Promise<void> => {
      await sequelize.query(sql, { transaction });
    };
    await migration[direction](run);
    await sequelize.query(note.sql, { bind: [note.name], transaction });
  });

const runnable = (sequelize: Sequelize, { name, file }: { name: string; file: string }): RunnableMigration<Sequelize> => ({
  name,
  up: () => runStep(sequelize, file, 'up', { sql: 'INSERT INTO schema_migration (name) VALUES ($1)', name }),
  down: () => runStep(sequelize, file, 'down', { sql: 'DELETE FROM schema_migration WHERE name = $1', name }),
});

const readApplied = async (sequelize: Sequelize): Promise<string[]> => {
  const [table] = await sequelize.query<{ present: boolean }>("SELECT to_regclass('schema_migration') IS NOT NULL AS present", {
    type: QueryTypes.SELECT,
  });
  if (table?.present !== true) return [];
  const applied = await sequelize.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY name', {
    type: QueryTypes.SELECT,
  });
  return applied.map(({ name }) => name);
};

/** Entries are written by `runStep`, inside of the migration's transaction; umzug only reads them. */
const storageOf = (sequelize: Sequelize): UmzugStorage<Sequelize> => ({
  logMigration: (_migration: MigrationParams<Sequelize>) => Promise.resolve(),
  unlogMigration: (_migration: MigrationParams<Sequelize>) => Promise.resolve(),
  executed: () => readApplied(sequelize),
});

/**
 * How the database's schema relates to this code. `newer`: a newer version migrated it, and this one must not touch it;
 * `unknown` names what that version did.
 */
export type SchemaState =
  | { kind: 'current' }
  | { kind: 'older'; missing: readonly string[] }
  | { kind: 'newer'; unknown: readonly string[] };

/** Compares what the database says was run with the migrations in `folder`. */
export const readSchemaState = async (sequelize: Sequelize, folder?: string): Promise<SchemaState> => {
  const applied = await readApplied(sequelize);
  const known = listMigrations(folder).map(({ name }) => name);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) return { kind: 'newer', unknown };
  const missing = known.filter((name) => !applied.includes(name));
  return missing.length > 0 ? { kind: 'older', missing } : { kind: 'current' };
};

const refuseNewer = async (sequelize: Sequelize, folder: string | undefined): Promise<void> => {
  const state = await readSchemaState(sequelize, folder);
  if (state.kind !== 'newer') return;
  throw new Error(
    `The database was set up by a newer version of Tandem (it has ${state.unknown.join(', ')}, which this version does not know). ` +
      'Nothing was changed. Start that version, or restore the backup made before the upgrade.',
  );
};

/**
 * Lets one process migrate at a time, whoever else tries waits. The lock belongs to a transaction, not to a session, so it
 * works behind a pooler and dies with its process. Needs a pool of at least two connections.
 */
const whileLocked = <T>(sequelize: Sequelize, work: () => Promise<T>): Promise<T> =>
  sequelize.transaction(async (transaction) => {
    await sequelize.query('SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0;', { transaction });
    await sequelize.query('SELECT pg_advisory_xact_lock($1)', { bind: [MIGRATION_LOCK], transaction });
    return work();
  });

const umzugOf = (sequelize: Sequelize, folder: string | undefined): Umzug<Sequelize> =>
  new Umzug({
    migrations: listMigrations(folder).map((migration) => runnable(sequelize, migration)),
    context: sequelize,
    storage: storageOf(sequelize),
    logger: undefined,
  });

/**
 * Brings the schema up to this code: every migration in its own transaction, once, whoever else does the same at the same
 * moment; then every table that has a tenant is put behind the tenants' wall. Returns the names of those applied now. Throws when the database is newer than the code.
 */
export const migrateUp = (sequelize: Sequelize, folder?: string): Promise<readonly string[]> =>
  whileLocked(sequelize, async () => {
    await refuseNewer(sequelize, folder);
    await sequelize.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = (await umzugOf(sequelize, folder).up()).map(({ name }) => name);
    await raiseTenantWall(sequelize);
    return applied;
  });

/** Takes back the newest migrations, `steps` of them. All data of their tables is lost. */
export const migrateDown = (sequelize: Sequelize, steps: number, folder?: string): Promise<readonly string[]> =>
  whileLocked(sequelize, async () => {
    await refuseNewer(sequelize, folder);
    return (await umzugOf(sequelize, folder).down({ step: steps })).map(({ name }) => name);
  });
