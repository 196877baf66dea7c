import { addComment, editComment } from '../simulator/heart/comments.ts';
import { createIssue } from '../simulator/heart/create-issue.ts';
import { availableTransitions, editIssue, transitionIssue } from '../simulator/heart/edit-issue.ts';
import type { Outcome } from '../simulator/heart/outcome.ts';
import type { Actor, Comment, Issue } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';

const done = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(`A person was refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
};

export const documentOf = (text: string) => ({
  version: 1,
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** A person who administers a simulated site, at work on its items. */
export interface Person {
  create(projectKey: string, fields: object): Issue;
  edit(issue: Issue, fields: object): void;
  /** Takes the transition to that status. */
  move(issue: Issue, status: string): void;
  comment(issue: Issue, text: string): Comment;
  editComment(issue: Issue, comment: Comment, text: string): void;
}

export function personAt({ heart: site }: SimulatedSite): Person {
  const user = [...site.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (user === undefined) throw new Error(`${site.name} has no administrator`);
  const actor: Actor = { user, through: { kind: 'person' }, trace: null };
  return {
    create: (key, fields) =>
      done(
        createIssue(
          site,
          actor,
          { fields: { project: { key }, issuetype: { name: 'Task' }, ...fields }, update: {}, properties: [] },
          'adf',
        ),
      ),
    edit: (issue, fields) =>
      void done(editIssue(site, actor, issue, { fields: { ...fields }, update: {}, properties: [] }, 'adf')),
    move(issue, status) {
      const transition = availableTransitions(site, issue).find(({ to }) => site.statuses.get(to)?.name === status);
      if (transition === undefined) throw new Error(`${issue.key} cannot get to ${status}`);
      done(transitionIssue(site, actor, issue, transition.id, { fields: {}, update: {} }, 'adf'));
    },
    comment: (issue, text) => done(addComment(site, actor, issue, { body: documentOf(text) }, 'adf')),
    editComment: (issue, comment, text) => void done(editComment(site, actor, issue, comment, { body: documentOf(text) }, 'adf')),
  };
}
