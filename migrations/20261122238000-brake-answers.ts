import type { MigrationStep } from '../app/platform/migration-step.ts';

/** What a person answered for a kind that is stopped; null: nobody has. Kept until all pieces that wait know it: the first answer counts. */
export const up: MigrationStep = (run) =>
  run("ALTER TABLE brake ADD COLUMN answer text CHECK (answer IN ('carry-out', 'take-back'));");

export const down: MigrationStep = (run) => run('ALTER TABLE brake DROP COLUMN answer;');
