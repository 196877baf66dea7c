import type { AdfNode } from './adf.ts';
import { newIssueParts } from './issue-parts.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { indexed, nextId } from './record.ts';
import { addIssueType, addProject, addStatus, addUser, openWorkflow } from './set-up.ts';
import type { Comment, Issue, Project, Site } from './site.ts';
import { fromWikiText, isDocument } from './wiki-text.ts';

type Raw = Readonly<Record<string, unknown>>;

/** The `issue` of a recorded webhook, or of a REST answer of either version. */
export interface RecordedIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Raw;
}

const record = (value: unknown): Raw | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null;
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const time = (value: unknown, otherwise: number): number => {
  const at = Date.parse(String(value ?? ''));
  return Number.isNaN(at) ? otherwise : at;
};
const richText = (value: unknown): AdfNode | null =>
  isDocument(value) ? value : typeof value === 'string' && value !== '' ? fromWikiText(value) : null;

/** Fields that an issue keeps by name, or that follow from others: the rest is kept as it came. */
const OWN = new Set([
  'summary',
  'description',
  'labels',
  'priority',
  'duedate',
  'assignee',
  'reporter',
  'creator',
  'resolution',
  'resolutiondate',
  'issuetype',
  'project',
  'status',
  'created',
  'updated',
  'comment',
]);

function ensureUser(site: Site, raw: unknown): string | null {
  const person = record(raw);
  const accountId = text(person?.['accountId']) ?? text(person?.['key']) ?? text(person?.['name']);
  if (person === null || accountId === null) return null;
  if (!site.users.has(accountId)) {
    const displayName = text(person['displayName']) ?? accountId;
    addUser(site, { accountId, displayName, emailAddress: text(person['emailAddress']) ?? `${accountId}@example.com` });
  }
  return accountId;
}

function ensureStatus(site: Site, raw: Raw): string {
  const id = String(raw['id']);
  const category = record(raw['statusCategory'])?.['key'];
  if (!site.statuses.has(id))
    addStatus(site, id, text(raw['name']) ?? id, category === 'done' || category === 'indeterminate' ? category : 'new');
  return id;
}

/** The type, with the status in its workflow, reachable from everywhere. */
function ensureType(site: Site, raw: Raw, statusId: string): string {
  const id = String(raw['id']);
  const status = site.statuses.get(statusId);
  const type =
    site.issueTypes.get(id) ??
    addIssueType(site, {
      id,
      name: text(raw['name']) ?? id,
      description: text(raw['description']) ?? '',
      subtask: raw['subtask'] === true,
      workflow: openWorkflow(`Workflow of ${text(raw['name']) ?? id}`, status === undefined ? [] : [status]),
    });
  if (status !== undefined && !type.workflow.statusIds.includes(statusId)) {
    type.workflow.statusIds.push(statusId);
    type.workflow.transitions.push({ id: nextId(site, 'other'), name: status.name, from: null, to: statusId });
  }
  return id;
}

function ensureProject(site: Site, raw: Raw, typeId: string, lead: string): Project {
  const id = String(raw['id']);
  const project =
    site.projects.get(id) ??
    addProject(site, {
      id,
      key: text(raw['key']) ?? `P${id}`,
      name: text(raw['name']) ?? id,
      leadAccountId: lead,
      issueTypeIds: [],
      adminIds: [lead],
    });
  if (!project.issueTypeIds.includes(typeId)) project.issueTypeIds.push(typeId);
  return project;
}

function readComments(site: Site, raw: unknown, now: number, author: string): Comment[] {
  const list = record(raw)?.['comments'];
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const comment = record(entry) ?? {};
    const authorId = ensureUser(site, comment['author']) ?? author;
    const created = time(comment['created'], now);
    return {
      id: text(comment['id']) ?? nextId(site, 'comment'),
      authorId,
      updateAuthorId: ensureUser(site, comment['updateAuthor']) ?? authorId,
      body: richText(comment['body']) ?? fromWikiText(''),
      created,
      updated: time(comment['updated'], created),
      visibility: null,
      jsdPublic: comment['jsdPublic'] !== false,
      properties: new Map(),
    };
  });
}

/** The clash that would make two things one, in words; null when there is none. */
function clash(site: Site, issue: RecordedIssue, project: Raw, status: Raw, type: Raw): string | null {
  const taken = (what: string, known: string | undefined, name: unknown): string | null =>
    known !== undefined && typeof name === 'string' && known !== name
      ? `The ${what} id is already that of ${known}, not of ${name}.`
      : null;
  const holder = site.issueIdsByKey.get(issue.key);
  if (holder !== undefined && holder !== issue.id) return `The key ${issue.key} is already that of issue ${holder}.`;
  return (
    taken('project', site.projects.get(String(project['id']))?.key, project['key']) ??
    taken('status', site.statuses.get(String(status['id']))?.name, status['name']) ??
    taken('issue type', site.issueTypes.get(String(type['id']))?.name, type['name'])
  );
}

