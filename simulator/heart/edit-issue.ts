import { addComment } from './comments.ts';
import { ruleOf } from './field-registry.ts';
import { projectOf } from './find-issue.ts';
import type { TextFormat } from './issue-fields.ts';
import { removeLink } from './links.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { findProject, permits } from './permissions.ts';
import { setProperty } from './properties.ts';
import type { Edits, FieldInput } from './read-edits.ts';
import { readEdits } from './read-edits.ts';
import { emit, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Project, Site, Transition, User } from './site.ts';
import { isOffered, runPostFunction, setResolution, validatorErrors } from './workflow.ts';

export interface EditInput extends FieldInput {
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
  /** An app that administers the site may set what is on no screen. */
  readonly override?: boolean;
}

function applyEdits(site: Site, issue: Issue, edits: Edits): ChangeItem[] {
  const items: ChangeItem[] = [];
  for (const edit of edits.edits) {
    const described = edit.describe(site, issue);
    if (described.length === 0) continue;
    edit.apply(issue, site);
    items.push(...described);
  }
  return items;
}

function addComments(site: Site, actor: Actor, issue: Issue, edits: Edits, format: TextFormat): Outcome<Issue> {
  for (const comment of edits.commentsToAdd) {
    const added = addComment(site, actor, issue, comment, format);
    if (!added.ok) return added;
  }
  return done(issue);
}

const ARCHIVED = 'The issue is archived. Restore it to edit it.';

/** A field that the project requires cannot be emptied. */
function emptied(project: Project, edits: Edits): Outcome<never> | null {
  const gone = edits.edits.filter((edit) => project.required.has(edit.fieldId) && edit.empties);
  return gone.length === 0
    ? null
    : refuseFields(400, Object.fromEntries(gone.map((edit) => [edit.fieldId, `${edit.fieldName} is required.`])));
}

/** Changes fields. An edit that changes nothing leaves no trace: no changelog, no `updated`, no webhook. */
export function editIssue(site: Site, actor: Actor, issue: Issue, input: EditInput, format: TextFormat): Outcome<Issue> {
  const project = projectOf(site, issue);
  if (!permits(actor.user, project, 'EDIT_ISSUES'))
    return refuse(403, 'You do not have permission to edit issues in this project.');
  if (issue.archived !== null) return refuse(400, ARCHIVED);
  const screen = {
    operation: 'edit' as const,
    project,
    typeId: issue.typeId,
    issue,
    user: actor.user,
    override: input.override === true,
  };
  const read = readEdits(site, screen, input, format);
  if (!read.ok) return read;
  const missing = emptied(project, read.value);
  if (missing !== null) return missing;
  for (const { key, value } of input.properties) setProperty(site, actor, issue, key, value);
  const items = applyEdits(site, issue, read.value);
  if (items.length > 0) {
    const at = site.clock.now();
    const change = recordChange(site, actor, issue, items, at);
    const assignedOnly = items.every((item) => item.fieldId === 'assignee');
    emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: assignedOnly ? 'issue_assigned' : 'issue_updated' });
  }
  return addComments(site, actor, issue, read.value, format);
}

/** The transitions that an issue's status allows, and the conditions of the workflow, where it is known who asks. */
export function availableTransitions(site: Site, issue: Issue, user: User | null = null): readonly Transition[] {
  const workflow = site.issueTypes.get(issue.typeId)?.workflow;
  const project = projectOf(site, issue);
  return (workflow?.transitions ?? []).filter(
    (transition) =>
      (transition.from === null || transition.from.includes(issue.statusId)) &&
      (user === null || isOffered(site, project, issue, user, transition)),
  );
}

/** Entering a status of the category "done" sets the resolution, leaving it clears it: what Jira's own workflows do. */
function settleResolution(site: Site, issue: Issue, at: number): ChangeItem[] {
  const isDone = site.statuses.get(issue.statusId)?.category.key === 'done';
  if (isDone === (issue.resolutionId !== null)) return [];
  const first = [...site.resolutions.keys()][0] ?? null;
  return setResolution(site, issue, isDone ? first : null, at);
}

/** What a transition does of itself, by its post functions. */
function afterTransition(site: Site, project: Project, issue: Issue, transition: Transition, at: number): ChangeItem[] {
  const posts = transition.rules?.postFunctions;
  if (posts === undefined) return settleResolution(site, issue, at);
  const clear = (fieldId: string): readonly ChangeItem[] => {
    const rule = ruleOf(site, project, issue.typeId, fieldId);
    const read = rule?.prepare(site, project, null, 'adf');
    if (read === undefined || 'error' in read) return [];
    const items = read.edit.describe(site, issue);
    read.edit.apply(issue, site);
    return items;
  };
  return posts.flatMap((post) => runPostFunction(site, project, issue, post, at, clear));
}

