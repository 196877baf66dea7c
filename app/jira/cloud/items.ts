import { z } from 'zod';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { FieldId, IssueId, IssueKey } from '../../core/ids.ts';
import type { Item } from '../../core/item.ts';
import type { CreationRequest, FieldWrite, Jira, MadeItem } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { unreadable } from '../failure.ts';
import { createdIssue, issue, type RawIssue } from '../schemas.ts';
import { encodeField } from './field-values.ts';
import { mapItem, TWIN_PROPERTY } from './map-item.ts';
import { apiPath } from './paths.ts';
import { readAllComments } from './read-comments.ts';

/** What every read needs beside the fields asked for. */
export const SHOWN_ALWAYS = ['project', 'issuetype', 'status', 'created', 'updated', 'comment'];

/** The changelog tells what a write replaced, the transitions where the status may go: both come at no price of their own. */
export const EXPAND = 'changelog,transitions';

type ItemCalls = Pick<Jira, 'readItem' | 'createItem' | 'writeFields'>;

export const createItemCalls = (client: JiraClient): ItemCalls => ({
  readItem: (issueId, fields) => readItem(client, issueId, fields),
  createItem: (request) => createItem(client, request),
  writeFields: (issueId, writes, asked, trace) => writeFields(client, { issueId, writes, asked, trace }),
});

/**
 * One GET, 2 points. `failFast`: without it Jira leaves out a field that it failed to load, which would look like a field that
 * is not offered, or like comments that were all deleted.
 */
export async function readItem(client: JiraClient, issueId: IssueId, fields: readonly FieldId[]): Promise<Result<Item>> {
  const query = { fields: [...SHOWN_ALWAYS, ...fields].join(','), expand: EXPAND, properties: TWIN_PROPERTY, failFast: 'true' };
  const answer = await client.call({
    endpoint: 'GET /issue/{id}',
    method: 'GET',
    path: apiPath(['issue', issueId], query),
    intent: 'read',
    schema: issue,
    objects: () => 1,
  });
  return answer.ok ? completeItem(client, answer.value, fields) : answer;
}

/** With the comments that the answer itself did not carry. */
export async function completeItem(client: JiraClient, raw: RawIssue, fields: readonly FieldId[]): Promise<Result<Item>> {
  const { comments: carried, total } = raw.fields.comment;
  const comments = carried.length === total ? succeed(carried) : await readAllComments(client, raw.id as IssueId);
  if (!comments.ok) return comments;
  const item = mapItem(raw, fields, comments.value);
  return typeof item === 'string' ? fail(unreadable('read', `unexpected answer: ${item}`)) : succeed(item);
}

/** What Jira takes to make an item, with its mark. */
export const creationBody = ({ projectId, typeId, fields, mark }: CreationRequest) => ({
  fields: { project: { id: projectId }, issuetype: { id: typeId }, ...encodeFields(fields) },
  properties: [{ key: TWIN_PROPERTY, value: mark }],
});

/** POST /issue, the twin mark in the same call. */
export async function createItem(client: JiraClient, request: CreationRequest): Promise<Result<MadeItem>> {
  const answer = await client.call({
    endpoint: 'POST /issue',
    method: 'POST',
    path: apiPath(['issue']),
    body: creationBody(request),
    intent: 'write',
    trace: request.trace,
    schema: createdIssue,
  });
  return answer.ok ? succeed({ issueId: answer.value.id as IssueId, issueKey: answer.value.key as IssueKey }) : answer;
}

/** What a PUT takes: whole values as `fields`, what is added to and taken from a set as `update`. */
function encodeWrites(writes: readonly FieldWrite[]): { fields: Record<string, unknown>; update: Record<string, unknown> } {
  const fields: Record<string, unknown> = {};
  const update: Record<string, unknown> = {};
  for (const { field, value } of writes) {
    if (value.kind !== 'set-change') fields[field] = encodeField(field, value);
    else update[field] = [...value.add.map((member) => ({ add: member })), ...value.remove.map((member) => ({ remove: member }))];
  }
  return { fields, update };
}

/** An empty create value is left out, so that the default of the space applies. */
const encodeFields = (writes: readonly FieldWrite[]): Record<string, unknown> =>
  Object.fromEntries(
    writes.flatMap(({ field, value }) => {
      const encoded = value.kind === 'set-change' ? value.add : encodeField(field, value);
      return encoded === null ? [] : [[field, encoded] as const];
    }),
  );

interface FieldsRequest {
  readonly issueId: IssueId;
  readonly writes: readonly FieldWrite[];
  readonly asked: readonly FieldId[];
  readonly trace: string;
}

/**
 * One PUT, 1 point, whose answer is the item. `returnIssue` is documented to return "the fields edited" in the format of the
 * read: an answer without the parts that an item needs, or without a body, is completed by a read (2 points more).
 */
async function writeFields(client: JiraClient, { issueId, writes, asked, trace }: FieldsRequest): Promise<Result<Item>> {
  const answer = await client.call({
    endpoint: 'PUT /issue/{id}',
    method: 'PUT',
    path: apiPath(['issue', issueId], { returnIssue: 'true', expand: EXPAND }),
    body: encodeWrites(writes),
    intent: 'write',
    trace,
    schema: z.unknown(),
  });
  if (!answer.ok) return answer;
  const returned = issue.safeParse(answer.value);
  const whole = returned.success && writes.every(({ field }) => Object.hasOwn(returned.data.fields, field));
  const item = whole ? await completeItem(client, returned.data, asked) : await readItem(client, issueId, asked);
  // The write itself is done: whatever went wrong with looking at it, "nothing was written" would be a lie.
  return item.ok
    ? item
    : fail({ kind: 'uncertain', detail: `written, but then the item could not be read (${item.failure.kind})` });
}
