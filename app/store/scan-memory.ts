import { z } from 'zod';
import type { IssueId, PairId } from '../core/ids.ts';
import type { PieceBase } from '../core/piece.ts';
import type { Side } from '../core/side.ts';
import { count, epochMs, id, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { Remembered, ScanMemory } from '../sync/healing-ports.ts';
import { PAIR_COLUMNS, PIECE_COLUMNS, pairRow, pieceRow } from './turn-rows.ts';

/** The column of a side. */
const on = (side: Side, column: string): string => `${side === 'A' ? 'a' : 'b'}_${column}`;

/** $1 tenant, $2 synchronization, $3 issue ids. One statement per side, so that each has its unique index. */
const recallPairs = (side: Side): string => `
  SELECT ${PAIR_COLUMNS}
    FROM pair p
   WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.${on(side, 'issue_id')} = ANY ($3::text[])`;

/** $2 pair ids. */
const RECALL_PIECES = `SELECT pair_id, ${PIECE_COLUMNS} FROM piece WHERE tenant_id = $1 AND pair_id = ANY ($2::uuid[])`;

/** $3 side, $4 issue ids. */
const RECALL_LOOKS = `
  SELECT issue_id, ${epochMs('updated_at')} AS updated_at
    FROM unpaired_look
   WHERE tenant_id = $1 AND synchronization_id = $2 AND side = $3 AND issue_id = ANY ($4::text[])`;

/** $2 lane keys. A watched lane is clean. */
const RECALL_LANES = `
  SELECT lane_key, CASE WHEN due_at IS NOT NULL AND state <> 'watching' THEN 'busy' ELSE 'idle' END AS lane
    FROM lane
   WHERE tenant_id = $1 AND lane_key = ANY ($2::text[])`;

/** $3 side, $4 what is looked at, as JSON. */
const NOTE_LOOKED = `
  INSERT INTO unpaired_look (tenant_id, synchronization_id, side, issue_id, updated_at)
  SELECT $1::uuid, $2::uuid, $3::text, issue_id, ${timestamp('max(updated_at)')}
    FROM jsonb_to_recordset($4::jsonb) AS given (issue_id text, updated_at float8)
   GROUP BY issue_id
   ORDER BY issue_id
  ON CONFLICT (tenant_id, synchronization_id, side, issue_id) DO UPDATE
    SET updated_at = greatest(unpaired_look.updated_at, excluded.updated_at)`;

/** $3 epoch ms. */
const raiseMark = (side: Side): string => `
  UPDATE synchronization SET ${on(side, 'scanned_until')} = ${timestamp('$3')}
   WHERE tenant_id = $1 AND synchronization_id = $2 AND ${on(side, 'scanned_until')} < ${timestamp('$3')}`;

/** Side A is the owner's own site. */
const RUNNING_SINCE = `
  SELECT ${epochMs('running_since')} AS at
    FROM participation
   WHERE tenant_id = $1 AND owner_tenant_id = $1 AND synchronization_id = $2 AND side = 'A' AND running`;

const ITEMS_SINCE = `
  SELECT ${epochMs('items_since')} AS at FROM synchronization WHERE tenant_id = $1 AND synchronization_id = $2`;

/** $3 side that the changes came from, $4 since. A merged set (source null) was written on both sides. */
const COUNT_CARRIED = `
  SELECT count(*) AS carried
    FROM history
   WHERE tenant_id = $1 AND synchronization_id = $2 AND at >= ${timestamp('$4')}
     AND outcome IN ('applied', 'overwritten', 'created') AND (source = $3 OR source IS NULL)`;

/** $3 time, $4 how many. */
const COUNT_FOUND_LATE = `
  INSERT INTO found_late (tenant_id, synchronization_id, day, found)
  VALUES ($1, $2, (${timestamp('$3')} AT TIME ZONE 'UTC')::date, $4)
  ON CONFLICT (tenant_id, synchronization_id, day) DO UPDATE SET found = found_late.found + excluded.found`;

const LIST_FOUND_LATE = `
  SELECT to_char(day, 'YYYY-MM-DD') AS day, found
    FROM found_late
   WHERE tenant_id = $1 AND synchronization_id = $2
   ORDER BY found_late.day DESC
   LIMIT $3`;

const pairIdRow = z.object({ pair_id: id<PairId>() });
const lookRow = z.object({ issue_id: id<IssueId>(), updated_at: time });
const laneRow = z.object({ lane_key: z.string(), lane: z.enum(['idle', 'busy']) });
const atRow = z.object({ at: time });
const carriedRow = z.object({ carried: count });
const dayRow = z.object({ day: z.string(), found: count });

/** A piece with the pair that it is of: the row is read twice, since each of the two schemas keeps what it knows. */
const pairedPieceRow = z.looseObject({}).transform((row) => ({ ...pairIdRow.parse(row), piece: pieceRow.parse(row) }));

async function recall(
  database: Database,
  ...[tenantId, synchronizationId, side, issueIds]: Parameters<ScanMemory['recall']>
): ReturnType<ScanMemory['recall']> {
  const [pairs, looks] = await Promise.all([
    database.rows(recallPairs(side), [tenantId, synchronizationId, issueIds], pairRow),
    database.rows(RECALL_LOOKS, [tenantId, synchronizationId, side, issueIds], lookRow),
  ]);
  const pairOf = new Map(pairs.map((pair) => [pair.issueIds[side], pair]));
  const laneKeys = new Map(
    issueIds.map((issueId) => {
      const pair = pairOf.get(issueId);
      const origin = pair === undefined ? { side, issueId } : { side: pair.originSide, issueId: pair.issueIds[pair.originSide] };
      return [issueId, `${synchronizationId}:${origin.side}:${origin.issueId}`];
    }),
  );
  const [pieces, lanes] = await Promise.all([
    database.rows(RECALL_PIECES, [tenantId, pairs.map(({ pairId }) => pairId)], pairedPieceRow),
    database.rows(RECALL_LANES, [tenantId, [...laneKeys.values()]], laneRow),
  ]);
  const piecesOf = Map.groupBy(pieces, ({ pair_id }) => pair_id);
  const lookedAt = new Map(looks.map((look) => [look.issue_id, look.updated_at]));
  const laneOf = new Map(lanes.map(({ lane_key, lane }) => [lane_key, lane]));
  return new Map(
    issueIds.map((issueId): [IssueId, Remembered] => {
      const pair = pairOf.get(issueId) ?? null;
      const bases = pair === null ? [] : (piecesOf.get(pair.pairId) ?? []).map(({ piece }) => piece);
      return [
        issueId,
        {
          pair,
          pieces: new Map<Parameters<Remembered['pieces']['get']>[0], PieceBase>(bases),
          lookedAt: lookedAt.get(issueId) ?? null,
          lane: laneOf.get(laneKeys.get(issueId) ?? '') ?? 'none',
        },
      ];
    }),
  );
}

/** What scans remember, on Postgres. */
export const createScanMemory = (database: Database): ScanMemory => ({
  recall: (...asked) => recall(database, ...asked),

  async noteLooked(tenantId, synchronizationId, side, looked) {
    if (looked.length === 0) return;
    const given = looked.map(({ issueId, updatedAt }) => ({ issue_id: issueId, updated_at: updatedAt }));
    await database.execute(NOTE_LOOKED, [tenantId, synchronizationId, side, JSON.stringify(given)]);
  },
  async raiseMark(tenantId, synchronizationId, side, until) {
    await database.execute(raiseMark(side), [tenantId, synchronizationId, until]);
  },
  async runningSince(tenantId, synchronizationId) {
    const [found] = await database.rows(RUNNING_SINCE, [tenantId, synchronizationId], atRow);
    return found?.at ?? null;
  },
  async itemsSince(tenantId, synchronizationId) {
    const [found] = await database.rows(ITEMS_SINCE, [tenantId, synchronizationId], atRow);
    return found?.at ?? 0;
  },
  async countCarried(tenantId, synchronizationId, target, since) {
    const source = target === 'A' ? 'B' : 'A';
    const [found] = await database.rows(COUNT_CARRIED, [tenantId, synchronizationId, source, since], carriedRow);
    return found?.carried ?? 0;
  },
  async countFoundLate(tenantId, synchronizationId, at, found) {
    if (found > 0) await database.execute(COUNT_FOUND_LATE, [tenantId, synchronizationId, at, found]);
  },
  listFoundLate: (tenantId, synchronizationId, limit) =>
    database.rows(LIST_FOUND_LATE, [tenantId, synchronizationId, limit], dayRow),
});
