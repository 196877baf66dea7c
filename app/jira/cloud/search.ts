import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { FieldId, IssueId, IssueKey, ProjectId } from '../../core/ids.ts';
import type { Item } from '../../core/item.ts';
import type { Jira, ListedItem, ListedPage } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { unreadable } from '../failure.ts';
import { failedWebhooks, issue, issuesWithProperties, listedIssue, newestKey, type RawIssue, searchPage } from '../schemas.ts';
import { mapItem, readMarks, TWIN_PROPERTY } from './map-item.ts';
import { apiPath } from './paths.ts';

type SearchCalls = Pick<Jira, 'findTwin' | 'listChanged' | 'listGivenUp' | 'listMade' | 'newestNumber'>;
type FindRequest = Parameters<Jira['findTwin']>[0];
type Found = { issueId: IssueId; issueKey: IssueKey };

/** Jira's limit for one bulk fetch. */
const WINDOW = 100;
const PAGE_SIZE = 100;
const JIRA_FIRST_DAY = Date.UTC(2002, 0, 1);

/** What a listed item carries beside the fields asked for: all that a turn looks at, so that the list itself is the look. */
const ALWAYS = ['project', 'issuetype', 'status', 'created', 'updated', 'comment'];

export const createSearchCalls = (client: JiraClient): SearchCalls => ({
  findTwin: (request) => findTwin(client, request),
  newestNumber: (projectKey) => newestIndexedNumber(client, projectKey),
  listChanged: ({ spaces, fields, pageToken }) =>
    listItems(client, { jql: `${spaces.map(changedIn).join(' OR ')} ORDER BY updated ASC`, fields, pageToken }),
  listMade: ({ projectId, until, fields, pageToken }) =>
    listItems(client, {
      jql: `project = ${projectId} AND created <= ${Math.floor(until)} ORDER BY key ASC`,
      fields,
      pageToken,
    }),
  listGivenUp: (after) => listGivenUp(client, after),
});

interface ListRequest {
  readonly jql: string;
  readonly fields: readonly FieldId[];
  readonly pageToken: string | null;
}

async function listItems(client: JiraClient, { jql, fields, pageToken }: ListRequest): Promise<Result<ListedPage>> {
  const answer = await client.call({
    endpoint: 'POST /search/jql',
    method: 'POST',
    path: apiPath(['search', 'jql']),
    body: {
      jql,
      fields: [...new Set([...ALWAYS, ...fields])],
      properties: [TWIN_PROPERTY],
      maxResults: PAGE_SIZE,
      ...(pageToken === null ? {} : { nextPageToken: pageToken }),
    },
    intent: 'read',
    schema: searchPage,
    objects: (page) => page.issues.length,
  });
  if (!answer.ok) return answer;
  const items: ListedItem[] = [];
  for (const raw of answer.value.issues) {
    const listed = readListed(raw, fields);
    if (listed === null) return fail(unreadable('read', 'unexpected answer: issues'));
    items.push(listed);
  }
  return succeed({ items, nextPageToken: answer.value.isLast === true ? null : (answer.value.nextPageToken ?? null) });
}

/** An item that is not as a read would show it is left to a read. Null: not even known which item it is. */
function readListed(raw: unknown, fields: readonly FieldId[]): ListedItem | null {
  const listed = listedIssue.safeParse(raw);
  if (!listed.success) return null;
  const whole = issue.safeParse(raw);
  return {
    issueId: listed.data.id as IssueId,
    issueKey: listed.data.key as IssueKey,
    projectId: listed.data.fields.project.id as ProjectId,
    updatedAt: listed.data.fields.updated,
    item: whole.success && carriesAllComments(whole.data) ? mapListed(whole.data, fields) : null,
  };
}

/** A search shows the first comments of an item only. */
const carriesAllComments = ({ fields: { comment } }: RawIssue): boolean => comment.comments.length === comment.total;

function mapListed(raw: RawIssue, fields: readonly FieldId[]): Item | null {
  const item = mapItem(raw, fields, raw.fields.comment.comments);
  return typeof item === 'string' ? null : item;
}

/** Whether there is news: what it says is not looked at, and each entry carries a whole webhook. */
const GIVEN_UP_PAGE = 20;

