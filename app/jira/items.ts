import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { FieldId, IssueId, IssueKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { CreationRequest, FieldWrite, MadeItem } from '../sync/ports.ts';
import { type Dialect, pathBelow, type Speaker } from './dialect.ts';
import { unreadable } from './failure.ts';
import { encodeField } from './field-values.ts';
import { mapItem, TWIN_PROPERTY } from './map-item.ts';
import { readAllComments } from './read-comments.ts';
import { createdIssue, type RawIssue } from './schemas.ts';

/** What every read needs beside the fields asked for. */
export const SHOWN_ALWAYS = ['project', 'issuetype', 'status', 'created', 'updated', 'comment'];

/** The changelog tells what a write replaced, the transitions where the status may go: both come at no price of their own. */
export const EXPAND = 'changelog,transitions';

/** One GET, 2 points. */
export async function readItem(speaker: Speaker, issueId: IssueId, fields: readonly FieldId[]): Promise<Result<Item>> {
  const { client, dialect } = speaker;
  const shown = [...SHOWN_ALWAYS, ...fields].join(',');
  const answer = await client.call({
    endpoint: 'GET /issue/{id}',
    method: 'GET',
    path: pathBelow(dialect.api, ['issue', issueId], {
      fields: shown,
      expand: EXPAND,
      properties: TWIN_PROPERTY,
      ...dialect.readQuery,
    }),
    intent: 'read',
    schema: dialect.shapes.issue,
    objects: () => 1,
  });
  return answer.ok ? completeItem(speaker, answer.value, fields) : answer;
}

/** With the comments that the answer itself did not carry. */
export async function completeItem(speaker: Speaker, raw: RawIssue, fields: readonly FieldId[]): Promise<Result<Item>> {
  const { comments: carried, total } = raw.fields.comment;
  const comments = carried.length === total ? succeed(carried) : await readAllComments(speaker, raw.id as IssueId);
  if (!comments.ok) return comments;
  const item = mapItem(speaker.dialect, raw, fields, comments.value);
  return typeof item === 'string' ? fail(unreadable('read', `unexpected answer: ${item}`)) : succeed(item);
}

/** What Jira takes to make an item, with its mark. */
export const creationBody = (dialect: Dialect, { projectId, typeId, fields, mark }: CreationRequest) => ({
  fields: { project: { id: projectId }, issuetype: { id: typeId }, ...encodeFields(dialect, fields) },
  properties: [{ key: TWIN_PROPERTY, value: mark }],
});

/** POST /issue, the twin mark in the same call. */
export async function createItem({ client, dialect }: Speaker, request: CreationRequest): Promise<Result<MadeItem>> {
  const answer = await client.call({
    endpoint: 'POST /issue',
    method: 'POST',
    path: pathBelow(dialect.api, ['issue']),
    body: creationBody(dialect, request),
    intent: 'write',
    trace: request.trace,
    isOurs: request.isOurs,
    schema: createdIssue,
  });
  return answer.ok ? succeed({ issueId: answer.value.id as IssueId, issueKey: answer.value.key as IssueKey }) : answer;
}

/** What a PUT takes: whole values as `fields`, what is added to and taken from a set as `update`. */
export function encodeWrites(
  dialect: Dialect,
  writes: readonly FieldWrite[],
): { fields: Record<string, unknown>; update: Record<string, unknown> } {
  const fields: Record<string, unknown> = {};
  const update: Record<string, unknown> = {};
  for (const { field, value } of writes) {
    if (value.kind !== 'set-change') fields[field] = encodeField(field, value, dialect);
    else update[field] = [...value.add.map((member) => ({ add: member })), ...value.remove.map((member) => ({ remove: member }))];
  }
  return { fields, update };
}

/** An empty create value is left out, so that the default of the space applies. */
const encodeFields = (dialect: Dialect, writes: readonly FieldWrite[]): Record<string, unknown> =>
  Object.fromEntries(
    writes.flatMap(({ field, value }) => {
      const encoded = value.kind === 'set-change' ? value.add : encodeField(field, value, dialect);
      return encoded === null ? [] : [[field, encoded] as const];
    }),
  );

/** The item after a write. The write itself is done: whatever went wrong with looking at it, "nothing was written" would be a lie. */
export const afterWrite = (item: Result<Item>): Result<Item> =>
  item.ok ? item : fail({ kind: 'uncertain', detail: `written, but then the item could not be read (${item.failure.kind})` });
