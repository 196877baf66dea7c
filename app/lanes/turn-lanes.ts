import type { TenantId } from '../core/ids.ts';
import { WORKS, type Work } from '../core/spend-points.ts';
import type { Statements } from '../platform/database.ts';
import type { Claim, LaneEnd, LaneSubject, WokenSubject } from '../sync/ports.ts';
import { CLAIMED, DROP, END_AGAIN, END_DONE, END_PARKED, END_WATCH, WAKE } from './lane-statements.ts';
import { toldAgain, writeToldEntry } from './told-entries.ts';

/** The lanes' part of the statement that ends turns, and what it needs of each. */
interface Ending {
  readonly sql: string;
  readonly values: {
    readonly generation: number;
    readonly at?: number;
    readonly failed?: number;
    readonly yields?: boolean;
    readonly cause?: string;
    readonly told?: readonly string[];
  };
}

/** Null: the lane stays claimed. */
const endingOf = (claim: Claim, end: LaneEnd): Ending | null => {
  const { generation } = claim;
  switch (end.kind) {
    case 'done':
      return { sql: END_DONE, values: { generation } };
    case 'watch':
      return { sql: END_WATCH, values: { generation, at: end.at } };
    case 'again':
      return {
        sql: END_AGAIN,
        values: {
          generation,
          at: end.at,
          failed: end.attempt ? 1 : 0,
          yields: end.yields ?? false,
          told: toldAgain(claim).map(writeToldEntry),
        },
      };
    case 'parked':
      return { sql: END_PARKED, values: { generation, cause: end.cause } };
    case 'continue':
      return null;
  }
};

/** Makes lanes dirty; those of items that have a pair are the pair's. */
export const wakeLanes = async (
  statements: Statements,
  tenantId: TenantId,
  subjects: readonly WokenSubject[],
  work: Work,
): Promise<void> => {
  const given = subjects.map((one) => ({
    synchronization_id: one.synchronizationId,
    side: one.side,
    issue_id: one.issueId,
    sealed: one.sealed ?? null,
  }));
  await statements.execute(WAKE, [tenantId, JSON.stringify(given), WORKS.indexOf(work)]);
};

/** The lanes' part of the writes in which a turn ends, for the store of turns. */
export const turnLanes = {
  claimed: CLAIMED,
  ending: endingOf,
  async drop(statements: Statements, claim: Claim): Promise<void> {
    await statements.execute(DROP, [claim.tenantId, claim.laneKey]);
  },
  wake: (statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void> =>
    wakeLanes(statements, tenantId, subjects, 'edit'),
};
