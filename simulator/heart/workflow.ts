import { permits } from './permissions.ts';
import type { ChangeItem, Issue, Project, ProjectPermission, Site, Transition, User } from './site.ts';
import { PROJECT_PERMISSIONS } from './site.ts';
import type { PostFunction, TransitionCondition } from './workflow-rules.ts';

const isPermission = (key: string): key is ProjectPermission => PROJECT_PERMISSIONS.some((known) => known === key);
const holdsHere = (user: User, project: Project, key: string): boolean => isPermission(key) && permits(user, project, key);

const isDone = (site: Site, issue: Issue): boolean => site.statuses.get(issue.statusId)?.category.key === 'done';

function conditionHolds(site: Site, project: Project, issue: Issue, user: User, condition: TransitionCondition): boolean {
  switch (condition.kind) {
    case 'only-assignee':
      return issue.assigneeId === user.accountId;
    case 'only-reporter':
      return issue.reporterId === user.accountId;
    case 'permission':
      return holdsHere(user, project, condition.permission);
    case 'group':
      return [...site.groups.values()].some(({ name, members }) => name === condition.group && members.has(user.accountId));
    case 'sub-tasks-done':
      return [...issue.childIds].map((id) => site.issues.get(id)).every((child) => child === undefined || isDone(site, child));
  }
}

/** Whether somebody is offered a transition: the rules of a workflow hold for administrators and apps as well. */
export const isOffered = (site: Site, project: Project, issue: Issue, user: User, transition: Transition): boolean =>
  (transition.rules?.conditions ?? []).every((condition) => conditionHolds(site, project, issue, user, condition));

/** What the validators of a transition say against it, by field; `given` are the fields named in the request. */
export function validatorErrors(
  project: Project,
  user: User,
  transition: Transition,
  isFilled: (fieldId: string) => boolean,
  nameOf: (fieldId: string) => string,
): { readonly errors: Record<string, string>; readonly messages: string[] } {
  const errors: Record<string, string> = {};
  const messages: string[] = [];
  for (const fieldId of transition.rules?.required ?? [])
    if (!isFilled(fieldId)) errors[fieldId] = `${nameOf(fieldId)} is required.`;
  for (const validator of transition.rules?.validators ?? []) {
    if (validator.kind === 'field-required') {
      if (!isFilled(validator.fieldId)) messages.push(validator.message ?? `${nameOf(validator.fieldId)} is required`);
    } else if (!holdsHere(user, project, validator.permission))
      messages.push(`User does not have the ${validator.permission} permission`);
  }
  return { errors, messages };
}

const item = (
  field: string,
  from: readonly [string | null, string | null],
  to: readonly [string | null, string | null],
): ChangeItem => ({
  field,
  fieldtype: 'jira',
  fieldId: field,
  from: from[0],
  fromString: from[1],
  to: to[0],
  toString: to[1],
});

/** Sets or clears the resolution; the entry for the changelog, none where it was so already. */
export function setResolution(site: Site, issue: Issue, to: string | null, at: number): ChangeItem[] {
  if (issue.resolutionId === to) return [];
  const nameOf = (id: string | null): string | null => (id === null ? null : (site.resolutions.get(id)?.name ?? null));
  const change = item('resolution', [issue.resolutionId, nameOf(issue.resolutionId)], [to, nameOf(to)]);
  issue.resolutionId = to;
  issue.resolvedAt = to === null ? null : at;
  return [change];
}

function assign(site: Site, issue: Issue, to: string | null): ChangeItem[] {
  if (issue.assigneeId === to) return [];
  const nameOf = (id: string | null): string | null => (id === null ? null : (site.users.get(id)?.displayName ?? null));
  const change = item('assignee', [issue.assigneeId, nameOf(issue.assigneeId)], [to, nameOf(to)]);
  issue.assigneeId = to;
  return [change];
}

/** Does one post function, and says what it changed. `clear` empties a field by its rule. */
export function runPostFunction(
  site: Site,
  project: Project,
  issue: Issue,
  post: PostFunction,
  at: number,
  clear: (fieldId: string) => readonly ChangeItem[],
): readonly ChangeItem[] {
  switch (post.kind) {
    case 'set-resolution':
      return setResolution(site, issue, post.resolutionId, at);
    case 'clear-resolution':
      return setResolution(site, issue, null, at);
    case 'assign-to-lead':
      return assign(site, issue, project.leadAccountId);
    case 'assign-to-reporter':
      return assign(site, issue, issue.reporterId);
    case 'clear-field':
      return clear(post.fieldId);
  }
}
