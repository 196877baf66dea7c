import type { ConnectionId } from '../core/ids.ts';

/** A pool of points by name: the app's, or the connection's whose site has a quota of its own. */
export type PoolName = 'app' | ConnectionId;

/** The names of accounts, each within its tenant. */
export const accounts = {
  /** Of `APP`: all that the app spends from the quota that it has on all sites together. */
  app: 'app',
  /** Of a site: what is spent there. */
  site: (connectionId: ConnectionId): string => `site ${connectionId}`,
  /** Of whoever owns synchronizations: what these spend from that pool. */
  paidInto: (pool: PoolName): string => `paid into ${pool}`,
};
