import type { ConnectionStore } from '../sync/connection-ports.ts';
import type { SiteAddress, SiteDirectory } from '../sync/ports.ts';
import type { Installation, InstallationStore } from './installation-store.ts';

const addressOf = ({ tenantId, connectionId, displayUrl }: Installation): SiteAddress => ({
  siteTenantId: tenantId,
  connectionId,
  siteUrl: displayUrl,
});

/** Origin and context path of what a person typed or copied from the address bar; pages and queries are dropped. */
export const siteOf = (typed: string): string | null => {
  const url = URL.parse(typed.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const [contextPath = ''] = url.pathname.split(/\/(?:browse|jira|projects|secure|issues|plugins|rest)(?:\/|$)/);
  return `${url.origin}${contextPath}`.replace(/\/+$/, '');
};

/** Sites by their installations of the app, and those that are reached without it. */
export const createSiteDirectory = (
  installations: Pick<InstallationStore, 'read' | 'readBySite' | 'readOwn'>,
  connections: Pick<ConnectionStore, 'read'> | null = null,
): SiteDirectory => ({
  async findByUrl(siteUrl) {
    const site = siteOf(siteUrl);
    const installation = site === null ? null : await installations.readBySite(site);
    return installation === null ? null : addressOf(installation);
  },
  async read(siteTenantId, connectionId) {
    const installation = await installations.read(siteTenantId, connectionId);
    if (installation !== null) return addressOf(installation);
    const remote = (await connections?.read(siteTenantId, connectionId)) ?? null;
    return remote === null ? null : { siteTenantId, connectionId, siteUrl: remote.siteUrl };
  },
  async readOwn(tenantId) {
    const installation = await installations.readOwn(tenantId);
    return installation === null ? null : addressOf(installation);
  },
});
