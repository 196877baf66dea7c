import type { Express } from 'express';
import type { Site } from '../heart/site.ts';

/** Where a site's API lies behind Atlassian's gateway, there at api.atlassian.com, here at the site's own address. */
export const gatewayPath = (site: Site): string => `/ex/jira/${site.cloudId}`;

/**
 * Leads calls below {@link gatewayPath} to the site's REST API. `originalUrl` still shows how they came. Must be mounted before
 * the API itself.
 */
export function mountGateway(server: Express, site: Site): void {
  const prefix = `${gatewayPath(site)}/`;
  server.use((request, _response, next) => {
    if (request.url.startsWith(prefix)) request.url = request.url.slice(prefix.length - 1);
    next();
  });
}
