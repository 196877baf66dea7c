import type { AccountId, CommentId, EffectId, FieldId, IssueId, IssueKey, ProjectId, SynchronizationId } from '../core/ids.ts';
import type { Comment, FieldChange, FieldValue, Item, TwinMark } from '../core/item.ts';
import { changedField, changeIdOf, readChange } from './change-values.ts';
import type { Dialect } from './dialect.ts';
import { decodeField } from './field-values.ts';
import { type RawComment, type RawIssue, twinMark } from './schemas.ts';
import { offeredTransitions } from './transitions.ts';

/**
 * The issue property that names the effect which made the item. One key is enough for items in several synchronizations: an
 * item is made once, by one effect; every other pair it belongs to is known from the pair itself. One key also fits the bulk
 * fetch, which takes five keys and no wildcards.
 */
export const TWIN_PROPERTY = 'tandem.twin';
export const COMMENT_PROPERTY = 'tandem.comment';

/** Jira's answer as an item; a string says which part of it could not be read (a path, no content). */
export function mapItem(
  dialect: Dialect,
  raw: RawIssue,
  asked: readonly FieldId[],
  comments: readonly RawComment[],
): Item | string {
  const fields = new Map<FieldId, FieldValue>();
  for (const field of asked) {
    const value = Object.hasOwn(raw.fields, field) ? decodeField(field, raw.fields[field], dialect) : 'unknown';
    if (value === 'unreadable') return `fields.${field}`;
    if (value !== 'unknown') fields.set(field, value);
  }
  return {
    issueId: raw.id as IssueId,
    issueKey: raw.key as IssueKey,
    projectId: raw.fields.project.id as ProjectId,
    type: raw.fields.issuetype,
    status: raw.fields.status,
    createdAt: raw.fields.created,
    updatedAt: raw.fields.updated,
    fields,
    changedAt: changeTimes(raw.changelog?.histories ?? []),
    changes: readChanges(raw.changelog?.histories ?? [], dialect),
    comments: comments.map(mapComment),
    transitions: raw.transitions == null ? null : offeredTransitions(raw.transitions),
    twinMarks: readMarks(raw.properties ?? {}),
  };
}

/** A comment as decisions need it; without an update time it was never edited. */
export const mapComment = (raw: RawComment): Comment => ({
  commentId: raw.id as CommentId,
  authorId: (raw.author?.accountId ?? raw.author?.key ?? raw.author?.name ?? null) as AccountId | null,
  authorName: raw.author?.displayName ?? '',
  body: raw.body,
  createdAt: raw.created,
  updatedAt: raw.updated ?? raw.created,
  // jsdPublic false is an internal note of a service space: as little for the partner's eyes as a role-restricted one.
  restricted: (raw.visibility ?? null) !== null || raw.jsdPublic === false,
});

type Histories = NonNullable<RawIssue['changelog']>['histories'];

/** Jira's own limit for a changelog within a read; Data Center, which has none, shall not make it longer. */
const NEWEST_CHANGES = 40;

/** Oldest first; Jira tells them the other way round. */
const readChanges = (histories: Histories, { numbersInOrder }: Dialect): readonly FieldChange[] =>
  histories
    .toSorted((a, b) => (numbersInOrder ? byNumber(a, b) || byTime(a, b) : byTime(a, b) || byNumber(a, b)))
    .slice(-NEWEST_CHANGES)
    .flatMap(({ id, created, items }) =>
      items.map((item) => readChange(item, { id: numbersInOrder ? changeIdOf(id) : null, at: created })),
    )
    .filter((change) => change !== null);

type Entry = Histories[number];
const byNumber = (a: Entry, b: Entry): number => (changeIdOf(a.id) ?? 0) - (changeIdOf(b.id) ?? 0);
const byTime = (a: Entry, b: Entry): number => a.created - b.created;

/** The newest change per field. The read carries the newest 40 changes; what changed before those counts as longest ago (SPEC F4). */
function changeTimes(histories: Histories): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { created, items } of histories) {
    for (const item of items) {
      const field = changedField(item);
      if (field !== null) times.set(field, Math.max(created, times.get(field) ?? created));
    }
  }
  return times;
}

/** The twin marks in an item's properties; what has another form is none of ours. */
export function readMarks(properties: Readonly<Record<string, unknown>>): readonly TwinMark[] {
  const parsed = twinMark.safeParse(properties[TWIN_PROPERTY]);
  if (!parsed.success) return [];
  const { synchronizationId, effectId, originSide, originIssueId, through } = parsed.data;
  return [
    {
      synchronizationId: synchronizationId as SynchronizationId,
      effectId: effectId as EffectId,
      originSide,
      originIssueId: originIssueId as IssueId,
      through,
    },
  ];
}
