import type { MigrationStep } from '../app/platform/migration-step.ts';

export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE synchronization (
      tenant_id uuid NOT NULL REFERENCES tenant,
      synchronization_id uuid NOT NULL,
      name text NOT NULL,
      description text NOT NULL,
      state text NOT NULL CHECK (state IN ('requested', 'declined', 'stopped', 'running')),
      a_site_tenant_id uuid NOT NULL,
      a_connection_id uuid NOT NULL,
      a_project_id text NOT NULL,
      a_project_key text NOT NULL,
      a_scanned_until timestamptz,
      b_site_tenant_id uuid NOT NULL,
      b_connection_id uuid NOT NULL,
      b_project_id text NOT NULL,
      b_project_key text NOT NULL,
      b_scanned_until timestamptz,
      configuration jsonb NOT NULL,
      configuration_version integer NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id)
    );

    -- Which synchronizations a site takes part in, whoever owns them: here tenant_id is the site's tenant. Webhooks are
    -- routed and lists are made by it, so it repeats of the synchronization what those need.
    CREATE TABLE participation (
      tenant_id uuid NOT NULL,
      owner_tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      side text NOT NULL CHECK (side IN ('A', 'B')),
      project_id text NOT NULL,
      running boolean NOT NULL,
      PRIMARY KEY (tenant_id, owner_tenant_id, synchronization_id, side)
    );

    -- The highest item number met in the space of each side. Beside the synchronization, because it changes far more often.
    CREATE TABLE item_number (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      side text NOT NULL CHECK (side IN ('A', 'B')),
      project_key text NOT NULL,
      highest integer NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, synchronization_id, side),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );
  `);

export const down: MigrationStep = (run) => run('DROP TABLE item_number, participation, synchronization;');
