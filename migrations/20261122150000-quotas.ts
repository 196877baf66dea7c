import type { MigrationStep } from '../app/platform/migration-step.ts';

/**
 * What all processes know of Jira's quotas (docs/adr/0006). Every row belongs to one tenant; what is the app's on all sites together
 * belongs to a tenant of its own, the uuid of zeros: a handful of rows, so that they can live anywhere.
 * An account of points has one row an hour; a process writes it once a second at most.
 */
export const up: MigrationStep = (run) =>
  run(`
    CREATE TABLE spent_points (
      tenant_id uuid NOT NULL,
      -- Hours of UTC since 1970.
      hour integer NOT NULL,
      account text NOT NULL,
      edit integer NOT NULL,
      repair integer NOT NULL,
      backfill integer NOT NULL,
      "check" integer NOT NULL,
      -- Tenants that spent from it.
      payers integer NOT NULL,
      PRIMARY KEY (tenant_id, hour, account)
    ) WITH (fillfactor = 70);

    -- Limits that Jira has told, or that we keep to before it has to. Only those in force mean anything.
    CREATE TABLE gate (
      tenant_id uuid NOT NULL,
      connection_id uuid NOT NULL,
      -- Empty: all of them.
      endpoint text NOT NULL,
      scope text NOT NULL CHECK (scope IN ('app', 'site', 'endpoint', 'held')),
      -- Lanes of that priority and less urgent ones are not claimed meanwhile.
      holds_from smallint,
      closed_until timestamptz NOT NULL,
      told_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, connection_id, endpoint)
    ) WITH (fillfactor = 70);

    -- The size of a quota, where Jira told it.
    CREATE TABLE quota (
      tenant_id uuid NOT NULL,
      connection_id uuid NOT NULL,
      points_per_hour integer NOT NULL,
      PRIMARY KEY (tenant_id, connection_id)
    );

    -- 0 edits, 1 repairs, 2 backfill, 3 checks.
    ALTER TABLE lane DROP CONSTRAINT lane_priority_check;
    ALTER TABLE lane ADD CONSTRAINT lane_priority_check CHECK (priority BETWEEN 0 AND 3);
  `);

export const down: MigrationStep = (run) =>
  run(`
    ALTER TABLE lane DROP CONSTRAINT lane_priority_check;
    UPDATE lane SET priority = 1 WHERE priority > 1;
    ALTER TABLE lane ADD CONSTRAINT lane_priority_check CHECK (priority IN (0, 1));
    DROP TABLE quota, gate, spent_points;
  `);
