import type { Failure } from '../core/failure.ts';

type RateLimited = Failure & { kind: 'rate-limited' };

/**
 * Closed by a 429, and then nothing passes until Jira's own moment: asking again earlier only makes the wait longer and costs
 * the other tenants of the app their share. One gate per connection, and one that all connections share for the app's quota.
 */
export interface RateGate {
  /** The limit in force for that endpoint now, or null. */
  closedBy(endpoint: string, now: number): RateLimited | null;
  /** Remembers a limit. One item's limit closes nothing: its lane alone waits. */
  close(endpoint: string, limit: RateLimited): void;
}

const EVERY_ENDPOINT = '';

/** A gate that stands open. It lives in this process alone: another one learns of a limit by its own 429. */
export function createRateGate(): RateGate {
  const limits = new Map<string, RateLimited>();
  const inForce = (endpoint: string, now: number): RateLimited | null => {
    const limit = limits.get(endpoint);
    if (limit === undefined) return null;
    if (limit.retryAt > now) return limit;
    limits.delete(endpoint);
    return null;
  };
  return {
    closedBy: (endpoint, now) => inForce(EVERY_ENDPOINT, now) ?? inForce(endpoint, now),
    close(endpoint, limit) {
      if (limit.scope === 'item') return;
      const key = limit.scope === 'endpoint' ? endpoint : EVERY_ENDPOINT;
      const known = limits.get(key);
      if (known === undefined || known.retryAt < limit.retryAt) limits.set(key, limit);
    },
  };
}
