import type { Installation, InstallationStore } from '../../app/connections/installation-store.ts';

const comparable = (url: string): string => url.toLowerCase().replace(/\/+$/, '');

/** InstallationStore in memory; proven equal to the one in Postgres by the same contract. */
export const createMemoryInstallationStore = (): InstallationStore => {
  const byClientKey = new Map<string, Installation>();
  const find = (matches: (installation: Installation) => boolean): Installation | null =>
    [...byClientKey.values()].find(matches) ?? null;
  return {
    readByClientKey: async (clientKey) => byClientKey.get(clientKey) ?? null,
    read: async (tenantId, connectionId) => find((one) => one.tenantId === tenantId && one.connectionId === connectionId),
    async readOwn(tenantId) {
      const own = [...byClientKey.values()].filter((one) => one.tenantId === tenantId);
      return own.sort((a, b) => b.installedAt - a.installedAt)[0] ?? null;
    },
    async readBySite(siteUrl) {
      const wanted = comparable(siteUrl);
      const there = [...byClientKey.values()].filter(
        (one) => one.state === 'enabled' && [one.baseUrl, one.displayUrl].some((url) => comparable(url) === wanted),
      );
      return there.sort((a, b) => b.installedAt - a.installedAt)[0] ?? null;
    },
    async record(installation) {
      const known = byClientKey.get(installation.clientKey);
      if (known !== undefined && known.tenantId !== installation.tenantId) return 'taken';
      byClientKey.set(installation.clientKey, {
        ...installation,
        connectionId: known?.connectionId ?? installation.connectionId,
      });
      return 'recorded';
    },
    async changeState(tenantId, connectionId, state, at) {
      const known = find((one) => one.tenantId === tenantId && one.connectionId === connectionId);
      if (known === null) return false;
      byClientKey.set(known.clientKey, { ...known, state, uninstalledAt: state === 'uninstalled' ? at : null });
      return true;
    },
  };
};
