import type { ConnectionId, TenantId } from '../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { hourEnd, hourOf, NO_POINTS, type PointsByWork, type Work } from '../core/spend-points.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Gate, PointsAddition, QuotaStore } from './ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP, accounts, type PoolName } from './quota-accounts.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** How a site stands with Jira's hourly points and its limits; what all processes know, at most about a second old. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface QuotaView {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Whether the site has a quota of its own, or shares the app's with all others. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly pool: 'app' | 'site';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Points an hour of that pool; null: Jira never told of a quota. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly budget: number | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Spent of the pool in this hour. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly spent: PointsByWork;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Spent on this site in this hour, by whosoever's synchronizations. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly spentHere: PointsByWork;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Spent of the pool in this hour by synchronizations that this site owns, on whatever site. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly paid: PointsByWork;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Epoch milliseconds. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly resetsAt: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly closed: readonly ClosedGate[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What waits at present. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface ClosedGate {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Null: all calls. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly endpoint: string | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** `held`: Jira would answer, but what is left is kept for more urgent work or for tenants that had less. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly reason: 'app' | 'site' | 'endpoint' | 'held';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The work from which on it is held; null: all work. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly work: Work | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly until: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** For screens: reads the store alone, no call to Jira. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export const createReadQuota =
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ({ store, clock }: { store: QuotaStore; clock: { now(): number } }) =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  async (tenantId: TenantId, connectionId: ConnectionId): Promise<QuotaView> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const now = clock.now();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const [sizes, gates, own, app] = await Promise.all([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      store.readSizes(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      store.readGates('all'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      store.read(tenantId, hourOf(now)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      store.read(APP.tenantId, hourOf(now)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const sizeOf = (tenant: TenantId, connection: ConnectionId): number | null =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      sizes.find((one) => one.tenantId === tenant && one.connectionId === connection)?.pointsPerHour ?? null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const ownSize = sizeOf(tenantId, connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pool: PoolName = ownSize === null ? 'app' : connectionId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const spentHere = pointsOf(own, accounts.site(connectionId));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      pool: ownSize === null ? 'app' : 'site',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      budget: ownSize ?? sizeOf(APP.tenantId, APP.connectionId),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      spent: ownSize === null ? pointsOf(app, accounts.app) : spentHere,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      spentHere,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      paid: pointsOf(own, accounts.paidInto(pool)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      resetsAt: hourEnd(now),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      closed: gates
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        .filter((gate) => gate.until > now && concerns(gate, tenantId, connectionId))
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        .map(({ endpoint, scope, holdsFrom, until }) => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          endpoint: scope === 'endpoint' ? endpoint : null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          reason: scope,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          work: scope === 'held' ? holdsFrom : null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          until,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        })),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const pointsOf = (accountsOfTenant: readonly PointsAddition[], name: string): PointsByWork =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  accountsOfTenant.find(({ account }) => account === name)?.points ?? NO_POINTS;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const concerns = (gate: Gate, tenantId: TenantId, connectionId: ConnectionId): boolean =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  gate.tenantId === APP.tenantId || (gate.tenantId === tenantId && (gate.connectionId === connectionId || gate.scope === 'held'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