/** What the validators of a transition and the required fields of its screen object to. */
function objections(site: Site, user: User, issue: Issue, transition: Transition, edits: Edits): Outcome<never> | null {
  const project = projectOf(site, issue);
  const isFilled = (fieldId: string): boolean => {
    const edit = edits.edits.find((candidate) => candidate.fieldId === fieldId);
    if (edit !== undefined) return !edit.empties;
    if (fieldId === 'resolution') return issue.resolutionId !== null;
    // A field that cannot be emptied is never empty; of any other, emptying it would be a change.
    const empty = ruleOf(site, project, issue.typeId, fieldId)?.prepare(site, project, null, 'adf');
    return empty === undefined || 'error' in empty || empty.edit.describe(site, issue).length > 0;
  };
  const nameOf = (fieldId: string): string => ruleOf(site, project, issue.typeId, fieldId)?.name ?? fieldId;
  const { errors, messages } = validatorErrors(project, user, transition, isFilled, nameOf);
  if (Object.keys(errors).length > 0 || messages.length > 0)
    return { ok: false, refusal: { status: 400, errorMessages: messages, errors } };
  return null;
}

/** Takes a transition, with the fields and comments given along. */
export function transitionIssue(
  site: Site,
  actor: Actor,
  issue: Issue,
  transitionId: string,
  input: FieldInput,
  format: TextFormat,
): Outcome<Issue> {
  const project = projectOf(site, issue);
  if (!permits(actor.user, project, 'TRANSITION_ISSUES'))
    return refuse(403, 'You do not have permission to transition issues in this project.');
  const transition = availableTransitions(site, issue, actor.user).find((candidate) => candidate.id === transitionId);
  if (transition === undefined) return refuse(400, `Transition id '${transitionId}' is not valid for this issue.`);
  const only = transition.rules?.screen;
  const screen = {
    operation: 'transition' as const,
    project,
    typeId: issue.typeId,
    issue,
    user: actor.user,
    ...(only === undefined ? {} : { only }),
  };
  // Workflows that are not described in detail take what they are given, and look after the resolution themselves.
  const { resolution: _resolution, ...rest } = input.fields;
  const read = readEdits(site, screen, { fields: only === undefined ? rest : input.fields, update: input.update }, format);
  if (!read.ok) return read;
  const objection = objections(site, actor.user, issue, transition, read.value);
  if (objection !== null) return objection;

  const at = site.clock.now();
  const items = applyEdits(site, issue, read.value);
  const from = issue.statusId;
  issue.statusId = transition.to;
  items.push(...afterTransition(site, project, issue, transition, at));
  if (issue.resolutionId !== null) issue.resolvedAt ??= at;
  if (from !== transition.to) {
    const nameOf = (id: string): string | null => site.statuses.get(id)?.name ?? null;
    items.push({
      field: 'status',
      fieldtype: 'jira',
      fieldId: 'status',
      from,
      fromString: nameOf(from),
      to: transition.to,
      toString: nameOf(transition.to),
    });
  }
  const change = recordChange(site, actor, issue, items, at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_generic' });
  return addComments(site, actor, issue, read.value, format);
}

/** What hung on a deleted issue goes too, or is let loose: links, worklogs, the items below it. */
function letGo(site: Site, actor: Actor, issue: Issue, at: number): void {
  for (const id of [...issue.linkIds]) {
    const link = site.issueLinks.get(id);
    if (link !== undefined) removeLink(site, actor, link);
  }
  for (const { id } of issue.worklogs) site.deletedWorklogs.set(id, at);
  site.issues.get(issue.parentId ?? '')?.childIds.delete(issue.id);
  for (const id of issue.childIds) {
    const child = site.issues.get(id);
    if (child !== undefined) child.parentId = null;
  }
}

/** Deletes an issue. Its comments go with it, each told of in a secondary event; sub-tasks only if that was said. */
export function deleteIssue(site: Site, actor: Actor, issue: Issue, withSubtasks = false): Outcome<null> {
  if (!permits(actor.user, projectOf(site, issue), 'DELETE_ISSUES'))
    return refuse(403, 'You do not have permission to delete issues in this project.');
  const subtasks = [...issue.childIds]
    .map((id) => site.issues.get(id))
    .filter((child) => child !== undefined)
    .filter((child) => site.issueTypes.get(child.typeId)?.subtask === true);
  if (subtasks.length > 0 && !withSubtasks)
    return refuse(
      400,
      `The issue '${issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    );
  for (const subtask of subtasks) deleteIssue(site, actor, subtask);
  const at = site.clock.now();
  letGo(site, actor, issue, at);
  site.issues.delete(issue.id);
  site.issueIdsByKey.delete(issue.key);
  for (const comment of issue.comments) site.issueIdsByComment.delete(comment.id);
  site.searchIndex.noteDeleted(at, issue.id);
  emit(site, { kind: 'issue-deleted', actor, at, issue });
  for (const comment of issue.comments) emit(site, { kind: 'comment-deleted', actor, at, issue, comment, secondary: true });
  return done(null);
}

/** What belongs to the old project stays there: versions, components and the security level. */
function leaveBehind(site: Site, issue: Issue, to: Project): ChangeItem[] {
  const isThere = (thing: { readonly projectId: string } | undefined): boolean => thing?.projectId === to.id;
  const fields: Record<string, unknown> = {
    fixVersions: issue.fixVersionIds.filter((id) => isThere(site.versions.get(id))).map((id) => ({ id })),
    versions: issue.versionIds.filter((id) => isThere(site.versions.get(id))).map((id) => ({ id })),
    components: issue.componentIds.filter((id) => isThere(site.components.get(id))).map((id) => ({ id })),
    ...(issue.securityId === null || to.securityLevelIds.includes(issue.securityId) ? {} : { security: null }),
  };
  return Object.entries(fields).flatMap(([id, value]) => {
    const read = ruleOf(site, to, issue.typeId, id)?.prepare(site, to, value, 'adf');
    if (read === undefined || 'error' in read) return [];
    const items = read.edit.describe(site, issue);
    if (items.length > 0) read.edit.apply(issue, site);
    return items;
  });
}

/** Moves an issue to another project: the id stays, the key is new, the old key goes on leading to it. */
export function moveIssue(
  site: Site,
  actor: Actor,
  issue: Issue,
  projectIdOrKey: string,
  typeId: string | null = null,
): Outcome<Issue> {
  const from = projectOf(site, issue);
  const to = findProject(site, actor.user, projectIdOrKey);
  if (to === null) return refuseFields(400, { project: 'Specify a valid project ID or key' });
  if (!permits(actor.user, from, 'MOVE_ISSUES') || !permits(actor.user, to, 'CREATE_ISSUES'))
    return refuse(403, 'You do not have permission to move this issue.');
  const type = site.issueTypes.get(typeId ?? issue.typeId);
  if (type === undefined || !to.issueTypeIds.includes(type.id))
    return refuseFields(400, { issuetype: 'The issue type selected is invalid.' });

  const at = site.clock.now();
  const before = { key: issue.key, typeId: issue.typeId, statusId: issue.statusId };
  to.lastNumber += 1;
  issue.projectId = to.id;
  issue.number = to.lastNumber;
  issue.key = `${to.key}-${to.lastNumber}`;
  issue.typeId = type.id;
  if (!type.workflow.statusIds.includes(issue.statusId)) issue.statusId = type.workflow.initialStatusId;
  site.issueIdsByKey.set(issue.key, issue.id);
  const item = (
    field: string,
    fieldId: string,
    was: readonly [string | null, string | null],
    is: readonly [string | null, string | null],
  ): ChangeItem => ({
    field,
    fieldtype: 'jira',
    fieldId,
    from: was[0],
    fromString: was[1],
    to: is[0],
    toString: is[1],
  });
  const items = [
    item('project', 'project', [from.id, from.name], [to.id, to.name]),
    item('Key', 'Key', [null, before.key], [null, issue.key]),
  ];
  const typeName = (id: string): string | null => site.issueTypes.get(id)?.name ?? null;
  const statusName = (id: string): string | null => site.statuses.get(id)?.name ?? null;
  if (before.typeId !== type.id)
    items.push(item('issuetype', 'issuetype', [before.typeId, typeName(before.typeId)], [type.id, type.name]));
  if (before.statusId !== issue.statusId) {
    items.push(
      item('status', 'status', [before.statusId, statusName(before.statusId)], [issue.statusId, statusName(issue.statusId)]),
    );
  }
  items.push(...leaveBehind(site, issue, to));
  const change = recordChange(site, actor, issue, items, at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_moved' });
  return done(issue);
}