/** Jira lists what it gave up for three days, the oldest first. */
async function listGivenUp(client: JiraClient, after: number): ReturnType<Jira['listGivenUp']> {
  const answer = await client.call({
    endpoint: 'GET /webhook/failed',
    method: 'GET',
    path: apiPath(['webhook', 'failed'], { after: Math.floor(after), maxResults: GIVEN_UP_PAGE }),
    intent: 'read',
    schema: failedWebhooks,
  });
  if (!answer.ok) return answer;
  const times = answer.value.values.map(({ failureTime }) => failureTime);
  return succeed({ count: times.length, newestAt: times.length === 0 ? null : Math.max(...times) });
}

/**
 * JQL takes epoch milliseconds as a bare number; its text form knows minutes only, in the app user's time zone. Small numbers
 * are not times to it, and before Jira's first day everything changed since. Fractions, as a database's clock has them, are refused.
 */
const changedIn = ({ projectId, since }: { projectId: ProjectId; since: number }): string =>
  since < JIRA_FIRST_DAY ? `project = ${projectId}` : `(project = ${projectId} AND updated >= ${Math.floor(since)})`;

/**
 * Reads the items numbered after `afterNumber` in windows of 100 keys until the mark turns up.
 *
 * How far: Jira numbers the items of a space one after another. The search index says which number is the newest it knows;
 * it lags, so the true newest is that or later. Hence the rule: go on while a window lies at or below the newest number known
 * (from the index or from the items met), and past it until one whole window is empty. Missing that way would take a hundred
 * items in a row created within the index's lag and all deleted or hidden from us. Hidden items are read as absent, but ours
 * was made by us in a space that we see. A moved item is found under its old key as well.
 */
async function findTwin(client: JiraClient, { projectKey, afterNumber, effectId }: FindRequest): Promise<Result<Found | null>> {
  const indexed = await newestIndexedNumber(client, projectKey);
  if (!indexed.ok) return indexed;
  let newest = Math.max(indexed.value, afterNumber);
  for (let first = afterNumber + 1; ; first += WINDOW) {
    const window = await readWindow(client, projectKey, first);
    if (!window.ok) return window;
    const twin = window.value.find(({ properties }) => readMarks(properties ?? {}).some((mark) => mark.effectId === effectId));
    if (twin !== undefined) return succeed({ issueId: twin.id as IssueId, issueKey: twin.key as IssueKey });
    if (window.value.length > 0) newest = Math.max(newest, first + WINDOW - 1);
    else if (first > newest) return succeed(null);
  }
}

async function readWindow(client: JiraClient, projectKey: string, first: number) {
  const keys = Array.from({ length: WINDOW }, (_, offset) => `${projectKey}-${first + offset}`);
  const answer = await client.call({
    endpoint: 'POST /issue/bulkfetch',
    method: 'POST',
    path: apiPath(['issue', 'bulkfetch']),
    body: { issueIdsOrKeys: keys, fields: ['created'], properties: [TWIN_PROPERTY] },
    intent: 'read',
    schema: issuesWithProperties,
    objects: ({ issues }) => issues.length,
  });
  if (!answer.ok) return answer;
  // Absent items are not listed at all; errors are items that are there and could not be read just now: ours may be one.
  const unread = (answer.value.issueErrors ?? []).length;
  return unread > 0
    ? fail({ kind: 'unavailable' as const, detail: `${unread} items could not be read` })
    : succeed(answer.value.issues);
}

async function newestIndexedNumber(client: JiraClient, projectKey: string): Promise<Result<number>> {
  const answer = await client.call({
    endpoint: 'POST /search/jql',
    method: 'POST',
    path: apiPath(['search', 'jql']),
    body: { jql: `project = "${projectKey}" ORDER BY key DESC`, fields: ['key'], maxResults: 1 },
    intent: 'read',
    schema: newestKey,
    objects: ({ issues }) => issues.length,
  });
  if (!answer.ok) return answer;
  const key = answer.value.issues[0]?.key ?? '';
  const number = Number(key.slice(key.lastIndexOf('-') + 1));
  return succeed(Number.isInteger(number) ? number : 0);
}
