import type { SiteAddress, SiteDirectory } from '../sync/ports.ts';
import type { Installation, InstallationStore } from './installation-store.ts';

const addressOf = ({ tenantId, connectionId, displayUrl }: Installation): SiteAddress => ({
  siteTenantId: tenantId,
  connectionId,
  siteUrl: displayUrl,
});

/** Origin and context path of what a person typed or copied from the address bar; pages and queries are dropped. */
const siteOf = (typed: string): string | null => {
  const url = URL.parse(typed.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const [contextPath = ''] = url.pathname.split(/\/(?:browse|jira|projects|secure|issues|plugins|rest)(?:\/|$)/);
  return `${url.origin}${contextPath}`.replace(/\/+$/, '');
};

/** Sites by their installations of the app. */
export const createSiteDirectory = (installations: InstallationStore): SiteDirectory => ({
  async findByUrl(siteUrl) {
    const site = siteOf(siteUrl);
    const installation = site === null ? null : await installations.readBySite(site);
    return installation === null ? null : addressOf(installation);
  },
  async read(siteTenantId, connectionId) {
    const installation = await installations.read(siteTenantId, connectionId);
    return installation === null ? null : addressOf(installation);
  },
});
