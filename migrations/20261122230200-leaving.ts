import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * `name`: what whoever runs this installation calls a tenant without a site of its own; NULL: it is named by its site.
 * `erase_at`: the app was removed from its site, and all that is known of it goes at that time; NULL: it stays.
 */
export const up: MigrationStep = (run) => run('ALTER TABLE tenant ADD COLUMN name text, ADD COLUMN erase_at timestamptz;');

export const down: MigrationStep = (run) => run('ALTER TABLE tenant DROP COLUMN name, DROP COLUMN erase_at;');
