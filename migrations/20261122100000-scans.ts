import type { MigrationStep } from '../app/platform/migration-step.ts';

/** A scan is due when what is proven seen is old enough (a_scanned_until, b_scanned_until); one process at a time takes it. */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE synchronization ADD COLUMN scan_lease_until timestamptz;
    CREATE INDEX synchronization_scan ON synchronization (tenant_id, least(a_scanned_until, b_scanned_until)) WHERE state = 'running';
  `);

export const down: MigrationStep = (run) =>
  run(`
    DROP INDEX synchronization_scan;
    ALTER TABLE synchronization DROP COLUMN scan_lease_until;
  `);
