import { AsyncLocalStorage } from 'node:async_hooks';
import { QueryTypes, type Sequelize } from 'sequelize';
import type { Database, TenantDatabase } from './database.ts';
import { TENANT_ROLE } from './tenant-role.ts';

/*
 * The second wall (docs/adr/0011): what a caller asks for runs as a role that sees, by row-level security, the rows of one tenant alone. The
 * first wall are the statements themselves, which all name the tenant. The machinery that works for all tenants (inbox, claims, scans,
 * directory) is the tables' owner, for whom the policies do not count and cost nothing.
 */

const ME = "(SELECT nullif(current_setting('app.tenant', true), '')::uuid)";

/** A partner sees the synchronizations in which its site takes part, and what hangs on them; nothing else of the owner. */
const SYNCHRONIZATION = 'synchronization';
const visibleSynchronization = (owner: string, table: string): string =>
  `EXISTS (SELECT 1 FROM ${SYNCHRONIZATION} s WHERE s.tenant_id = ${table}.${owner} AND s.synchronization_id = ${table}.synchronization_id)`;

/** Where `tenant_id` is the tenant of a site, and who owns the synchronization writes for both sites. */
const OF_SITES: Readonly<Record<string, string>> = {
  participation: visibleSynchronization('owner_tenant_id', 'participation'),
  site_scan: `EXISTS (SELECT 1 FROM ${SYNCHRONIZATION} s WHERE site_scan.tenant_id IN (s.a_site_tenant_id, s.b_site_tenant_id))`,
};

/** Which rows of a table that has a tenant the role sees and may write. */
function conditionOf({ name, hasSynchronization }: WalledTable): string {
  if (name === SYNCHRONIZATION) return `${ME} IN (tenant_id, a_site_tenant_id, b_site_tenant_id)`;
  const shared = OF_SITES[name] ?? (hasSynchronization ? visibleSynchronization('tenant_id', name) : null);
  return shared === null ? `tenant_id = ${ME}` : `tenant_id = ${ME} OR ${shared}`;
}

interface WalledTable {
  readonly name: string;
  readonly hasSynchronization: boolean;
  /** The condition that stands there now; null: none. */
  readonly present: string | null;
}

const TABLES = `
  SELECT c.relname AS name, bool_or(a.attname = 'synchronization_id') AS "hasSynchronization",
         (SELECT obj_description(p.oid, 'pg_policy') FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_wall') AS present
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   GROUP BY c.oid, c.relname
  HAVING bool_or(a.attname = 'tenant_id')
   ORDER BY c.relname`;

/** Dollar quotes, since the conditions have quotes of their own. */
const wallOf = (name: string, condition: string): string => `
  ALTER TABLE "${name}" ENABLE ROW LEVEL SECURITY;
  DROP POLICY IF EXISTS tenant_wall ON "${name}";
  CREATE POLICY tenant_wall ON "${name}" TO ${TENANT_ROLE} USING (${condition}) WITH CHECK (${condition});
  COMMENT ON POLICY tenant_wall ON "${name}" IS $wall$${condition}$wall$;
  GRANT SELECT, INSERT, UPDATE, DELETE ON "${name}" TO ${TENANT_ROLE};`;

/**
 * Roles belong to the whole server, so another database of Tandem on it may make it at the same moment. Who may not make roles is told
 * what an administrator of the server has to do once.
 */
const ENSURE_ROLE = `
  DO $role$ DECLARE
    -- Since Postgres 16 a role that one has made is not yet one that one may act as.
    acting text := CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${TENANT_ROLE}') THEN
      BEGIN
        CREATE ROLE ${TENANT_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'Tandem needs a role that its database user may not make. Run once as an administrator of the server: CREATE ROLE ${TENANT_ROLE} NOLOGIN; GRANT ${TENANT_ROLE} TO %;', quote_ident(current_user);
      END;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${TENANT_ROLE}' AND (rolsuper OR rolbypassrls)) THEN
      RAISE EXCEPTION 'The role ${TENANT_ROLE} may see everything, so it is no wall. Run once as an administrator of the server: ALTER ROLE ${TENANT_ROLE} NOSUPERUSER NOBYPASSRLS;';
    END IF;
    IF NOT pg_has_role(current_user, '${TENANT_ROLE}', acting) THEN
      BEGIN
        EXECUTE format('GRANT ${TENANT_ROLE} TO %I', current_user);
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The database user of Tandem may not act as the role ${TENANT_ROLE}. Run once as an administrator of the server: GRANT ${TENANT_ROLE} TO %;', quote_ident(current_user);
      END;
    END IF;
  END $role$;
  DO $usage$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${TENANT_ROLE}', current_schema()); END $usage$;`;

/**
 * Puts every table that has a tenant behind the wall, those of later migrations too. Repeating it changes nothing, and locks nothing.
 * Returns the tables that changed.
 */
export const raiseTenantWall = (sequelize: Sequelize): Promise<readonly string[]> =>
  sequelize.transaction(async (transaction) => {
    const tables = await sequelize.query<WalledTable>(TABLES, { type: QueryTypes.SELECT, transaction });
    const missing = tables.filter((table) => table.present !== conditionOf(table));
    if (missing.length === 0) return [];
    await sequelize.query(ENSURE_ROLE, { transaction });
    for (const table of missing) await sequelize.query(wallOf(table.name, conditionOf(table)), { transaction });
    return missing.map(({ name }) => name);
  });

/** Runs requests behind their tenants' walls. */
export interface TenantWall {
  /** Everything that `work` does on {@link TenantWall.database}, however deep below, is done behind the wall of that tenant. */
  run<T>(tenantId: string, work: () => Promise<T>): Promise<T>;
  /** For the stores that requests work with. Throws where no tenant is known. */
  readonly database: Database;
}

/** The wall on that database. One for each process: which tenant is meant goes along with the request. */
export function createTenantWall(database: Database): TenantWall {
  const present = new AsyncLocalStorage<TenantDatabase>();
  const here = (): TenantDatabase => {
    const behind = present.getStore();
    if (behind === undefined) throw new Error('A request works on the database before it is known whose it is.');
    return behind;
  };
  return {
    run: (tenantId, work) => present.run(database.forTenant(tenantId), work),
    database: {
      ...database,
      rows: async (sql, bind, row) => here().rows(sql, bind, row),
      execute: async (sql, bind) => here().execute(sql, bind),
      transaction: async (work) => here().transaction(work),
    },
  };
}
