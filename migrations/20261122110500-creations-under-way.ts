import type { MigrationStep } from '../app/platform/migration-step.ts';

/** Whether an item could be a twin that is just being made is asked for each new item: a handful of rows at any time. */
export const up: MigrationStep = (run) =>
  run(`
    CREATE INDEX effect_creation_under_way ON effect (tenant_id, synchronization_id, target)
     WHERE state = 'intended' AND kind = 'create-item';
  `);

export const down: MigrationStep = (run) => run('DROP INDEX effect_creation_under_way;');
