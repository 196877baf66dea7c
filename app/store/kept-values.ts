import { z } from 'zod';
import type { CommentId, KeptId, PieceKey } from '../core/ids.ts';
import { epochMs, id, isUuid, side, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { MakeId } from '../platform/ids.ts';
import type { KeptEntry, KeptValues } from '../sync/conflict-ports.ts';
import type { Pair } from '../sync/ports.ts';
import { historyToRow, PAIR_COLUMNS, pairRow } from './turn-rows.ts';

const ENTRY_COLUMNS = `
  ${PAIR_COLUMNS}, k.kept_id, k.piece_key, k.side, ${epochMs('k.kept_at')} AS kept_at, ${epochMs('k.until')} AS until,
  CASE k.side WHEN 'A' THEN c.a_comment_id ELSE c.b_comment_id END AS comment_id`;

const FROM_KEPT = `
  FROM kept_value k
  JOIN pair p ON p.tenant_id = k.tenant_id AND p.pair_id = k.pair_id
  LEFT JOIN piece c ON c.tenant_id = k.tenant_id AND c.pair_id = k.pair_id AND c.piece_key = k.piece_key`;

/** $1 tenant, $2 synchronization, $3 now, $4 limit. */
const LIST = `
  SELECT ${ENTRY_COLUMNS} ${FROM_KEPT}
   WHERE k.tenant_id = $1 AND k.synchronization_id = $2 AND k.until > ${timestamp('$3')}
   ORDER BY k.kept_at DESC, k.kept_id
   LIMIT $4`;

/** $1 tenant, $2 synchronization, $3 now, $4 kept value. */
const READ = `
  SELECT ${ENTRY_COLUMNS}, k.sealed ${FROM_KEPT}
   WHERE k.tenant_id = $1 AND k.synchronization_id = $2 AND k.until > ${timestamp('$3')} AND k.kept_id = $4`;

/** $1 tenant, $2 kept value, $3 now, $4 until when. */
const RESERVE = `
  UPDATE kept_value SET reserved_until = ${timestamp('$4')}
   WHERE tenant_id = $1 AND kept_id = $2 AND until > ${timestamp('$3')}
     AND (reserved_until IS NULL OR reserved_until <= ${timestamp('$3')})`;

const RELEASE = 'UPDATE kept_value SET reserved_until = NULL WHERE tenant_id = $1 AND kept_id = $2';

/** $1 tenant, $2 kept value, $3 synchronization, $4 the history line, $5 its id. A second time writes nothing. */
const FINISH = `
  WITH gone AS (
    DELETE FROM kept_value WHERE tenant_id = $1::uuid AND kept_id = $2::uuid AND synchronization_id = $3::uuid RETURNING 1 AS yes
  )
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause)
  SELECT $1::uuid, $3::uuid, $5::uuid, 0, ${timestamp('given.at')}, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause
    FROM gone, jsonb_to_record($4::jsonb)
      AS given (at float8, pair_id uuid, a_issue_key text, b_issue_key text, piece_key text, outcome text, source text, cause text)
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;

const ownColumns = z.object({
  kept_id: id<KeptId>(),
  piece_key: id<PieceKey>(),
  side,
  comment_id: id<CommentId>().nullable(),
  kept_at: time,
  until: time,
});

const toEntry = (pair: Pair, row: z.output<typeof ownColumns>): KeptEntry => ({
  keptId: row.kept_id,
  pair,
  piece: row.piece_key,
  side: row.side,
  commentId: row.comment_id,
  keptAt: row.kept_at,
  until: row.until,
});

const entryRow = z.looseObject({}).transform((row): KeptEntry => toEntry(pairRow.parse(row), ownColumns.parse(row)));
const sealedRow = z
  .looseObject({ sealed: z.string() })
  .transform((row) => ({ ...toEntry(pairRow.parse(row), ownColumns.parse(row)), sealed: row.sealed }));

/** Kept values on Postgres. They are written with the turn in which they lost (turn-statements.ts). */
export const createKeptValues = ({ database, makeId }: { database: Database; makeId: MakeId }): KeptValues => ({
  list: (tenantId, synchronizationId, at, limit) => database.rows(LIST, [tenantId, synchronizationId, at, limit], entryRow),
  async read(tenantId, synchronizationId, keptId, at) {
    if (!isUuid(keptId)) return null;
    const [found] = await database.rows(READ, [tenantId, synchronizationId, at, keptId], sealedRow);
    return found ?? null;
  },
  async reserve(tenantId, keptId, at, until) {
    return (await database.execute(RESERVE, [tenantId, keptId, at, until])) > 0;
  },
  async release(tenantId, keptId) {
    await database.execute(RELEASE, [tenantId, keptId]);
  },
  async finish(tenantId, synchronizationId, keptId, line) {
    await database.execute(FINISH, [tenantId, keptId, synchronizationId, JSON.stringify(historyToRow(line)), makeId()]);
  },
});
