import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * By which connection a synchronization takes part: a tenant can reach several sites, and ids of spaces and items are unique within
 * one site only.
 */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE participation ADD COLUMN connection_id uuid;
    UPDATE participation p
       SET connection_id = CASE p.side WHEN 'A' THEN s.a_connection_id ELSE s.b_connection_id END
      FROM synchronization s
     WHERE s.tenant_id = p.owner_tenant_id AND s.synchronization_id = p.synchronization_id;
    DELETE FROM participation WHERE connection_id IS NULL;
    ALTER TABLE participation ALTER COLUMN connection_id SET NOT NULL;
  `);

export const down: MigrationStep = (run) => run('ALTER TABLE participation DROP COLUMN connection_id;');
