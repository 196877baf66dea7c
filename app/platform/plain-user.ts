import { randomBytes } from 'node:crypto';
import { Sequelize } from 'sequelize';
import { TENANT_ROLE } from './tenant-role.ts';

/** What Tandem logs in as where it runs its own Postgres. */
const PLAIN_USER = 'tandem_app';

const ensureRole = (name: string, attributes: string): string => `
  DO $role$ BEGIN CREATE ROLE ${name} ${attributes}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$;`;

/** What an earlier version made as the superuser is the plain user's from now on. */
const handOver = (user: string): string => `
  DO $hand$ DECLARE one record; BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO ${user}', current_database());
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> '${user}'
    LOOP EXECUTE format('ALTER TABLE public.%I OWNER TO ${user}', one.tablename); END LOOP;
  END $hand$;
  ALTER SCHEMA public OWNER TO ${user};`;

/**
 * Takes the address of a database as its superuser, and gives it back as that of a user who owns that database and is nobody special: what
 * Tandem runs as must not be able to read files of the machine or to look behind row-level security. Its password is new each time.
 *
 * @param user for tests, which share a server
 */
export async function asPlainUser(superuserUrl: string, user: string = PLAIN_USER): Promise<string> {
  const password = randomBytes(18).toString('hex');
  const sequelize = new Sequelize(superuserUrl, { dialect: 'postgres', logging: false, pool: { max: 1 } });
  try {
    await sequelize.query(
      `${ensureRole(TENANT_ROLE, 'NOLOGIN NOSUPERUSER NOBYPASSRLS')}
       ${ensureRole(user, 'LOGIN')}
       ALTER ROLE ${user} NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD '${password}';
       GRANT ${TENANT_ROLE} TO ${user};
       ${handOver(user)}`,
    );
  } finally {
    await sequelize.close();
  }
  const url = new URL(superuserUrl);
  url.username = user;
  url.password = password;
  return url.href;
}
