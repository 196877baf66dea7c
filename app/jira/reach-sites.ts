import type { ConnectionStore, SiteCares } from '../sync/connection-ports.ts';
import type { Sites } from '../sync/ports.ts';
import { createCloudJira } from './cloud/cloud-jira.ts';
import { createCloudSiteCare } from './cloud/site-care.ts';
import { createDataCenterJira } from './datacenter/data-center-jira.ts';
import { createDataCenterSiteCare } from './datacenter/site-care.ts';
import type { Clients } from './reach-clients.ts';

/** The way to every site, in the words of the use cases, whatever speaks there. */
export const createSites = (clients: Clients): Sites => ({
  async reach(siteTenantId, connectionId, purpose) {
    const reached = await clients.reach(siteTenantId, connectionId, purpose);
    if (reached === null) return null;
    const { client, transport } = reached;
    return transport.product === 'cloud' ? createCloudJira(client) : createDataCenterJira(client);
  },
});

/** The way to what is asked of sites that have not installed the app. Looking after them waits for everything else. */
export const createSiteCares = (clients: Clients, connections: Pick<ConnectionStore, 'read'>): SiteCares => ({
  async reach(tenantId, connectionId) {
    const connection = await connections.read(tenantId, connectionId);
    if (connection === null) return null;
    const reached = await clients.reach(tenantId, connectionId, { payer: tenantId, work: 'check' });
    if (reached === null) return null;
    const { client, transport } = reached;
    return transport.product === 'cloud'
      ? createCloudSiteCare(client, connection.kind)
      : createDataCenterSiteCare(client, transport.version ?? connection.version);
  },
});
