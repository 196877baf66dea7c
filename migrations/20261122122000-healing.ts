import type { MigrationStep } from '../app/platform/migration-step.ts';

/** What finds lost events and tries parked pieces again (app/core/SPEC.md, H and R9–R12), and what old rows are found by. */
export const up: MigrationStep = (run) =>
  run(`
    -- One overlap scan per site, whoever owns the synchronizations: here tenant_id is the site's tenant. Read whole to find what is
    -- due, since it has a row per site and nothing more.
    CREATE TABLE site_scan (
      tenant_id uuid NOT NULL,
      connection_id uuid NOT NULL,
      -- 'infinity' while a scan is under way and nobody asked for another one.
      due_at timestamptz NOT NULL DEFAULT now(),
      lease_until timestamptz,
      pace_ms integer NOT NULL DEFAULT 300000,
      given_up_until timestamptz NOT NULL DEFAULT 'epoch',
      last_at timestamptz,
      PRIMARY KEY (tenant_id, connection_id)
    );
    INSERT INTO site_scan (tenant_id, connection_id)
    SELECT a_site_tenant_id, a_connection_id FROM synchronization WHERE state = 'running'
     UNION
    SELECT b_site_tenant_id, b_connection_id FROM synchronization WHERE state = 'running';
    DROP INDEX synchronization_scan;
    ALTER TABLE synchronization DROP COLUMN scan_lease_until;

    -- One row for the whole app: when somebody was last at work.
    CREATE TABLE heartbeat (
      name text PRIMARY KEY,
      beat_at timestamptz NOT NULL
    );

    -- Events of the space are listened to since then.
    ALTER TABLE participation ADD COLUMN running_since timestamptz NOT NULL DEFAULT now();

    -- Items without a pair that a scan sent somebody to look at, as they were then.
    CREATE TABLE unpaired_look (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      side text NOT NULL CHECK (side IN ('A', 'B')),
      issue_id text NOT NULL,
      updated_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id, side, issue_id),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );

    -- Changes that no webhook told of, by day (UTC).
    CREATE TABLE found_late (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      day date NOT NULL,
      found integer NOT NULL,
      PRIMARY KEY (tenant_id, synchronization_id, day),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );

    -- When it was last parked; says nothing while it is not.
    ALTER TABLE lane ADD COLUMN parked_at timestamptz;
    UPDATE lane SET parked_at = now() WHERE state = 'parked';

    -- When parked pieces are looked after next; ids of those that were tried to see whether their cause is still there.
    CREATE TABLE retry_watch (
      tenant_id uuid NOT NULL,
      synchronization_id uuid NOT NULL,
      due_at timestamptz NOT NULL DEFAULT now(),
      pace_ms integer NOT NULL DEFAULT 300000,
      probes jsonb NOT NULL DEFAULT '[]',
      PRIMARY KEY (tenant_id, synchronization_id),
      FOREIGN KEY (tenant_id, synchronization_id) REFERENCES synchronization ON DELETE CASCADE
    );
    INSERT INTO retry_watch (tenant_id, synchronization_id)
    SELECT tenant_id, synchronization_id FROM synchronization WHERE state = 'running';

    -- What is past its time is found by these; effects that name what they made are kept for ever and are in none (ADR 0007).
    ALTER TABLE tenant ADD COLUMN pruned_at timestamptz NOT NULL DEFAULT 'epoch';
    CREATE INDEX inbox_age ON inbox (tenant_id, received_at);
    CREATE INDEX effect_age ON effect (tenant_id, intended_at)
      WHERE state <> 'intended' AND (kind NOT IN ('create-item', 'create-comment') OR state <> 'confirmed');
  `);

export const down: MigrationStep = (run) =>
  run(`
    DROP INDEX effect_age;
    DROP INDEX inbox_age;
    ALTER TABLE tenant DROP COLUMN pruned_at;
    DROP TABLE retry_watch, found_late, unpaired_look;
    ALTER TABLE lane DROP COLUMN parked_at;
    ALTER TABLE participation DROP COLUMN running_since;
    DROP TABLE heartbeat, site_scan;
    ALTER TABLE synchronization ADD COLUMN scan_lease_until timestamptz;
    CREATE INDEX synchronization_scan ON synchronization (tenant_id, least(a_scanned_until, b_scanned_until)) WHERE state = 'running';
  `);
