import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Scans of sites that tell us nothing follow one another quickly, and only some of them reach back far (app/core/SPEC.md, H7). */
export const up: MigrationStep = (run) => run('ALTER TABLE site_scan ADD COLUMN full_at timestamptz;');

export const down: MigrationStep = (run) => run('ALTER TABLE site_scan DROP COLUMN full_at;');
