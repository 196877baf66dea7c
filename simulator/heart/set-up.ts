import { newProjectParts } from './access.ts';
import type { IssueType, Project, Site, Status, StatusCategory, User, Workflow } from './site.ts';
import { PROJECT_PERMISSIONS } from './site.ts';

/** How a site is furnished: what an administrator would do by hand. */

export const CATEGORIES: Readonly<Record<StatusCategory['key'], StatusCategory>> = {
  new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
};

const PRIORITIES = [
  ['Highest', '#d04437'],
  ['High', '#f15C75'],
  ['Medium', '#f79232'],
  ['Low', '#707070'],
  ['Lowest', '#999999'],
] as const;

/** The five priorities, ids 1–5, and the resolution Done of every new site. */
export function addStandardSchemes(site: Site): void {
  for (const [position, [name, color]] of PRIORITIES.entries()) {
    const id = String(position + 1);
    site.priorities.set(id, { id, name, color });
  }
  site.resolutions.set('10000', { id: '10000', name: 'Done' });
}

export function addStatus(site: Site, id: string, name: string, category: StatusCategory['key']): Status {
  const status = { id, name, category: CATEGORIES[category] };
  site.statuses.set(id, status);
  return status;
}

/** A workflow in which every status can be reached from every other. */
export const openWorkflow = (name: string, statuses: readonly Status[]): Workflow => ({
  name,
  initialStatusId: statuses[0]?.id ?? '',
  statusIds: statuses.map((status) => status.id),
  transitions: statuses.map((status, position) => ({ id: `${position + 1}1`, name: status.name, from: null, to: status.id })),
});

/** A workflow in which a status leads only to its neighbours: there is no direct way from the first to the third. */
export const chainedWorkflow = (name: string, statuses: readonly Status[]): Workflow => ({
  name,
  initialStatusId: statuses[0]?.id ?? '',
  statusIds: statuses.map((status) => status.id),
  transitions: statuses.map((status, position) => ({
    id: `${position + 1}1`,
    name: status.name,
    to: status.id,
    from: [statuses[position - 1], statuses[position + 1]]
      .filter((neighbour) => neighbour !== undefined)
      .map((neighbour) => neighbour.id),
  })),
});

export function addIssueType(site: Site, type: IssueType): IssueType {
  site.issueTypes.set(type.id, type);
  return type;
}

export function addUser(site: Site, user: Pick<User, 'accountId' | 'displayName' | 'emailAddress'> & Partial<User>): User {
  const whole: User = {
    accountType: 'atlassian',
    timeZone: 'Europe/Berlin',
    active: true,
    siteAdmin: false,
    apiToken: `token-of-${user.emailAddress.split('@')[0] ?? ''}`,
    ...user,
  };
  site.users.set(whole.accountId, whole);
  return whole;
}

/** Permissions that only administrators of a project hold; the others everybody on the site has. */
const RESTRICTED = new Set<string>([
  'ADMINISTER_PROJECTS',
  'DELETE_ISSUES',
  'DELETE_ALL_COMMENTS',
  'EDIT_ALL_COMMENTS',
  'SET_ISSUE_SECURITY',
  'DELETE_ALL_ATTACHMENTS',
  'EDIT_ALL_WORKLOGS',
  'DELETE_ALL_WORKLOGS',
]);

export function addProject(
  site: Site,
  project: Pick<Project, 'id' | 'key' | 'name' | 'leadAccountId'> & {
    readonly issueTypeIds: readonly string[];
    readonly adminIds: readonly string[];
  },
): Project {
  const admins = new Set(project.adminIds);
  const whole: Project = {
    ...newProjectParts(),
    id: project.id,
    key: project.key,
    name: project.name,
    leadAccountId: project.leadAccountId,
    issueTypeIds: [...project.issueTypeIds],
    hiddenFields: new Set(),
    lastNumber: 0,
    grants: new Map(PROJECT_PERMISSIONS.map((permission) => [permission, RESTRICTED.has(permission) ? admins : 'everyone'])),
  };
  site.projects.set(whole.id, whole);
  return whole;
}
