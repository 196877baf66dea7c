import { contextFor } from '../heart/custom-fields.ts';
import { inWords } from '../heart/durations.ts';
import type { CustomField } from '../heart/field-config.ts';
import { projectOf, seesComment } from '../heart/find-issue.ts';
import { passesVisibility } from '../heart/issue-security.ts';
import type { Change, Comment, Issue, Site, User } from '../heart/site.ts';
import { toWikiText } from '../heart/wiki-text.ts';
import { customShape } from './custom-field.ts';
import { attachmentShape, issueLinkShape, linkedIssueShape, worklogShape } from './parts.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, jiraTime, personShape } from './people.ts';
import { componentReference, versionReference } from './planning.ts';
import { issueTypeShape, priorityShape, projectShape, resolutionShape, securityLevelShape, statusShape } from './scheme.ts';

type Audience = 'rest' | 'webhook';
type FieldShape = (site: Site, version: ApiVersion, issue: Issue, audience: Audience) => unknown;

/** An issue with `expand=changelog` carries only the newest entries. */
const EXPANDED_CHANGES = 40;

export function commentShape(
  site: Site,
  version: ApiVersion,
  issue: Issue,
  comment: Comment,
  audience: Audience = 'rest',
  withProperties = false,
): Record<string, unknown> {
  return {
    self: apiUrl(site, version, `issue/${issue.id}/comment/${comment.id}`),
    id: comment.id,
    author: personShape(site, version, comment.authorId, audience),
    body: version === '2' ? toWikiText(comment.body) : comment.body,
    updateAuthor: personShape(site, version, comment.updateAuthorId, audience),
    created: jiraTime(comment.created),
    updated: jiraTime(comment.updated),
    ...(comment.visibility === null ? {} : { visibility: comment.visibility }),
    jsdPublic: comment.jsdPublic,
    ...(comment.parentId === undefined ? {} : { parentId: Number(comment.parentId) }),
    ...(withProperties ? { properties: [...comment.properties].map(([key, value]) => ({ key, value })) } : {}),
  };
}

export function changeShape(site: Site, version: ApiVersion, change: Change): Record<string, unknown> {
  return {
    id: change.id,
    author: personShape(site, version, change.authorId),
    created: jiraTime(change.at),
    items: change.items,
  };
}

/** For webhooks: people fields repeat the account ids under the names that Jira gave them when it did away with user names. */
export const changeItems = (change: Change): Record<string, unknown>[] =>
  change.items.map((item) =>
    item.fieldId === 'assignee' || item.fieldId === 'reporter'
      ? { ...item, tmpFromAccountId: item.from, tmpToAccountId: item.to }
      : { ...item },
  );

/** What is spent and left of the time for an issue. */
function progressOf(issue: Issue): Record<string, unknown> {
  const progress = spentOn(issue);
  const total = progress + (issue.remainingEstimate ?? 0);
  return total === 0 ? { progress: 0, total: 0 } : { progress, total, percent: Math.floor((progress * 100) / total) };
}

const spentOn = (issue: Issue): number => issue.worklogs.reduce((sum, { seconds }) => sum + seconds, 0);
const timeSpent = (_site: Site, _version: ApiVersion, issue: Issue): number | null =>
  issue.worklogs.length === 0 ? null : spentOn(issue);

const timeTracking = (issue: Issue): Record<string, unknown> => ({
  ...(issue.originalEstimate === null
    ? {}
    : { originalEstimate: inWords(issue.originalEstimate), originalEstimateSeconds: issue.originalEstimate }),
  ...(issue.remainingEstimate === null
    ? {}
    : { remainingEstimate: inWords(issue.remainingEstimate), remainingEstimateSeconds: issue.remainingEstimate }),
  ...(issue.worklogs.length === 0 ? {} : { timeSpent: inWords(spentOn(issue)), timeSpentSeconds: spentOn(issue) }),
});

/** The named things of a list of ids that still exist. */
const present = <T>(all: ReadonlyMap<string, T>, ids: readonly string[]): T[] =>
  ids.map((id) => all.get(id)).filter((thing) => thing !== undefined);

/** The sub-tasks of an issue; the items below an epic are not among them. */
const subtasksOf = (site: Site, issue: Issue): Issue[] =>
  [...issue.childIds]
    .map((id) => site.issues.get(id))
    .filter((child) => child !== undefined)
    .filter((child) => site.issueTypes.get(child.typeId)?.subtask === true);

