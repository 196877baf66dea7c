import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * The newest number in each side's changelog when it was last seen, and when it was last told (app/core/change-mark.ts); null: not known, and
 * times decide. A transition is remembered with such a number too; those that wait for a look right now are forgotten.
 */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE pair
      ADD COLUMN a_seen_change bigint, ADD COLUMN b_seen_change bigint,
      ADD COLUMN a_told_change bigint, ADD COLUMN b_told_change bigint;
    UPDATE pair SET transitioned = NULL WHERE transitioned IS NOT NULL;`);

export const down: MigrationStep = (run) =>
  run(`
    UPDATE pair SET transitioned = NULL WHERE transitioned IS NOT NULL;
    ALTER TABLE pair
      DROP COLUMN a_seen_change, DROP COLUMN b_seen_change, DROP COLUMN a_told_change, DROP COLUMN b_told_change;`);
