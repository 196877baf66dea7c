import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * What lost a conflict, sealed for its tenant, until it expires or is put back; a value is kept once however often it loses. And what
 * a person decided about a piece that both sides changed: written by people, never by turns, which only let it go with its question.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE kept_value (
      tenant_id uuid NOT NULL,
      kept_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      pair_id uuid NOT NULL,
      piece_key text NOT NULL,
      side text NOT NULL CHECK (side IN ('A', 'B')),
      -- Keyed hash of the value, as in piece.
      fingerprint text NOT NULL,
      sealed text NOT NULL,
      kept_at timestamptz NOT NULL,
      until timestamptz NOT NULL,
      -- Somebody is putting it back.
      reserved_until timestamptz,
      PRIMARY KEY (tenant_id, kept_id),
      UNIQUE (tenant_id, pair_id, piece_key, side, fingerprint),
      FOREIGN KEY (tenant_id, pair_id) REFERENCES pair ON DELETE CASCADE
    );
    CREATE INDEX kept_value_newest ON kept_value (tenant_id, synchronization_id, kept_at);
    CREATE INDEX kept_value_expiry ON kept_value (tenant_id, until);
    ALTER TABLE piece ADD COLUMN decided text CHECK (decided IN ('A', 'B'));
  `);

export const down: MigrationStep = (run) =>
  run(`
    ALTER TABLE piece DROP COLUMN decided;
    DROP TABLE kept_value;
  `);
