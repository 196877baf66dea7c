import type { CommentId, ConnectionId, KeptId, PairId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import type { Side } from '../core/side.ts';
import type { Clock } from '../platform/clock.ts';
import type { Audit } from './audit-ports.ts';
import type { HistoryLine, Jira, Pair, SynchronizationStore } from './ports.ts';
import type { RightsPorts, SpaceSites } from './set-up-ports.ts';

/** A kept value as people are shown it: all but the value. */
export interface KeptEntry {
  readonly keptId: KeptId;
  readonly pair: Pair;
  readonly piece: PieceKey;
  /** The side that showed it. */
  readonly side: Side;
  /** For a comment: its id on that side; null once the comment is gone there. */
  readonly commentId: CommentId | null;
  readonly keptAt: number;
  readonly until: number;
}

/** The values that lost a conflict, until they expire or are put back. `at` is now: what has expired does not exist. */
export interface KeptValues {
  /** Newest first. */
  list(tenantId: TenantId, synchronizationId: SynchronizationId, at: number, limit: number): Promise<readonly KeptEntry[]>;
  read(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    keptId: KeptId,
    at: number,
  ): Promise<(KeptEntry & { readonly sealed: string }) | null>;
  /** Reserves it for one who puts it back, until that time. False when another has it reserved, or it is gone. */
  reserve(tenantId: TenantId, keptId: KeptId, at: number, until: number): Promise<boolean>;
  /** It was not put back after all. */
  release(tenantId: TenantId, keptId: KeptId): Promise<void>;
  /** It was put back: removed, and the line written, together. */
  finish(tenantId: TenantId, synchronizationId: SynchronizationId, keptId: KeptId, line: HistoryLine): Promise<void>;
}

/** A piece that both sides changed and whose conflicts a person decides. */
export interface OpenConflict {
  readonly pair: Pair;
  readonly piece: PieceKey;
  /** Since when both sides show what they show now: another edit makes it another question. */
  readonly since: number;
  /** What a person decided and the next turn carries out. */
  readonly decided: Side | null;
}

export interface OpenConflicts {
  /** Newest first. */
  list(tenantId: TenantId, synchronizationId: SynchronizationId, limit: number): Promise<readonly OpenConflict[]>;
  read(tenantId: TenantId, synchronizationId: SynchronizationId, pairId: PairId, piece: PieceKey): Promise<OpenConflict | null>;
  /** Records whose value stays and wakes the lane, together. False when that question (`since`) is not open any more. */
  decide(tenantId: TenantId, conflict: OpenConflict, winner: Side): Promise<boolean>;
}

type SpaceCalls = NonNullable<Awaited<ReturnType<SpaceSites['reach']>>>;

/** A Jira site as far as a conflict goes. Every `Jira` is one. */
export type ConflictJira = SpaceCalls &
  Pick<Jira, 'readItem' | 'writeFields' | 'readTransitions' | 'applyTransition' | 'editComment'>;

/** What is needed to show people what conflicts left behind, and to act on it for them. */
export interface ConflictPorts {
  readonly sites: { reach(siteTenantId: TenantId, connectionId: ConnectionId): Promise<ConflictJira | null> };
  readonly settings: RightsPorts['settings'];
  readonly synchronizations: SynchronizationStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  /** The value in a text sealed for that tenant; null when the key it was sealed with is gone. */
  readonly openValue: (tenantId: TenantId, sealed: string) => FieldValue | null;
}
