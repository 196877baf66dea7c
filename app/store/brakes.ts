import { z } from 'zod';
import type { IssueId, SynchronizationId, TenantId } from '../core/ids.ts';
import { MASS_CHANGE_CAUSES, MASS_CHANGE_WINDOW_MS, RISK_KINDS, type RiskKind } from '../core/mass-change.ts';
import type { BrakeAnswer } from '../core/piece.ts';
import { SIDES, type Sides } from '../core/side.ts';
import { count, epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Brake, Brakes } from '../sync/brake-ports.ts';
import type { HistoryOutcome, LaneSubject } from '../sync/ports.ts';

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = MASS_CHANGE_WINDOW_MS / MINUTE_MS;
/** Pairs whose lanes are woken in one transaction: turns and deliveries wait for it. */
const CHUNK = 500;

const OF_KIND = 'tenant_id = $1 AND synchronization_id = $2 AND kind = $3';

/**
 * $4 changes, $5 minute. The row of the minute is locked by each count for the time of one small statement, and nobody comes once the
 * kind is stopped; that row order is what makes the numbers exact.
 */
const COUNT = `
  WITH stopped AS (
    SELECT 1 FROM brake WHERE ${OF_KIND}
  ), counted AS (
    INSERT INTO risky_change (tenant_id, synchronization_id, kind, minute, changes)
    SELECT $1::uuid, $2::uuid, $3::text, $5::integer, $4::integer WHERE NOT EXISTS (SELECT 1 FROM stopped)
    ON CONFLICT (tenant_id, synchronization_id, kind, minute) DO UPDATE SET changes = risky_change.changes + excluded.changes
    RETURNING changes
  )
  SELECT EXISTS (SELECT 1 FROM stopped) AS stopped, coalesce((SELECT changes FROM counted), 0) AS this_minute,
         coalesce((SELECT changes FROM counted), 0)
       + coalesce((SELECT sum(changes) FROM risky_change WHERE ${OF_KIND} AND minute > $5::integer - ${WINDOW_MINUTES} AND minute < $5::integer), 0)
         AS counted`;

const FORGET_OLD = `DELETE FROM risky_change WHERE ${OF_KIND} AND minute <= $4::integer - ${WINDOW_MINUTES}`;

const GIVE_BACK = `UPDATE risky_change SET changes = greatest(changes - $4::integer, 0) WHERE ${OF_KIND} AND minute = $5::integer`;

const COUNT_PAIRS = `
  SELECT count(*) AS pairs FROM (SELECT 1 FROM pair WHERE tenant_id = $1 AND synchronization_id = $2 LIMIT $3) AS counted`;

const STOP = `
  WITH stopped AS (
    INSERT INTO brake (tenant_id, synchronization_id, kind, counted, stopped_at)
    VALUES ($1::uuid, $2::uuid, $3::text, $4::integer, ${timestamp('$5')})
    ON CONFLICT (tenant_id, synchronization_id, kind) DO NOTHING
    RETURNING tenant_id, synchronization_id, stopped_at
  )
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, outcome, cause)
  SELECT tenant_id, synchronization_id, $6::uuid, 0, stopped_at, 'braked', $7::text FROM stopped
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;

/** $3 kinds, $4 causes, in the same order. The partial index of parked pieces serves the count. */
const LIST = `
  SELECT b.kind, ${epochMs('b.stopped_at')} AS since, b.counted,
         (SELECT count(*) FROM piece
           WHERE piece.tenant_id = $1 AND piece.synchronization_id = $2 AND parked_cause = named.cause AND answer IS NULL) AS waiting
    FROM brake b
    JOIN unnest($3::text[], $4::text[]) AS named (kind, cause) USING (kind)
   WHERE b.tenant_id = $1 AND b.synchronization_id = $2
   ORDER BY b.stopped_at, b.kind`;

/** Locks the row: of those that answer at the same moment the second one finds it gone. */
const RELEASE = `DELETE FROM brake WHERE ${OF_KIND} RETURNING kind`;

const NOTE_ANSWER = `
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, outcome, cause) VALUES ($1, $2, $3, 0, ${timestamp('$4')}, $5, $6)
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;
const FORGET_COUNTS = `DELETE FROM risky_change WHERE ${OF_KIND}`;

/** $3 cause, $4 answer. Answers with the items whose lanes have to be woken. */
const ANSWER = `
  WITH answered AS (
    UPDATE piece SET answer = $4
     WHERE tenant_id = $1 AND synchronization_id = $2 AND parked_cause = $3 AND answer IS NULL
    RETURNING pair_id
  )
  SELECT p.a_issue_id, p.b_issue_id, count(*) AS pieces
    FROM answered
    JOIN pair p ON p.tenant_id = $1 AND p.pair_id = answered.pair_id
   GROUP BY p.a_issue_id, p.b_issue_id`;

/** Waits for a release that is under way: it may not have seen what was parked just now. */
const STOPPED_KINDS = 'SELECT kind FROM brake WHERE tenant_id = $1 AND synchronization_id = $2 FOR SHARE';

