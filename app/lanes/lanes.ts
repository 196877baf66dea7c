import { z } from 'zod';
import type { IssueId, LaneKey, SynchronizationId, TenantId } from '../core/ids.ts';
import { APP, WORKS, type Work } from '../core/spend-points.ts';
import { count, id, side, time } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { Claim, Lanes } from '../sync/ports.ts';
import { CLAIM, COUNT, DUE_WORK, NEXT_DUE_AT, RENEW, RESUME } from './lane-statements.ts';
import { createTurnShares, keptAfter, type TurnShares } from './share-turns.ts';
import { readToldEntry } from './told-entries.ts';
import { wakeLanes } from './turn-lanes.ts';

/** A lane's priority is the place of its work in `WORKS`. */
const priority = z.number().transform((place): Work => WORKS[place] ?? 'edit');

const claimRow = z
  .object({
    tenant_id: id<TenantId>(),
    lane_key: id<LaneKey>(),
    synchronization_id: id<SynchronizationId>(),
    side,
    issue_id: id<IssueId>(),
    gen: count,
    lease_token: count,
    priority,
    attempts: count,
    lease_until: time,
    told: z.array(z.string()),
  })
  .transform(
    (row): Claim => ({
      tenantId: row.tenant_id,
      laneKey: row.lane_key,
      subject: { synchronizationId: row.synchronization_id, side: row.side, issueId: row.issue_id },
      generation: row.gen,
      token: row.lease_token,
      work: row.priority,
      attempts: row.attempts,
      leaseUntil: row.lease_until,
      told: row.told.map(readToldEntry),
    }),
  );

const dueRow = z.object({ tenant_id: id<TenantId>(), priority });
const renewedRow = z.object({ tenant_id: z.string(), lane_key: z.string() });
const nextRow = z.object({ at: time.nullable() });
const countRow = z.object({ due: count, waiting: count, leased: count, parked: count, watched: count });

/** Kinds of work a tenant can have due: so many more rows are read, so that a tenant comes with all of its. */
const MOST_KINDS = WORKS.length;

/** Goes round over tenants: each look begins behind the tenant that was served last, and {@link TurnShares} says who gets how much. */
const createClaiming =
  (database: Database, shares: TurnShares): Lanes['claim'] =>
  async (limit, leaseMs, kept) => {
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const missing = limit - claims.length;
      // Those who have enough may stand before those that the kept hands are for, each with every kind of work.
      const looked = missing + MOST_KINDS - 1 + (kept?.inHand.size ?? 0) * MOST_KINDS;
      const due = await database.rows(DUE_WORK, [shares.last() ?? APP.tenantId, looked], dueRow);
      const allotted = shares.allot(
        missing,
        due.map((row) => ({ tenantId: row.tenant_id, work: row.priority })),
        kept === undefined ? undefined : keptAfter(kept, claims),
      );
      // Tenant by tenant, so that on a distributed database each statement stays on one node.
      const found = await Promise.all(
        allotted.map(({ tenantId, work, lanes }) =>
          database.rows(CLAIM, [tenantId, leaseMs, WORKS.indexOf(work), lanes], claimRow),
        ),
      );
      claims.push(...found.flat());
      if (found.every((some) => some.length === 0)) break;
      const got = allotted.map(({ lanes }, place) => ({ all: found[place]?.length === lanes, lanes }));
      // Everything due was asked for, and was less than its share: what is left, if anything, is in the hands of others.
      const exhausted = due.length === allotted.length && got.every(({ all }) => !all);
      // All got their share, and the hands that were left over are kept: those whom they are for have nothing due.
      const denied = got.every(({ all }) => all) && got.reduce((sum, { lanes }) => sum + lanes, 0) < missing;
      if (due.length < looked && (exhausted || denied)) break;
    }
    return claims;
  };

/** The lanes on Postgres. `onWake` is called after lanes became due, so that a worker in this process need not wait for its poll. */
export const createLanes = ({ database, onWake }: { database: Database; onWake: () => void }): Lanes => {
  const shares = createTurnShares();
  return {
    claim: createClaiming(database, shares),
    turnTook: shares.took,
    async renew(claims, leaseMs) {
      if (claims.length === 0) return [];
      const held = claims.map((one) => ({ tenant_id: one.tenantId, lane_key: one.laneKey, token: one.token }));
      const renewed = await database.rows(RENEW, [JSON.stringify(held), leaseMs], renewedRow);
      const ours = new Set(renewed.map((row) => `${row.tenant_id} ${row.lane_key}`));
      return claims.filter((one) => ours.has(`${one.tenantId} ${one.laneKey}`));
    },
    async wake(tenantId, subjects, work = 'repair') {
      if (subjects.length === 0) return;
      await wakeLanes(database, tenantId, subjects, work);
      onWake();
    },
    async resume(tenantId, synchronizationId) {
      const resumed = await database.execute(RESUME, [tenantId, synchronizationId]);
      if (resumed > 0) onWake();
    },
    async nextDueAt() {
      const [next] = await database.rows(NEXT_DUE_AT, [], nextRow);
      return next?.at ?? null;
    },
    async count() {
      const [counted] = await database.rows(COUNT, [], countRow);
      return counted ?? { due: 0, waiting: 0, leased: 0, parked: 0, watched: 0 };
    },
  };
};
