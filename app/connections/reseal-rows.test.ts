import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { buildSynchronization, connection, synchronizationId, tenant } from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { TenantId } from '../core/ids.ts';
import type { Database } from '../platform/database.ts';
import { createSynchronizationStore } from '../store/synchronization-store.ts';
import { type ColumnStanding, resealRows } from './reseal-rows.ts';
import { SEALED_COLUMNS, SEALED_LIST } from './sealed-columns.ts';
import { createSecretBox } from './secret-box.ts';

const [OWNER, PARTNER] = [tenant(1), tenant(2)];
const key = (fill: number): Buffer => Buffer.alloc(32, fill);
const before = createSecretBox({ current: key(1), older: [] });
const during = createSecretBox({ current: key(2), older: [key(1)] });
const after = createSecretBox({ current: key(2), older: [] });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of [OWNER, PARTNER]) await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [id]);
  await createSynchronizationStore(database).insert(buildSynchronization({ state: 'stopped' }));
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.execute('DELETE FROM connection', []);
  await database.execute('DELETE FROM lane', []);
});

const insertSecret = (tenantId: TenantId, number: number, sealed: string) =>
  database.execute(
    `INSERT INTO connection (tenant_id, connection_id, kind, client_key, base_url, display_url, sealed_secret, state, installed_at)
     VALUES ($1, $2, 'connect', $3, '', '', $4, 'enabled', now())`,
    [tenantId, connection(number), `site-${number}`, sealed],
  );

const insertTold = (told: readonly string[]) =>
  database.execute(
    `INSERT INTO lane (tenant_id, lane_key, synchronization_id, side, issue_id, gen, told) VALUES ($1, 'lane', $2, 'A', '1', 1, $3::text[])`,
    [OWNER, synchronizationId(1), told],
  );

const sealedRow = z.object({ sealed: z.string() });
const secretsOf = async (tenantId: TenantId) => {
  const sql = 'SELECT sealed_secret AS sealed FROM connection WHERE tenant_id = $1 ORDER BY connection_id';
  return (await database.rows(sql, [tenantId], sealedRow)).map(({ sealed }) => sealed);
};
const toldOf = async () =>
  (await database.rows('SELECT told FROM lane WHERE tenant_id = $1', [OWNER], z.object({ told: z.array(z.string()) })))[0]?.told;

const standingOf = (standings: readonly ColumnStanding[], column: string) => standings.find((one) => one.column === column);

const columnRow = z.object({ table: z.string(), column: z.string() });

describe('SEALED_COLUMNS', () => {
  it('names every column of the schema that holds sealed texts', async () => {
    const inSchema = await database.rows(
      `SELECT table_name AS table, column_name AS column FROM information_schema.columns
        WHERE table_schema = 'public' AND (column_name LIKE '%sealed%' OR column_name = 'told') ORDER BY 1, 2`,
      [],
      columnRow,
    );
    const listed = [...SEALED_COLUMNS, SEALED_LIST].map(({ table, column }) => ({ table, column }));
    expect(inSchema).toEqual(listed.toSorted((one, other) => (one.table < other.table ? -1 : 1)));
  });

  it.each(SEALED_COLUMNS)('finds the rows of $table by $key', async ({ table, key: name }) => {
    const keys = await database.rows(
      `SELECT a.attname AS column, format_type(a.atttypid, null) AS table FROM pg_index i
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indisprimary AND i.indrelid = $1::regclass ORDER BY a.attnum`,
      [table],
      columnRow,
    );
    expect(keys).toEqual([
      { column: 'tenant_id', table: 'uuid' },
      { column: name, table: 'uuid' },
    ]);
  });
});

