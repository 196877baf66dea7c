import { fail, type Result, succeed } from '../core/failure.ts';
import type { FieldId, IssueId, IssueKey, ProjectId } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { ListedItem } from '../sync/ports.ts';
import type { Dialect } from './dialect.ts';
import { unreadable } from './failure.ts';
import { mapItem } from './map-item.ts';
import { listedIssue, type RawIssue } from './schemas.ts';

/** What a listed item carries beside the fields asked for: all that a turn looks at, so that the list itself is the look. */
const ALWAYS = ['project', 'issuetype', 'status', 'created', 'updated', 'comment'];

export const listedFields = (fields: readonly FieldId[]): readonly string[] => [...new Set([...ALWAYS, ...fields])];

const JIRA_FIRST_DAY = Date.UTC(2002, 0, 1);

/**
 * JQL of both products takes epoch milliseconds as a bare number; its text form knows minutes only, in the time zone of whoever asks. Small
 * numbers are not times to it, and before Jira's first day everything changed since. Fractions, as a database's clock has them, are refused.
 */
export const changedIn = ({ projectId, since }: { projectId: ProjectId; since: number }): string =>
  since < JIRA_FIRST_DAY ? `project = ${projectId}` : `(project = ${projectId} AND updated >= ${Math.floor(since)})`;

/** A page of a search. Items are read one by one, so that an odd one does not spoil the page. */
export function readListedItems(
  dialect: Dialect,
  raws: readonly unknown[],
  fields: readonly FieldId[],
): Result<readonly ListedItem[]> {
  const items: ListedItem[] = [];
  for (const raw of raws) {
    const listed = readListed(dialect, raw, fields);
    if (listed === null) return fail(unreadable('read', 'unexpected answer: issues'));
    items.push(listed);
  }
  return succeed(items);
}

/** An item that is not as a read would show it is left to a read. Null: not even known which item it is. */
function readListed(dialect: Dialect, raw: unknown, fields: readonly FieldId[]): ListedItem | null {
  const listed = listedIssue.safeParse(raw);
  if (!listed.success) return null;
  const whole = dialect.shapes.issue.safeParse(raw);
  return {
    issueId: listed.data.id as IssueId,
    issueKey: listed.data.key as IssueKey,
    projectId: listed.data.fields.project.id as ProjectId,
    updatedAt: listed.data.fields.updated,
    item: whole.success && carriesAllComments(whole.data) ? mapListed(dialect, whole.data, fields) : null,
  };
}

/** A search shows the first comments of an item only. */
const carriesAllComments = ({ fields: { comment } }: RawIssue): boolean => comment.comments.length === comment.total;

function mapListed(dialect: Dialect, raw: RawIssue, fields: readonly FieldId[]): Item | null {
  const item = mapItem(dialect, raw, fields, raw.fields.comment.comments);
  return typeof item === 'string' ? null : item;
}
