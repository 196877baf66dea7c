import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import type { Clock } from '../platform/clock.ts';
import type { Jira, KeptValues, OpenConflicts, SynchronizationStore } from './ports.ts';
import type { SpaceSites } from './set-up-ports.ts';

type SpaceCalls = NonNullable<Awaited<ReturnType<SpaceSites['reach']>>>;

/** A Jira site as far as a conflict goes. Every `Jira` is one. */
export type ConflictJira = SpaceCalls &
  Pick<Jira, 'readItem' | 'writeFields' | 'readTransitions' | 'applyTransition' | 'editComment'>;

/** What is needed to show people what conflicts left behind, and to act on it for them. */
export interface ConflictPorts {
  readonly sites: { reach(siteTenantId: TenantId, connectionId: ConnectionId): Promise<ConflictJira | null> };
  readonly synchronizations: SynchronizationStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly clock: Clock;
  /** The value in a text sealed for that tenant; null when the key it was sealed with is gone. */
  readonly openValue: (tenantId: TenantId, sealed: string) => FieldValue | null;
}
