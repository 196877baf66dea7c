import { z } from 'zod';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { ItemCounts } from '../sync/terms-ports.ts';
import type { Clients, ReachedClient } from './reach-clients.ts';

const approximate = z.object({ count: z.number().int().nonnegative() });
const searched = z.object({ total: z.number().int().nonnegative() });

type Wanted = Parameters<ItemCounts['count']>[1];

/** A name between quotes, as JQL reads it. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`;

const jqlOf = (projectId: string, of: Wanted): string =>
  `project = ${quoted(projectId)} AND ${of.kind === 'type' ? `issuetype = ${quoted(of.typeId)}` : `status = ${quoted(of.name)}`}`;

/**
 * One call: `POST /search/approximate-count` on Cloud (1 point), a search for nothing but its total on Data Center. Null: the site did not
 * say, or refuses the name.
 */
async function countOn({ client, transport }: ReachedClient, jql: string): Promise<number | null> {
  if (transport.product === 'cloud') {
    const endpoint = 'POST /search/approximate-count';
    const path = '/rest/api/3/search/approximate-count';
    const counted = await client.call({ endpoint, method: 'POST', path, body: { jql }, intent: 'read', schema: approximate });
    return counted.ok ? counted.value.count : null;
  }
  const body = { jql, maxResults: 0, fields: ['summary'] };
  const path = '/rest/api/2/search';
  const found = await client.call({ endpoint: 'POST /search', method: 'POST', path, body, intent: 'read', schema: searched });
  return found.ok ? found.value.total : null;
}

/** How many items of a space are of a work type or in a status, on every site. */
export const createItemCounts = (clients: Clients) => ({
  async reach(siteTenantId: TenantId, connectionId: ConnectionId): Promise<ItemCounts | null> {
    const reached = await clients.reach(siteTenantId, connectionId);
    return reached === null ? null : { count: (projectId, of) => countOn(reached, jqlOf(projectId, of)) };
  },
});