/** Every field, in the order in which a Cloud site lists them. */
const FIELDS: Readonly<Record<string, FieldShape>> = {
  statuscategorychangedate: (_site, _version, issue) => jiraTime(issue.resolvedAt ?? issue.created),
  issuetype: (site, version, issue) => {
    const type = site.issueTypes.get(issue.typeId);
    return type === undefined ? null : issueTypeShape(site, version, type);
  },
  timespent: timeSpent,
  project: (site, version, issue) => projectShape(site, version, projectOf(site, issue)),
  fixVersions: (site, version, issue) =>
    present(site.versions, issue.fixVersionIds).map((each) => versionReference(site, version, each)),
  aggregatetimespent: timeSpent,
  resolution: (site, version, issue) => {
    const resolution = site.resolutions.get(issue.resolutionId ?? '');
    return resolution === undefined ? null : resolutionShape(site, version, resolution);
  },
  resolutiondate: (_site, _version, issue) => (issue.resolvedAt === null ? null : jiraTime(issue.resolvedAt)),
  workratio: () => -1,
  lastViewed: () => null,
  watches: (site, version, issue) => ({
    self: apiUrl(site, version, `issue/${issue.key}/watchers`),
    watchCount: issue.watcherIds.size,
    isWatching: false,
  }),
  created: (_site, _version, issue) => jiraTime(issue.created),
  priority: (site, version, issue) => {
    const priority = site.priorities.get(issue.priorityId ?? '');
    return priority === undefined ? null : priorityShape(site, version, priority);
  },
  labels: (_site, _version, issue) => issue.labels,
  timeestimate: (_site, _version, issue) => issue.remainingEstimate,
  aggregatetimeoriginalestimate: (_site, _version, issue) => issue.originalEstimate,
  versions: (site, version, issue) =>
    present(site.versions, issue.versionIds).map((each) => versionReference(site, version, each)),
  issuelinks: (site, version, issue) =>
    present(site.issueLinks, [...issue.linkIds]).map((link) => issueLinkShape(site, version, link, issue)),
  assignee: (site, version, issue, audience) => personShape(site, version, issue.assigneeId, audience),
  updated: (_site, _version, issue) => jiraTime(issue.updated),
  status: (site, version, issue) => {
    const status = site.statuses.get(issue.statusId);
    return status === undefined ? null : statusShape(site, version, status);
  },
  components: (site, version, issue) =>
    present(site.components, issue.componentIds).map((each) => componentReference(site, version, each)),
  timeoriginalestimate: (_site, _version, issue) => issue.originalEstimate,
  description: (_site, version, issue) => (version === '2' ? toWikiText(issue.description) : issue.description),
  timetracking: (_site, _version, issue) => timeTracking(issue),
  security: (site, version, issue) => {
    const level = site.securityLevels.get(issue.securityId ?? '');
    return level === undefined ? null : securityLevelShape(site, version, level);
  },
  attachment: (site, version, issue, audience) =>
    issue.attachments.map((attachment) => attachmentShape(site, version, attachment, audience)),
  aggregatetimeestimate: (_site, _version, issue) => issue.remainingEstimate,
  summary: (_site, _version, issue) => issue.summary,
  creator: (site, version, issue, audience) => personShape(site, version, issue.creatorId, audience),
  subtasks: (site, version, issue) => subtasksOf(site, issue).map((child) => linkedIssueShape(site, version, child)),
  reporter: (site, version, issue, audience) => personShape(site, version, issue.reporterId, audience),
  aggregateprogress: (_site, _version, issue) => progressOf(issue),
  environment: (_site, version, issue) => (version === '2' ? toWikiText(issue.environment) : issue.environment),
  duedate: (_site, _version, issue) => issue.dueDate,
  progress: (_site, _version, issue) => progressOf(issue),
  votes: (site, version, issue) => ({
    self: apiUrl(site, version, `issue/${issue.key}/votes`),
    votes: issue.voterIds.size,
    hasVoted: false,
  }),
};

/** Fields that `*navigable` leaves out. */
const NOT_NAVIGABLE = new Set(['comment', 'timetracking', 'attachment', 'worklog']);

function commentField(site: Site, version: ApiVersion, issue: Issue, user: User | null): Record<string, unknown> {
  const comments = issue.comments
    .filter((comment) => user === null || seesComment(site, issue, user, comment))
    .map((comment) => commentShape(site, version, issue, comment));
  return {
    comments,
    self: apiUrl(site, version, `issue/${issue.id}/comment`),
    maxResults: comments.length,
    total: comments.length,
    startAt: 0,
  };
}

const WORKLOGS_IN_ISSUE = 20;

function worklogField(
  site: Site,
  version: ApiVersion,
  issue: Issue,
  user: User | null,
  audience: Audience,
): Record<string, unknown> {
  const project = projectOf(site, issue);
  const seen = issue.worklogs.filter((worklog) => user === null || passesVisibility(site, project, user, worklog));
  const worklogs = seen.slice(0, WORKLOGS_IN_ISSUE).map((worklog) => worklogShape(site, version, issue, worklog, audience));
  return { startAt: 0, maxResults: WORKLOGS_IN_ISSUE, total: seen.length, worklogs };
}

