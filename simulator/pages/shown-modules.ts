import type { PageCondition, PageModule, PageProject, PageSite, PageUser } from './page-site.ts';

const CONDITIONS: Readonly<Record<string, (site: PageSite, user: PageUser, project: PageProject) => boolean>> = {
  user_is_project_admin: (site, user, project) => site.administers(user.accountId, project),
  user_is_admin: (_site, user) => user.admin,
  user_is_sysadmin: (_site, user) => user.admin,
};

const isMet = (condition: PageCondition, site: PageSite, user: PageUser, project: PageProject): boolean => {
  if ('or' in condition) return condition.or.some((each) => isMet(each, site, user, project));
  if ('and' in condition) return condition.and.every((each) => isMet(each, site, user, project));
  return (CONDITIONS[condition.condition]?.(site, user, project) ?? true) !== condition.invert;
};

/**
 * The pages of enabled apps that a person may see in a project's settings. Conditions that the simulator does not know
 * count as met, like those of a site where everything else is in order.
 */
export const shownModules = (site: PageSite, user: PageUser, project: PageProject): readonly PageModule[] =>
  site.apps
    .list()
    .filter((app) => app.state === 'enabled')
    .flatMap((app) => app.projectPages)
    .filter((module) => module.conditions.every((condition) => isMet(condition, site, user, project)));
