import type { Failure, Result } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { PointsByWork, Work } from '../core/spend-points.ts';
import type { Purpose } from './ports.ts';

/** A refusal for now: Jira's, or our own on behalf of Jira. */
export type RateLimited = Failure & { kind: 'rate-limited' };

/** A call to Jira about to be made. */
export interface PricedCall {
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** The site has the app, so it is that tenant, and all of its synchronizations need it; otherwise some of them may. */
  readonly hasApp: boolean;
  readonly endpoint: string;
  readonly purpose: Purpose;
  /** What it will cost, as far as that is known before. */
  readonly points: number;
}

/** What the answer said of quotas. */
export interface QuotaNews {
  readonly points: number;
  /** The limit that the call met. */
  readonly met: RateLimited | null;
  /** The hourly quota that Jira says it counts against, its size and, where that is said, what is left of it. */
  readonly quota: {
    readonly of: 'app' | 'site';
    readonly pointsPerHour: number;
    /** `resetsInMs`: until that quota begins anew; null: not said. */
    readonly left: { readonly points: number; readonly resetsInMs: number | null } | null;
  } | null;
}

/** Jira's quotas as all processes together know them. */
export interface Quota {
  /** Takes the points for a call, or says why and how long it has to wait. */
  take(call: PricedCall): Promise<Result<TakenPoints, RateLimited>>;
}

export interface TakenPoints {
  /** The call is over. */
  settle(news: QuotaNews): Promise<void>;
}

/**
 * Where all processes write down what they spend and the limits they meet. Like claiming, it looks over all tenants; each row is
 * one tenant's, and what the app has on all sites together is a tenant of its own (`APP`).
 */
export interface QuotaStore {
  /** Adds to accounts of an hour, and answers what these stand at over all processes. */
  add(hour: number, additions: readonly PointsAddition[]): Promise<readonly PointsAccount[]>;
  /** Gates that are closed: all, or those that were closed in the last minute. */
  readGates(which: 'all' | 'recent'): Promise<readonly Gate[]>;
  close(tenantId: TenantId, gate: Omit<Gate, 'tenantId'>): Promise<void>;
  readSizes(): Promise<readonly QuotaSize[]>;
  resize(tenantId: TenantId, connectionId: ConnectionId, pointsPerHour: number | null): Promise<void>;
  /** What one tenant spent in an hour. */
  read(tenantId: TenantId, hour: number): Promise<readonly PointsAddition[]>;
  /** Forgets the hours before. */
  prune(hour: number): Promise<void>;
}

export interface PointsAddition {
  readonly tenantId: TenantId;
  /** Names an account within its tenant. */
  readonly account: string;
  readonly points: PointsByWork;
  /** How many more tenants spend from this account in this hour. */
  readonly payers: number;
}

export interface PointsAccount extends PointsAddition {
  /** The account had nothing in this hour before. */
  readonly isNew: boolean;
}

/** A limit in force. */
export interface Gate {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Empty: all of them. */
  readonly endpoint: string;
  readonly scope: 'app' | 'site' | 'endpoint' | 'held';
  /** The kind of work from which on the tenant's lanes are not claimed meanwhile; null: they are. */
  readonly holdsFrom: Work | null;
  readonly until: number;
}

/** The size of a connection's own quota. */
export interface QuotaSize {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly pointsPerHour: number;
}
