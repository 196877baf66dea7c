import type { ConnectionId, TenantId } from '../core/ids.ts';
import { APP, hourEnd, hourOf, NO_POINTS, type PointsByWork, type Work } from '../core/spend-points.ts';
import { accounts, type PoolName } from './quota-accounts.ts';
import type { Gate, PointsAddition, QuotaStore } from './quota-ports.ts';

/** How a site stands with Jira's hourly points and its limits; what all processes know, at most about a second old. */
export interface QuotaView {
  /** Whether the site has a quota of its own, or shares the app's with all others. */
  readonly pool: 'app' | 'site';
  /** Points an hour of that pool; null: Jira never told of a quota. */
  readonly budget: number | null;
  /** Spent of the pool in this hour. */
  readonly spent: PointsByWork;
  /** Spent on this site in this hour, by whosoever's synchronizations. */
  readonly spentHere: PointsByWork;
  /** Spent of the pool in this hour by synchronizations that this site owns, on whatever site. */
  readonly paid: PointsByWork;
  /** Epoch milliseconds. */
  readonly resetsAt: number;
  readonly closed: readonly ClosedGate[];
}

/** What waits at present. */
export interface ClosedGate {
  /** Null: all calls. */
  readonly endpoint: string | null;
  /** `held`: Jira would answer, but what is left is kept for more urgent work or for tenants that had less. */
  readonly reason: 'app' | 'site' | 'endpoint' | 'held';
  /** The work from which on it is held; null: all work. */
  readonly work: Work | null;
  readonly until: number;
}

/** For screens: reads the store alone, no call to Jira. */
export const createReadQuota =
  ({ store, clock }: { store: QuotaStore; clock: { now(): number } }) =>
  async (tenantId: TenantId, connectionId: ConnectionId): Promise<QuotaView> => {
    const now = clock.now();
    const [sizes, gates, own, app] = await Promise.all([
      store.readSizes(),
      store.readGates('all'),
      store.read(tenantId, hourOf(now)),
      store.read(APP.tenantId, hourOf(now)),
    ]);
    const sizeOf = (tenant: TenantId, connection: ConnectionId): number | null =>
      sizes.find((one) => one.tenantId === tenant && one.connectionId === connection)?.pointsPerHour ?? null;
    const ownSize = sizeOf(tenantId, connectionId);
    const pool: PoolName = ownSize === null ? 'app' : connectionId;
    const spentHere = pointsOf(own, accounts.site(connectionId));
    return {
      pool: ownSize === null ? 'app' : 'site',
      budget: ownSize ?? sizeOf(APP.tenantId, APP.connectionId),
      spent: ownSize === null ? pointsOf(app, accounts.app) : spentHere,
      spentHere,
      paid: pointsOf(own, accounts.paidInto(pool)),
      resetsAt: hourEnd(now),
      closed: gates
        .filter((gate) => gate.until > now && concerns(gate, tenantId, connectionId))
        .map(({ endpoint, scope, holdsFrom, until }) => ({
          endpoint: scope === 'endpoint' ? endpoint : null,
          reason: scope,
          work: scope === 'held' ? holdsFrom : null,
          until,
        })),
    };
  };

const pointsOf = (accountsOfTenant: readonly PointsAddition[], name: string): PointsByWork =>
  accountsOfTenant.find(({ account }) => account === name)?.points ?? NO_POINTS;

const concerns = (gate: Gate, tenantId: TenantId, connectionId: ConnectionId): boolean =>
  gate.tenantId === APP.tenantId || (gate.tenantId === tenantId && (gate.connectionId === connectionId || gate.scope === 'held'));
