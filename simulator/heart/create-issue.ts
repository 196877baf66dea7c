import { addComment } from './comments.ts';
import { contextFor } from './custom-fields.ts';
import type { Screen } from './field-registry.ts';
import { isRequired, rulesOf } from './field-registry.ts';
import type { TextFormat } from './issue-fields.ts';
import { newIssueParts } from './issue-parts.ts';
import type { Outcome } from './outcome.ts';
import { done, refuseFields } from './outcome.ts';
import { findProject, permits } from './permissions.ts';
import type { Edits, FieldInput } from './read-edits.ts';
import { readEdits } from './read-edits.ts';
import { emit, nextId, touch } from './record.ts';
import type { Actor, Change, ChangeItem, Issue, IssueType, Project, Site } from './site.ts';
import { toWikiText } from './wiki-text.ts';

export interface CreateInput extends FieldInput {
  readonly properties: readonly { readonly key: string; readonly value: unknown }[];
}

/** Priority of a new issue that names none: the middle of the list, as a fresh Jira has it. */
const DEFAULT_PRIORITY = 'Medium';

function findPlace(site: Site, actor: Actor, input: FieldInput): Outcome<{ project: Project; type: IssueType }> {
  const wanted = (input.fields['project'] ?? {}) as { id?: unknown; key?: unknown };
  const project = findProject(site, actor.user, String(wanted.id ?? wanted.key ?? ''));
  if (project === null) return refuseFields(400, { project: 'Specify a valid project ID or key' });
  if (!permits(actor.user, project, 'CREATE_ISSUES'))
    return refuseFields(403, { project: 'You cannot create issues in this project.' });
  const raw = (input.fields['issuetype'] ?? {}) as { id?: unknown; name?: unknown };
  const type = project.issueTypeIds
    .map((id) => site.issueTypes.get(id))
    .find(
      (candidate) =>
        candidate !== undefined && (raw.id === undefined ? candidate.name === raw.name : candidate.id === String(raw.id)),
    );
  return type === undefined ? refuseFields(400, { issuetype: 'Specify a valid issue type' }) : done({ project, type });
}

function emptyIssue(site: Site, actor: Actor, project: Project, type: IssueType, at: number): Issue {
  const byName = [...site.priorities.values()].find((priority) => priority.name === DEFAULT_PRIORITY);
  project.lastNumber += 1;
  return {
    ...newIssueParts(),
    id: nextId(site, 'issue'),
    projectId: project.id,
    key: `${project.key}-${project.lastNumber}`,
    number: project.lastNumber,
    typeId: type.id,
    statusId: type.workflow.initialStatusId,
    summary: '',
    description: null,
    labels: [],
    priorityId: byName?.id ?? null,
    dueDate: null,
    assigneeId: null,
    reporterId: actor.user.accountId,
    creatorId: actor.user.accountId,
    resolutionId: null,
    resolvedAt: null,
    created: at,
    updated: at,
    otherFields: new Map(),
    comments: [],
    changes: [],
    properties: new Map(),
  };
}

/** The changelog that only the webhook of a new issue carries: these fields, in this order, as recorded from Cloud. */
function creationItems(site: Site, issue: Issue): ChangeItem[] {
  const item = (field: string, fieldId: string, to: string | null, text: string | null): ChangeItem => ({
    field,
    fieldtype: 'jira',
    fieldId,
    from: null,
    fromString: null,
    to,
    toString: text,
  });
  const name = (accountId: string): string | null => site.users.get(accountId)?.displayName ?? null;
  return [
    ...(issue.assigneeId === null ? [] : [item('assignee', 'assignee', issue.assigneeId, name(issue.assigneeId))]),
    item('description', 'description', null, toWikiText(issue.description) ?? ''),
    ...(issue.priorityId === null
      ? []
      : [item('priority', 'priority', issue.priorityId, site.priorities.get(issue.priorityId)?.name ?? null)]),
    ...(issue.reporterId === null ? [] : [item('reporter', 'reporter', issue.reporterId, name(issue.reporterId))]),
    item('Status', 'status', issue.statusId, site.statuses.get(issue.statusId)?.name ?? null),
    item('summary', 'summary', null, issue.summary),
  ];
}

