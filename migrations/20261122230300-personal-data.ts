import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * Accounts of people whose ids are stored somewhere, and when each was last reported to Atlassian. A person is one person on all sites, and is
 * reported once in a cycle for all of them: so this belongs to no tenant, and is small enough to live anywhere.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE account_report (
      account_id text PRIMARY KEY,
      -- Since when what we store is as it is.
      updated_at timestamptz NOT NULL DEFAULT now(),
      reported_at timestamptz NOT NULL DEFAULT 'epoch'
    );
    CREATE INDEX account_report_due ON account_report (reported_at);

    CREATE TABLE account_report_cycle (
      only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
      looked_at timestamptz NOT NULL DEFAULT 'epoch',
      -- Days; Atlassian says how many.
      period integer NOT NULL DEFAULT 7
    );
    INSERT INTO account_report_cycle DEFAULT VALUES;
  `);

export const down: MigrationStep = (run) => run('DROP TABLE account_report_cycle, account_report;');
