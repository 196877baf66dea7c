import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Actor, Audit } from './audit-ports.ts';
import { type ErasurePorts, stopTenant } from './erase-tenant.ts';

export interface LeavePorts extends Omit<ErasurePorts, 'tenants' | 'closeWebhooks'> {
  /** Its data is erased from then on (epoch ms). */
  readonly planErasure: (tenantId: TenantId, at: number) => Promise<void>;
  /** From now on the site is out of reach, and nothing that it signed is good. */
  readonly closeSite: (tenantId: TenantId, connectionId: ConnectionId, at: number) => Promise<void>;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
}

/**
 * An admin of a site wants all that is known of it to be gone, now. It stops at once; the rows go within minutes, by whichever worker looks
 * next. Installing the app again before that brings everything back, stopped.
 */
export async function leave(ports: LeavePorts, tenantId: TenantId, connectionId: ConnectionId, actor: Actor): Promise<void> {
  const now = ports.clock.now();
  await ports.audit.note(tenantId, { at: now, actor, action: 'tenant.left', subject: null, detail: null, outcome: 'done' });
  await ports.closeSite(tenantId, connectionId, now);
  await ports.planErasure(tenantId, now);
  await stopTenant(ports, tenantId);
}
