import type { TenantId } from '../core/ids.ts';
import type { Bind, Statements } from '../platform/database.ts';
import type { Claim, LaneEnd, LaneSubject } from '../sync/ports.ts';
import { CLAIMED, DROP, END_AGAIN, END_DONE, END_PARKED, END_WATCH, WAKE } from './lane-statements.ts';
import { writeToldEntry } from './told-entries.ts';

/** What a live change gets. */
export const LIVE = 0;
/** What scans and starts get: taken when no live change of that tenant is due. */
export const LATER = 1;

/** The lanes' part of the statement that ends a turn. Binds come after the five that every such statement has. */
interface Ending {
  readonly sql: string;
  readonly binds: readonly Bind[];
}

/** Null: the lane stays claimed. */
const endingOf = (claim: Claim, end: LaneEnd): Ending | null => {
  switch (end.kind) {
    case 'done':
      return { sql: END_DONE, binds: [claim.generation] };
    case 'watch':
      return { sql: END_WATCH, binds: [claim.generation, end.at] };
    case 'again':
      return { sql: END_AGAIN, binds: [end.at, end.attempt ? 1 : 0, claim.told.map(writeToldEntry)] };
    case 'parked':
      return { sql: END_PARKED, binds: [claim.generation, end.cause] };
    case 'continue':
      return null;
  }
};

/** Makes lanes dirty; those of items that have a pair are the pair's. */
export const wakeLanes = async (
  statements: Statements,
  tenantId: TenantId,
  subjects: readonly LaneSubject[],
  priority: typeof LIVE | typeof LATER,
): Promise<void> => {
  const given = subjects.map((one) => ({ synchronization_id: one.synchronizationId, side: one.side, issue_id: one.issueId }));
  await statements.execute(WAKE, [tenantId, JSON.stringify(given), priority]);
};

/** The lanes' part of the writes in which a turn ends, for the store of turns. */
export const turnLanes = {
  claimed: CLAIMED,
  ending: endingOf,
  async drop(statements: Statements, claim: Claim): Promise<void> {
    await statements.execute(DROP, [claim.tenantId, claim.laneKey]);
  },
  wake: (statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void> =>
    wakeLanes(statements, tenantId, subjects, LIVE),
};
