import type { Project, ProjectPermission, Site, User } from './site.ts';
import { PROJECT_PERMISSIONS } from './site.ts';

/** Whether a person may do something in a project. Site administrators may do all. */
export function permits(user: User | null, project: Project, permission: ProjectPermission): boolean {
  if (user === null || !user.active) return false;
  if (user.siteAdmin) return true;
  const grant = project.grants.get(permission) ?? 'nobody';
  if (grant === 'everyone') return true;
  return grant !== 'nobody' && grant.has(user.accountId);
}

const isProjectPermission = (key: string): key is ProjectPermission => PROJECT_PERMISSIONS.some((known) => known === key);

/** Whether a person holds a permission by its key, in a project where one is given; global ones are held by site administrators. */
export function holds(user: User, key: string, project: Project | null): boolean {
  if (!isProjectPermission(key) || project === null) return user.siteAdmin && user.active;
  return permits(user, project, key);
}

/** The project with that id or key, if that person may see it. */
export function findProject(site: Site, user: User | null, idOrKey: string): Project | null {
  const project =
    site.projects.get(idOrKey) ?? [...site.projects.values()].find((candidate) => candidate.key === idOrKey.toUpperCase());
  return project !== undefined && permits(user, project, 'BROWSE_PROJECTS') ? project : null;
}
