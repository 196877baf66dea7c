import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Pairs and pieces are updated in place with every change, in columns no index holds: free room in the page keeps that cheap. */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE pair (
      tenant_id uuid NOT NULL,
      pair_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      origin_side text NOT NULL CHECK (origin_side IN ('A', 'B')),
      a_issue_id text NOT NULL,
      b_issue_id text NOT NULL,
      a_issue_key text NOT NULL,
      b_issue_key text NOT NULL,
      a_seen_at timestamptz NOT NULL,
      b_seen_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, pair_id),
      UNIQUE (tenant_id, synchronization_id, a_issue_id),
      UNIQUE (tenant_id, synchronization_id, b_issue_id),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    ) WITH (fillfactor = 85);

    CREATE TABLE piece (
      tenant_id uuid NOT NULL,
      pair_id uuid NOT NULL,
      piece_key text NOT NULL,
      synchronization_id uuid NOT NULL,
      a_fingerprint text,
      b_fingerprint text,
      a_comment_id text,
      b_comment_id text,
      parked_cause text,
      parked_since timestamptz,
      -- What the refused attempt saw.
      a_parked_seen text,
      b_parked_seen text,
      PRIMARY KEY (tenant_id, pair_id, piece_key),
      FOREIGN KEY (tenant_id, pair_id) REFERENCES pair ON DELETE CASCADE,
      CHECK ((parked_cause IS NULL) = (parked_since IS NULL))
    ) WITH (fillfactor = 85);
    CREATE INDEX piece_parked ON piece (tenant_id, synchronization_id) WHERE parked_cause IS NOT NULL;
  `);

export const down: MigrationStep = (run) => run('DROP TABLE piece, pair;');
