import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Lines are written and pruned, never changed, but for one thing: the id of an account that was closed is taken out. */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE audit (
      tenant_id uuid NOT NULL REFERENCES tenant,
      entry_id uuid NOT NULL,
      at timestamptz NOT NULL,
      actor_kind text NOT NULL,
      -- Account, token or link; NULL where the kind says all.
      actor_id text,
      action text NOT NULL,
      subject text,
      detail text,
      outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
      PRIMARY KEY (tenant_id, entry_id)
    );
    CREATE INDEX audit_newest ON audit (tenant_id, at);
    -- How often somebody was refused lately, for what and why.
    CREATE INDEX audit_refused ON audit (tenant_id, action, at) WHERE outcome = 'refused';
  `);

export const down: MigrationStep = (run) => run('DROP TABLE audit;');
