import { z } from 'zod';
import { fail, type Result, succeed } from '../../core/failure.ts';
import type { FieldId } from '../../core/ids.ts';
import type { Jira, ListedPage } from '../../sync/ports.ts';
import { pathBelow, type Speaker } from '../dialect.ts';
import { findTwin, type MarkedItem, numberOfFirst } from '../find-twin.ts';
import { changedIn, listedFields, readListedItems } from '../listed-items.ts';
import { mapBounded } from '../map-bounded.ts';
import { TWIN_PROPERTY } from '../map-item.ts';
import { jiraTime, markedIssue, newestKey, recordId } from '../schemas.ts';
import { firstPlace, type ListPlace, nextPlace, readPlace, secondOf, writePlace } from './list-place.ts';

type SearchCalls = Pick<Jira, 'findTwin' | 'listChanged' | 'listGivenUp' | 'listMade' | 'newestNumber'>;

/** Servers give fewer where their administrators say so. */
const PAGE_SIZE = 100;
/** Each key is a call of its own here, in doubt alone. The index of a node knows of a write in a second or so. */
const WINDOW = 40;
const AT_ONCE = 5;

export const createSearchCalls = (speaker: Speaker): SearchCalls => {
  const newestNumber: Jira['newestNumber'] = (projectKey) => newestIndexedNumber(speaker, projectKey);
  return {
    findTwin: (request) => findTwin({ newestNumber, readWindow: (keys) => readWindow(speaker, keys), window: WINDOW }, request),
    newestNumber,
    listChanged: ({ spaces, fields, pageToken }) =>
      listItems(speaker, {
        by: 'updated',
        jqlFrom: (from) =>
          spaces.map(({ projectId, since }) => changedIn({ projectId, since: Math.max(secondOf(since), from) })).join(' OR '),
        from: Math.min(...spaces.map(({ since }) => since)),
        until: Number.POSITIVE_INFINITY,
        fields,
        pageToken,
      }),
    async listMade({ projectId, until, fields, pageToken }) {
      const page = await listItems(speaker, {
        by: 'created',
        jqlFrom: (from) =>
          `project = ${projectId} AND created <= ${secondOf(until) + SECOND_MS}${from === 0 ? '' : ` AND created >= ${from}`}`,
        from: 0,
        until,
        fields,
        pageToken,
      });
      // A search of Data Center tells no properties, and the marks of an item decide whether it gets a twin: it is left to a read.
      return page.ok ? succeed({ ...page.value, items: page.value.items.map((listed) => ({ ...listed, item: null })) }) : page;
    },
    // It repeats no delivery, and keeps none that failed.
    listGivenUp: async () => succeed({ count: 0, newestAt: null }),
  };
};

const SECOND_MS = 1000;

interface ListRequest {
  readonly by: 'updated' | 'created';
  readonly jqlFrom: (from: number) => string;
  readonly from: number;
  /** Later ones are left out. */
  readonly until: number;
  readonly fields: readonly FieldId[];
  readonly pageToken: string | null;
}

const searched = z.object({ total: z.number().int().nonnegative(), issues: z.array(z.unknown()) });
const dated = z.object({ id: recordId, fields: z.object({ created: jiraTime, updated: jiraTime }) });

/** The mark of an item is not in a search: it counts as none, which costs a read where it matters. */
async function listItems(speaker: Speaker, request: ListRequest): Promise<Result<ListedPage>> {
  const { by, jqlFrom, from, until, fields, pageToken } = request;
  const at = pageToken === null ? firstPlace(Math.max(from, 0)) : readPlace(pageToken);
  if (at === null) return fail({ kind: 'rejected', fields: [], detail: 'no such place in the list' });
  const answer = await speaker.client.call({
    endpoint: 'POST /search',
    method: 'POST',
    path: pathBelow(speaker.dialect.api, ['search']),
    body: {
      jql: `(${jqlFrom(at.from)}) ORDER BY ${by} ASC, key ASC`,
      startAt: at.startAt,
      maxResults: PAGE_SIZE,
      fields: listedFields(fields),
    },
    intent: 'read',
    schema: searched,
    objects: (page) => page.issues.length,
  });
  if (!answer.ok) return answer;
  const { issues, total } = answer.value;
  const items = readListedItems(speaker.dialect, issues, fields);
  if (!items.ok) return items;
  const times = issues
    .map((issue) => dated.safeParse(issue).data)
    .map((data) => ({ id: data?.id ?? '', time: data?.fields[by] ?? 0 }));
  const next: ListPlace | null = nextPlace(at, times, total);
  return succeed({
    items: items.value.filter((_, position) => (times[position]?.time ?? 0) <= until),
    nextPageToken: next === null ? null : writePlace(next),
  });
}

/** Single reads: there is no bulk fetch. What is hidden from us is not ours. */
async function readWindow(speaker: Speaker, keys: readonly string[]): Promise<Result<readonly MarkedItem[]>> {
  const reads = await mapBounded(keys, AT_ONCE, (key) => readMarked(speaker, key));
  const found: MarkedItem[] = [];
  for (const read of reads) {
    if (read.ok) found.push(read.value);
    else if (read.failure.kind !== 'missing' && read.failure.kind !== 'forbidden') return read;
  }
  return succeed(found);
}

const readMarked = ({ client, dialect }: Speaker, key: string): Promise<Result<MarkedItem>> =>
  client.call({
    endpoint: 'GET /issue/{id}',
    method: 'GET',
    path: pathBelow(dialect.api, ['issue', key], { fields: 'created', properties: TWIN_PROPERTY }),
    intent: 'read',
    schema: markedIssue,
    objects: () => 1,
  });

async function newestIndexedNumber({ client, dialect }: Speaker, projectKey: string): Promise<Result<number>> {
  const answer = await client.call({
    endpoint: 'POST /search',
    method: 'POST',
    path: pathBelow(dialect.api, ['search']),
    body: { jql: `project = "${projectKey}" ORDER BY key DESC`, fields: ['created'], maxResults: 1 },
    intent: 'read',
    schema: newestKey,
    objects: ({ issues }) => issues.length,
  });
  return answer.ok ? succeed(numberOfFirst(answer.value)) : answer;
}
