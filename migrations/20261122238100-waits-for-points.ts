import type { MigrationStep } from '../app/platform/migration-step.ts';

/** `lane.yields`: it waits for points alone, so more urgent work need not wait with it (app/lanes/README.md, L9). Says nothing while it does not wait. */
export const up: MigrationStep = (run) => run('ALTER TABLE lane ADD COLUMN yields boolean NOT NULL DEFAULT false;');

export const down: MigrationStep = (run) => run('ALTER TABLE lane DROP COLUMN yields;');
