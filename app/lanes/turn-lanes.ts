import { z } from 'zod';
import type { TenantId } from '../core/ids.ts';
import { count } from '../platform/columns.ts';
import type { Statements } from '../platform/database.ts';
import type { Claim, LaneEnd, LaneSubject } from '../sync/ports.ts';
import { DROP, END_AGAIN, END_DONE, END_PARKED, HOLD, WAKE } from './lane-statements.ts';

/** What a live change gets. */
export const LIVE = 0;
/** What scans and starts get: taken when no live change of that tenant is due. */
export const LATER = 1;

/**
 * `held`: the claim is good until the end of the transaction. `ended`: this very claim has been ended already.
 * `void`: somebody else has the lane, or it is gone. `orphaned`: the synchronization is gone; the lane has been dropped.
 */
export type Hold = 'held' | 'ended' | 'void' | 'orphaned';

const holdRow = z.object({ lease_token: count, leased: z.boolean(), has_synchronization: z.boolean() });

/** Looks whether a claim still counts, and keeps it so until the end of the transaction. */
const holdLane = async (statements: Statements, claim: Claim): Promise<Hold> => {
  const [lane] = await statements.rows(HOLD, [claim.tenantId, claim.laneKey], holdRow);
  if (lane === undefined || lane.lease_token !== claim.token) return 'void';
  if (!lane.leased) return 'ended';
  if (lane.has_synchronization) return 'held';
  await statements.execute(DROP, [claim.tenantId, claim.laneKey]);
  return 'orphaned';
};

const endLane = async (statements: Statements, claim: Claim, end: LaneEnd): Promise<void> => {
  const lane = [claim.tenantId, claim.laneKey];
  switch (end.kind) {
    case 'done':
      await statements.execute(END_DONE, [...lane, claim.generation]);
      return;
    case 'again':
      await statements.execute(END_AGAIN, [...lane, end.at, end.attempt ? 1 : 0]);
      return;
    case 'parked':
      await statements.execute(END_PARKED, [...lane, claim.generation, end.cause]);
      return;
    case 'continue':
      return;
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

/** The lanes' part of the transaction in which a turn ends, for the store of turns. */
export const turnLanes = {
  hold: holdLane,
  end: endLane,
  wake: (statements: Statements, tenantId: TenantId, subjects: readonly LaneSubject[]): Promise<void> =>
    wakeLanes(statements, tenantId, subjects, LIVE),
};
