import type { MigrationStep } from '../app/platform/migration-step.ts';

/** `site_scan.asked_at`: since when the site is to be scanned at all. As long as no scan was complete, it has been unread since then. */
export const up: MigrationStep = (run) => run('ALTER TABLE site_scan ADD COLUMN asked_at timestamptz NOT NULL DEFAULT now();');

export const down: MigrationStep = (run) => run('ALTER TABLE site_scan DROP COLUMN asked_at;');
