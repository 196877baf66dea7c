import type { AuthenticationLinkId, TenantId } from '../../app/core/ids.ts';
import type { AuthenticationLink, AuthenticationLinks } from '../../app/sync/authentication-link-ports.ts';
import type { ConnectionStore } from '../../app/sync/connection-ports.ts';

const REMEMBERED_MS = 30 * 86_400_000;

/** One-time links in memory, proven by the contract that Postgres keeps. */
export function createMemoryAuthenticationLinks(connections: Pick<ConnectionStore, 'read'>): AuthenticationLinks {
  const links = new Map<string, AuthenticationLink>();
  const keyOf = (tenantId: TenantId, linkId: AuthenticationLinkId): string => `${tenantId} ${linkId}`;
  const change = (link: AuthenticationLink, changed: Partial<AuthenticationLink>): void => {
    links.set(keyOf(link.tenantId, link.linkId), { ...link, ...changed });
  };
  const ofConnection = ({ tenantId, connectionId }: Pick<AuthenticationLink, 'tenantId' | 'connectionId'>) =>
    [...links.values()].filter((one) => one.tenantId === tenantId && one.connectionId === connectionId);
  return {
    async insert(link) {
      if ((await connections.read(link.tenantId, link.connectionId)) === null) return false;
      for (const one of ofConnection(link)) {
        if (one.expiresAt < link.createdAt - REMEMBERED_MS) links.delete(keyOf(one.tenantId, one.linkId));
        else if (one.end === null && one.for === link.for) change(one, { end: 'replaced', attempt: null });
      }
      links.set(keyOf(link.tenantId, link.linkId), link);
      return true;
    },
    read: async (tenantId, linkId) => links.get(keyOf(tenantId, linkId)) ?? null,
    async begin(tenantId, linkId, attempt, now) {
      const link = links.get(keyOf(tenantId, linkId));
      if (link === undefined || link.end !== null || link.expiresAt <= now) return false;
      change(link, { attempt });
      return true;
    },
    async use(tenantId, linkId, stateHash) {
      const link = links.get(keyOf(tenantId, linkId));
      if (link === undefined || link.end !== null || link.attempt?.stateHash !== stateHash) return false;
      change(link, { end: 'used', attempt: null });
      return true;
    },
    async reopen(tenantId, linkId) {
      const link = links.get(keyOf(tenantId, linkId));
      if (link?.end !== 'used') return;
      const newer = ofConnection(link).some((one) => one.for === link.for && one.createdAt > link.createdAt);
      change(link, { end: newer ? 'replaced' : null });
    },
    async endOthers(tenantId, connectionId) {
      for (const one of ofConnection({ tenantId, connectionId }))
        if (one.end === null) change(one, { end: 'replaced', attempt: null });
    },
  };
}
