import { z } from 'zod';
import type { AccountId, ConnectionId, TenantId } from '../core/ids.ts';
import { shownName } from '../platform/shown-name.ts';
import type { Clients } from './reach-clients.ts';

const person = z.object({ displayName: z.string().nullish() });

/**
 * What a person of a Cloud site is called there now (3 points: the call, and two for a user). Null: the site is silent, or shows us no such
 * person. Asked each time, since names are personal data that we do not keep.
 */
export const createReadPersonName =
  (clients: Pick<Clients, 'reach'>) =>
  async (siteTenantId: TenantId, connectionId: ConnectionId, accountId: AccountId): Promise<string | null> => {
    const reached = await clients.reach(siteTenantId, connectionId);
    if (reached === null) return null;
    const endpoint = 'GET /user';
    const path = `/rest/api/3/user?accountId=${encodeURIComponent(accountId)}`;
    const found = await reached.client.call({ endpoint, method: 'GET', path, intent: 'read', schema: person, objects: () => 2 });
    const name = found.ok ? shownName(found.value.displayName ?? '') : '';
    return name === '' ? null : name;
  };
