import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmptyTestDatabase, type TestDatabase } from '../../test/database.ts';
import { systemClock } from './clock.ts';
import { createDatabase, type Database } from './database.ts';
import { makeRandomId } from './ids.ts';
import { migrateUp } from './migrate.ts';

/** A database that belongs to a user who is nobody special, as on a server that others administer. */
let administration: TestDatabase;
let own: Database;
let user: string;
beforeEach(async () => {
  administration = await createEmptyTestDatabase();
  user = `plain_${makeRandomId().replaceAll('-', '').slice(0, 12)}`;
  // Somebody made the role before: tests share a server.
  await administration.sequelize.query(`
    DO $role$ BEGIN CREATE ROLE tandem_tenant NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$;
    CREATE ROLE ${user} LOGIN PASSWORD 'plain' NOSUPERUSER NOCREATEROLE;
    ALTER SCHEMA public OWNER TO ${user};`);
  const url = new URL(administration.url);
  url.username = user;
  url.password = 'plain';
  own = createDatabase({ url: url.href, poolSize: 4, clock: systemClock });
});
afterEach(async () => {
  await own.close();
  await administration.sequelize.query(`REASSIGN OWNED BY ${user} TO current_user; DROP OWNED BY ${user}; DROP ROLE ${user};`);
  await administration.drop();
});

describe('the wall on a server that others administer', () => {
  it('says what its administrator has to do once, at each start until it is done', async () => {
    const sentence = new RegExp(`Run once as an administrator of the server: GRANT tandem_tenant TO ${user};`);
    for (let starts = 0; starts < 2; starts += 1) await expect(migrateUp(own.sequelize)).rejects.toThrow(sentence);
  });

  it('stands once the user may act as the role, and holds for it too', async () => {
    await administration.execute(`GRANT tandem_tenant TO ${user}`, []);
    await migrateUp(own.sequelize);
    const [mine, other] = [makeRandomId(), makeRandomId()];
    for (const tenantId of [mine, other]) await own.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenantId]);
    expect(await own.forTenant(mine).execute("UPDATE tenant SET name = 'touched'", [])).toBe(1);
    expect(await own.execute("UPDATE tenant SET name = 'touched' WHERE tenant_id <> $1", [mine])).toBe(1);
  });
});
