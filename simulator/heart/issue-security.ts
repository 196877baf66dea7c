import type { Worklog } from './issue-parts.ts';
import { permits } from './permissions.ts';
import type { Comment, Issue, Project, Site, User } from './site.ts';
import type { CommentVisibility } from './visibility.ts';

export const isInGroup = (site: Site, user: User, nameOrId: string): boolean =>
  [...site.groups.values()].some(
    ({ id, name, members }) => (id === nameOrId || name === nameOrId) && members.has(user.accountId),
  );

/** Whether a person has a role in a project. Those who administer it have the role of that name without being listed. */
export function hasRole(site: Site, project: Project, user: User, nameOrId: string): boolean {
  const role = [...site.roles.values()].find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (role === undefined) return false;
  if (project.roleMembers.get(role.id)?.has(user.accountId) === true) return true;
  return role.name === 'Administrators' && permits(user, project, 'ADMINISTER_PROJECTS');
}

/** Whether the security level of an issue lets a person see it. Levels bind administrators too; apps see everything. */
export function passesSecurity(site: Site, project: Project, user: User, issue: Issue): boolean {
  if (issue.securityId === null || user.accountType === 'app') return true;
  const level = site.securityLevels.get(issue.securityId);
  if (level === undefined) return true;
  return (
    level.accountIds.has(user.accountId) ||
    (level.participants && (issue.reporterId === user.accountId || issue.assigneeId === user.accountId)) ||
    [...level.groupIds].some((id) => isInGroup(site, user, id)) ||
    [...level.roleIds].some((id) => hasRole(site, project, user, id))
  );
}

/** Whether a person may see an issue at all. */
export const seesIssue = (site: Site, project: Project, user: User | null, issue: Issue): boolean =>
  user !== null && permits(user, project, 'BROWSE_PROJECTS') && passesSecurity(site, project, user, issue);

/** Whether a restriction to a group or role lets a person through; its author it always does. */
export function passesVisibility(
  site: Site,
  project: Project,
  user: User,
  part: Pick<Comment | Worklog, 'authorId'> & { readonly visibility: CommentVisibility | null },
): boolean {
  const { visibility } = part;
  if (visibility === null || part.authorId === user.accountId || user.siteAdmin || user.accountType === 'app') return true;
  const wanted = visibility.identifier ?? visibility.value;
  if (visibility.type === 'group') return isInGroup(site, user, wanted) || isInGroup(site, user, visibility.value);
  return hasRole(site, project, user, wanted) || hasRole(site, project, user, visibility.value);
}
