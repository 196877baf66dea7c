import { z } from 'zod';
import type { IssueId, PieceKey, TenantId } from '../core/ids.ts';
import type { PieceBase } from '../core/piece.ts';
import { SIDES } from '../core/side.ts';
import { count, isUuid, time } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import type { MakeId } from '../platform/ids.ts';
import type {
  Claim,
  Effect,
  Fenced,
  HistoryLine,
  LaneEnd,
  LaneMemory,
  LaneSubject,
  Pair,
  TurnRecord,
  TurnStore,
} from '../sync/ports.ts';
import { READ as READ_SYNCHRONIZATION, synchronizationRow } from './synchronization-rows.ts';
import { effectRow, effectToRow, historyRow, historyToRow, pairRow, pieceRow, pieceToRow } from './turn-rows.ts';
import {
  LIST_HISTORY,
  RAISE_NUMBER,
  READ_EFFECT,
  READ_HIGHEST_NUMBER,
  READ_OPEN_EFFECTS,
  READ_PAIR,
  READ_PIECES,
  READ_SEEN,
  READ_STANDING,
  REMOVE_PIECES,
  WRITE_EFFECTS,
  WRITE_HISTORY,
  WRITE_PAIR,
  WRITE_PIECES,
} from './turn-statements.ts';

/** The lanes' part of the transaction in which a turn ends. Joined to app/lanes by app/compose.ts. */
export interface TurnLanes {
  /**
   * Whether a claim still counts; it then does until the end of the transaction. `ended`: this very claim was ended before, which
   * happens when the answer to a commit was lost. `orphaned`: its synchronization is gone, and now the lane is too.
   */
  hold(statements: Statements, claim: Claim): Promise<'held' | 'ended' | 'void' | 'orphaned'>;
  wake(statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void>;
  end(statements: Statements, claim: Claim, end: LaneEnd): Promise<void>;
}

export interface TurnStoreParts {
  readonly database: Database;
  readonly lanes: TurnLanes;
  readonly makeId: MakeId;
  /** Called after a turn woke lanes. */
  readonly onWake: () => void;
}

const highestRow = z.object({ highest: count });
const standingRow = z
  .object({ parked: count, last_activity_at: time.nullable() })
  .transform((row) => ({ parked: row.parked, lastActivityAt: row.last_activity_at }));

const readPair = async (statements: Statements, { tenantId, subject }: Claim): Promise<Pair | null> => {
  const [pair] = await statements.rows(READ_PAIR[subject.side], [tenantId, subject.synchronizationId, subject.issueId], pairRow);
  return pair ?? null;
};

const writePair = async (statements: Statements, pair: Pair): Promise<void> => {
  await statements.execute(WRITE_PAIR, [
    pair.tenantId,
    pair.pairId,
    pair.synchronizationId,
    pair.originSide,
    pair.issueIds.A,
    pair.issueIds.B,
    pair.issueKeys.A,
    pair.issueKeys.B,
    pair.seenAt.A,
    pair.seenAt.B,
  ]);
  for (const side of SIDES) {
    const key = /^(.+)-(\d{1,9})$/.exec(pair.issueKeys[side]);
    if (key === null) continue;
    const [, projectKey = '', number] = key;
    await statements.execute(RAISE_NUMBER, [pair.tenantId, pair.synchronizationId, side, projectKey, Number(number)]);
  }
};

const writePieces = async (statements: Statements, pair: Pair, pieces: TurnRecord['pieces']): Promise<void> => {
  const kept = [...pieces].filter((piece): piece is [PieceKey, PieceBase] => piece[1] !== null);
  const removed = [...pieces].filter(([, base]) => base === null).map(([key]) => key);
  if (kept.length > 0) {
    const rows = JSON.stringify(kept.map(pieceToRow));
    await statements.execute(WRITE_PIECES, [pair.tenantId, pair.pairId, pair.synchronizationId, rows]);
  }
  if (removed.length > 0) await statements.execute(REMOVE_PIECES, [pair.tenantId, pair.pairId, removed]);
};

const writeEffects = async (statements: Statements, claim: Claim, effects: readonly Effect[]): Promise<void> => {
  if (effects.length === 0) return;
  const rows = JSON.stringify(effects.map(effectToRow));
  await statements.execute(WRITE_EFFECTS, [claim.tenantId, claim.laneKey, claim.subject.synchronizationId, rows]);
};

/** History lines with the ids under which they are stored once, however often the transaction is tried. */
const numbered = (history: readonly HistoryLine[], makeId: MakeId) =>
  history.map((line, place) => ({ history_id: makeId(), line: place, ...historyToRow(line) }));

const writeRecord = async (
  statements: Statements,
  claim: Claim,
  record: TurnRecord,
  history: ReturnType<typeof numbered>,
): Promise<void> => {
  const { tenantId, subject } = claim;
  if (record.pair !== null) await writePair(statements, record.pair);
  if (record.pieces.size > 0) {
    const pair = record.pair ?? (await readPair(statements, claim));
    if (pair === null) throw new Error(`A turn of lane ${claim.laneKey} records pieces without a pair.`);
    await writePieces(statements, pair, record.pieces);
  }
  await writeEffects(statements, claim, record.effects);
  if (history.length > 0) await statements.execute(WRITE_HISTORY, [tenantId, subject.synchronizationId, JSON.stringify(history)]);
};

/** Turns on Postgres. */
export const createTurnStore = ({ database, lanes, makeId, onWake }: TurnStoreParts): TurnStore => ({
  async read(claim): Promise<LaneMemory | null> {
    const { tenantId, laneKey, subject } = claim;
    const [[synchronization], pair, openEffects] = await Promise.all([
      database.rows(READ_SYNCHRONIZATION, [tenantId, subject.synchronizationId], synchronizationRow),
      readPair(database, claim),
      database.rows(READ_OPEN_EFFECTS, [tenantId, laneKey], effectRow),
    ]);
    if (synchronization === undefined) return null;
    const pieces = pair === null ? [] : await database.rows(READ_PIECES, [tenantId, pair.pairId], pieceRow);
    return { synchronization, pair, pieces: new Map(pieces), openEffects };
  },

  intend: (claim, effects) =>
    database.transaction(async (statements): Promise<Fenced> => {
      if ((await lanes.hold(statements, claim)) !== 'held') return 'fenced';
      await writeEffects(statements, claim, effects);
      return 'written';
    }),

  async highestNumber(tenantId, synchronizationId, side) {
    const [found] = await database.rows(READ_HIGHEST_NUMBER, [tenantId, synchronizationId, side], highestRow);
    return found?.highest ?? 0;
  },

  async readEffect(tenantId, effectId) {
    if (!isUuid(effectId)) return null;
    const [found] = await database.rows(READ_EFFECT, [tenantId, effectId], effectRow);
    return found ?? null;
  },

  async complete(claim, record) {
    const history = numbered(record.history, makeId);
    const outcome = await database.transaction(async (statements): Promise<Fenced> => {
      const hold = await lanes.hold(statements, claim);
      if (hold === 'void') return 'fenced';
      if (hold === 'ended') return record.end.kind === 'continue' ? 'fenced' : 'written';
      if (hold === 'orphaned') return 'written';
      await writeRecord(statements, claim, record, history);
      if (record.wake.length > 0) await lanes.wake(statements, claim.tenantId, record.wake);
      await lanes.end(statements, claim, record.end);
      return 'written';
    });
    if (outcome === 'written' && record.wake.length > 0) onWake();
    return outcome;
  },

  listHistory: (tenantId, synchronizationId, limit) =>
    database.rows(LIST_HISTORY, [tenantId, synchronizationId, limit], historyRow),

  async seenAt(tenantId, synchronizationId, side, issueIds) {
    const pairs = await database.rows(READ_SEEN[side], [tenantId, synchronizationId, issueIds], pairRow);
    return new Map(pairs.map((pair): [IssueId, number] => [pair.issueIds[side], pair.seenAt[side]]));
  },

  async readStanding(tenantId, synchronizationId) {
    const [standing] = await database.rows(READ_STANDING, [tenantId, synchronizationId], standingRow);
    return standing ?? { parked: 0, lastActivityAt: null };
  },
});
