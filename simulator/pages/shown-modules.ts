import type { PageModule, PageProject, PageSite, PageUser } from './page-site.ts';

const CONDITIONS: Readonly<Record<string, (site: PageSite, user: PageUser, project: PageProject) => boolean>> = {
  user_is_project_admin: (site, user, project) => site.administers(user.accountId, project),
  user_is_admin: (_site, user) => user.admin,
  user_is_sysadmin: (_site, user) => user.admin,
};

/**
 * The pages of enabled apps that a person may see in a project's settings. Conditions that the simulator does not know
 * count as met, like those of a site where everything else is in order.
 */
export const shownModules = (site: PageSite, user: PageUser, project: PageProject): readonly PageModule[] =>
  site.apps.list()
    .filter((app) => app.state === 'enabled')
    .flatMap((app) => app.projectPages)
    .filter((module) => module.conditions.every((name) => CONDITIONS[name]?.(site, user, project) ?? true));
