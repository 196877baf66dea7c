import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { listUsesOfConnection } from './uses-of-connection.ts';

/** The site can be reached again: what waited for it goes on, and its webhook is looked after at once. */
export async function wakeConnection(
  ports: Pick<ConnectionSetUpPorts, 'synchronizations' | 'connections' | 'lanes'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<void> {
  for (const synchronization of await listUsesOfConnection(ports, tenantId, connectionId))
    await ports.lanes.resume(synchronization.tenantId, synchronization.synchronizationId);
  await ports.connections.endLook(tenantId, connectionId, 0);
}
