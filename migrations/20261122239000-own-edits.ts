import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Our last edits of an item's comments, of which events may still tell something (app/core/own-edits.ts): fingerprints and times. */
export const up: MigrationStep = (run) => run('ALTER TABLE pair ADD COLUMN own_edits jsonb;');

export const down: MigrationStep = (run) => run('ALTER TABLE pair DROP COLUMN own_edits;');
