import type { TenantId } from '../core/ids.ts';
import { SET_UP_LASTS_MS } from '../core/set-up-steps.ts';
import { REQUEST_LASTS_MS } from '../core/synchronization-states.ts';
import type { Audit } from './audit-ports.ts';
import { tenantsOf } from './note-change.ts';
import type { SynchronizationStore } from './ports.ts';
import type { SetUpStore } from './set-up-ports.ts';

export interface ExpiryPorts {
  readonly synchronizations: Pick<SynchronizationStore, 'expireRequests'>;
  readonly setUps: Pick<SetUpStore, 'removeUntouched'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: { now(): number };
}

/**
 * Writes down what is over by time: requests that nobody answered (SPEC S9), set-ups that nobody went on with (SPEC S12). Both count as
 * over without it; this tells the audit log, and removes what is left lying.
 */
export async function expireSetUp({ synchronizations, setUps, audit, clock }: ExpiryPorts, tenantId: TenantId): Promise<void> {
  const now = clock.now();
  for (const expired of await synchronizations.expireRequests(tenantId, now - REQUEST_LASTS_MS))
    for (const concerned of tenantsOf(expired))
      await audit.note(concerned, {
        at: now,
        actor: { kind: 'tandem' },
        action: 'synchronization.expired',
        subject: expired.synchronizationId,
        detail: null,
        outcome: 'done',
      });
  await setUps.removeUntouched(tenantId, now - SET_UP_LASTS_MS);
}
