import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * Rule for every table: `tenant_id` is the first column of every key and index, no key comes from a sequence and no foreign
 * key leaves a tenant, so that all tables can be distributed by it.
 * `site_directory` is the one exception: it is how a tenant is found. It is small, and would be copied to every node.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE tenant (
      tenant_id uuid PRIMARY KEY,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE connection (
      tenant_id uuid NOT NULL REFERENCES tenant,
      connection_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('connect')),
      client_key text NOT NULL,
      base_url text NOT NULL,
      display_url text NOT NULL,
      sealed_secret text NOT NULL,
      oauth_client_id text,
      state text NOT NULL CHECK (state IN ('enabled', 'disabled', 'uninstalled')),
      installed_at timestamptz NOT NULL,
      uninstalled_at timestamptz,
      PRIMARY KEY (tenant_id, connection_id)
    );

    CREATE TABLE site_directory (
      client_key text PRIMARY KEY,
      tenant_id uuid NOT NULL,
      connection_id uuid NOT NULL,
      -- Base and display URL as people may type them: in small letters, without a slash at the end.
      base_address text NOT NULL,
      display_address text NOT NULL
    );
    CREATE INDEX site_directory_base_address ON site_directory (base_address);
    CREATE INDEX site_directory_display_address ON site_directory (display_address);
  `);

export const down: MigrationStep = (run) => run('DROP TABLE site_directory, connection, tenant;');
