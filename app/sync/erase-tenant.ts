import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Actor, Audit } from './audit-ports.ts';
import { tenantsOf } from './note-change.ts';
import type { Synchronization, SynchronizationStore } from './ports.ts';
import type { Tenants } from './tenant-ports.ts';

export interface ErasurePorts {
  readonly tenants: Tenants;
  readonly synchronizations: Pick<SynchronizationStore, 'listOfSite' | 'update' | 'remove'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  /** Sites that the tenant connected shall not go on sending events; null: nobody can reach them from here. */
  readonly closeWebhooks: ((tenantId: TenantId) => Promise<void>) | null;
}

type NotePorts = Pick<ErasurePorts, 'audit' | 'clock'>;

async function tellOthers(
  { audit, clock }: NotePorts,
  leaving: TenantId,
  synchronization: Synchronization,
  action: string,
  detail: string,
): Promise<void> {
  const actor: Actor = { kind: 'partner' };
  const line = { at: clock.now(), actor, action, subject: synchronization.synchronizationId, detail, outcome: 'done' } as const;
  for (const tenantId of tenantsOf(synchronization)) if (tenantId !== leaving) await audit.note(tenantId, line);
}

/**
 * A tenant leaves: whatever runs with it stops at once, and partners find in their log why. What changes meanwhile is found should
 * it come back and start again.
 */
export async function stopTenant(ports: Omit<ErasurePorts, 'tenants' | 'closeWebhooks'>, tenantId: TenantId): Promise<void> {
  for (const synchronization of await ports.synchronizations.listOfSite(tenantId)) {
    if (synchronization.state !== 'running') continue;
    await ports.synchronizations.update(synchronization.tenantId, synchronization.synchronizationId, { state: 'stopped' });
    await tellOthers(ports, tenantId, synchronization, 'synchronization.stopped', 'partner-left');
  }
}

/**
 * Removes all that is known of a tenant whose time has come. Synchronizations with its site go too, also those that a partner owns: they
 * hold ids and keys of its items, and there is nobody left to synchronize with. Each partner's log says so. May be repeated: what one
 * attempt left, the next one removes.
 *
 * @returns false when the tenant is to stay
 */
export async function eraseTenant(ports: ErasurePorts, tenantId: TenantId): Promise<boolean> {
  if (!(await ports.tenants.beginErasure(tenantId, ports.clock.now()))) return false;
  for (const synchronization of await ports.synchronizations.listOfSite(tenantId)) {
    await ports.synchronizations.remove(synchronization.tenantId, synchronization.synchronizationId);
    await tellOthers(ports, tenantId, synchronization, 'synchronization.deleted', 'partner-erased');
  }
  // Its credentials go with its rows.
  await ports.closeWebhooks?.(tenantId);
  await ports.tenants.eraseRows(tenantId);
  return true;
}
