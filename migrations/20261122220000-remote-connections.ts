import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * Sites without the app, and what their admins set up for us. Times are by the clock of the database. Credentials are sealed for the
 * tenant; the newest are those stored under the highest fencing number.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE application_link (
      tenant_id uuid NOT NULL REFERENCES tenant,
      application_link_id uuid NOT NULL,
      site_url text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('oauth2', 'oauth1')),
      name text NOT NULL,
      client_id text NOT NULL,
      -- The client secret, or the private key.
      sealed_secret text NOT NULL,
      public_key text,
      scope text CHECK (scope IN ('READ', 'WRITE', 'ADMIN')),
      created_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, application_link_id)
    );

    CREATE TABLE remote_connection (
      tenant_id uuid NOT NULL REFERENCES tenant,
      connection_id uuid NOT NULL,
      kind text NOT NULL
        CHECK (kind IN ('oauth2-cloud', 'oauth2-data-center', 'oauth1', 'personal-token', 'api-token', 'password')),
      site_url text NOT NULL,
      api_url text NOT NULL,
      product text NOT NULL CHECK (product IN ('cloud', 'data-center')),
      version text,
      state text NOT NULL CHECK (state IN ('awaiting-authentication', 'working', 'needs-authentication')),
      since timestamptz NOT NULL,
      cause text,
      sync_account_id text,
      sync_name text,
      application_link_id uuid,
      created_by text,
      created_at timestamptz NOT NULL,
      credentials_end_at timestamptz,
      webhook jsonb NOT NULL,
      last_call_at timestamptz,
      last_event_at timestamptz,
      -- A look under way is due at infinity, so that one asked for in the meantime is not lost.
      due_at timestamptz NOT NULL DEFAULT now(),
      look_until timestamptz,
      sealed_credentials text,
      -- The fencing number under which the credentials were stored, and the last one given out.
      credentials_fence bigint NOT NULL DEFAULT 0,
      refresh_fence bigint NOT NULL DEFAULT 0,
      refresh_until timestamptz,
      -- After a try that came to nothing.
      refresh_rest_until timestamptz,
      PRIMARY KEY (tenant_id, connection_id),
      FOREIGN KEY (tenant_id, application_link_id) REFERENCES application_link
    );
    CREATE INDEX remote_connection_application_link ON remote_connection (tenant_id, application_link_id);
  `);

export const down: MigrationStep = (run) => run('DROP TABLE remote_connection, application_link;');
