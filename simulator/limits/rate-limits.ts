import type { Clock } from '../heart/clock.ts';
import { burstRateOf, endpointOf } from './burst-rates.ts';
import { hourlyPoints, type PointsQuota, quotaResetAt, type SitePlan } from './points-quota.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import { createWriteWindows } from './write-windows.ts';

/** Which of Jira's limits are in force on a site. */
export interface LimitSettings {
  /** The hourly quota of an app: one for all sites, one for each, or none. */
  points: 'off' | 'global' | 'tenant';
  /** Instead of the documented number. */
  pointsPerHour: number | null;
  /** Decides the size of a tenant-based quota. */
  plan: SitePlan;
  burst: boolean;
  issueWrites: boolean;
}

export const NO_LIMITS: LimitSettings = {
  points: 'off',
  pointsPerHour: null,
  plan: 'standard',
  burst: false,
  issueWrites: false,
};
export const ALL_LIMITS: Partial<LimitSettings> = { points: 'global', burst: true, issueWrites: true };

/** What the limits look at in a call, before it is worked on. */
export interface LimitedCall {
  readonly method: string;
  /** The path template. */
  readonly path: string;
  /** The app that calls; null for a person's API token, which pays no points. */
  readonly appKey: string | null;
  /** The issue that the call writes to, if it is a write and names one. */
  readonly writesTo: string | null;
}

/** Whether a call may go on, and the headers that its answer carries either way. */
export interface Verdict {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** One site's limits. */
export interface RateLimits {
  readonly settings: LimitSettings;
  change(settings: Partial<LimitSettings>): void;
  /** Whether any limit is in force. */
  active(): boolean;
  /** Lets a call through or not; one that may go on is counted. A refused call uses up nothing. */
  admit(call: LimitedCall): Verdict;
  /** Takes what an answered call cost from the app's quota. */
  charge(appKey: string | null, points: number): void;
  /** Points that an app has spent this hour, and may spend. */
  quotaOf(appKey: string): { readonly used: number; readonly limit: number };
}

interface Parts {
  readonly siteName: string;
  /** The world's time, not the site's: a site whose clock is wrong is limited like any other. */
  readonly clock: Clock;
  /** Shared by the sites of a world. */
  readonly quota: PointsQuota;
  readonly users: () => number;
  readonly settings?: Partial<LimitSettings>;
}

/** One of the limits as an answer tells of it. */
interface Limit {
  readonly reason: string;
  readonly limit: number;
  readonly remaining: number;
  /** When one more call will pass; only told in a refusal. */
  readonly freeAt: number;
  readonly policy: { readonly name: string; readonly seconds: number } | null;
}

const SECOND_MS = 1000;
/** Below this share of a limit an answer warns. */
const NEAR = 0.2;

const betaHeaders = (limits: readonly Limit[], now: number): Record<string, string> => {
  const named = limits.flatMap(({ policy, ...rest }) => (policy === null ? [] : [{ ...rest, ...policy }]));
  if (named.length === 0) return {};
  const list = (line: (limit: (typeof named)[number]) => string): string => named.map(line).join(', ');
  return {
    'Beta-RateLimit-Policy': list(({ name, limit, seconds }) => `"${name}";q=${limit};w=${seconds}`),
    'Beta-RateLimit': list(
      ({ name, remaining, freeAt }) => `"${name}";r=${remaining};t=${Math.max(0, Math.ceil((freeAt - now) / SECOND_MS))}`,
    ),
  };
};

const shown = ({ limit, remaining }: Limit): Record<string, string> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  ...(remaining < limit * NEAR ? { 'X-RateLimit-NearLimit': 'true' } : {}),
});

/** Retry-After is in whole seconds and never too short; the reset is the exact moment. */
const refusal = (limit: Limit, now: number): Record<string, string> => ({
  ...shown({ ...limit, remaining: 0 }),
  'X-RateLimit-Reset': new Date(limit.freeAt).toISOString(),
  'RateLimit-Reason': limit.reason,
  'Retry-After': String(Math.max(1, Math.ceil((limit.freeAt - now) / SECOND_MS))),
});

