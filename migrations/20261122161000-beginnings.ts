import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Items that did not change since then get no twin: the first start left existing ones alone. */
export const up: MigrationStep = (run) =>
  run("ALTER TABLE synchronization ADD COLUMN items_since timestamptz NOT NULL DEFAULT 'epoch';");

export const down: MigrationStep = (run) => run('ALTER TABLE synchronization DROP COLUMN items_since;');
