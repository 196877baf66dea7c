import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { IssueId, IssueKey } from '../../core/ids.ts';
import type { Jira } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { issuesWithProperties, newestKey, searchPage } from '../schemas.ts';
import { readMarks, TWIN_PROPERTY } from './map-item.ts';
import { apiPath } from './paths.ts';

type SearchCalls = Pick<Jira, 'findTwin' | 'listChanged' | 'newestNumber'>;
type FindRequest = Parameters<Jira['findTwin']>[0];
type Found = { issueId: IssueId; issueKey: IssueKey };

/** Jira's limit for one bulk fetch. */
const WINDOW = 100;
const PAGE_SIZE = 100;
const JIRA_FIRST_DAY = Date.UTC(2002, 0, 1);

export const createSearchCalls = (client: JiraClient): SearchCalls => ({
  findTwin: (request) => findTwin(client, request),
  newestNumber: (projectKey) => newestIndexedNumber(client, projectKey),
  async listChanged({ projectId, since, pageToken }) {
    const answer = await client.call({
      endpoint: 'POST /search/jql',
      method: 'POST',
      path: apiPath(['search', 'jql']),
      body: {
        jql: `project = ${projectId}${changedSince(since)} ORDER BY updated ASC`,
        fields: ['updated'],
        maxResults: PAGE_SIZE,
        ...(pageToken === null ? {} : { nextPageToken: pageToken }),
      },
      intent: 'read',
      schema: searchPage,
      objects: (page) => page.issues.length,
    });
    if (!answer.ok) return answer;
    const items = answer.value.issues.map(({ id, key, fields }) => ({
      issueId: id as IssueId,
      issueKey: key as IssueKey,
      updatedAt: fields.updated,
    }));
    return succeed({ items, nextPageToken: answer.value.isLast === true ? null : (answer.value.nextPageToken ?? null) });
  },
});

/**
 * JQL takes epoch milliseconds as a bare number; its text form knows minutes only, in the app user's time zone. Small numbers
 * are not times to it, and before Jira's first day everything changed since. Fractions, as a database's clock has them, are refused.
 */
const changedSince = (since: number): string => (since < JIRA_FIRST_DAY ? '' : ` AND updated >= ${Math.floor(since)}`);

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
