import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';

/** How many failed attempts are looked at: so many at once, then so many a second. */
interface Allowance {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** What a process looks up for whoever tries: for one tenant, and for all of them, so that inventing tenants does not help. */
const OF_TENANT: Allowance = { atOnce: 100, perSecond: 10 };
const OF_ALL: Allowance = { atOnce: 1_000, perSecond: 100 };
const MOST_TENANTS = 10_000;

interface Bucket {
  left: number;
  at: number;
}

const refill = (bucket: Bucket, { atOnce, perSecond }: Allowance, now: number): void => {
  bucket.left = Math.min(atOnce, bucket.left + (Math.max(0, now - bucket.at) * perSecond) / 1_000);
  bucket.at = now;
};

export interface AttemptLimit {
  /** An attempt in the name of that tenant is about to be looked at. False: too many have failed lately. */
  begin(tenantId: TenantId): boolean;
  /** It was good, and does not count. */
  succeed(tenantId: TenantId): void;
}

/**
 * Bounds the work that failed attempts make. A secret of 256 bits cannot be guessed; this keeps those who try from keeping the database
 * busy.
 */
export function createAttemptLimit(clock: Pick<Clock, 'now'>): AttemptLimit {
  const all: Bucket = { left: OF_ALL.atOnce, at: clock.now() };
  const tenants = new Map<TenantId, Bucket>();
  const bucketOf = (tenantId: TenantId): Bucket => {
    const bucket = tenants.get(tenantId) ?? { left: OF_TENANT.atOnce, at: clock.now() };
    tenants.delete(tenantId);
    tenants.set(tenantId, bucket);
    const [oldest] = tenants.keys();
    if (tenants.size > MOST_TENANTS && oldest !== undefined) tenants.delete(oldest);
    return bucket;
  };
  return {
    begin(tenantId) {
      const [own, now] = [bucketOf(tenantId), clock.now()];
      refill(all, OF_ALL, now);
      refill(own, OF_TENANT, now);
      if (all.left < 1 || own.left < 1) return false;
      all.left -= 1;
      own.left -= 1;
      return true;
    },
    succeed(tenantId) {
      all.left += 1;
      bucketOf(tenantId).left += 1;
    },
  };
}
