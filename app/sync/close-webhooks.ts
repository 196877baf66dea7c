import type { TenantId } from '../core/ids.ts';
import type { ConnectionStore, SiteCares } from './connection-ports.ts';
import { registeredBy } from './registered-webhook.ts';

/**
 * Takes our webhooks away from all sites that a tenant connected, where they let us: a site that does not answer must not keep us from
 * forgetting, and then calls an address that takes nothing.
 */
export const createCloseWebhooks =
  (ports: { readonly connections: Pick<ConnectionStore, 'list'>; readonly cares: SiteCares }) =>
  async (tenantId: TenantId): Promise<void> => {
    for (const connection of await ports.connections.list(tenantId)) {
      const ours = registeredBy(connection);
      const care = ours === null ? null : await ports.cares.reach(tenantId, connection.connectionId);
      if (ours !== null) await care?.removeWebhook(ours);
    }
  };
