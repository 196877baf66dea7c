import type { SynchronizationId, TenantId } from '../core/ids.ts';
import type { Side } from '../core/side.ts';

/** One side whose existing items are being listed, in the hands of one process. */
export interface Backfill {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly side: Side;
  /** Items made later are none of its affair (epoch ms). */
  readonly begunAt: number;
  /** Where Jira goes on; null: at the beginning. */
  readonly pageToken: string | null;
}

/** Which existing items are still to be listed: all of each side of which nothing is proven seen yet (SPEC E1). */
export interface Backfills {
  /** Sides whose next page is due. Shared by all processes: each is handed out once per lease. */
  claimDue(limit: number, leaseMs: number): Promise<readonly Backfill[]>;
  /** `listed` more items were listed, the next page begins at `pageToken` and is due in `afterMs`. */
  advance(
    backfill: Backfill,
    next: { readonly pageToken: string | null; readonly listed: number },
    afterMs: number,
  ): Promise<void>;
  /** All were listed: everything up to its beginning counts as seen, and the overlap scan goes on from there. */
  finish(backfill: Backfill): Promise<void>;
  /**
   * How many lanes wait for a turn of a backfill, each counted up to `limit`: those of the tenant whose turn comes within a minute, and
   * those of that synchronization that come back later, since they failed or have to wait for points.
   */
  countWaiting(
    backfill: Pick<Backfill, 'tenantId' | 'synchronizationId'>,
    limit: number,
  ): Promise<{ readonly soon: number; readonly later: number }>;
}
