import { z } from 'zod';
import type { TenantId } from '../core/ids.ts';
import { count } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import { gather } from '../platform/gather.ts';
import type { Claim } from '../sync/ports.ts';

/** What a turn writes, as the statement takes it. */
export type TurnRows = Readonly<
  Record<'pair' | 'numbers' | 'pieces' | 'removed' | 'effects' | 'history' | 'kept', readonly object[]>
>;

/** One turn's part of a statement that turns share. */
export interface TurnWrite {
  readonly claim: Claim;
  readonly sql: string;
  /** Names `sql`: turns of a tenant share a statement if it is the same. */
  readonly kind: string;
  /** What the lane's end needs. */
  readonly values: object;
  readonly rows: Partial<TurnRows>;
}

/**
 * `held`: the claim counts. `ended`: this very claim was ended before, which happens when the answer to a commit was lost. `void`:
 * somebody else has the lane, or it is gone. `orphaned`: its synchronization is gone.
 */
export type Hold = 'held' | 'ended' | 'void' | 'orphaned';

/** As many as turns are taken at the same time. Their lanes are locked until the commit, so more would make deliveries wait. */
const MOST_AT_ONCE = 64;

const claimedRow = z
  .object({ n: count, ours: z.boolean(), leased: z.boolean(), has_synchronization: z.boolean() })
  .transform(({ n, ours, leased, has_synchronization }): { n: number; hold: Hold } => {
    if (!ours) return { n, hold: 'void' };
    if (!leased) return { n, hold: 'ended' };
    return { n, hold: has_synchronization ? 'held' : 'orphaned' };
  });

const turnRow = ({ claim, values }: TurnWrite, n: number) => ({
  n,
  lane_key: claim.laneKey,
  token: claim.token,
  synchronization_id: claim.subject.synchronizationId,
  ...values,
});

/** The rows of all turns by table, each with the number of its turn. */
const gatherRows = (writes: readonly TurnWrite[]): Partial<Record<keyof TurnRows, object[]>> => {
  const gathered: Partial<Record<keyof TurnRows, object[]>> = {};
  for (const [n, { rows }] of writes.entries()) {
    for (const [table, given] of Object.entries(rows) as [keyof TurnRows, readonly object[]][]) {
      if (given.length === 0) continue;
      gathered[table] ??= [];
      gathered[table].push(...given.map((row) => ({ n, ...row })));
    }
  }
  return gathered;
};

/** Writes what turns of one tenant leave behind, each if its claim counts. Answers in the order of `writes`, which share their `sql`. */
const writeTurns = async (
  statements: Statements,
  tenantId: TenantId,
  writes: readonly [TurnWrite, ...TurnWrite[]],
): Promise<readonly Hold[]> => {
  const given = [tenantId, JSON.stringify(writes.map(turnRow)), JSON.stringify(gatherRows(writes))];
  const claimed = await statements.rows(writes[0].sql, given, claimedRow);
  const holds = new Map(claimed.map(({ n, hold }) => [n, hold]));
  return writes.map((_, n) => holds.get(n) ?? 'void');
};

/** Writes one turn alone. */
export const writeTurn = async (statements: Statements, write: TurnWrite): Promise<Hold> => {
  const [hold] = await writeTurns(statements, write.claim.tenantId, [write]);
  return hold ?? 'void';
};

/** One statement, hence one commit, for all turns of a tenant that write the same way in the same moment. */
export const createTurnWrites = (database: Database): ((write: TurnWrite) => Promise<Hold>) =>
  gather<TurnWrite, Hold>({
    groupOf: ({ claim, kind }) => `${claim.tenantId} ${kind}`,
    most: MOST_AT_ONCE,
    async work([first, ...others]) {
      return first === undefined ? [] : writeTurns(database, first.claim.tenantId, [first, ...others]);
    },
  });
