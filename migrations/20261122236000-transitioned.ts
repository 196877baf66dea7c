import type { MigrationStep } from '../app/platform/migration-step.ts';

/** A transition of ours of which nobody has seen yet what it replaced (app/core/replaced-status.ts): fingerprints and a time. */
export const up: MigrationStep = (run) => run('ALTER TABLE pair ADD COLUMN transitioned jsonb;');

export const down: MigrationStep = (run) => run('ALTER TABLE pair DROP COLUMN transitioned;');
