import type { MigrationStep } from '../app/platform/migration-step.ts';

/** What was asked of the partner and how it ended; requests expire; the mode in which a configuration changes. */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE synchronization
      -- So far every change counted at once.
      ADD COLUMN mode text NOT NULL DEFAULT 'immediate' CHECK (mode IN ('review', 'immediate')),
      -- An account of A's site; null: an API token, or nobody knows.
      ADD COLUMN asked_by text,
      -- Null: nobody had to be asked.
      ADD COLUMN asked_at timestamptz,
      ADD COLUMN decline_reason text,
      DROP CONSTRAINT synchronization_state_check,
      ADD CONSTRAINT synchronization_state_check CHECK (state IN ('requested', 'declined', 'expired', 'stopped', 'running'));
    UPDATE synchronization SET asked_at = created_at;
  `);

export const down: MigrationStep = (run) =>
  run(`
    UPDATE synchronization SET state = 'declined' WHERE state = 'expired';
    ALTER TABLE synchronization
      DROP CONSTRAINT synchronization_state_check,
      ADD CONSTRAINT synchronization_state_check CHECK (state IN ('requested', 'declined', 'stopped', 'running')),
      DROP COLUMN decline_reason, DROP COLUMN asked_at, DROP COLUMN asked_by, DROP COLUMN mode;
  `);