describe('resealRows', () => {
  it('brings the secrets of all tenants under the current key, once', async () => {
    for (let number = 1; number <= 3; number += 1) await insertSecret(OWNER, number, before.seal(OWNER, `secret ${number}`));
    await insertSecret(PARTNER, 4, before.seal(PARTNER, 'secret 4'));
    await insertSecret(PARTNER, 5, during.seal(PARTNER, 'secret 5'));
    const standings = await resealRows(database, during, 'reseal');
    expect(standingOf(standings, 'connection.sealed_secret')).toMatchObject({ moved: 4, left: new Map(), unreadable: 0 });
    const opened = [
      ...(await secretsOf(OWNER)).map((sealed) => after.open(OWNER, sealed)),
      ...(await secretsOf(PARTNER)).map((sealed) => after.open(PARTNER, sealed)),
    ];
    expect(opened).toEqual([1, 2, 3, 4, 5].map((number) => ({ ok: true, value: `secret ${number}` })));
    const again = await resealRows(database, during, 'reseal');
    expect(again.every(({ moved, left, unreadable }) => moved + left.size + unreadable === 0)).toBe(true);
  });

  it('goes through more rows than fit in a page', async () => {
    const sealed = before.seal(OWNER, 'the-secret');
    await database.execute(
      `INSERT INTO connection (tenant_id, connection_id, kind, client_key, base_url, display_url, sealed_secret, state, installed_at)
       SELECT $1, gen_random_uuid(), 'connect', 'site-' || number, '', '', $2, 'enabled', now() FROM generate_series(1, 1201) AS number`,
      [OWNER, sealed],
    );
    const standings = await resealRows(database, during, 'reseal');
    expect(standingOf(standings, 'connection.sealed_secret')?.moved).toBe(1201);
  });

  it('only counts when it only looks', async () => {
    const sealed = before.seal(OWNER, 'the-secret');
    await insertSecret(OWNER, 1, sealed);
    const standings = await resealRows(database, during, 'look');
    expect(standingOf(standings, 'connection.sealed_secret')).toMatchObject({
      moved: 0,
      left: new Map([[before.currentKeyId, 1]]),
    });
    expect(await secretsOf(OWNER)).toEqual([sealed]);
  });

  it('leaves and counts what it has no key for, and what is not ours', async () => {
    const sealed = [before.seal(OWNER, 'old'), before.seal(PARTNER, 'of somebody else'), 'plain text'];
    for (const [at, text] of sealed.entries()) await insertSecret(OWNER, at + 1, text);
    const without = await resealRows(database, after, 'reseal');
    expect(standingOf(without, 'connection.sealed_secret')).toMatchObject({
      moved: 0,
      left: new Map([[before.currentKeyId, 2]]),
      unreadable: 1,
    });
    const withKey = await resealRows(database, during, 'reseal');
    expect(standingOf(withKey, 'connection.sealed_secret')).toMatchObject({ moved: 1, left: new Map(), unreadable: 2 });
    expect((await secretsOf(OWNER)).slice(1)).toEqual(sealed.slice(1));
  });

  it('leaves alone what the app has written since it looked', async () => {
    await insertSecret(OWNER, 1, before.seal(OWNER, 'old'));
    const meanwhile = before.seal(OWNER, 'newer');
    const slow: Database = {
      ...database,
      async execute(sql, bind) {
        await database.execute('UPDATE connection SET sealed_secret = $2 WHERE tenant_id = $1', [OWNER, meanwhile]);
        return database.execute(sql, bind);
      },
    };
    expect(standingOf(await resealRows(slow, during, 'reseal'), 'connection.sealed_secret')?.moved).toBe(0);
    expect(await secretsOf(OWNER)).toEqual([meanwhile]);
  });

  it('changes what events told, each entry for the site that told it', async () => {
    await insertTold([
      'A:look',
      `A:${before.seal(OWNER, 'of A')}`,
      `B:${before.seal(PARTNER, 'of B')}`,
      `B:${during.seal(PARTNER, 'new')}`,
    ]);
    expect(standingOf(await resealRows(database, during, 'reseal'), 'lane.told')).toMatchObject({ moved: 2, unreadable: 0 });
    const [look, ...told] = (await toldOf()) ?? [];
    expect(look).toBe('A:look');
    expect(told.map((entry) => [entry[0], after.open(entry[0] === 'A' ? OWNER : PARTNER, entry.slice(2))])).toEqual([
      ['A', { ok: true, value: 'of A' }],
      ['B', { ok: true, value: 'of B' }],
      ['B', { ok: true, value: 'new' }],
    ]);
  });
});