/** Jira fills these in itself. */
const FILLED_IN = new Set(['issuetype', 'priority', 'reporter']);

function checkRequired(site: Site, screen: Screen, edits: Edits): Outcome<Edits> {
  const given = (id: string): boolean => edits.edits.some((edit) => edit.fieldId === id && !edit.empties);
  const errors: Record<string, string> = {};
  for (const rule of rulesOf(site, screen)) {
    if (!isRequired(screen, rule) || FILLED_IN.has(rule.id) || given(rule.id) || defaultOf(site, screen, rule.id) !== null)
      continue;
    errors[rule.id] = rule.required ? `You must specify a ${rule.id} of the issue.` : `${rule.name} is required.`;
  }
  if (site.issueTypes.get(screen.typeId)?.subtask === true && !given('parent'))
    errors['parent'] = 'Issue type is a sub-task but parent issue key or id not specified.';
  return Object.keys(errors).length === 0 ? done(edits) : refuseFields(400, errors);
}

/** What a custom field holds in a new issue that does not name it. */
function defaultOf(site: Site, screen: Screen, fieldId: string): unknown {
  const field = site.customFields.get(fieldId);
  return field?.kind === undefined ? null : (contextFor(field, screen.project.id, screen.typeId)?.defaultValue ?? null);
}

/** Defaults of fields and of the security of the project. */
function applyDefaults(site: Site, screen: Screen, issue: Issue, edits: Edits): void {
  const named = new Set(edits.edits.map((edit) => edit.fieldId));
  for (const [id] of site.customFields) {
    const value = named.has(id) ? null : defaultOf(site, screen, id);
    if (value !== null) issue.custom.set(id, value);
  }
  if (!named.has('security')) issue.securityId = screen.project.defaultSecurityId;
}

/** Fields that {@link creationItems} tells of itself. */
const LOGGED = new Set(['assignee', 'description', 'priority', 'reporter', 'summary', 'issuetype', 'labels', 'duedate']);

/** Makes an issue, with its properties and comments, and tells of it. */
export function createIssue(site: Site, actor: Actor, input: CreateInput, format: TextFormat): Outcome<Issue> {
  const place = findPlace(site, actor, input);
  if (!place.ok) return place;
  const { project, type } = place.value;
  const { issuetype: _issuetype, ...fields } = input.fields;
  // A null on create means "as it comes": Jira then takes the default.
  const given = Object.fromEntries(Object.entries(fields).filter(([id, value]) => value !== null || id === 'summary'));
  const screen: Screen = { operation: 'create', project, typeId: type.id, issue: null, user: actor.user };
  const read = readEdits(site, screen, { fields: given, update: input.update }, format);
  const checked = read.ok ? checkRequired(site, screen, read.value) : read;
  if (!checked.ok) return checked;

  const at = site.clock.now();
  const issue = emptyIssue(site, actor, project, type, at);
  applyDefaults(site, screen, issue, checked.value);
  const blank = { ...issue, custom: new Map() };
  const more = checked.value.edits.flatMap((edit) => (LOGGED.has(edit.fieldId) ? [] : edit.describe(site, blank)));
  for (const edit of checked.value.edits) edit.apply(issue, site);
  for (const { key, value } of input.properties) issue.properties.set(key, value);
  site.issues.set(issue.id, issue);
  site.issueIdsByKey.set(issue.key, issue.id);
  touch(site, issue, at);
  const change: Change = {
    id: nextId(site, 'change'),
    authorId: actor.user.accountId,
    at,
    // Nobody else ever sees it, so it is not written while a site is furnished.
    items: site.listeners.size === 0 ? [] : [...creationItems(site, issue), ...more],
  };
  emit(site, { kind: 'issue-created', actor, at, issue, change });
  for (const comment of checked.value.commentsToAdd) {
    const added = addComment(site, actor, issue, comment, format);
    if (!added.ok) return added;
  }
  return done(issue);
}
