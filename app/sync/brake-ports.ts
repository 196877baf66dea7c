import type { SynchronizationId, TenantId } from '../core/ids.ts';
import type { RiskKind } from '../core/mass-change.ts';
import type { BrakeAnswer } from '../core/piece.ts';
import type { Pair } from './ports.ts';

/** A kind of change that is stopped for a synchronization until a person answers (SPEC M). */
export interface Brake {
  readonly kind: RiskKind;
  readonly since: number;
  /** How many were counted within the window when it stopped. */
  readonly counted: number;
  /** Pieces that wait for the answer. */
  readonly waiting: number;
}

/** The brake for mass changes, shared by all processes. Times are the caller's, in epoch ms. */
export interface Brakes {
  /**
   * Counts changes of a kind before they are made. `counted`: all within the window up to `at`, these included; two that count at the
   * same moment are told different numbers, so the limit is exact. `stopped`: the kind waits for a person, and nothing was counted.
   */
  count(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    kind: RiskKind,
    changes: number,
    at: number,
  ): Promise<{ kind: 'stopped' } | { kind: 'counted'; counted: number }>;
  /** They were counted and not made after all. */
  giveBack(tenantId: TenantId, synchronizationId: SynchronizationId, kind: RiskKind, changes: number, at: number): Promise<void>;
  /** How many pairs the synchronization has, counted up to `limit`. */
  countPairs(tenantId: TenantId, synchronizationId: SynchronizationId, limit: number): Promise<number>;
  /** Nothing of that kind crosses from now on, and the history says so. Stopping what is stopped changes nothing. */
  stop(tenantId: TenantId, synchronizationId: SynchronizationId, kind: RiskKind, counted: number, at: number): Promise<void>;
  /** What is stopped, the longest first. */
  list(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<readonly Brake[]>;
  /**
   * A person answered: the kind is no longer stopped and counted from nothing, the pieces that waited know the answer, their lanes are
   * woken, and the history says so. Null when it was not stopped, as somebody else was faster: nothing is done. Of two answers the first
   * counts for all pieces. `pieces`: how many were answered.
   */
  release(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    kind: RiskKind,
    answer: BrakeAnswer,
    at: number,
  ): Promise<{ readonly pieces: number } | null>;
  /**
   * For a turn that parked pieces for the brake: should the answer have come while it was at work, nobody would wake them again, so its
   * lane is made dirty and they are counted anew.
   */
  wakeIfReleased(tenantId: TenantId, pair: Pair, kinds: readonly RiskKind[]): Promise<void>;
}
