import { fail, type Result, succeed } from '../../core/failure.ts';
import type { FieldId } from '../../core/ids.ts';
import type { Jira, ListedPage } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import type { Speaker } from '../dialect.ts';
import { findTwin, type MarkedItem, numberOfFirst } from '../find-twin.ts';
import { changedIn, listedFields, readListedItems } from '../listed-items.ts';
import { TWIN_PROPERTY } from '../map-item.ts';
import { failedWebhooks, issuesWithProperties, newestKey, searchPage } from '../schemas.ts';
import { apiPath } from './paths.ts';

type SearchCalls = Pick<Jira, 'findTwin' | 'listChanged' | 'listGivenUp' | 'listMade' | 'newestNumber'>;

/** Jira's limit for one bulk fetch. */
const WINDOW = 100;
const PAGE_SIZE = 100;

export const createSearchCalls = (speaker: Speaker): SearchCalls => {
  const { client } = speaker;
  const newestNumber: Jira['newestNumber'] = (projectKey) => newestIndexedNumber(client, projectKey);
  return {
    findTwin: (request) => findTwin({ newestNumber, readWindow: (keys) => readWindow(client, keys), window: WINDOW }, request),
    newestNumber,
    listChanged: ({ spaces, fields, pageToken }) =>
      listItems(speaker, { jql: `${spaces.map(changedIn).join(' OR ')} ORDER BY updated ASC`, fields, pageToken }),
    listMade: ({ projectId, until, fields, pageToken }) =>
      listItems(speaker, {
        jql: `project = ${projectId} AND created <= ${Math.floor(until)} ORDER BY key ASC`,
        fields,
        pageToken,
      }),
    listGivenUp: (after) => listGivenUp(client, after),
  };
};

interface ListRequest {
  readonly jql: string;
  readonly fields: readonly FieldId[];
  readonly pageToken: string | null;
}

async function listItems({ client, dialect }: Speaker, { jql, fields, pageToken }: ListRequest): Promise<Result<ListedPage>> {
  const answer = await client.call({
    endpoint: 'POST /search/jql',
    method: 'POST',
    path: apiPath(['search', 'jql']),
    body: {
      jql,
      fields: listedFields(fields),
      properties: [TWIN_PROPERTY],
      maxResults: PAGE_SIZE,
      ...(pageToken === null ? {} : { nextPageToken: pageToken }),
    },
    intent: 'read',
    schema: searchPage,
    objects: (page) => page.issues.length,
  });
  if (!answer.ok) return answer;
  const items = readListedItems(dialect, answer.value.issues, fields);
  if (!items.ok) return items;
  const nextPageToken = answer.value.isLast === true ? null : (answer.value.nextPageToken ?? null);
  return succeed({ items: items.value, nextPageToken });
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

async function readWindow(client: JiraClient, keys: readonly string[]): Promise<Result<readonly MarkedItem[]>> {
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
  return unread > 0 ? fail({ kind: 'unavailable', detail: `${unread} items could not be read` }) : succeed(answer.value.issues);
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
  return answer.ok ? succeed(numberOfFirst(answer.value)) : answer;
}
