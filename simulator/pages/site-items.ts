import { addComment, deleteComment, editComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, transitionIssue } from '../heart/edit-issue.ts';
import { findComment, findIssue, projectOf, seesComment } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { findProject, permits } from '../heart/permissions.ts';
import type { Actor, Change, Comment, Issue, Site } from '../heart/site.ts';
import type { PageComment, PageEdit, PageHistoryEntry, PageItem, PageItemRow, PageItems, PageOption, PageResult, PageStatus } from './page-site.ts';

const FIELD_NAMES: Readonly<Record<string, string>> = { summary: 'Summary', description: 'Description', labels: 'Labels', priority: 'Priority', duedate: 'Due date', status: 'Status', resolution: 'Resolution', assignee: 'Assignee', reporter: 'Reporter' };

/** An edit in the shape of a REST request's `fields`. */
const fieldsOf = (edit: PageEdit): Record<string, unknown> => ({
  ...(edit.summary !== undefined && { summary: edit.summary }),
  ...(edit.description !== undefined && { description: edit.description }),
  ...(edit.labels !== undefined && { labels: edit.labels }),
  ...(edit.priorityId !== undefined && { priority: { id: edit.priorityId } }),
  ...(edit.dueDate !== undefined && { duedate: edit.dueDate }),
});

const resultOf = <T, R>(outcome: Outcome<T>, value: (from: T) => R): PageResult<R> =>
  outcome.ok
    ? { ok: true, value: value(outcome.value) }
    : { ok: false, problem: [...outcome.refusal.errorMessages, ...Object.values(outcome.refusal.errors)].join('\n') };

const nothing = (): null => null;

/** Who made something: a name, and whether it is an app. */
const author = (site: Site, accountId: string): { readonly name: string; readonly isApp: boolean } => {
  const user = site.users.get(accountId);
  return { name: user?.displayName ?? 'Unknown person', isApp: user?.accountType === 'app' };
};

const statusOf = (site: Site, statusId: string): PageStatus => {
  const status = site.statuses.get(statusId);
  return { id: statusId, name: status?.name ?? statusId, category: status?.category.key ?? 'new' };
};

const priorityOf = (site: Site, priorityId: string | null): PageOption | null => {
  const priority = priorityId === null ? undefined : site.priorities.get(priorityId);
  return priority === undefined ? null : { id: priority.id, name: priority.name };
};

const rowOf = (site: Site, issue: Issue): PageItemRow => ({
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
  return { id: comment.id, authorName: by.name, byApp: by.isApp, body: comment.body, restricted: comment.visibility !== null, createdAt: comment.created, updatedAt: comment.updated };
};

/** The changelog writes a due date with a time of day that it does not have. */
const shownValue = (fieldId: string, text: string | null): string => (fieldId === 'duedate' ? (text ?? '').slice(0, 10) : (text ?? ''));

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

/** Work items of the heart as the pages read and change them. `version` counts what happened on the whole site. */
export const createSiteItems = (site: Site): PageItems => {
  let happened = 0;
  site.listeners.add(() => void (happened += 1));

  const actorOf = (accountId: string): Actor => {
    const user = site.users.get(accountId);
    if (user === undefined) throw new Error(`Nobody on ${site.name} has the account ${accountId}.`);
    return { user, through: { kind: 'person' }, trace: null };
  };
  const onIssue = <T, R>(accountId: string, key: string, value: (from: T) => R, act: (actor: Actor, issue: Issue) => Outcome<T>): PageResult<R> => {
    const actor = actorOf(accountId);
    const found = findIssue(site, actor.user, key);
    return resultOf(found.ok ? act(actor, found.value) : found, value);
  };
  const onComment = <T>(accountId: string, key: string, commentId: string, act: (actor: Actor, issue: Issue, comment: Comment) => Outcome<T>): PageResult =>
    onIssue(accountId, key, nothing, (actor, issue): Outcome<T> => {
      const found = findComment(issue, actor.user, commentId);
      return found.ok ? act(actor, issue, found.value) : found;
    });

  return {
    version: () => String(happened),
    list: (accountId, projectKey) => {
      const project = findProject(site, actorOf(accountId).user, projectKey);
      return [...site.issues.values()].filter((issue) => issue.projectId === project?.id).sort((one, other) => other.number - one.number).map((issue) => rowOf(site, issue));
    },
    read: (accountId, key) => {
      const { user } = actorOf(accountId);
      const found = findIssue(site, user, key);
      if (!found.ok) return null;
      const issue = found.value;
      const creator = author(site, issue.creatorId);
      return {
        ...rowOf(site, issue),
        description: issue.description,
        createdAt: issue.created,
        creatorName: creator.name,
        creatorIsApp: creator.isApp,
        comments: issue.comments.filter((comment) => seesComment(user, comment)).map((comment) => commentOf(site, comment)),
        history: issue.changes.map((change) => historyEntryOf(site, change)).reverse(),
      } satisfies PageItem;
    },
    transitions: (accountId, key) => {
      const { user } = actorOf(accountId);
      const found = findIssue(site, user, key);
      if (!found.ok || !permits(user, projectOf(site, found.value), 'TRANSITION_ISSUES')) return [];
      return availableTransitions(site, found.value)
        .filter((transition) => transition.to !== found.value.statusId)
        .map((transition) => ({ id: transition.id, name: transition.name, to: statusOf(site, transition.to) }));
    },
    types: (projectKey) => {
      const project = [...site.projects.values()].find((each) => each.key === projectKey);
      return (project?.issueTypeIds ?? []).flatMap((id) => {
        const type = site.issueTypes.get(id);
        return type === undefined || type.subtask ? [] : [{ id, name: type.name }];
      });
    },
    priorities: () => [...site.priorities.values()].map(({ id, name }) => ({ id, name })),
    create: (accountId, projectKey, typeId, edit) => {
      const fields = { ...fieldsOf(edit), project: { key: projectKey }, issuetype: { id: typeId } };
      return resultOf(createIssue(site, actorOf(accountId), { fields, update: {}, properties: [] }, 'adf'), ({ key }) => ({ key }));
    },
    edit: (accountId, key, edit) =>
      onIssue(accountId, key, nothing, (actor, issue) => editIssue(site, actor, issue, { fields: fieldsOf(edit), update: {}, properties: [] }, 'adf')),
    transition: (accountId, key, transitionId) =>
      onIssue(accountId, key, nothing, (actor, issue) => transitionIssue(site, actor, issue, transitionId, { fields: {}, update: {} }, 'adf')),
    remove: (accountId, key) => onIssue(accountId, key, nothing, (actor, issue) => deleteIssue(site, actor, issue)),
    addComment: (accountId, key, body) => onIssue(accountId, key, nothing, (actor, issue) => addComment(site, actor, issue, { body }, 'adf')),
    editComment: (accountId, key, commentId, body) =>
      onComment(accountId, key, commentId, (actor, issue, comment) => editComment(site, actor, issue, comment, { body }, 'adf')),
    removeComment: (accountId, key, commentId) => onComment(accountId, key, commentId, (actor, issue, comment) => deleteComment(site, actor, issue, comment)),
  };
};
