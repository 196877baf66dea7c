import type { ConnectionId, TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import type { ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import type { Synchronization } from './ports.ts';

/** The synchronizations with a side that is reached by that connection. */
export async function listUsers(
  { synchronizations }: Pick<ConnectionSetUpPorts, 'synchronizations'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<readonly Synchronization[]> {
  const ofTenant = await synchronizations.listOfSite(tenantId);
  return ofTenant.filter(({ sides }) => SIDES.some((side) => sides[side].connectionId === connectionId));
}

/** The site can be reached again: what waited for it goes on, and its webhook is looked after at once. */
export async function wakeConnection(
  ports: Pick<ConnectionSetUpPorts, 'synchronizations' | 'connections' | 'lanes'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<void> {
  for (const synchronization of await listUsers(ports, tenantId, connectionId))
    await ports.lanes.resume(synchronization.tenantId, synchronization.synchronizationId);
  await ports.connections.endLook(tenantId, connectionId, 0);
}
