import { z } from 'zod';
import type { CauseCode } from '../core/causes.ts';
import type { PieceKey, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, side, time, timestamp } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import type { OpenConflict, OpenConflicts } from '../sync/conflict-ports.ts';
import type { LaneSubject } from '../sync/ports.ts';
import { PAIR_COLUMNS, pairRow } from './turn-rows.ts';

const UNDECIDED: CauseCode = 'conflict-undecided';

/** The partial index of parked pieces serves both reads. */
const OPEN = `
  SELECT ${PAIR_COLUMNS}, c.piece_key, ${epochMs('c.parked_since')} AS since, c.decided
    FROM piece c
    JOIN pair p ON p.tenant_id = c.tenant_id AND p.pair_id = c.pair_id
   WHERE c.tenant_id = $1 AND c.synchronization_id = $2 AND c.parked_cause = '${UNDECIDED}'`;

const LIST = `${OPEN} ORDER BY c.parked_since DESC, c.pair_id, c.piece_key LIMIT $3`;
const READ = `${OPEN} AND c.pair_id = $3 AND c.piece_key = $4`;

/** $1 tenant, $2 pair, $3 piece, $4 since, $5 winner. The time names the question: another edit made it another one. */
const DECIDE = `
  UPDATE piece SET decided = $5
   WHERE tenant_id = $1 AND pair_id = $2 AND piece_key = $3 AND parked_cause = '${UNDECIDED}' AND parked_since = ${timestamp('$4')}`;

const conflictRow = z
  .looseObject({ piece_key: id<PieceKey>(), since: time, decided: side.nullable() })
  .transform((row): OpenConflict => ({ pair: pairRow.parse(row), piece: row.piece_key, since: row.since, decided: row.decided }));

export interface OpenConflictsParts {
  readonly database: Database;
  /** The lanes' own way to make a lane dirty within a transaction. */
  readonly lanes: { wake(statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void> };
  /** Called after a lane was woken. */
  readonly onWake: () => void;
}

/** Conflicts that wait for a person, on Postgres: parked pieces like others. */
export const createOpenConflicts = ({ database, lanes, onWake }: OpenConflictsParts): OpenConflicts => ({
  list: (tenantId, synchronizationId, limit) => database.rows(LIST, [tenantId, synchronizationId, limit], conflictRow),
  async read(tenantId, synchronizationId, pairId, piece) {
    if (!isUuid(pairId)) return null;
    const [found] = await database.rows(READ, [tenantId, synchronizationId, pairId, piece], conflictRow);
    return found ?? null;
  },
  async decide(tenantId, { pair, piece, since }, winner) {
    const { synchronizationId, originSide, issueIds } = pair;
    const decided = await database.transaction(async (statements) => {
      const written = await statements.execute(DECIDE, [tenantId, pair.pairId, piece, since, winner]);
      if (written > 0)
        await lanes.wake(statements, tenantId, [{ synchronizationId, side: originSide, issueId: issueIds[originSide] }]);
      return written > 0;
    });
    if (decided) onWake();
    return decided;
  },
});