const raise = (site: Site, counter: 'issue' | 'comment', id: string): void => {
  const number = Number(id);
  if (Number.isInteger(number)) site.counters[counter] = Math.max(site.counters[counter], number);
};

type Option = { readonly id: string; readonly name: string };

/** The id of a priority or resolution, which is made when the site does not have it. */
function ensureOption<T extends Option>(all: Map<string, T>, raw: unknown, make: (option: Option) => T): string | null {
  const option = record(raw);
  if (option === null) return null;
  const id = String(option.id);
  if (!all.has(id)) all.set(id, make({ id, name: text(option.name) ?? id }));
  return id;
}

/** Everything an issue names, made where it was missing. */
function ensurePlace(site: Site, fields: Raw, project: Raw, status: Raw, type: Raw) {
  const somebody = [...site.users.keys()][0] ?? addUser(site, IMPORTER).accountId;
  const creatorId = ensureUser(site, fields.creator) ?? ensureUser(site, fields.reporter) ?? somebody;
  const statusId = ensureStatus(site, status);
  const typeId = ensureType(site, type, statusId);
  return { creatorId, statusId, typeId, project: ensureProject(site, project, typeId, creatorId) };
}

/** The creator of issues that name none, on a site without people. */
const IMPORTER = { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Importer', emailAddress: 'importer@example.com' };

/** Fields that the simulator only keeps and shows. */
function readOthers(site: Site, fields: Raw): Map<string, unknown> {
  const others = Object.entries(fields).filter(([id]) => !OWN.has(id));
  for (const [id] of others) {
    if (id.startsWith('customfield_') && !site.customFields.has(id)) site.customFields.set(id, { id, name: id });
  }
  return new Map(others);
}

/** Puts an issue where all the registers of the site find it. */
function enter(site: Site, issue: Issue, project: Project): void {
  const before = site.issues.get(issue.id);
  for (const comment of before?.comments ?? []) site.issueIdsByComment.delete(comment.id);
  site.issues.set(issue.id, issue);
  site.issueIdsByKey.set(issue.key, issue.id);
  project.lastNumber = Math.max(project.lastNumber, issue.number);
  raise(site, 'issue', issue.id);
  for (const comment of issue.comments) {
    site.issueIdsByComment.set(comment.id, issue.id);
    raise(site, 'comment', comment.id);
  }
  site.searchIndex.note(site.clock.now(), indexed(issue));
}

/**
 * Puts an issue into a given state without telling anyone: no changelog, no webhook. What it names and the site does not have
 * (project, type, status, priority, people) is made with the ids given. An issue of that id is replaced.
 */
export function importIssue(site: Site, recorded: RecordedIssue): Outcome<Issue> {
  const { fields } = recorded;
  const [project, status, type] = [record(fields.project), record(fields.status), record(fields.issuetype)];
  if (project === null || status === null || type === null) {
    return refuse(400, 'An issue needs a project, a status and an issuetype to be imported.');
  }
  const trouble = clash(site, recorded, project, status, type);
  if (trouble !== null) return refuse(409, trouble);

  const now = site.clock.now();
  const place = ensurePlace(site, fields, project, status, type);
  const resolutionId = ensureOption(site.resolutions, fields.resolution, (option) => option);
  const created = time(fields.created, now);
  const issue: Issue = {
    ...newIssueParts(),
    id: recorded.id,
    key: recorded.key,
    number: Number(/\d+$/.exec(recorded.key)?.[0] ?? place.project.lastNumber + 1),
    projectId: place.project.id,
    typeId: place.typeId,
    statusId: place.statusId,
    creatorId: place.creatorId,
    created,
    updated: time(fields.updated, created),
    summary: text(fields.summary) ?? '',
    description: richText(fields.description),
    labels: Array.isArray(fields.labels) ? fields.labels.map(String).sort() : [],
    priorityId: ensureOption(site.priorities, fields.priority, (option) => ({ ...option, color: '#707070' })),
    dueDate: text(fields.duedate),
    assigneeId: ensureUser(site, fields.assignee),
    reporterId: ensureUser(site, fields.reporter),
    resolutionId,
    resolvedAt: resolutionId === null ? null : time(fields.resolutiondate, created),
    otherFields: readOthers(site, fields),
    comments: readComments(site, fields.comment, now, place.creatorId),
    changes: [],
    properties: new Map(),
  };
  enter(site, issue, place.project);
  return done(issue);
}
