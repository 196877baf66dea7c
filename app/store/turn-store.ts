import { z } from 'zod';
import type { IssueId, TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import { count, isUuid, time } from '../platform/columns.ts';
import type { Bind, Database, Statements } from '../platform/database.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Claim, Fenced, HistoryLine, LaneEnd, LaneMemory, LaneSubject, Pair, TurnRecord, TurnStore } from '../sync/ports.ts';
import { READ as READ_SYNCHRONIZATION, synchronizationRow } from './synchronization-rows.ts';
import { effectRow, effectToRow, historyRow, historyToRow, pairRow, pairToRow, pieceRow, pieceToRow } from './turn-rows.ts';
import {
  complete,
  intend,
  LIST_HISTORY,
  READ_EFFECT,
  READ_HIGHEST_NUMBER,
  READ_OPEN_EFFECTS,
  READ_PAIR,
  READ_PIECES,
  READ_SEEN,
  READ_STANDING,
} from './turn-statements.ts';

/** The lanes' part of the writes in which a turn ends. Joined to app/lanes by app/compose.ts. */
export interface TurnLanes {
  /** SQL: `ours`, `leased`, `has_synchronization` of the lane, which it locks. $1 tenant, $2 lane, $3 token. */
  readonly claimed: string;
  /** SQL that ends the lane if `held` has a row, with its binds from $6 on; null when the lane stays claimed. */
  ending(claim: Claim, end: LaneEnd): { readonly sql: string; readonly binds: readonly Bind[] } | null;
  /** Its synchronization is gone, and so shall be the lane. */
  drop(statements: Statements, claim: Claim): Promise<void>;
  wake(statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void>;
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

/** The pair that a turn's pieces belong to. */
const pairOf = async (statements: Statements, claim: Claim, record: TurnRecord): Promise<Pair | null> => {
  if (record.pair !== null || record.pieces.size === 0) return record.pair;
  const pair = await readPair(statements, claim);
  if (pair === null) throw new Error(`A turn of lane ${claim.laneKey} records pieces without a pair.`);
  return pair;
};

/** The numbers of the items of a pair, by side and space. */
const numbersOf = (pair: Pair) =>
  SIDES.flatMap((side) => {
    const key = /^(.+)-(\d{1,9})$/.exec(pair.issueKeys[side]);
    return key === null ? [] : [{ side, project_key: key[1], number: Number(key[2]) }];
  });

/** What a turn writes, as the statement takes it. */
type TurnRows = Readonly<Record<'pair' | 'numbers' | 'pieces' | 'removed' | 'effects' | 'history', readonly object[]>>;

const rowsOf = (record: TurnRecord, pair: Pair | null, history: TurnRows['history']): TurnRows => ({
  pair: record.pair === null ? [] : [pairToRow(record.pair)],
  numbers: record.pair === null ? [] : numbersOf(record.pair),
  pieces: [...record.pieces].flatMap(([key, base]) =>
    base === null ? [] : [{ pair_id: pair?.pairId, ...pieceToRow([key, base]) }],
  ),
  removed: [...record.pieces].flatMap(([key, base]) => (base === null ? [{ pair_id: pair?.pairId, piece_key: key }] : [])),
  effects: record.effects.map(effectToRow),
  history,
});

/** History lines with the ids under which they are stored once, however often the statement is tried. */
const numbered = (history: readonly HistoryLine[], makeId: MakeId): TurnRows['history'] =>
  history.map((line, place) => ({ history_id: makeId(), line: place, ...historyToRow(line) }));

/**
 * `held`: the claim counts. `ended`: this very claim was ended before, which happens when the answer to a commit was lost. `void`:
 * somebody else has the lane, or it is gone. `orphaned`: its synchronization is gone.
 */
type Hold = 'held' | 'ended' | 'void' | 'orphaned';

const claimedRow = z
  .object({ ours: z.boolean(), leased: z.boolean(), has_synchronization: z.boolean() })
  .transform(({ ours, leased, has_synchronization }): Hold => {
    if (!ours) return 'void';
    if (!leased) return 'ended';
    return has_synchronization ? 'held' : 'orphaned';
  });

/** Writes what a turn leaves behind if its claim counts. */
const write = async (
  statements: Statements,
  claim: Claim,
  sql: string,
  rows: Partial<TurnRows>,
  binds: readonly Bind[] = [],
): Promise<Hold> => {
  const { tenantId, laneKey, token, subject } = claim;
  const given = [tenantId, laneKey, token, subject.synchronizationId, JSON.stringify(rows), ...binds];
  const [hold] = await statements.rows(sql, given, claimedRow);
  return hold ?? 'void';
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

  async intend(claim, effects) {
    const hold = await write(database, claim, intend(lanes.claimed), { effects: effects.map(effectToRow) });
    if (hold === 'orphaned') await lanes.drop(database, claim);
    return hold === 'held' ? 'written' : 'fenced';
  },

  async highestNumber(tenantId, synchronizationId, side) {
    const [found] = await database.rows(READ_HIGHEST_NUMBER, [tenantId, synchronizationId, side], highestRow);
    return found?.highest ?? 0;
  },

  async readEffect(tenantId, effectId) {
    if (!isUuid(effectId)) return null;
    const [found] = await database.rows(READ_EFFECT, [tenantId, effectId], effectRow);
    return found ?? null;
  },

  async complete(claim, record): Promise<Fenced> {
    const history = numbered(record.history, makeId);
    const pair = await pairOf(database, claim, record);
    const ending = lanes.ending(claim, record.end);
    const sql = complete(lanes.claimed, ending?.sql ?? null);
    const rows = rowsOf(record, pair, history);
    const writeIn = (statements: Statements): Promise<Hold> => write(statements, claim, sql, rows, ending?.binds);
    const hold = await (record.wake.length === 0
      ? writeIn(database)
      : database.transaction(async (statements) => {
          const held = await writeIn(statements);
          if (held === 'held') await lanes.wake(statements, claim.tenantId, record.wake);
          return held;
        }));
    if (hold === 'held' && record.wake.length > 0) onWake();
    if (hold === 'orphaned') await lanes.drop(database, claim);
    if (hold === 'ended') return record.end.kind === 'continue' ? 'fenced' : 'written';
    return hold === 'void' ? 'fenced' : 'written';
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