const countedRow = z.object({ stopped: z.boolean(), this_minute: count, counted: count });
const pairsRow = z.object({ pairs: count });
const kind = z.enum(['deletion', 'clear', 'overwrite']);
const brakeRow = z.object({ kind, since: time, counted: count, waiting: count });
const answeredRow = z.object({ a_issue_id: id<IssueId>(), b_issue_id: id<IssueId>(), pieces: count });
const releasedRow = z.object({ kind });

export interface BrakesParts {
  readonly database: Database;
  readonly makeId: MakeId;
  /** The lanes' own way to make a lane dirty within a transaction. */
  readonly lanes: { wake(statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void> };
  /** Called after lanes were woken. */
  readonly onWake: () => void;
}

const OUTCOMES: Readonly<Record<BrakeAnswer, HistoryOutcome>> = { 'carry-out': 'released', 'take-back': 'taken-back' };

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** Both items of a pair, so that both are looked at. */
const bothItems = (synchronizationId: SynchronizationId, issueIds: Sides<IssueId>): LaneSubject[] =>
  SIDES.map((side) => ({ synchronizationId, side, issueId: issueIds[side] }));

/**
 * The answer and the pieces that it is for are written together: whoever dies in the middle has answered nothing. The lanes are woken after
 * that, some at a time; those that are forgotten are found like what an answer overlooked (SPEC M7, app/sync/retry-parked.ts).
 */
async function release(
  { database, lanes, makeId, onWake }: BrakesParts,
  ...[tenantId, synchronizationId, of, answer, at]: Parameters<Brakes['release']>
): ReturnType<Brakes['release']> {
  if (!isUuid(synchronizationId)) return null;
  const ofKind = [tenantId, synchronizationId, of];
  const cause = MASS_CHANGE_CAUSES[of];
  const line = makeId();
  const answered = await database.transaction(async (statements) => {
    const released = await statements.rows(RELEASE, ofKind, releasedRow);
    if (released.length === 0) return null;
    await statements.execute(FORGET_COUNTS, ofKind);
    await statements.execute(NOTE_ANSWER, [tenantId, synchronizationId, line, at, OUTCOMES[answer], cause]);
    return statements.rows(ANSWER, [tenantId, synchronizationId, cause, answer], answeredRow);
  });
  if (answered === null) return null;
  for (let done = 0; done < answered.length; done += CHUNK) {
    const some = answered.slice(done, done + CHUNK);
    const subjects = some.flatMap((row) => bothItems(synchronizationId, { A: row.a_issue_id, B: row.b_issue_id }));
    await lanes.wake(database, tenantId, subjects);
  }
  onWake();
  return { pieces: answered.reduce((sum, { pieces }) => sum + pieces, 0) };
}

/** The brake for mass changes on Postgres. */
export const createBrakes = (parts: BrakesParts): Brakes => {
  const { database, lanes, makeId, onWake } = parts;
  return {
    async count(tenantId, synchronizationId, of, changes, at) {
      const minute = minuteOf(at);
      const [found] = await database.rows(COUNT, [tenantId, synchronizationId, of, changes, minute], countedRow);
      if (found === undefined || found.stopped) return { kind: 'stopped' };
      // The first of its minute clears away what no window holds any more.
      if (found.this_minute === changes) await database.execute(FORGET_OLD, [tenantId, synchronizationId, of, minute]);
      return { kind: 'counted', counted: found.counted };
    },

    async giveBack(tenantId, synchronizationId, of, changes, at) {
      await database.execute(GIVE_BACK, [tenantId, synchronizationId, of, changes, minuteOf(at)]);
    },

    async countPairs(tenantId, synchronizationId, limit) {
      const [found] = await database.rows(COUNT_PAIRS, [tenantId, synchronizationId, limit], pairsRow);
      return found?.pairs ?? 0;
    },

    async stop(tenantId, synchronizationId, of, counted, at) {
      const cause = MASS_CHANGE_CAUSES[of];
      await database.execute(STOP, [tenantId, synchronizationId, of, counted, at, makeId(), cause]);
    },

    list(tenantId, synchronizationId): Promise<readonly Brake[]> {
      const causes = RISK_KINDS.map((one) => MASS_CHANGE_CAUSES[one]);
      return database.rows(LIST, [tenantId, synchronizationId, RISK_KINDS, causes], brakeRow);
    },

    release: (...answered) => release(parts, ...answered),

    async wakeIfReleased(tenantId, { synchronizationId, issueIds }, kinds) {
      const stopped = await database.rows(STOPPED_KINDS, [tenantId, synchronizationId], z.object({ kind }));
      const still = new Set<RiskKind>(stopped.map((row) => row.kind));
      if (kinds.every((one) => still.has(one))) return;
      await lanes.wake(database, tenantId, bothItems(synchronizationId, issueIds));
      onWake();
    },
  };
};
