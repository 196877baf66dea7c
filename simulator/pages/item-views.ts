import { projectOf, seesComment } from '../heart/find-issue.ts';
import type { Change, Comment, Issue, Site, User } from '../heart/site.ts';
import type { PageComment, PageHistoryEntry, PageItem, PageItemRow, PageOption, PageStatus } from './page-site.ts';

const FIELD_NAMES: Readonly<Record<string, string>> = {
  summary: 'Summary',
  description: 'Description',
  labels: 'Labels',
  priority: 'Priority',
  duedate: 'Due date',
  status: 'Status',
  resolution: 'Resolution',
  assignee: 'Assignee',
  reporter: 'Reporter',
};

/** Who made something: a name, and whether it is an app. */
const author = (site: Site, accountId: string): { readonly name: string; readonly isApp: boolean } => {
  const user = site.users.get(accountId);
  return { name: user?.displayName ?? 'Unknown person', isApp: user?.accountType === 'app' };
};

export const statusOf = (site: Site, statusId: string): PageStatus => {
  const status = site.statuses.get(statusId);
  return { id: statusId, name: status?.name ?? statusId, category: status?.category.key ?? 'new' };
};

const priorityOf = (site: Site, priorityId: string | null): PageOption | null => {
  const priority = priorityId === null ? undefined : site.priorities.get(priorityId);
  return priority === undefined ? null : { id: priority.id, name: priority.name };
};

/** An item of the heart as the list shows it. */
export const rowOf = (site: Site, issue: Issue): PageItemRow => ({
  id: issue.id,
  key: issue.key,
  projectKey: projectOf(site, issue).key,
  typeName: site.issueTypes.get(issue.typeId)?.name ?? issue.typeId,
  summary: issue.summary,
  status: statusOf(site, issue.statusId),
  priority: priorityOf(site, issue.priorityId),
  labels: issue.labels,
  dueDate: issue.dueDate,
  updatedAt: issue.updated,
});

const commentOf = (site: Site, comment: Comment): PageComment => {
  const by = author(site, comment.authorId);
  return {
    id: comment.id,
    authorName: by.name,
    byApp: by.isApp,
    body: comment.body,
    restricted: comment.visibility !== null,
    createdAt: comment.created,
    updatedAt: comment.updated,
  };
};

/** The changelog writes a due date with a time of day that it does not have. */
const shownValue = (fieldId: string, text: string | null): string =>
  fieldId === 'duedate' ? (text ?? '').slice(0, 10) : (text ?? '');

const historyEntryOf = (site: Site, change: Change): PageHistoryEntry => {
  const by = author(site, change.authorId);
  return {
    id: change.id,
    authorName: by.name,
    byApp: by.isApp,
    at: change.at,
    changes: change.items.map((item) => ({
      field: FIELD_NAMES[item.fieldId] ?? item.field,
      from: shownValue(item.fieldId, item.fromString),
      to: shownValue(item.fieldId, item.toString),
    })),
  };
};

/** An item with everything that a person may see of it. */
export const itemOf = (site: Site, issue: Issue, viewer: User): PageItem => {
  const creator = author(site, issue.creatorId);
  return {
    ...rowOf(site, issue),
    description: issue.description,
    createdAt: issue.created,
    creatorName: creator.name,
    creatorIsApp: creator.isApp,
    comments: issue.comments
      .filter((comment) => seesComment(site, issue, viewer, comment))
      .map((comment) => commentOf(site, comment)),
    history: issue.changes.map((change) => historyEntryOf(site, change)).reverse(),
  };
};
