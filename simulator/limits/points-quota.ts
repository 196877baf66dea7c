const HOUR_MS = 3_600_000;

/** Tier 1: one quota of an app for all sites together. */
const GLOBAL_POINTS = 65_000;
/** Tier 2, by review: a quota for each site, by its plan and the number of its users. */
const TENANT_POINTS = {
  standard: { base: 100_000, perUser: 10 },
  premium: { base: 130_000, perUser: 20 },
  enterprise: { base: 150_000, perUser: 30 },
} as const;
const TENANT_CAP = 500_000;

export type SitePlan = keyof typeof TENANT_POINTS;

/** Points an hour of an app's quota of that kind. */
export function hourlyPoints(kind: 'global' | 'tenant', plan: SitePlan, users: number): number {
  if (kind === 'global') return GLOBAL_POINTS;
  const { base, perUser } = TENANT_POINTS[plan];
  return Math.min(TENANT_CAP, base + perUser * users);
}

/** When the quota in force at `now` begins anew: at the full hour, UTC. */
export const quotaResetAt = (now: number): number => (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;

/** Points spent in the present hour, by whose quota it is. One of these belongs to a world: apps pay on all sites into it. */
export interface PointsQuota {
  used(holder: string, now: number): number;
  charge(holder: string, points: number, now: number): void;
}

export function createPointsQuota(): PointsQuota {
  const spent = new Map<string, { hour: number; points: number }>();
  const used = (holder: string, now: number): number => {
    const known = spent.get(holder);
    return known !== undefined && known.hour === Math.floor(now / HOUR_MS) ? known.points : 0;
  };
  return {
    used,
    charge: (holder, points, now) =>
      void spent.set(holder, { hour: Math.floor(now / HOUR_MS), points: used(holder, now) + points }),
  };
}
