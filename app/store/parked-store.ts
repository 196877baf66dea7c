import { z } from 'zod';
import type { IssueId, PairId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import { MASS_CHANGE_CAUSES, RISK_KINDS } from '../core/mass-change.ts';
import { AWAY_PIECE } from '../core/piece.ts';
import { SIDES } from '../core/side.ts';
import { count, epochMs, id, side, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { ParkedOne, ParkedStore, RetryWatch } from '../sync/healing-ports.ts';

const findDue = (limit: number): string => `
  SELECT w.tenant_id, w.synchronization_id
    FROM retry_watch w
    JOIN synchronization s ON s.tenant_id = w.tenant_id AND s.synchronization_id = w.synchronization_id AND s.state = 'running'
   WHERE w.due_at <= now()
   ORDER BY w.due_at
   LIMIT ${limit}`;

/** $3 length of the lease in ms. No row: another process was faster. */
const CLAIM = `
  UPDATE retry_watch SET due_at = now() + $3::float8 * interval '1 ms'
   WHERE tenant_id = $1 AND synchronization_id = $2 AND due_at <= now()
  RETURNING tenant_id, synchronization_id, pace_ms, probes`;

/** $3 rest in ms, $4 pace in ms, $5 probes as JSON. */
const END = `
  UPDATE retry_watch SET due_at = now() + $3::float8 * interval '1 ms', pace_ms = $4::integer, probes = $5::jsonb
   WHERE tenant_id = $1 AND synchronization_id = $2`;

/** What is parked together: a field by its name, all comments, the status, items without a pair. */
const KIND = `CASE split_part(piece_key, ':', 1) WHEN 'field' THEN piece_key ELSE split_part(piece_key, ':', 1) END`;

/** An item without a pair is parked as a whole lane; when it was last tried is not known to the minute, and each is as old as any. */
const PARKED = `
  SELECT parked_cause AS cause, ${KIND} AS kind, parked_since AS since, pair_id, piece_key, NULL::text AS side, NULL::text AS issue_id
    FROM piece
   WHERE tenant_id = $1 AND synchronization_id = $2 AND parked_cause IS NOT NULL
   UNION ALL
  SELECT cause, 'item', parked_at, NULL::uuid, NULL::text, side, issue_id
    FROM lane
   WHERE tenant_id = $1 AND synchronization_id = $2 AND state = 'parked'`;

const LIST_GROUPS = `
  SELECT cause, kind, ${epochMs('min(since)')} AS oldest_since FROM (${PARKED}) parked GROUP BY cause, kind ORDER BY cause, kind`;

const ITEM = "coalesce(CASE pair.origin_side WHEN 'A' THEN pair.a_issue_id WHEN 'B' THEN pair.b_issue_id END, parked.issue_id)";

const ORDER = `${epochMs('parked.since')}, coalesce(parked.piece_key, '') COLLATE "C", ${ITEM} COLLATE "C"`;

/** $3 cause, $4 kind, $5 before, $6 limit, $7 to $9 the last one of the page before: since, piece, item. */
const LIST = `
  SELECT ${epochMs('parked.since')} AS since, parked.pair_id, parked.piece_key,
         coalesce(pair.origin_side, parked.side) AS side,
         ${ITEM} AS issue_id
    FROM (${PARKED}) parked
    LEFT JOIN pair ON pair.tenant_id = $1 AND pair.pair_id = parked.pair_id
   WHERE parked.cause = $3 AND parked.kind = $4 AND parked.since < ${timestamp('$5')}
     AND ($7::float8 IS NULL OR (${ORDER}) > ($7::float8, $8::text COLLATE "C", $9::text COLLATE "C"))
   ORDER BY ${ORDER}
   LIMIT $6`;

/** $2 pair, $3 piece. */
const READ_PIECE = `
  SELECT parked_cause AS cause, ${epochMs('parked_since')} AS since
    FROM piece
   WHERE tenant_id = $1 AND pair_id = $2 AND piece_key = $3 AND parked_cause IS NOT NULL`;

/** $2 lane. Without a cause: it was woken, and nothing is decided until its item has a twin or its lane is clean. */
const READ_LANE = `
  SELECT cause, coalesce(${epochMs('parked_at')}, 0) AS since
    FROM lane
   WHERE tenant_id = $1 AND lane_key = $2
     AND (state = 'parked' OR (due_at IS NOT NULL AND NOT EXISTS (
           SELECT FROM pair p
            WHERE p.tenant_id = lane.tenant_id AND p.synchronization_id = lane.synchronization_id
              AND ((lane.side = 'A' AND p.a_issue_id = lane.issue_id) OR (lane.side = 'B' AND p.b_issue_id = lane.issue_id)))))`;

/** $2 pieces as JSON, $3 since. Earlier in any case: that its time was moved is how a frozen piece knows that it may go on (SPEC M3). */
const END_REST = `
  UPDATE piece SET parked_since = least(parked_since - interval '1 ms', ${timestamp('$3')})
    FROM jsonb_to_recordset($2::jsonb) AS given (pair_id uuid, piece_key text)
   WHERE piece.tenant_id = $1 AND piece.pair_id = given.pair_id AND piece.piece_key = given.piece_key AND parked_cause IS NOT NULL`;

/** $3 kinds, $4 causes, in the same order, $5 limit. Those whose item is not there wait for it (SPEC R13). */
const LIST_OVERLOOKED = `
  SELECT DISTINCT pair.a_issue_id, pair.b_issue_id
    FROM piece
    JOIN unnest($3::text[], $4::text[]) AS named (kind, cause) ON named.cause = piece.parked_cause
    JOIN pair ON pair.tenant_id = piece.tenant_id AND pair.pair_id = piece.pair_id
   WHERE piece.tenant_id = $1 AND piece.synchronization_id = $2 AND piece.parked_cause IS NOT NULL
     AND NOT EXISTS (SELECT FROM brake b WHERE b.tenant_id = $1 AND b.synchronization_id = $2 AND b.kind = named.kind)
     AND NOT EXISTS (
           SELECT FROM piece away WHERE away.tenant_id = $1 AND away.pair_id = piece.pair_id AND away.piece_key = '${AWAY_PIECE}')
   LIMIT $5`;

const subject = z.object({ synchronizationId: id<SynchronizationId>(), side, issueId: id<IssueId>() });
const parkedOne = z.object({
  subject,
  piece: z.object({ pairId: id<PairId>(), key: id<PieceKey>() }).nullable(),
  since: z.number(),
});
const nameRow = z.object({ tenant_id: id<TenantId>(), synchronization_id: id<SynchronizationId>() });
const watchRow = nameRow
  .extend({ pace_ms: count, probes: z.array(z.object({ cause: z.string(), kind: z.string(), one: parkedOne })) })
  .transform(
    (row): RetryWatch => ({
      tenantId: row.tenant_id,
      synchronizationId: row.synchronization_id,
      paceMs: row.pace_ms,
      probes: row.probes,
    }),
  );
const groupRow = z
  .object({ cause: z.string(), kind: z.string(), oldest_since: time })
  .transform(({ cause, kind, oldest_since }) => ({ cause, kind, oldestSince: oldest_since }));
const oneRow = z.object({
  since: time,
  pair_id: id<PairId>().nullable(),
  piece_key: id<PieceKey>().nullable(),
  side,
  issue_id: id<IssueId>(),
});
const stateRow = z.object({ cause: z.string().nullable(), since: time });
const pairRow = z.object({ a_issue_id: id<IssueId>(), b_issue_id: id<IssueId>() });

/** What is parked, on Postgres. */
export const createParkedStore = (database: Database): ParkedStore => ({
  async claimDue(limit, leaseMs) {
    const due = await database.rows(findDue(limit), [], nameRow);
    const taken = due.map((one) => database.rows(CLAIM, [one.tenant_id, one.synchronization_id, leaseMs], watchRow));
    return (await Promise.all(taken)).flat();
  },
  async end({ tenantId, synchronizationId, paceMs, probes }, afterMs) {
    await database.execute(END, [tenantId, synchronizationId, afterMs, paceMs, JSON.stringify(probes)]);
  },
  listGroups: (tenantId, synchronizationId) => database.rows(LIST_GROUPS, [tenantId, synchronizationId], groupRow),
  async list(tenantId, synchronizationId, { cause, kind }, { before, limit, after }) {
    const last = after === undefined ? [null, null, null] : [after.since, after.piece?.key ?? '', after.subject.issueId];
    const rows = await database.rows(LIST, [tenantId, synchronizationId, cause, kind, before, limit, ...last], oneRow);
    return rows.map((row): ParkedOne => {
      const piece = row.pair_id === null || row.piece_key === null ? null : { pairId: row.pair_id, key: row.piece_key };
      return { subject: { synchronizationId, side: row.side, issueId: row.issue_id }, piece, since: row.since };
    });
  },
  async read(tenantId, { piece, subject: { synchronizationId, side: of, issueId } }) {
    const [found] = await (piece === null
      ? database.rows(READ_LANE, [tenantId, `${synchronizationId}:${of}:${issueId}`], stateRow)
      : database.rows(READ_PIECE, [tenantId, piece.pairId, piece.key], stateRow));
    if (found === undefined) return null;
    return found.cause === null ? 'undecided' : { cause: found.cause, since: found.since };
  },
  async listOverlooked(tenantId, synchronizationId, limit) {
    const causes = RISK_KINDS.map((kind) => MASS_CHANGE_CAUSES[kind]);
    const rows = await database.rows(LIST_OVERLOOKED, [tenantId, synchronizationId, RISK_KINDS, causes, limit], pairRow);
    return rows.flatMap((row) =>
      SIDES.map((of) => ({ synchronizationId, side: of, issueId: of === 'A' ? row.a_issue_id : row.b_issue_id })),
    );
  },
  async endRest(tenantId, ones, since) {
    const pieces = ones.flatMap(({ piece }) => (piece === null ? [] : [{ pair_id: piece.pairId, piece_key: piece.key }]));
    if (pieces.length > 0) await database.execute(END_REST, [tenantId, JSON.stringify(pieces), since]);
  },
});
