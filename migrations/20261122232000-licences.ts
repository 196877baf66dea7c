import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Remote licences as they were signed, and which synchronizations are about to start: those have taken their endpoints already. */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE licence (
      tenant_id uuid PRIMARY KEY REFERENCES tenant,
      licence jsonb NOT NULL,
      signature text NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE licence_hold (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      held_until timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );
  `);

export const down: MigrationStep = (run) => run('DROP TABLE licence_hold, licence;');
