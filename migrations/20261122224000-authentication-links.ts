import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * One-time links by which a person lets us into a site, with the attempt under way on each. Secrets of links, states and browsers are kept
 * as hashes; what the exchange needs is sealed. A handful of rows a connection, gone with it.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE authentication_link (
      tenant_id uuid NOT NULL,
      link_id uuid NOT NULL,
      connection_id uuid NOT NULL,
      secret_hash text NOT NULL,
      made_for text NOT NULL CHECK (made_for IN ('me', 'somebody')),
      -- A person of the tenant's own site, reached by that connection, or an API token. The account is forgotten when it is closed.
      asked_by_account text,
      asked_in_connection uuid,
      asked_by_token text,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      -- Null: open, until it expires.
      ended text CHECK (ended IN ('used', 'replaced')),
      -- The attempt under way: all four or none.
      state_hash text,
      browser_hash text,
      sealed_attempt text,
      attempt_until timestamptz,
      PRIMARY KEY (tenant_id, link_id),
      FOREIGN KEY (tenant_id, connection_id) REFERENCES remote_connection (tenant_id, connection_id) ON DELETE CASCADE,
      CHECK (num_nulls(asked_by_token, asked_in_connection) = 1),
      CHECK (num_nulls(state_hash, browser_hash, sealed_attempt, attempt_until) IN (0, 4))
    );

    CREATE INDEX authentication_link_by_connection ON authentication_link (tenant_id, connection_id);
  `);

export const down: MigrationStep = (run) => run('DROP TABLE authentication_link');
