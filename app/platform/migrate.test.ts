import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { TestDatabase } from '../../test/database.ts';
import { createEmptyTestDatabase } from '../../test/database.ts';
import { listMigrations, migrateDown, migrateUp, readSchemaState } from './migrate.ts';

const MIGRATE_SCRIPT = fileURLToPath(new URL('../../scripts/migrate.ts', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const allNames = listMigrations().map(({ name }) => name);

const column = z.object({ table_name: z.string(), column_name: z.string(), data_type: z.string(), is_nullable: z.string() });
const index = z.object({ indexdef: z.string() });

/** Everything the schema consists of, as plain data. */
const describeSchema = async (database: TestDatabase) => ({
  columns: await database.rows(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
    [],
    column,
  ),
  indexes: await database.rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef", [], index),
});

const runScript = async (url: string): Promise<{ code: unknown; output: string }> => {
  const child = spawn(process.execPath, [MIGRATE_SCRIPT], { env: { DATABASE_URL: url } });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, output };
};

describe('migrations', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await createEmptyTestDatabase();
    folder = mkdtempSync(path.join(tmpdir(), 'tandem-migrations-'));
  });
  afterEach(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('sets up an empty database and finds nothing to do the second time', async () => {
    expect(await readSchemaState(database.sequelize)).toEqual({ kind: 'older', missing: allNames });
    expect(await migrateUp(database.sequelize)).toEqual(allNames);
    expect(await migrateUp(database.sequelize)).toEqual([]);
    expect(await readSchemaState(database.sequelize)).toEqual({ kind: 'current' });
  });

  it('goes up, all the way down and up again to the same schema', async () => {
    await migrateUp(database.sequelize);
    const first = await describeSchema(database);
    expect(await migrateDown(database.sequelize, allNames.length)).toEqual([...allNames].reverse());
    const tables = (await describeSchema(database)).columns.map(({ table_name }) => table_name);
    expect(new Set(tables)).toEqual(new Set(['schema_migration']));
    await migrateUp(database.sequelize);
    expect(await describeSchema(database)).toEqual(first);
  });

  it('applies each migration once when two processes migrate at the same time', async () => {
    const runs = await Promise.all([runScript(database.url), runScript(database.url)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(runs.map(({ output }) => output.startsWith('Applied')).sort()).toEqual([false, true]);
    expect(await readSchemaState(database.sequelize)).toEqual({ kind: 'current' });
  });

  it('refuses a database that a newer version set up, and says which version to start', async () => {
    await migrateUp(database.sequelize);
    await database.execute('INSERT INTO schema_migration (name) VALUES ($1)', ['20990101000000-tomorrow']);
    expect(await readSchemaState(database.sequelize)).toEqual({ kind: 'newer', unknown: ['20990101000000-tomorrow'] });
    await expect(migrateUp(database.sequelize)).rejects.toThrow(/newer version of Tandem \(it has 20990101000000-tomorrow/);
    await expect(migrateDown(database.sequelize, 1)).rejects.toThrow(/Nothing was changed/);
  });

  it('leaves no trace of a migration that fails half-way', async () => {
    cpSync(MIGRATIONS, folder, { recursive: true });
    const broken =
      "export const up = (run) => run('CREATE TABLE half (id uuid); SELECT 1 / 0;'); export const down = (run) => run('');";
    writeFileSync(path.join(folder, '20990101000000-broken.ts'), broken);
    await expect(migrateUp(database.sequelize, folder)).rejects.toThrow(/20990101000000-broken/);
    expect(await readSchemaState(database.sequelize, folder)).toEqual({ kind: 'older', missing: ['20990101000000-broken'] });
    const tables = (await describeSchema(database)).columns.map(({ table_name }) => table_name);
    expect(tables).not.toContain('half');
    expect(tables).toContain('history');
  });

  it('knows every file in the folder', () => {
    expect(allNames).toHaveLength(readdirSync(MIGRATIONS).length);
  });
});

describe('the schema', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createEmptyTestDatabase();
    await migrateUp(database.sequelize);
  });
  afterEach(() => database.drop());

  it("has the tenant first in every key and index, but for the directory by which tenants are found and what is the whole app's", async () => {
    const { indexes } = await describeSchema(database);
    const others = indexes.map(({ indexdef }) => indexdef).filter((one) => !one.includes('(tenant_id'));
    const tables = new Set(others.map((one) => /ON public\.(\w+)/.exec(one)?.[1]));
    expect([...tables].sort()).toEqual([
      'account_report',
      'account_report_cycle',
      'heartbeat',
      'schema_migration',
      'site_directory',
    ]);
  });

  it('has no sequences and no time without zone', async () => {
    const sequences = await database.rows(
      "SELECT relname FROM pg_class WHERE relkind = 'S'",
      [],
      z.object({ relname: z.string() }),
    );
    expect(sequences).toEqual([]);
    const { columns } = await describeSchema(database);
    expect(columns.filter(({ data_type }) => data_type.startsWith('timestamp') && !data_type.endsWith('with time zone'))).toEqual(
      [],
    );
  });

  it('has no foreign key that leaves a tenant', async () => {
    const keys = await database.rows(
      "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f'",
      [],
      z.object({ definition: z.string() }),
    );
    expect(keys.length).toBeGreaterThan(0);
    for (const { definition } of keys) expect(definition).toMatch(/FOREIGN KEY \(tenant_id[,)].*REFERENCES \w+\(tenant_id[,)]/);
  });
});
