import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * The issue comes before the synchronization. Postgres thinks that a tenant and a synchronization together leave one row, since it takes
 * them for independent; so any index that begins with both looked as good to it as the whole key of the right one, and in the
 * wrong one it read every pair of the synchronization.
 */
const change = (side: 'a' | 'b', from: string, to: string): string => `
  ALTER TABLE pair DROP CONSTRAINT pair_${from};
  ALTER TABLE pair ADD CONSTRAINT pair_${to} UNIQUE (${to === `${side}_issue` ? `tenant_id, ${side}_issue_id, synchronization_id` : `tenant_id, synchronization_id, ${side}_issue_id`});`;

const oldName = (side: 'a' | 'b'): string => `tenant_id_synchronization_id_${side}_issue_id_key`;

export const up: MigrationStep = (run) => run(change('a', oldName('a'), 'a_issue') + change('b', oldName('b'), 'b_issue'));

export const down: MigrationStep = (run) => run(change('a', 'a_issue', oldName('a')) + change('b', 'b_issue', oldName('b')));
