import type { MigrationStep } from '../app/platform/migration-step.ts';

/** What two sides agree on: versions, the draft that waits, what each side offers (app/core/SPEC.md, C and V). */
export const up: MigrationStep = (run) =>
  run(`
    -- What was agreed and is offered. No row: everything is offered, and synchronization.configuration is what was agreed.
    CREATE TABLE terms (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      -- Grows with every change, so that a decision on older terms is noticed.
      read_as integer NOT NULL DEFAULT 0,
      agreed jsonb NOT NULL,
      a_offer jsonb NOT NULL,
      b_offer jsonb NOT NULL,
      -- The open draft; all of it is null without one.
      draft jsonb,
      draft_mode text CHECK (draft_mode IN ('review', 'immediate')),
      draft_side text CHECK (draft_side IN ('A', 'B')),
      draft_by text,
      draft_at timestamptz,
      PRIMARY KEY (tenant_id, synchronization_id),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );

    CREATE TABLE terms_version (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      number integer NOT NULL,
      agreed jsonb NOT NULL,
      mode text NOT NULL CHECK (mode IN ('review', 'immediate')),
      outcome text NOT NULL CHECK (outcome IN ('published', 'declined', 'withdrawn')),
      -- Null: how it was set up.
      made_side text CHECK (made_side IN ('A', 'B')),
      made_by text,
      made_at timestamptz NOT NULL,
      answered_side text CHECK (answered_side IN ('A', 'B')),
      answered_by text,
      ended_at timestamptz NOT NULL,
      reason text,
      PRIMARY KEY (tenant_id, synchronization_id, number),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );
  `);

export const down: MigrationStep = (run) => run('DROP TABLE terms_version, terms;');
