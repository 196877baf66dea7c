import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * What webhooks told, kept until the lane is worked off, sealed for the site that sent it: `A:<sealed>`, or `A:look` where an event told
 * nothing whole. The claim takes them out; app/lanes/README.md says how none is lost.
 * `told_at`: the newest observation worked off, so that a late one is known as late.
 */
export const up: MigrationStep = (run) =>
  run(`
    ALTER TABLE pair ADD COLUMN a_told_at timestamptz NOT NULL DEFAULT 'epoch', ADD COLUMN b_told_at timestamptz NOT NULL DEFAULT 'epoch';
    ALTER TABLE lane ADD COLUMN told text[] NOT NULL DEFAULT '{}';
    ALTER TABLE lane DROP CONSTRAINT lane_state_check;
    ALTER TABLE lane ADD CONSTRAINT lane_state_check CHECK (state IN ('open', 'parked', 'watching'));
  `);

export const down: MigrationStep = (run) =>
  run(`
    ALTER TABLE lane DROP CONSTRAINT lane_state_check;
    UPDATE lane SET state = 'open' WHERE state = 'watching';
    ALTER TABLE lane ADD CONSTRAINT lane_state_check CHECK (state IN ('open', 'parked'));
    ALTER TABLE lane DROP COLUMN told;
    ALTER TABLE pair DROP COLUMN a_told_at, DROP COLUMN b_told_at;
  `);
