import type { MigrationStep } from '../app/platform/migration-step.ts';

export const up: MigrationStep = (run) =>
  run(`
    -- What happened to which piece, for people. No content, ever.
    CREATE TABLE history (
      tenant_id uuid NOT NULL,
      history_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      at timestamptz NOT NULL,
      -- The place among the lines of one turn, which share their time.
      line integer NOT NULL,
      pair_id uuid,
      a_issue_key text,
      b_issue_key text,
      piece_key text,
      outcome text NOT NULL,
      source text CHECK (source IN ('A', 'B')),
      cause text,
      PRIMARY KEY (tenant_id, history_id)
    );
    CREATE INDEX history_newest ON history (tenant_id, synchronization_id, at, line);
  `);

export const down: MigrationStep = (run) => run('DROP TABLE history;');
