import { z } from 'zod';
import type { CommentId, EffectId, FieldId, IssueId, IssueKey, ProjectId, SynchronizationId } from '../core/ids.ts';
import type { FieldChange, FieldValue } from '../core/item.ts';
import type { CommentEvent, Observation } from '../core/observation.ts';
import { changeIdOf, readChange } from './change-values.ts';
import { decodeField, PLAIN_FIELDS, RICH_FIELDS } from './field-values.ts';
import { readMarks } from './map-item.ts';
import { changeItem, jiraTime, named, recordId } from './schemas.ts';

/**
 * The webhooks that show a work item whole, in the shapes of REST v2. The events about comments name their item by six fields, and a
 * comment may hide in an update of Data Center: those have to be looked at.
 */
const wholeItem = z.object({
  webhookEvent: z.enum(['jira:issue_created', 'jira:issue_updated']),
  comment: z.undefined().optional(),
  issue: z.object({
    id: recordId,
    key: z.string().min(1),
    fields: z
      .object({ project: z.object({ id: recordId }), issuetype: named, status: named, created: jiraTime, updated: jiraTime })
      .catchall(z.unknown()),
  }),
  changelog: z.object({ id: recordId.nullish().catch(null), items: z.array(changeItem) }).nullish(),
});
type WholeItem = z.output<typeof wholeItem>;

/** Wiki markup and ADF alike: null or nothing written is empty. */
const isFilled = (shown: unknown): boolean => shown !== null && shown !== undefined && shown !== '';

/** Null when one of them is not there, or not of its form. */
const readPlainFields = (shown: WholeItem['issue']['fields']): ReadonlyMap<FieldId, FieldValue> | null => {
  const fields = new Map<FieldId, FieldValue>();
  for (const field of PLAIN_FIELDS) {
    const value = Object.hasOwn(shown, field) ? decodeField(field, shown[field], null) : 'unknown';
    if (value === 'unknown' || value === 'unreadable') return null;
    fields.set(field, value);
  }
  // Of a rich text it is told whole that there is none.
  for (const field of RICH_FIELDS)
    if (Object.hasOwn(shown, field) && !isFilled(shown[field])) fields.set(field, { kind: 'empty' });
  return fields;
};

/**
 * What a webhook's body tells of its item, or null when it does not tell it whole: then the item is to be looked at. Never throws.
 * A change is dated by the item's `updated`, which Jira sets with it; the body's `timestamp` is when it was sent.
 */
export const readObservation = (body: unknown): Observation | null => {
  const parsed = wholeItem.safeParse(body);
  if (!parsed.success) return null;
  const { webhookEvent, issue, changelog } = parsed.data;
  const items = changelog?.items ?? [];
  // An update that does not say what it changed may be about anything.
  if (webhookEvent === 'jira:issue_updated' && items.length === 0) return null;
  if (items.some(({ field, fieldId }) => field === '' && !fieldId)) return null;
  const { project, issuetype, status, created, updated, ...shown } = issue.fields;
  const fields = readPlainFields(issue.fields);
  if (fields === null) return null;
  // Data Center names no field ids, and its numbers are in no order (app/jira/dialect.ts).
  const id = items.every(({ fieldId }) => Boolean(fieldId)) ? changeIdOf(changelog?.id) : null;
  const changes = items
    .map((item) => readChange(item, { id, at: updated }))
    .filter((change): change is FieldChange => change !== null);
  return {
    event: webhookEvent === 'jira:issue_created' ? 'created' : 'updated',
    issueId: issue.id as IssueId,
    issueKey: issue.key as IssueKey,
    projectId: project.id as ProjectId,
    type: issuetype,
    status,
    createdAt: created,
    updatedAt: updated,
    fields,
    richFilled: RICH_FIELDS.filter((field) => isFilled(shown[field])),
    changes: webhookEvent === 'jira:issue_created' ? [] : changes,
    // What a creation brought about is in no changelog, whatever its event says.
    changeId: webhookEvent === 'jira:issue_created' ? null : id,
  };
};

/** Data Center says that one was edited by an update of the item too. */
const changedComment = z
  .object({ comment: z.object({ id: recordId, body: z.string(), updated: jiraTime }) })
  .and(
    z.union([
      z.object({ webhookEvent: z.enum(['comment_updated', 'comment_deleted']) }),
      z.object({ issue_event_type_name: z.literal('issue_comment_edited') }),
    ]),
  );

/** What the event of a comment's edit or deletion tells of it; null for all other events. Never throws. */
export const readCommentEvent = (body: unknown): Omit<CommentEvent, 'writer'> | null => {
  const parsed = changedComment.safeParse(body);
  if (!parsed.success) return null;
  const { id, body: words, updated } = parsed.data.comment;
  const kind = 'webhookEvent' in parsed.data && parsed.data.webhookEvent === 'comment_deleted' ? 'deleted' : 'edited';
  return { kind, commentId: id as CommentId, editedAt: updated, words };
};

const uuid = z.uuid();

const markedItem = z.object({ issue: z.object({ properties: z.record(z.string(), z.unknown()) }) });

/**
 * The effect that made the item for that synchronization, by the mark that the webhook shows (`propertyKeys` in the descriptor); null
 * where it shows none, or another. Only to be believed of an event that our own write caused: a clone brings marks along.
 */
export const readMaker = (body: unknown, synchronizationId: SynchronizationId): EffectId | null => {
  const parsed = markedItem.safeParse(body);
  const marks = parsed.success ? readMarks(parsed.data.issue.properties) : [];
  const mark = marks.find((one) => one.synchronizationId === synchronizationId);
  return mark !== undefined && uuid.safeParse(mark.effectId).success ? mark.effectId : null;
};
