import { z } from 'zod';
import { fail, type Result, succeed } from '../../core/failure.ts';
import type { FieldId, IssueId, IssueKey } from '../../core/ids.ts';
import type { Item } from '../../core/item.ts';
import type { CreationRequest, Jira, MadeItem } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { failureOfAnswer, unreadable } from '../failure.ts';
import { createdIssue, issue, type RawIssue } from '../schemas.ts';
import { completeItem, createItem, creationBody, EXPAND, readItem, SHOWN_ALWAYS } from './items.ts';
import { TWIN_PROPERTY } from './map-item.ts';
import { apiPath } from './paths.ts';

type BulkCalls = Pick<Jira, 'readItems' | 'createItems'>;

export const createBulkCalls = (client: JiraClient): BulkCalls => ({
  readItems: (issueIds, fields) => readItems(client, issueIds, fields),
  createItems: (requests, trace) => createItems(client, requests, trace),
});

/** Issues are read one by one, so that an odd one does not spoil the others. Absent ones are not listed at all. */
const fetched = z.object({
  issues: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String) }).loose()),
  issueErrors: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String) })).nullish(),
});

/**
 * One bulk fetch: a point, and one for each item found. What it does not tell whole is read once more alone. Unlike the single read it
 * cannot be told to fail rather than to leave out a field: one that others of the space show is taken as left out.
 */
async function readItems(
  client: JiraClient,
  issueIds: readonly IssueId[],
  fields: readonly FieldId[],
): ReturnType<Jira['readItems']> {
  const answer = await client.call({
    endpoint: 'POST /issue/bulkfetch',
    method: 'POST',
    path: apiPath(['issue', 'bulkfetch']),
    body: {
      issueIdsOrKeys: issueIds,
      fields: [...SHOWN_ALWAYS, ...fields],
      properties: [TWIN_PROPERTY],
      expand: EXPAND.split(','),
    },
    intent: 'read',
    schema: fetched,
    objects: ({ issues }) => issues.length,
  });
  if (!answer.ok) return answer;
  const raws = new Map(answer.value.issues.map((raw) => [raw.id, issue.safeParse(raw).data ?? null]));
  const offered = fieldsBySpace([...raws.values()].filter((raw) => raw !== null));
  const failed = new Set(answer.value.issueErrors?.map(({ id }) => id));
  const readOne = (issueId: IssueId): Promise<Result<Item>> => {
    const raw = raws.get(issueId);
    if (raw === undefined && !failed.has(issueId)) return Promise.resolve(fail({ kind: 'missing' }));
    const isWhole = raw != null && fields.every((field) => Object.hasOwn(raw.fields, field) || !isOffered(offered, raw, field));
    return isWhole ? completeItem(client, raw, fields) : readItem(client, issueId, fields);
  };
  return succeed(new Map(await Promise.all(issueIds.map(async (issueId) => [issueId, await readOne(issueId)] as const))));
}

type Offered = ReadonlyMap<string, ReadonlySet<string>>;

const spaceOf = ({ fields: { project, issuetype } }: RawIssue): string => `${project.id} ${issuetype.id}`;

/** What items of the same space and type show at least once. */
function fieldsBySpace(raws: readonly RawIssue[]): Offered {
  const groups = Map.groupBy(raws, spaceOf);
  return new Map([...groups].map(([space, of]) => [space, new Set(of.flatMap(({ fields }) => Object.keys(fields)))]));
}

const isOffered = (offered: Offered, raw: RawIssue, field: FieldId): boolean => offered.get(spaceOf(raw))?.has(field) === true;

const created = z.object({
  issues: z.array(createdIssue),
  errors: z.array(
    z.object({ failedElementNumber: z.number().int().nonnegative(), status: z.number().nullish(), elementErrors: z.unknown() }),
  ),
});

/**
 * One bulk creation, a point for each item. Jira lists those it made in the order of the request, and tells of each other one what is
 * wrong with it. When it makes none it refuses the whole call: then each goes alone and hears its own reason.
 */
async function createItems(
  client: JiraClient,
  requests: readonly CreationRequest[],
  trace: string,
): ReturnType<Jira['createItems']> {
  const answer = await client.call({
    endpoint: 'POST /issue/bulk',
    method: 'POST',
    path: apiPath(['issue', 'bulk']),
    body: { issueUpdates: requests.map(creationBody) },
    intent: 'write',
    trace,
    schema: created,
    writes: requests.length,
  });
  if (answer.ok) return assign(requests.length, answer.value);
  const { kind } = answer.failure;
  return kind === 'rejected' || kind === 'too-large'
    ? Promise.all(requests.map((request) => createItem(client, request)))
    : requests.map(() => answer);
}

/** Whose item is which. An answer that does not add up is no answer: what was made is found by its mark. */
function assign(asked: number, { issues, errors }: z.output<typeof created>): readonly Result<MadeItem>[] {
  const refusals = new Map(errors.map((error) => [error.failedElementNumber, error]));
  if (issues.length + refusals.size !== asked) {
    return Array.from({ length: asked }, () => fail(unreadable('write', 'unexpected answer: issues and errors do not add up')));
  }
  const made = issues.values();
  return Array.from({ length: asked }, (_, place): Result<MadeItem> => {
    const refusal = refusals.get(place);
    if (refusal !== undefined) {
      const body = JSON.stringify(refusal.elementErrors ?? {});
      return fail(failureOfAnswer({ status: refusal.status ?? 400, headers: {}, body }, 'write', 0));
    }
    const next = made.next();
    if (next.done === true) return fail(unreadable('write', 'unexpected answer: an issue too few'));
    return succeed({ issueId: next.value.id as IssueId, issueKey: next.value.key as IssueKey });
  });
}
