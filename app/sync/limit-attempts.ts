import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';

/** How many failed attempts are looked at: so many at once, then so many a second. */
interface Allowance {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** What a process looks up for whoever tries: for one tenant, and for all of them, so that inventing tenants does not help. */
interface Allowances {
  readonly ofTenant: Allowance;
  readonly ofAll: Allowance;
}

/** A token is looked up in our own database. */
const OF_TOKENS: Allowances = { ofTenant: { atOnce: 100, perSecond: 10 }, ofAll: { atOnce: 1_000, perSecond: 100 } };

/**
 * A space of another site is looked up there, at the price of points of that site: people who mistype need a few, who guesses gets no
 * further than 30 an hour.
 */
export const OF_PARTNER_SPACES: Allowances = {
  ofTenant: { atOnce: 30, perSecond: 30 / 3_600 },
  ofAll: { atOnce: 300, perSecond: 1 },
};
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
 * Bounds the work that failed attempts make, in one process. A secret of 256 bits cannot be guessed; this keeps those who try from
 * keeping the database busy.
 */
export function createAttemptLimit(clock: Pick<Clock, 'now'>, { ofTenant, ofAll } = OF_TOKENS): AttemptLimit {
  const all: Bucket = { left: ofAll.atOnce, at: clock.now() };
  const tenants = new Map<TenantId, Bucket>();
  const bucketOf = (tenantId: TenantId): Bucket => {
    const bucket = tenants.get(tenantId) ?? { left: ofTenant.atOnce, at: clock.now() };
    tenants.delete(tenantId);
    tenants.set(tenantId, bucket);
    const [oldest] = tenants.keys();
    if (tenants.size > MOST_TENANTS && oldest !== undefined) tenants.delete(oldest);
    return bucket;
  };
  return {
    begin(tenantId) {
      const [own, now] = [bucketOf(tenantId), clock.now()];
      refill(all, ofAll, now);
      refill(own, ofTenant, now);
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
