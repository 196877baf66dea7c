import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Synchronizations that are being set up, and what a tenant decided for itself (app/core/SPEC.md, S11 and S12). */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE set_up (
      tenant_id uuid NOT NULL REFERENCES tenant,
      set_up_id uuid NOT NULL,
      route text NOT NULL CHECK (route IN ('same-site', 'cloud-with-app', 'cloud-without-app', 'data-center', 'any')),
      -- Null: an API token began it.
      begun_in text,
      own_connection_id uuid,
      own_project_key text,
      partner_site_url text,
      partner_connection_id uuid,
      partner_project_key text,
      mode text CHECK (mode IN ('review', 'immediate')),
      name text,
      description text NOT NULL,
      content jsonb,
      -- An account of the tenant's site; null: an API token.
      created_by text,
      created_at timestamptz NOT NULL,
      touched_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, set_up_id)
    );

    CREATE TABLE tenant_setting (
      tenant_id uuid PRIMARY KEY REFERENCES tenant,
      -- [{ groupId, name }]; empty: every admin of a space may configure.
      configuring_groups jsonb NOT NULL
    );
  `);

export const down: MigrationStep = (run) => run('DROP TABLE tenant_setting, set_up;');