function parentField(site: Site, version: ApiVersion, issue: Issue): Record<string, unknown> | undefined {
  const parent = site.issues.get(issue.parentId ?? '');
  return parent === undefined ? undefined : linkedIssueShape(site, version, parent);
}

const NO_FIELDS: ReadonlyMap<string, CustomField> = new Map();
/** The typed custom fields that this issue's project and type have. */
function customFieldsOf(site: Site, issue: Issue): ReadonlyMap<string, CustomField> {
  if (site.customFields.size === 0) return NO_FIELDS;
  return new Map(
    [...site.customFields].filter(
      ([, field]) => field.kind !== undefined && contextFor(field, issue.projectId, issue.typeId) !== null,
    ),
  );
}

/** Whether one watches or has voted depends on who looks. */
function asSeenBy(user: User, issue: Issue, id: string, shown: unknown): unknown {
  if (issue.otherFields.has(id)) return shown;
  if (id === 'watches') return { ...(shown as object), isWatching: issue.watcherIds.has(user.accountId) };
  return id === 'votes' ? { ...(shown as object), hasVoted: issue.voterIds.has(user.accountId) } : shown;
}

/** Which fields a request wants: names, `*all`, `*navigable`, and `-name` to leave one out. */
export function wantedFields(asked: readonly string[], known: readonly string[]): readonly string[] {
  const unwanted = new Set(asked.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const named = new Set(asked);
  const all = named.has('*all') || (asked.length > 0 && unwanted.size === named.size);
  const isWanted = (id: string): boolean => all || named.has(id) || (named.has('*navigable') && !NOT_NAVIGABLE.has(id));
  return known.filter((id) => isWanted(id) && !unwanted.has(id));
}

/** The `fields` of an issue. `user`: who looks, for restricted comments. */
export function issueFields(
  site: Site,
  version: ApiVersion,
  issue: Issue,
  asked: readonly string[],
  user: User | null,
  audience: Audience = 'rest',
): Record<string, unknown> {
  const custom = customFieldsOf(site, issue);
  const parent = issue.parentId === null ? [] : ['parent'];
  const other = [...issue.otherFields.keys()].filter((id) => FIELDS[id] === undefined && !custom.has(id));
  const known = [...Object.keys(FIELDS), ...parent, ...custom.keys(), ...other, 'comment', 'worklog'];
  const fields: Record<string, unknown> = {};
  for (const id of asked.length === 1 && asked[0] === '*all' ? known : wantedFields(asked, known)) {
    if (id === 'comment') fields[id] = commentField(site, version, issue, user);
    else if (id === 'worklog') fields[id] = worklogField(site, version, issue, user, audience);
    else if (issue.otherFields.has(id)) fields[id] = issue.otherFields.get(id);
    else if (id === 'parent') fields[id] = parentField(site, version, issue);
    else {
      const field = custom.get(id);
      fields[id] =
        field === undefined ? FIELDS[id]?.(site, version, issue, audience) : customShape(site, version, field, issue, audience);
    }
    if (user !== null) fields[id] = asSeenBy(user, issue, id, fields[id]);
  }
  return fields;
}

export interface IssueView {
  readonly fields: readonly string[];
  readonly properties: readonly string[];
  readonly expand: ReadonlySet<string>;
}

const changelogShape = (site: Site, version: ApiVersion, issue: Issue): Record<string, unknown> => {
  const changes = issue.changes.slice(-EXPANDED_CHANGES).reverse();
  const histories = changes.map((change) => changeShape(site, version, change));
  return { startAt: 0, maxResults: changes.length, total: issue.changes.length, histories };
};

const propertiesShape = (issue: Issue, asked: readonly string[]): Record<string, unknown> =>
  Object.fromEntries([...issue.properties].filter(([key]) => asked.includes(key) || asked.includes('*all')));

/** An issue as REST answers with it. */
export function issueShape(site: Site, version: ApiVersion, issue: Issue, view: IssueView, user: User): Record<string, unknown> {
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
    id: issue.id,
    self: apiUrl(site, version, `issue/${issue.id}`),
    key: issue.key,
    ...(view.expand.has('changelog') ? { changelog: changelogShape(site, version, issue) } : {}),
    ...(view.properties.length > 0 ? { properties: propertiesShape(issue, view.properties) } : {}),
    ...(view.expand.has('names') ? { names: fieldNames(site) } : {}),
    fields: issueFields(site, version, issue, view.fields, user),
  };
}

const fieldNames = (site: Site): Record<string, string> => ({
  summary: 'Summary',
  description: 'Description',
  labels: 'Labels',
  priority: 'Priority',
  duedate: 'Due date',
  status: 'Status',
  issuetype: 'Issue Type',
  ...Object.fromEntries([...site.customFields.values()].map((field) => [field.id, field.name])),
});
