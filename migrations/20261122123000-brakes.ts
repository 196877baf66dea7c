import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * `piece.ping_pong`: what crossed lately (app/core/ping-pong.ts), a few fingerprints. `piece.answer`: what a person
 * said about a piece that the brake stopped; like `decided` written by people, never by turns. `risky_change`: how many changes of a kind were made
 * in which minute since 1970, of the last ten minutes. Normal edits never touch it, and nobody does once the kind is stopped. `brake`:
 * the kinds that are stopped.
 */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE piece ADD COLUMN ping_pong jsonb, ADD COLUMN answer text CHECK (answer IN ('carry-out', 'take-back'));

    CREATE TABLE brake (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('deletion', 'clear', 'overwrite')),
      stopped_at timestamptz NOT NULL,
      counted integer NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id, kind),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );

    CREATE TABLE risky_change (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('deletion', 'clear', 'overwrite')),
      minute integer NOT NULL,
      changes integer NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id, kind, minute),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    ) WITH (fillfactor = 50);
  `);

export const down: MigrationStep = (run) =>
  run(`
    DROP TABLE risky_change, brake;
    ALTER TABLE piece DROP COLUMN ping_pong, DROP COLUMN answer;
  `);
