import { z } from 'zod';
import type { AdfNode } from '../core/item.ts';

/**
 * What we read of Jira's answers: only the fields used, everything else ignored, value lists open. A mismatch is reported by
 * path and kind, never with the value. Checked against the recorded answers in ../shared/payloads (schemas.test.ts).
 */

/** Ids arrive as strings, from some endpoints as numbers. */
export const recordId = z.union([z.string().min(1), z.number().int()]).transform(String);
const id = recordId;

/** `2024-07-04T05:40:59.251-0700`: Jira leaves the colon out of the offset, which ISO 8601 readers want. */
export const jiraTime = z.string().transform((text, context) => {
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (!Number.isNaN(time)) return time;
  context.issues.push({ code: 'custom', message: 'not a time', input: null });
  return z.NEVER;
});

export const named = z.object({ id, name: z.string() });

const isRecord = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const isListOf = (raw: unknown, isMember: (member: unknown) => boolean): boolean =>
  raw === undefined || (Array.isArray(raw) && raw.every(isMember));

/** Unknown node types and attributes pass: another app may have put them there. The shape that the core walks is checked. */
const isAdfNode = (raw: unknown): raw is AdfNode =>
  isRecord(raw) &&
  typeof raw.type === 'string' &&
  (raw.text === undefined || typeof raw.text === 'string') &&
  (raw.attrs === undefined || isRecord(raw.attrs)) &&
  isListOf(raw.marks, isAdfNode) &&
  isListOf(raw.content, isAdfNode);

/** Not copied: documents are large, and go back exactly as they came. */
export const adfNode = z.custom<AdfNode>(isAdfNode);

/** Cloud names people by account id, Data Center by the key of the user; a name is what old accounts of it have instead. */
const person = z.object({
  accountId: z.string().nullish(),
  key: z.string().nullish(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
});

const commentWith = (richText: z.ZodType<AdfNode>) =>
  z.object({
    id,
    author: person.nullish(),
    body: richText,
    created: jiraTime,
    updated: jiraTime.nullish(),
    visibility: z.object({ type: z.string().nullish() }).nullish(),
    jsdPublic: z.boolean().nullish(),
    properties: z.array(z.object({ key: z.string(), value: z.unknown() })).nullish(),
  });
export type RawComment = z.output<ReturnType<typeof commentWith>>;

/** A later version of Tandem, or a person with the REST API, may have written something else there: then it is no mark. */
export const twinMark = z.object({
  synchronizationId: z.string(),
  effectId: z.string(),
  originSide: z.enum(['A', 'B']),
  originIssueId: z.string(),
  through: z.array(z.string()).default([]),
});

/** Absent is not the same as null, which says "was empty". An own `toString` may be absent, and every object inherits one. */
const said = z.string().nullish().catch(undefined);

/** One line of a changelog, as a read and as a webhook carries it. */
export const changeItem = z.object({
  field: z.string(),
  fieldId: z.string().nullish(),
  fieldtype: said,
  from: said,
  fromString: said,
  to: said,
  toString: said,
});
export type RawChangeItem = z.output<typeof changeItem>;

const changelog = z.object({
  histories: z.array(z.object({ id: id.nullish(), created: jiraTime, items: z.array(changeItem) })),
});

const transition = z.object({ id, to: named, isAvailable: z.boolean().nullish() });

export type RawTransition = z.output<typeof transition>;

const commentPageWith = (comment: ReturnType<typeof commentWith>) =>
  z.object({ startAt: z.number().int(), total: z.number().int(), comments: z.array(comment) });

/** One item with everything a turn looks at; the fields asked for are decoded one by one (field-values.ts). */
const issueWith = (commentPage: ReturnType<typeof commentPageWith>) =>
  z.object({
    id,
    key: z.string(),
    fields: z
      .object({
        project: z.object({ id }),
        issuetype: named,
        status: named,
        created: jiraTime,
        updated: jiraTime,
        comment: commentPage,
      })
      .catchall(z.unknown()),
    changelog: changelog.nullish(),
    transitions: z.array(transition).nullish(),
    properties: z.record(z.string(), z.unknown()).nullish(),
  });
export type RawIssue = z.output<ReturnType<typeof issueWith>>;

/** The answers with rich text in them, in a dialect's own form of that. */
export function shapesWith(richText: z.ZodType<AdfNode>) {
  const comment = commentWith(richText);
  const commentPage = commentPageWith(comment);
  return { comment, commentPage, commentList: z.object({ values: z.array(comment) }), issue: issueWith(commentPage) };
}
export type Shapes = ReturnType<typeof shapesWith>;

export const transitions = z.object({ transitions: z.array(transition) });

export const createdIssue = z.object({ id, key: z.string() });

export const markedIssue = z.object({ id, key: z.string(), properties: z.record(z.string(), z.unknown()).nullish() });

export const issuesWithProperties = z.object({
  issues: z.array(markedIssue),
  issueErrors: z.array(z.unknown()).nullish(),
});

export const property = z.object({ value: z.unknown() });

export const commentMark = z.object({ effectId: z.string() });

/** Items are read one by one, so that an odd one does not spoil the page. */
export const searchPage = z.object({
  issues: z.array(z.unknown()),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().nullish(),
});

/** What must be known of a listed item in any case. */
export const listedIssue = z.object({ id, key: z.string(), fields: z.object({ project: z.object({ id }), updated: jiraTime }) });

export const failedWebhooks = z.object({ values: z.array(z.object({ failureTime: z.number() })) });

export const newestKey = z.object({ issues: z.array(z.object({ key: z.string() })) });

export const projectPage = z.object({
  values: z.array(z.object({ id, key: z.string(), name: z.string() })),
  isLast: z.boolean().nullish(),
});

export const project = z.object({ id, key: z.string(), name: z.string() });

const creatable = z.array(named.extend({ subtask: z.boolean().nullish() }));

/** Cloud calls the list `issueTypes`, Data Center `values`. */
export const creatableTypes = z.object({
  issueTypes: creatable.nullish(),
  values: creatable.nullish(),
  total: z.number().int().nullish(),
});

export const typesWithStatuses = z.array(z.object({ id, statuses: z.array(named) }));

export const priorityList = z.array(named);

const priorityField = z.object({ fieldId: z.literal('priority'), allowedValues: priorityList });
const anotherField = z.object({ fieldId: z.string().refine((fieldId) => fieldId !== 'priority') });

/** What the fields that an item of one type can be made with, as Cloud lists them, say of priorities; null: there is no such field. */
export const creatablePriorities = z
  .object({ fields: z.array(z.union([priorityField, anotherField])) })
  .transform(({ fields }) => fields.find((field) => 'allowedValues' in field)?.allowedValues ?? null);

export const priorityPage = z.object({ values: z.array(named), isLast: z.boolean().nullish() });

export const permissionGrants = z.object({
  globalPermissions: z.array(z.string()).nullish(),
  projectPermissions: z.array(z.object({ permission: z.string(), projects: z.array(id).nullish() })).nullish(),
});

/** Jira leaves the id out for groups that it is still moving; such a group cannot be told from another of that name. */
export const groupList = z.array(z.object({ groupId: z.string().nullish(), name: z.string() }));
export const foundGroups = z.object({ groups: groupList });

export const anything = z.unknown();
