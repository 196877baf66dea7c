import { z } from 'zod';
import type { IssueId, LaneKey, SynchronizationId, TenantId } from '../core/ids.ts';
import { count, id, side, time } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { Claim, Lanes } from '../sync/ports.ts';
import { COUNT, claim, dueTenants, NEXT_DUE_AT, RENEW, RESUME } from './lane-statements.ts';
import { readToldEntry } from './told-entries.ts';
import { LATER, wakeLanes } from './turn-lanes.ts';

const claimRow = z
  .object({
    tenant_id: id<TenantId>(),
    lane_key: id<LaneKey>(),
    synchronization_id: id<SynchronizationId>(),
    side,
    issue_id: id<IssueId>(),
    gen: count,
    lease_token: count,
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
      attempts: row.attempts,
      leaseUntil: row.lease_until,
      told: row.told.map(readToldEntry),
    }),
  );

const tenantRow = z.object({ tenant_id: id<TenantId>() });
const renewedRow = z.object({ tenant_id: z.string(), lane_key: z.string() });
const nextRow = z.object({ at: time.nullable() });
const countRow = z.object({ due: count, waiting: count, leased: count, parked: count, watched: count });

const FIRST_TENANT = '00000000-0000-0000-0000-000000000000';

/**
 * Goes round over tenants: each call begins after the tenant where the last one ended, and every tenant with due lanes gets
 * an equal share of what is asked for before anybody gets more.
 */
const createClaiming = (database: Database): Lanes['claim'] => {
  let lastServed = FIRST_TENANT;

  return async (limit, leaseMs) => {
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const missing = limit - claims.length;
      const tenants = await database.rows(dueTenants(missing), [lastServed], tenantRow);
      const share = Math.floor(missing / Math.max(1, tenants.length));
      // Tenant by tenant, so that on a distributed database each statement stays on one node.
      const shares = await Promise.all(
        tenants.map(({ tenant_id }) => database.rows(claim(share), [tenant_id, leaseMs], claimRow)),
      );
      lastServed = tenants.at(-1)?.tenant_id ?? lastServed;
      claims.push(...shares.flat());
      // Every tenant was asked, and had less than its share: what is left, if anything, is in the hands of others.
      const exhausted = tenants.length < missing && shares.every((found) => found.length < share);
      if (exhausted || shares.every((found) => found.length === 0)) break;
    }
    return claims;
  };
};

/** The lanes on Postgres. `onWake` is called after lanes became due, so that a worker in this process need not wait for its poll. */
export const createLanes = ({ database, onWake }: { database: Database; onWake: () => void }): Lanes => ({
  claim: createClaiming(database),
  async renew(claims, leaseMs) {
    if (claims.length === 0) return [];
    const held = claims.map((one) => ({ tenant_id: one.tenantId, lane_key: one.laneKey, token: one.token }));
    const renewed = await database.rows(RENEW, [JSON.stringify(held), leaseMs], renewedRow);
    const ours = new Set(renewed.map((row) => `${row.tenant_id} ${row.lane_key}`));
    return claims.filter((one) => ours.has(`${one.tenantId} ${one.laneKey}`));
  },
  async wake(tenantId, subjects) {
    if (subjects.length === 0) return;
    await wakeLanes(database, tenantId, subjects, LATER);
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
});
