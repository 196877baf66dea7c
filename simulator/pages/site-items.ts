import { addComment, deleteComment, editComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, transitionIssue } from '../heart/edit-issue.ts';
import { findComment, findIssue, projectOf } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { findProject, permits } from '../heart/permissions.ts';
import type { Actor, Comment, Issue, Site } from '../heart/site.ts';
import { itemOf, rowOf, statusOf } from './item-views.ts';
import type { PageEdit, PageItems, PageResult } from './page-site.ts';

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

const actorOf = (site: Site, accountId: string): Actor => {
  const user = site.users.get(accountId);
  if (user === undefined) throw new Error(`Nobody on ${site.name} has the account ${accountId}.`);
  return { user, through: { kind: 'person' }, trace: null };
};

type Reads = Pick<PageItems, 'version' | 'list' | 'read' | 'transitions' | 'types' | 'priorities'>;

const createReads = (site: Site): Reads => {
  let happened = 0;
  site.listeners.add(() => {
    happened += 1;
  });
  return {
    version: () => String(happened),
    list: (accountId, projectKey) => {
      const project = findProject(site, actorOf(site, accountId).user, projectKey);
      const issues = [...site.issues.values()].filter((issue) => issue.projectId === project?.id);
      return issues.sort((one, other) => other.number - one.number).map((issue) => rowOf(site, issue));
    },
    read: (accountId, key) => {
      const { user } = actorOf(site, accountId);
      const found = findIssue(site, user, key);
      return found.ok ? itemOf(site, found.value, user) : null;
    },
    transitions: (accountId, key) => {
      const { user } = actorOf(site, accountId);
      const found = findIssue(site, user, key);
      if (!found.ok || !permits(user, projectOf(site, found.value), 'TRANSITION_ISSUES')) return [];
      return availableTransitions(site, found.value)
        .filter((transition) => transition.to !== found.value.statusId)
        .map((transition) => ({ id: transition.id, name: transition.name, to: statusOf(site, transition.to) }));
    },
    types: (projectKey) => {
      const project = [...site.projects.values()].find((each) => each.key === projectKey);
      const types = (project?.issueTypeIds ?? []).flatMap((id) => site.issueTypes.get(id) ?? []);
      return types.filter((type) => !type.subtask).map(({ id, name }) => ({ id, name }));
    },
    priorities: () => [...site.priorities.values()].map(({ id, name }) => ({ id, name })),
  };
};

type Changes = Omit<PageItems, keyof Reads>;

const createChanges = (site: Site): Changes => {
  const onIssue = <T>(accountId: string, key: string, act: (actor: Actor, issue: Issue) => Outcome<T>): PageResult => {
    const actor = actorOf(site, accountId);
    const found = findIssue(site, actor.user, key);
    return resultOf(found.ok ? act(actor, found.value) : found, () => null);
  };
  type OnComment = <T>(
    accountId: string,
    key: string,
    commentId: string,
    act: (actor: Actor, issue: Issue, comment: Comment) => Outcome<T>,
  ) => PageResult;
  const onComment: OnComment = (accountId, key, commentId, act) =>
    onIssue(accountId, key, (actor, issue) => {
      const found = findComment(site, issue, actor.user, commentId);
      return found.ok ? act(actor, issue, found.value) : found;
    });
  return {
    create: (accountId, projectKey, typeId, edit) => {
      const fields = { ...fieldsOf(edit), project: { key: projectKey }, issuetype: { id: typeId } };
      const made = createIssue(site, actorOf(site, accountId), { fields, update: {}, properties: [] }, 'adf');
      return resultOf(made, ({ key }) => ({ key }));
    },
    edit: (accountId, key, edit) => {
      const input = { fields: fieldsOf(edit), update: {}, properties: [] };
      return onIssue(accountId, key, (actor, issue) => editIssue(site, actor, issue, input, 'adf'));
    },
    transition: (accountId, key, transitionId) =>
      onIssue(accountId, key, (actor, issue) =>
        transitionIssue(site, actor, issue, transitionId, { fields: {}, update: {} }, 'adf'),
      ),
    remove: (accountId, key) => onIssue(accountId, key, (actor, issue) => deleteIssue(site, actor, issue)),
    addComment: (accountId, key, body) =>
      onIssue(accountId, key, (actor, issue) => addComment(site, actor, issue, { body }, 'adf')),
    editComment: (accountId, key, id, body) =>
      onComment(accountId, key, id, (actor, issue, comment) => editComment(site, actor, issue, comment, { body }, 'adf')),
    removeComment: (accountId, key, id) =>
      onComment(accountId, key, id, (actor, issue, comment) => deleteComment(site, actor, issue, comment)),
  };
};

/** Work items of the heart as the pages read and change them. `version` counts what happened on the whole site. */
export const createSiteItems = (site: Site): PageItems => ({ ...createReads(site), ...createChanges(site) });
