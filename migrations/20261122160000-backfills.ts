import type { MigrationStep } from '../app/platform/migration-step.ts';

/** How far the items that exist are listed, one row a side. A side is to be backfilled while nothing of it is proven seen. */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE backfill (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      side text NOT NULL CHECK (side IN ('A', 'B')),
      -- Items made later are told by events.
      begun_at timestamptz NOT NULL DEFAULT now(),
      -- Where Jira goes on; NULL: at the beginning.
      page_token text,
      listed bigint NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT now(),
      lease_until timestamptz,
      PRIMARY KEY (tenant_id, synchronization_id, side),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );
    CREATE INDEX synchronization_unseen ON synchronization (tenant_id)
      WHERE state = 'running' AND timestamptz '1970-01-01 00:00:00+00' IN (a_scanned_until, b_scanned_until);
  `);

export const down: MigrationStep = (run) =>
  run(`
    DROP INDEX synchronization_unseen;
    DROP TABLE backfill;
  `);
