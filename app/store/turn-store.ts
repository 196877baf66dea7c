import { z } from 'zod';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { SIDES, type Side } from '../core/side.ts';
import { count, isUuid, time } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import { gather } from '../platform/gather.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Claim, Fenced, LaneEnd, LaneSubject, Pair, TurnRecord, TurnStore } from '../sync/ports.ts';
import { createMemories } from './turn-memories.ts';
import { effectRow, effectToRow, historyRow, historyToRow, keptToRow, pairRow, pairToRow, pieceToRow } from './turn-rows.ts';
import {
  complete,
  IS_MAKING_ITEMS,
  intend,
  LIST_HISTORY,
  READ_EFFECT,
  READ_HIGHEST_NUMBER,
  READ_PAIR,
  READ_STANDING,
} from './turn-statements.ts';
import { createTurnWrites, type TurnRows, type TurnWrite, writeTurn } from './turn-writes.ts';

/** The lanes' part of the writes in which turns end. Joined to app/lanes by app/compose.ts. */
export interface TurnLanes {
  /** SQL: `n`, `ours`, `leased`, `has_synchronization` for each row of `turn` (n, lane_key, token), whose lanes it locks. $1 tenant. */
  readonly claimed: string;
  /** SQL that ends the lanes that have a row in `held`, with the columns of `values`; null when the lane stays claimed. */
  ending(claim: Claim, end: LaneEnd): { readonly sql: string; readonly values: object } | null;
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

const makingRow = z.object({ making: z.boolean() });
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
  if (record.pair !== null || record.pieces.size + record.kept.length === 0) return record.pair;
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

/** Lines and values come numbered, so that they are stored once, however often the statement is tried. */
const rowsOf = (record: TurnRecord, pair: Pair | null, makeId: MakeId): TurnRows => ({
  pair: record.pair === null ? [] : [pairToRow(record.pair)],
  numbers: record.pair === null ? [] : numbersOf(record.pair),
  pieces: [...record.pieces].flatMap(([key, base]) =>
    base === null ? [] : [{ pair_id: pair?.pairId, ...pieceToRow([key, base]) }],
  ),
  removed: [...record.pieces].flatMap(([key, base]) => (base === null ? [{ pair_id: pair?.pairId, piece_key: key }] : [])),
  effects: record.effects.map(effectToRow),
  history: record.history.map((line, place) => ({ history_id: makeId(), line: place, ...historyToRow(line) })),
  kept: record.kept.map((kept) => ({ kept_id: makeId(), pair_id: pair?.pairId, ...keptToRow(kept) })),
});

type AskAboutSide<Answer> = (tenantId: TenantId, synchronizationId: SynchronizationId, side: Side) => Promise<Answer>;

const MOST_AT_ONCE = 64;

/** Turns that ask the same in the same moment get one answer, which is no older than any of their questions. */
const askTogether = <Answer>(ask: AskAboutSide<Answer>): AskAboutSide<Answer> => {
  const gathered = gather<Parameters<AskAboutSide<Answer>>, Answer>({
    groupOf: (about) => about.join(' '),
    most: MOST_AT_ONCE,
    async work(asked) {
      const [about] = asked;
      const answer = about === undefined ? [] : [await ask(...about)];
      return asked.flatMap(() => answer);
    },
  });
  return (...about) => gathered(about);
};

/** Each way to end a turn has a statement of its own, put together once. */
const createEndings = (lanes: TurnLanes) => {
  const known = new Map<string, string>();
  return (claim: Claim, { end, kept }: TurnRecord): Pick<TurnWrite, 'sql' | 'kind' | 'values'> => {
    const ending = lanes.ending(claim, end);
    const kind = kept.length > 0 ? `${end.kind}, kept` : end.kind;
    const sql = known.get(kind) ?? complete(lanes.claimed, ending?.sql ?? null, kept.length > 0);
    known.set(kind, sql);
    return { sql, kind, values: ending?.values ?? {} };
  };
};

/** Turns on Postgres. */
export const createTurnStore = ({ database, lanes, makeId, onWake }: TurnStoreParts): TurnStore => {
  const endingOf = createEndings(lanes);
  const fieldWrites = { sql: intend(lanes.claimed, false), kind: 'intend field writes', values: {} };
  const intents = { sql: intend(lanes.claimed, true), kind: 'intend', values: {} };
  const writeGathered = createTurnWrites(database);
  return {
    read: createMemories(database),

    async intend(claim, effects) {
      const statement = effects.every(({ kind }) => kind === 'write-fields') ? fieldWrites : intents;
      const hold = await writeGathered({ claim, ...statement, rows: { effects: effects.map(effectToRow) } });
      if (hold === 'orphaned') await lanes.drop(database, claim);
      return hold === 'held' ? 'written' : 'fenced';
    },

    highestNumber: askTogether(async (tenantId, synchronizationId, side) => {
      const [found] = await database.rows(READ_HIGHEST_NUMBER, [tenantId, synchronizationId, side], highestRow);
      return found?.highest ?? 0;
    }),

    isMakingItems: askTogether(async (tenantId, synchronizationId, side) => {
      const [found] = await database.rows(IS_MAKING_ITEMS, [tenantId, synchronizationId, side], makingRow);
      return found?.making ?? false;
    }),

    async readEffect(tenantId, effectId) {
      if (!isUuid(effectId)) return null;
      const [found] = await database.rows(READ_EFFECT, [tenantId, effectId], effectRow);
      return found ?? null;
    },

    async complete(claim, record): Promise<Fenced> {
      const pair = await pairOf(database, claim, record);
      const write = { claim, ...endingOf(claim, record), rows: rowsOf(record, pair, makeId) };
      const hold = await (record.wake.length === 0
        ? writeGathered(write)
        : database.transaction(async (statements) => {
            const held = await writeTurn(statements, write);
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

    async readStanding(tenantId, synchronizationId) {
      const [standing] = await database.rows(READ_STANDING, [tenantId, synchronizationId], standingRow);
      return standing ?? { parked: 0, lastActivityAt: null };
    },
  };
};
