import { permits } from '../heart/permissions.ts';
import type { MountPages, SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import type { PageSite } from './page-site.ts';
import { createPagesRouter } from './pages-router.ts';
import { createSiteApps } from './site-apps.ts';
import { createSiteItems } from './site-items.ts';

const pageSiteOf = ({ heart, url, connect }: SimulatedSite, world: readonly PageSite[]): PageSite => ({
  name: heart.name,
  baseUrl: url,
  sessionCookie: sessionCookie(heart),
  users: () =>
    [...heart.users.values()]
      .filter((user) => user.accountType === 'atlassian' && user.active)
      .map(({ accountId, displayName, siteAdmin }) => ({ accountId, displayName, admin: siteAdmin })),
  projects: () => [...heart.projects.values()].map(({ id, key, name }) => ({ id, key, name })),
  administers: (accountId, { id }) => {
    const project = heart.projects.get(id);
    return project !== undefined && permits(heart.users.get(accountId) ?? null, project, 'ADMINISTER_PROJECTS');
  },
  items: createSiteItems(heart),
  apps: createSiteApps(connect, url),
  world: () => world,
});

/** Gives every site that it is called for its pages in a browser, with links between all of them. One call of this per world. */
export const createMountPages = (): MountPages => {
  const world: PageSite[] = [];
  return (server, simulated) => {
    const site = pageSiteOf(simulated, world);
    world.push(site);
    server.use(createPagesRouter(site));
  };
};
