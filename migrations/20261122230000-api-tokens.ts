import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Of a token's secret only a hash is here (app/sync/manage-api-tokens.ts says why a plain one is enough). */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE api_token (
      tenant_id uuid NOT NULL REFERENCES tenant,
      token_id uuid NOT NULL,
      name text NOT NULL,
      scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'configure', 'connections'] AND cardinality(scopes) > 0),
      secret_hash text NOT NULL,
      -- An account of the tenant's site; NULL: whoever runs this installation, or an account that was closed since.
      created_by text,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      last_used_at timestamptz,
      revoked_at timestamptz,
      PRIMARY KEY (tenant_id, token_id)
    );
  `);

export const down: MigrationStep = (run) => run('DROP TABLE api_token;');
