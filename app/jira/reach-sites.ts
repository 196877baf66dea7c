import type { Sites } from '../sync/ports.ts';
import { createCloudJira } from './cloud/cloud-jira.ts';
import type { Clients } from './reach-clients.ts';

/** The way to every site, in the words of the use cases, whatever speaks there. */
export const createSites = (clients: Clients): Sites => ({
  async reach(siteTenantId, connectionId, purpose) {
    const reached = await clients.reach(siteTenantId, connectionId, purpose);
    return reached === null ? null : createCloudJira(reached.client);
  },
});
