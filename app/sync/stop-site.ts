import type { TenantId } from '../core/ids.ts';
import type { SynchronizationStore } from './ports.ts';

/** The app left a site: whatever runs with it stops at once. What changes meanwhile is found when it is started again. */
export async function stopSite(siteTenantId: TenantId, synchronizations: SynchronizationStore): Promise<void> {
  for (const { tenantId, synchronizationId, state } of await synchronizations.listOfSite(siteTenantId)) {
    if (state === 'running') await synchronizations.update(tenantId, synchronizationId, { state: 'stopped' });
  }
}
