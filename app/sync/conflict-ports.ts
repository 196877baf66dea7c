import type { TenantId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import type { Clock } from '../platform/clock.ts';
import type { KeptValues, OpenConflicts, Sites, SynchronizationStore } from './ports.ts';

/** What is needed to show people what conflicts left behind, and to act on it for them. */
export interface ConflictPorts {
  readonly sites: Sites;
  readonly synchronizations: SynchronizationStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly clock: Clock;
  /** The value in a text sealed for that tenant; null when the key it was sealed with is gone. */
  readonly openValue: (tenantId: TenantId, sealed: string) => FieldValue | null;
}
