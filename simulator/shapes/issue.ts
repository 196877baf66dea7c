import { projectOf, seesComment } from '../heart/find-issue.ts';
import type { Change, Comment, Issue, Site, User } from '../heart/site.ts';
import { toWikiText } from '../heart/wiki-text.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, jiraTime, personShape } from './people.ts';
import { issueTypeShape, priorityShape, projectShape, resolutionShape, statusShape } from './scheme.ts';

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

const NOTHING = { progress: 0, total: 0 };

/** Every field, in the order in which a Cloud site lists them. */
const FIELDS: Readonly<Record<string, FieldShape>> = {
  statuscategorychangedate: (_site, _version, issue) => jiraTime(issue.resolvedAt ?? issue.created),
  issuetype: (site, version, issue) => {
    const type = site.issueTypes.get(issue.typeId);
    return type === undefined ? null : issueTypeShape(site, version, type);
  },
  timespent: () => null,
  project: (site, version, issue) => projectShape(site, version, projectOf(site, issue)),
  fixVersions: () => [],
  aggregatetimespent: () => null,
  resolution: (site, version, issue) => {
    const resolution = site.resolutions.get(issue.resolutionId ?? '');
    return resolution === undefined ? null : resolutionShape(site, version, resolution);
  },
  resolutiondate: (_site, _version, issue) => (issue.resolvedAt === null ? null : jiraTime(issue.resolvedAt)),
  workratio: () => -1,
  lastViewed: () => null,
  watches: (site, version, issue) => ({
    self: apiUrl(site, version, `issue/${issue.key}/watchers`),
    watchCount: 0,
    isWatching: false,
  }),
  created: (_site, _version, issue) => jiraTime(issue.created),
  priority: (site, version, issue) => {
    const priority = site.priorities.get(issue.priorityId ?? '');
    return priority === undefined ? null : priorityShape(site, version, priority);
  },
  labels: (_site, _version, issue) => issue.labels,
  timeestimate: () => null,
  aggregatetimeoriginalestimate: () => null,
  versions: () => [],
  issuelinks: () => [],
  assignee: (site, version, issue, audience) => personShape(site, version, issue.assigneeId, audience),
  updated: (_site, _version, issue) => jiraTime(issue.updated),
  status: (site, version, issue) => {
    const status = site.statuses.get(issue.statusId);
    return status === undefined ? null : statusShape(site, version, status);
  },
  components: () => [],
  timeoriginalestimate: () => null,
  description: (_site, version, issue) => (version === '2' ? toWikiText(issue.description) : issue.description),
  timetracking: () => ({}),
  security: () => null,
  attachment: () => [],
  aggregatetimeestimate: () => null,
  summary: (_site, _version, issue) => issue.summary,
  creator: (site, version, issue, audience) => personShape(site, version, issue.creatorId, audience),
  subtasks: () => [],
  reporter: (site, version, issue, audience) => personShape(site, version, issue.reporterId, audience),
  aggregateprogress: () => NOTHING,
  environment: () => null,
  duedate: (_site, _version, issue) => issue.dueDate,
  progress: () => NOTHING,
  votes: (site, version, issue) => ({ self: apiUrl(site, version, `issue/${issue.key}/votes`), votes: 0, hasVoted: false }),
};

/** Fields that `*navigable` leaves out. */
const NOT_NAVIGABLE = new Set(['comment', 'timetracking', 'attachment']);

function commentField(site: Site, version: ApiVersion, issue: Issue, user: User | null): Record<string, unknown> {
  const comments = issue.comments
    .filter((comment) => user === null || seesComment(user, comment))
    .map((comment) => commentShape(site, version, issue, comment));
  return {
    comments,
    self: apiUrl(site, version, `issue/${issue.id}/comment`),
    maxResults: comments.length,
    total: comments.length,
    startAt: 0,
  };
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
  const known = [...Object.keys(FIELDS), ...[...issue.otherFields.keys()].filter((id) => FIELDS[id] === undefined), 'comment'];
  const fields: Record<string, unknown> = {};
  for (const id of asked.length === 1 && asked[0] === '*all' ? known : wantedFields(asked, known)) {
    if (id === 'comment') fields[id] = commentField(site, version, issue, user);
    else fields[id] = issue.otherFields.has(id) ? issue.otherFields.get(id) : FIELDS[id]?.(site, version, issue, audience);
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
