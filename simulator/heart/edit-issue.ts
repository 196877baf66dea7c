import { addComment } from './comments.ts';
import { projectOf } from './find-issue.ts';
import type { TextFormat } from './issue-fields.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { findProject, permits } from './permissions.ts';
import type { Edits, FieldInput } from './read-edits.ts';
import { readEdits } from './read-edits.ts';
import { emit, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Resolution, Site, Transition } from './site.ts';

export interface EditInput extends FieldInput {
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
}

function applyEdits(site: Site, issue: Issue, edits: Edits): ChangeItem[] {
  const items: ChangeItem[] = [];
  for (const edit of edits.edits) {
    const item = edit.describe(site, issue);
    if (item === null) continue;
    edit.apply(issue);
    items.push(item);
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

/** Changes fields. An edit that changes nothing leaves no trace: no changelog, no `updated`, no webhook. */
export function editIssue(site: Site, actor: Actor, issue: Issue, input: EditInput, format: TextFormat): Outcome<Issue> {
  const project = projectOf(site, issue);
  if (!permits(actor.user, project, 'EDIT_ISSUES'))
    return refuse(403, 'You do not have permission to edit issues in this project.');
  const read = readEdits(site, project, issue, input, format);
  if (!read.ok) return read;
  for (const { key, value } of input.properties) issue.properties.set(key, value);
  const items = applyEdits(site, issue, read.value);
  if (items.length > 0) {
    const at = site.clock.now();
    const change = recordChange(site, actor, issue, items, at);
    const assignedOnly = items.every((item) => item.fieldId === 'assignee');
    emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: assignedOnly ? 'issue_assigned' : 'issue_updated' });
  }
  return addComments(site, actor, issue, read.value, format);
}

/** The transitions that an issue's status allows. */
export function availableTransitions(site: Site, issue: Issue): readonly Transition[] {
  const workflow = site.issueTypes.get(issue.typeId)?.workflow;
  return (workflow?.transitions ?? []).filter(
    (transition) => transition.from === null || transition.from.includes(issue.statusId),
  );
}

function resolutionItem(site: Site, issue: Issue, to: Resolution | null): ChangeItem {
  const from = issue.resolutionId === null ? null : (site.resolutions.get(issue.resolutionId) ?? null);
  return {
    field: 'resolution',
    fieldtype: 'jira',
    fieldId: 'resolution',
    from: from?.id ?? null,
    fromString: from?.name ?? null,
    to: to?.id ?? null,
    toString: to?.name ?? null,
  };
}

/** Entering a status of the category "done" sets the resolution, leaving it clears it: what Jira's own workflows do. */
function settleResolution(site: Site, issue: Issue, at: number): ChangeItem[] {
  const isDone = site.statuses.get(issue.statusId)?.category.key === 'done';
  if (isDone === (issue.resolutionId !== null)) return [];
  const to = isDone ? ([...site.resolutions.values()][0] ?? null) : null;
  const item = resolutionItem(site, issue, to);
  issue.resolutionId = to?.id ?? null;
  issue.resolvedAt = to === null ? null : at;
  return [item];
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
  const transition = availableTransitions(site, issue).find((candidate) => candidate.id === transitionId);
  if (transition === undefined) return refuse(400, `Transition id '${transitionId}' is not valid for this issue.`);
  const { resolution: _resolution, ...fields } = input.fields;
  const read = readEdits(site, project, issue, { fields, update: input.update }, format);
  if (!read.ok) return read;

  const at = site.clock.now();
  const items = applyEdits(site, issue, read.value);
  const from = issue.statusId;
  issue.statusId = transition.to;
  items.push(...settleResolution(site, issue, at));
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

/** Deletes an issue. Its comments go with it, each told of in a secondary event. */
export function deleteIssue(site: Site, actor: Actor, issue: Issue): Outcome<null> {
  if (!permits(actor.user, projectOf(site, issue), 'DELETE_ISSUES'))
    return refuse(403, 'You do not have permission to delete issues in this project.');
  const at = site.clock.now();
  site.issues.delete(issue.id);
  site.issueIdsByKey.delete(issue.key);
  for (const comment of issue.comments) site.issueIdsByComment.delete(comment.id);
  site.searchIndex.noteDeleted(at, issue.id);
  emit(site, { kind: 'issue-deleted', actor, at, issue });
  for (const comment of issue.comments) emit(site, { kind: 'comment-deleted', actor, at, issue, comment, secondary: true });
  return done(null);
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
  const change = recordChange(site, actor, issue, items, at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_moved' });
  return done(issue);
}
