/**
 * The ports of what heals: overlap scans, parked pieces tried again, rows past their time. Like those of ports.ts, and apart from them
 * because nobody else needs them.
 */
import type { ConnectionId, IssueId, PairId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { PieceBase } from '../core/piece.ts';
import type { ParkedGroup } from '../core/plan-retries.ts';
import type { Side } from '../core/side.ts';
import type { LaneSubject, Pair } from './ports.ts';

/** One site with running synchronizations, as one overlap scan covers it: all spaces that its connection takes part with. */
export interface SiteScan {
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Since when it is to be scanned at all (epoch ms): as long as none was complete, it has been unread since then. */
  readonly askedSince: number;
  /** The pace of its scans so far, ms. */
  readonly paceMs: number;
  /** When the newest given-up delivery that was read of failed (epoch ms); 0: none yet. */
  readonly givenUpUntil: number;
  /** When the last complete scan began (epoch ms); null: none yet. */
  readonly lastAt: number | null;
  /** When the last complete scan began that reached back as far as lagging indexes and wrong clocks ask for; null: none yet. */
  readonly fullAt: number | null;
}

/** Which overlap scans are due. Shared by all processes: a scan is handed out once per lease. A start makes the sites' scans due. */
export interface ScanSchedule {
  /** Scans that are due, the longest due first. */
  claimDue(limit: number, leaseMs: number): Promise<readonly SiteScan[]>;
  /** Extends the lease of a long scan. False when it ran out and another process has the scan. */
  renew(scan: SiteScan, leaseMs: number): Promise<boolean>;
  /** The scan is over: `next` is remembered, and the next one comes in `afterMs`, or at once if one was asked for meanwhile. */
  end(scan: SiteScan, next: Pick<SiteScan, 'paceMs' | 'givenUpUntil' | 'lastAt' | 'fullAt'>, afterMs: number): Promise<void>;
  /** Makes the scan of a site due now, also while one is under way; nothing where no synchronization runs. */
  hasten(siteTenantId: TenantId, connectionId: ConnectionId): Promise<void>;
  /** No running synchronization has that site any more. */
  forget(scan: SiteScan): Promise<void>;
  /** Says that somebody is at work, and asks since when nobody was: true when all were away for longer than `awayMs`; all scans are due then. */
  beat(awayMs: number): Promise<boolean>;
}

/** What is remembered of one item that a scan met. */
export interface Remembered {
  readonly pair: Pair | null;
  readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
  /** For an item without a pair: its `updated` when a scan last sent somebody to look at it; null: never. */
  readonly lookedAt: number | null;
  /** `busy`: its lane is dirty, in hand or waits, so what an event told is being worked off. */
  readonly lane: 'none' | 'idle' | 'busy';
}

/** What overlap scans remember and find out, per synchronization and side. */
export interface ScanMemory {
  recall(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    side: Side,
    issueIds: readonly IssueId[],
  ): Promise<ReadonlyMap<IssueId, Remembered>>;
  /** Somebody is being sent to look at these items without a pair, as they are since `updatedAt`. */
  noteLooked(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    side: Side,
    looked: readonly { readonly issueId: IssueId; readonly updatedAt: number }[],
  ): Promise<void>;
  /** Everything up to `until` is proven seen on that side. Never lowers it. */
  raiseMark(tenantId: TenantId, synchronizationId: SynchronizationId, side: Side, until: number): Promise<void>;
  /** Since when events of that synchronization are listened to (epoch ms): its last start; null when it does not run. */
  runningSince(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<number | null>;
  /** Where its marks began (epoch ms): items that did not change since then are left alone. 0: none are. */
  itemsSince(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<number>;
  /** How many changes were carried to `target` since `since`, each at least a point. */
  countCarried(tenantId: TenantId, synchronizationId: SynchronizationId, target: Side, since: number): Promise<number>;
  countFoundLate(tenantId: TenantId, synchronizationId: SynchronizationId, at: number, found: number): Promise<void>;
  /** Changes that no webhook told of, by day (`YYYY-MM-DD`, UTC), newest first; days without any are left out. */
  listFoundLate(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    limit: number,
  ): Promise<readonly { readonly day: string; readonly found: number }[]>;
}

/** One of what is parked, as far as trying it again goes. */
export interface ParkedOne {
  /** The lane to wake. */
  readonly subject: LaneSubject;
  /** Null: the item has no pair, and its lane is parked as a whole. */
  readonly piece: { readonly pairId: PairId; readonly key: PieceKey } | null;
  /** When it was last tried, epoch milliseconds. */
  readonly since: number;
}

/** Those last tried before `before`, the longest ago first, at most `limit`; behind `after`, if given. */
export interface ParkedPage {
  readonly before: number;
  readonly limit: number;
  readonly after?: ParkedOne | undefined;
}

/** A synchronization whose parked pieces are due to be looked after, and what the last look left. */
export interface RetryWatch {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly paceMs: number;
  readonly probes: readonly RetryProbe[];
}

/** One that was tried to see whether its cause is still there. */
export interface RetryProbe {
  readonly cause: string;
  readonly kind: string;
  readonly one: ParkedOne;
}

/** What is parked, per synchronization. */
export interface ParkedStore {
  /** Running synchronizations due for a look. Shared by all processes: each is handed out once per lease. */
  claimDue(limit: number, leaseMs: number): Promise<readonly RetryWatch[]>;
  /** The look is over; the next one comes in `afterMs`. */
  end(watch: RetryWatch, afterMs: number): Promise<void>;
  listGroups(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<readonly ParkedGroup[]>;
  list(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    group: Pick<ParkedGroup, 'cause' | 'kind'>,
    page: ParkedPage,
  ): Promise<readonly ParkedOne[]>;
  /** Why it is parked and since when. `undecided`: an item whose lane was woken has no twin yet, and is still worked on. Null: neither. */
  read(tenantId: TenantId, one: ParkedOne): Promise<{ readonly cause: string; readonly since: number } | 'undecided' | null>;
  /**
   * Ends the rest of these pieces: they count as last tried at `since`, or before they were, so that the next turn of their lane tries
   * them again.
   */
  endRest(tenantId: TenantId, ones: readonly ParkedOne[], since: number): Promise<void>;
  /**
   * Both items of pieces that the brake stopped, though their kind is not stopped any more: the answer was given while their turn was at
   * work, and the turn died before it could ask again, or whoever answered died before all lanes were woken (SPEC M7). Not where an
   * item is missing: the piece waits for it.
   */
  listOverlooked(tenantId: TenantId, synchronizationId: SynchronizationId, limit: number): Promise<readonly LaneSubject[]>;
}

/** How long rows are kept that nobody needs any more, in ms. */
export interface RetentionPeriods {
  readonly inboxMs: number;
  readonly effectMs: number;
  readonly historyMs: number;
  /** Lines per synchronization that stay however old they are. */
  readonly historyNewest: number;
  /** Lines of the audit log, and API tokens that ended. */
  readonly auditMs: number;
}

/** Removes what is past its time, a little at a time and by any number of processes. */
export interface Retention {
  /** Tenants whose turn it is: each is handed out once in `everyMs`, to one. */
  claimDue(limit: number, everyMs: number): Promise<readonly TenantId[]>;
  /** Removes at most `limit` rows of each kind. True when nothing is left to remove. */
  prune(tenantId: TenantId, periods: RetentionPeriods, limit: number): Promise<boolean>;
}
