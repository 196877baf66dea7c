import type { ApiToken, ApiTokenStore } from '../../app/sync/api-token-ports.ts';

/** API tokens in memory. No tenant is leaving. */
export const createMemoryApiTokens = (): ApiTokenStore => {
  const rows = new Map<string, { readonly token: ApiToken; readonly secretHash: string }>();
  const nameOf = (tenantId: string, tokenId: string): string => `${tenantId} ${tokenId}`;
  const change = (name: string, changed: Partial<ApiToken>): boolean => {
    const row = rows.get(name);
    if (row !== undefined) rows.set(name, { ...row, token: { ...row.token, ...changed } });
    return row !== undefined;
  };
  return {
    async insert(token, secretHash) {
      rows.set(nameOf(token.tenantId, token.tokenId), { token, secretHash });
    },
    list: async (tenantId) =>
      [...rows.values()]
        .flatMap(({ token }) => (token.tenantId === tenantId ? [token] : []))
        .sort((a, b) => b.createdAt - a.createdAt),
    async read(tenantId, tokenId) {
      const row = rows.get(nameOf(tenantId, tokenId));
      return row === undefined ? null : { ...row, isLeaving: false };
    },
    async revoke(tenantId, tokenId, at) {
      const name = nameOf(tenantId, tokenId);
      return rows.get(name)?.token.revokedAt === null && change(name, { revokedAt: at });
    },
    async noteUse(tenantId, tokenId, hour) {
      change(nameOf(tenantId, tokenId), { lastUsedAt: hour });
    },
  };
};
