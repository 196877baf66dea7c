import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Statements } from '../app/platform/database.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createTenantWall, raiseTenantWall, type TenantWall } from '../app/platform/tenant-wall.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import type { SynchronizationStore } from '../app/sync/ports.ts';
import { buildSynchronization, connection, project, synchronizationId, tenant } from './contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const [OWNER, PARTNER, STRANGER] = [tenant(1), tenant(2), tenant(3)];
const SHARED = synchronizationId(1);
const OWN = synchronizationId(2);

let database: TestDatabase;
let wall: TenantWall;
/** As requests use them. */
let stores: SynchronizationStore;
beforeAll(async () => {
  database = await createTestDatabase();
  wall = createTenantWall(database);
  stores = createSynchronizationStore(wall.database);
  for (const id of [OWNER, PARTNER, STRANGER]) {
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [id]);
    await database.execute(
      `INSERT INTO audit (tenant_id, entry_id, at, actor_kind, action, outcome) VALUES ($1, $2, now(), 'tandem', 'test', 'done')`,
      [id, makeRandomId()],
    );
  }
});
afterAll(() => database.drop());

const at = (site: number, space: number) => ({
  siteTenantId: tenant(site),
  connectionId: connection(site),
  projectId: project(space),
  projectKey: `SP${space}`,
});

/** One between the sites of owner and partner, one within the owner's. */
beforeEach(async () => {
  const machinery = createSynchronizationStore(database);
  await machinery.remove(OWNER, SHARED);
  await machinery.remove(OWNER, OWN);
  await machinery.insert(buildSynchronization({ state: 'stopped' }));
  const within = { A: at(1, 1), B: at(1, 3) };
  await machinery.insert(buildSynchronization({ synchronizationId: OWN, state: 'stopped', sides: within }));
});

const anyRow = z.looseObject({});
const countOf = async (of: Statements, table: string): Promise<number> =>
  (await of.rows(`SELECT 1 AS one FROM ${table}`, [], anyRow)).length;

const tableRow = z.object({ name: z.string() });
/** Tables that have a tenant, with their policies or without. */
const tablesWithTenant = () =>
  database.rows(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY 1`,
    [],
    tableRow,
  );

describe('the second wall', () => {
  it('stands around every table that has a tenant', async () => {
    const walled = await database.rows(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relrowsecurity AND p.polname = 'tenant_wall' ORDER BY 1`,
      [],
      tableRow,
    );
    expect(walled).toEqual(await tablesWithTenant());
    expect(walled.length).toBeGreaterThan(20);
  });

  it('is there already: raising it again changes nothing', async () => {
    expect(await raiseTenantWall(database.sequelize)).toEqual([]);
  });

  it('is put around a table that a later version brings', async () => {
    await database.execute('CREATE TABLE later (tenant_id uuid, word text)', []);
    await database.execute('INSERT INTO later VALUES ($1, $2), ($3, $4)', [OWNER, 'ours', STRANGER, 'theirs']);
    expect(await raiseTenantWall(database.sequelize)).toEqual(['later']);
    const seen = await database.forTenant(OWNER).rows('SELECT word FROM later', [], z.object({ word: z.string() }));
    expect(seen).toEqual([{ word: 'ours' }]);
    await database.execute('DROP TABLE later', []);
  });

  it('hides from a statement that forgot its tenant what is another’s, whatever the table', async () => {
    const behind = database.forTenant(STRANGER);
    const names = (await tablesWithTenant()).map(({ name }) => name);
    const seen = await Promise.all(names.map(async (name) => [name, await countOf(behind, name)] as const));
    expect(seen.filter(([, rows]) => rows > 0)).toEqual([
      ['audit', 1],
      ['tenant', 1],
    ]);
  });

  it('shows a partner the synchronization it takes part in, and no other of the owner', async () => {
    const listed = await wall.run(PARTNER, () => stores.listOfSite(PARTNER));
    expect(listed.map((one) => one.synchronizationId)).toEqual([SHARED]);
    expect(await wall.run(PARTNER, () => stores.read(OWNER, SHARED))).not.toBeNull();
    expect(await wall.run(PARTNER, () => stores.read(OWNER, OWN))).toBeNull();
    // Asked for the owner's list in the owner's name: what a statement with a wrong tenant would do.
    const wrong = await wall.run(PARTNER, () => stores.listOfSite(OWNER));
    expect(wrong.map((one) => one.synchronizationId)).toEqual([SHARED]);
  });

  it.each([
    ['the owner', OWNER],
    ['the partner', PARTNER],
  ])('lets %s start, stop and remove what both take part in', async (_who, caller) => {
    await wall.run(caller, async () => {
      expect(await stores.update(OWNER, SHARED, { state: 'running', scannedUntil: { A: 1, B: 1 } })).toBe(true);
      expect(await stores.update(OWNER, SHARED, { state: 'stopped' })).toBe(true);
      await stores.remove(OWNER, SHARED);
    });
    expect(await createSynchronizationStore(database).read(OWNER, SHARED)).toBeNull();
  });

  it('lets nobody else change it', async () => {
    await wall.run(STRANGER, async () => {
      expect(await stores.update(OWNER, SHARED, { name: 'Taken' })).toBe(false);
      await stores.remove(OWNER, SHARED);
      const written = await wall.database.execute('UPDATE synchronization SET name = $1', ['Taken']);
      expect(written).toBe(0);
    });
    expect(await createSynchronizationStore(database).read(OWNER, SHARED)).toMatchObject({ name: 'Support and Engineering' });
  });

  it('costs the machinery nothing: its plans know of no wall, those of requests do', async () => {
    const planRow = z.object({ 'QUERY PLAN': z.string() });
    const sql = 'EXPLAIN (COSTS OFF) SELECT 1 FROM lane WHERE tenant_id = $1';
    const planBy = async (of: Statements) => (await of.rows(sql, [OWNER], planRow)).map((row) => row['QUERY PLAN']).join('\n');
    expect(await planBy(database)).not.toContain('synchronization s');
    expect(await planBy(database.forTenant(OWNER))).toContain('synchronization s');
  });

  it('lets nobody write rows in the name of another', async () => {
    const forge = database
      .forTenant(STRANGER)
      .execute(
        `INSERT INTO audit (tenant_id, entry_id, at, actor_kind, action, outcome) VALUES ($1, $2, now(), 'tandem', 'forged', 'done')`,
        [OWNER, makeRandomId()],
      );
    await expect(forge).rejects.toThrow(/row-level security/);
  });

  it('shows nothing at all to who says no tenant', async () => {
    await database.transaction(async (statements) => {
      await statements.execute('SET LOCAL ROLE tandem_tenant', []);
      expect(await statements.rows('SELECT 1 AS one FROM synchronization', [], anyRow)).toEqual([]);
    });
  });

  it('leaves nothing behind on the connection', async () => {
    const small = await createTestDatabase({ poolSize: 1 });
    await small.forTenant(OWNER).rows('SELECT 1 AS one', [], anyRow);
    const [after] = await small.rows(
      "SELECT current_setting('app.tenant', true) AS tenant, current_user = session_user AS own",
      [],
      z.object({ tenant: z.string().nullable(), own: z.boolean() }),
    );
    expect(after?.own).toBe(true);
    expect(after?.tenant ?? '').toBe('');
    await small.drop();
  });

  it('takes nobody who is no tenant, and no request without one', async () => {
    expect(() => database.forTenant("'; RESET ROLE; --")).toThrow(/uuid/);
    await expect(stores.listOfSite(OWNER)).rejects.toThrow(/before it is known whose/);
  });
});