class SiteRateLimits implements RateLimits {
  readonly settings: LimitSettings;
  private readonly parts: Parts;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly windows = createWriteWindows();

  constructor(parts: Parts) {
    this.parts = parts;
    this.settings = { ...NO_LIMITS, ...parts.settings };
  }

  change(settings: Partial<LimitSettings>): void {
    Object.assign(this.settings, settings);
  }

  active(): boolean {
    return this.settings.points !== 'off' || this.settings.burst || this.settings.issueWrites;
  }

  admit(call: LimitedCall): Verdict {
    const now = this.parts.clock.now();
    const bucket = this.bucketOf(call, now);
    const burst = this.settings.burst ? this.burstLimit(call, bucket, now) : null;
    const limits = [this.pointsLimit(call.appKey, now), burst, this.writeLimit(call, now)].filter((limit) => limit !== null);
    const beta = betaHeaders(limits, now);
    const exceeded = limits.find(({ remaining }) => remaining <= 0);
    if (exceeded !== undefined) return { allowed: false, headers: { ...refusal(exceeded, now), ...beta } };
    if (burst !== null) bucket.take(now);
    if (this.settings.issueWrites && call.writesTo !== null) this.windows.note(call.writesTo, now);
    const told = burst === null ? limits[0] : { ...burst, remaining: burst.remaining - 1 };
    return { allowed: true, headers: { ...(told === undefined ? {} : shown(told)), ...beta } };
  }

  charge(appKey: string | null, points: number): void {
    if (appKey === null || this.settings.points === 'off') return;
    this.parts.quota.charge(this.holder(appKey), points, this.parts.clock.now());
  }

  quotaOf(appKey: string): { used: number; limit: number } {
    const { points, pointsPerHour, plan } = this.settings;
    return {
      used: this.parts.quota.used(this.holder(appKey), this.parts.clock.now()),
      limit: pointsPerHour ?? hourlyPoints(points === 'tenant' ? 'tenant' : 'global', plan, this.parts.users()),
    };
  }

  private holder(appKey: string): string {
    return this.settings.points === 'tenant' ? `${appKey} on ${this.parts.siteName}` : appKey;
  }

  private bucketOf({ method, path }: LimitedCall, now: number): TokenBucket {
    const endpoint = endpointOf(method, path);
    const bucket = this.buckets.get(endpoint) ?? createTokenBucket(burstRateOf(endpoint), now);
    this.buckets.set(endpoint, bucket);
    return bucket;
  }

  private pointsLimit(appKey: string | null, now: number): Limit | null {
    const { points } = this.settings;
    if (appKey === null || points === 'off') return null;
    const { used, limit } = this.quotaOf(appKey);
    return {
      reason: points === 'global' ? 'jira-quota-global-based' : 'jira-quota-tenant-based',
      limit,
      remaining: Math.max(0, limit - used),
      freeAt: quotaResetAt(now),
      policy: { name: points === 'global' ? 'global-app-quota' : 'tenant-app-quota', seconds: 3600 },
    };
  }

  private burstLimit({ method, path }: LimitedCall, bucket: TokenBucket, now: number): Limit {
    return {
      reason: 'jira-burst-based',
      limit: burstRateOf(endpointOf(method, path)),
      remaining: bucket.left(now),
      freeAt: bucket.nextAt(now),
      policy: { name: 'jira-burst-based', seconds: 1 },
    };
  }

  private writeLimit({ writesTo }: LimitedCall, now: number): Limit | null {
    const full = this.settings.issueWrites && writesTo !== null ? this.windows.fullFor(writesTo, now) : null;
    if (full === null) return null;
    return {
      reason: 'jira-per-issue-on-write',
      limit: full.window.writes,
      remaining: 0,
      freeAt: full.freeAt,
      policy: null,
    };
  }
}

export const createRateLimits = (parts: Parts): RateLimits => new SiteRateLimits(parts);
