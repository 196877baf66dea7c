import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { addIssueType, addProject, addStatus, openWorkflow } from './set-up.ts';
import type { Issue, Project, Site, StatusCategory } from './site.ts';

/** What a space is to offer. Ids are the site's own; a type's first status is where its items begin. */
export interface SpacePlan {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly types: readonly {
    readonly id: string;
    readonly name: string;
    readonly subtask: boolean;
    readonly statusIds: readonly string[];
  }[];
  readonly statuses: readonly { readonly id: string; readonly name: string; readonly category: StatusCategory['key'] }[];
  readonly priorities: readonly { readonly id: string; readonly name: string }[];
}

/** Ids that already name something else, in words; null when there are none. */
function clash(site: Site, plan: SpacePlan): string | null {
  const { projects, issueTypes, statuses } = site;
  const differs = (known: { readonly name: string } | undefined, name: string): boolean =>
    known !== undefined && known.name !== name;
  if (projects.has(plan.id)) return `The project id ${plan.id} is already that of ${projects.get(plan.id)?.key}.`;
  if ([...projects.values()].some(({ key }) => key === plan.key))
    return `The key ${plan.key} is already that of another project.`;
  const type = plan.types.find(({ id, name }) => differs(issueTypes.get(id), name));
  if (type !== undefined)
    return `The work type id ${type.id} is already that of ${issueTypes.get(type.id)?.name}, not of ${type.name}.`;
  const status = plan.statuses.find(({ id, name }) => differs(statuses.get(id), name));
  return status === undefined
    ? null
    : `The status id ${status.id} is already that of ${statuses.get(status.id)?.name}, not of ${status.name}.`;
}

/** Makes a space with types whose statuses can be reached from each other. Priorities are added where none of that name is. */
export function furnishSpace(site: Site, plan: SpacePlan): Outcome<Project> {
  const trouble = clash(site, plan);
  if (trouble !== null) return refuse(409, trouble);
  for (const { id, name, category } of plan.statuses) if (!site.statuses.has(id)) addStatus(site, id, name, category);
  for (const { id, name, subtask, statusIds } of plan.types) {
    const statuses = statusIds.map((statusId) => site.statuses.get(statusId)).filter((status) => status !== undefined);
    if (!site.issueTypes.has(id))
      addIssueType(site, { id, name, description: '', subtask, workflow: openWorkflow(`Workflow of ${name}`, statuses) });
  }
  for (const { id, name } of plan.priorities) {
    const known = [...site.priorities.values()].some((priority) => priority.name === name);
    if (!known && !site.priorities.has(id)) site.priorities.set(id, { id, name, color: '#707070' });
  }
  const lead = [...site.users.values()].find(({ siteAdmin }) => siteAdmin)?.accountId ?? '';
  const issueTypeIds = plan.types.map(({ id }) => id);
  return done(
    addProject(site, { id: plan.id, key: plan.key, name: plan.name, leadAccountId: lead, issueTypeIds, adminIds: [lead] }),
  );
}

/** Takes an issue away as if it had never been; nobody is told. */
export function forgetIssue(site: Site, issue: Issue): void {
  site.issues.delete(issue.id);
  for (const [key, id] of site.issueIdsByKey) if (id === issue.id) site.issueIdsByKey.delete(key);
  for (const { id } of issue.comments) site.issueIdsByComment.delete(id);
  site.searchIndex.noteDeleted(site.clock.now(), issue.id);
}

/** Takes a space away with its issues, and the types and statuses that no other space uses; nobody is told. */
export function forgetSpace(site: Site, project: Project): void {
  for (const issue of [...site.issues.values()]) if (issue.projectId === project.id) forgetIssue(site, issue);
  site.projects.delete(project.id);
  const usedTypes = new Set([...site.projects.values()].flatMap(({ issueTypeIds }) => issueTypeIds));
  for (const id of project.issueTypeIds) if (!usedTypes.has(id)) site.issueTypes.delete(id);
  const usedStatuses = new Set([...site.issueTypes.values()].flatMap(({ workflow }) => workflow.statusIds));
  for (const id of [...site.statuses.keys()]) if (!usedStatuses.has(id)) site.statuses.delete(id);
}
