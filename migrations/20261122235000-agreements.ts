import type { MigrationStep } from '../app/platform/migration-step.ts';

/** What an open effect makes both sides agree on once it is done (app/core/SPEC.md, O10): fingerprints, as long as it is open. */
export const up: MigrationStep = (run) => run('ALTER TABLE effect ADD COLUMN agreed jsonb;');

export const down: MigrationStep = (run) => run('ALTER TABLE effect DROP COLUMN agreed;');
