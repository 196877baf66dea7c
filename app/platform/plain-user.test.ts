import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { systemClock } from './clock.ts';
import { createDatabase, type Database } from './database.ts';
import { makeRandomId } from './ids.ts';
import { migrateUp } from './migrate.ts';
import { asPlainUser } from './plain-user.ts';

let database: TestDatabase;
let user: string;
const opened: Database[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  user = `plain_${makeRandomId().replaceAll('-', '').slice(0, 12)}`;
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await database.sequelize.query(`REASSIGN OWNED BY ${user} TO current_user; DROP OWNED BY ${user}; DROP ROLE ${user};`);
  await database.drop();
});

const open = async (): Promise<Database> => {
  const own = createDatabase({ url: await asPlainUser(database.url, user), poolSize: 4, clock: systemClock });
  opened.push(own);
  return own;
};

it('is nobody special, and owns what the superuser had made: migrations, requests and data go on', async () => {
  const tenantId = makeRandomId();
  await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenantId]);
  const own = await open();
  const whoRow = z.object({ name: z.string(), special: z.boolean() });
  const [who] = await own.rows(
    'SELECT rolname::text AS name, rolsuper OR rolbypassrls OR rolcreaterole AS special FROM pg_roles WHERE rolname = current_user',
    [],
    whoRow,
  );
  expect(who).toEqual({ name: user, special: false });
  expect(await migrateUp(own.sequelize)).toEqual([]);
  await own.execute('ALTER TABLE tenant ADD COLUMN later text', []);
  expect(await own.forTenant(tenantId).execute("UPDATE tenant SET later = 'seen'", [])).toBe(1);
  expect(await own.forTenant(makeRandomId()).execute("UPDATE tenant SET later = 'seen'", [])).toBe(0);
  await expect(own.execute("SELECT pg_read_file('PG_VERSION')", [])).rejects.toThrow(/permission denied/);
});

it('may be done at every start, each with a new password', async () => {
  const first = await asPlainUser(database.url, user);
  const own = await open();
  expect(await own.rows('SELECT 1 AS one', [], z.object({ one: z.number() }))).toEqual([{ one: 1 }]);
  const old = createDatabase({ url: first, poolSize: 1, clock: systemClock });
  opened.push(old);
  await expect(old.execute('SELECT $1::integer', [1])).rejects.toThrow(/password authentication failed/);
});
