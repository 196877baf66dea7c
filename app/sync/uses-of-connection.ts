import type { ConnectionId, TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import type { SideAddress, Synchronization, SynchronizationStore } from './ports.ts';

/** The synchronizations with a side that is reached by that connection, in whatever state. */
export async function listUsesOfConnection(
  { synchronizations }: { readonly synchronizations: Pick<SynchronizationStore, 'listOfSite'> },
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<readonly Synchronization[]> {
  const ofTenant = await synchronizations.listOfSite(tenantId);
  return ofTenant.filter((one) => spacesReachedBy([one], connectionId).length > 0);
}

/** The sides of these synchronizations that are reached by that connection. A space that is synchronized twice comes twice. */
export const spacesReachedBy = (
  of: readonly Pick<Synchronization, 'sides'>[],
  connectionId: ConnectionId,
): readonly SideAddress[] =>
  of.flatMap(({ sides }) => SIDES.map((side) => sides[side])).filter((side) => side.connectionId === connectionId);
