import type { MigrationStep } from '../app/platform/migration-step.ts';

/** `lane.yields`: it waits for points alone, so more urgent work need not wait with it (app/lanes/README.md, L9). Says nothing while it does not wait. */
export const up: MigrationStep = async (run) => {
  await run('ALTER TABLE lane ADD COLUMN yields boolean NOT NULL DEFAULT false;');
  // What waited until now without a failed turn waited for points, or was taken for that.
  await run("UPDATE lane SET yields = true WHERE due_at > now() AND lease_until IS NULL AND attempts = 0 AND state = 'open';");
};

export const down: MigrationStep = (run) => run('ALTER TABLE lane DROP COLUMN yields;');
