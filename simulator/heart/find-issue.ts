import { passesVisibility, seesIssue } from './issue-security.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import type { Comment, Issue, Project, Site, User } from './site.ts';

/** The project of an issue; every issue has one. */
export function projectOf(site: Site, issue: Issue): Project {
  const project = site.projects.get(issue.projectId);
  if (project === undefined) throw new Error(`Issue ${issue.id} is in the unknown project ${issue.projectId}`);
  return project;
}

/** An issue by id or by a key it has or once had, as that person sees it. Jira does not tell "gone" from "not for you". */
export function findIssue(site: Site, user: User | null, idOrKey: string): Outcome<Issue> {
  const issue = site.issues.get(idOrKey) ?? site.issues.get(site.issueIdsByKey.get(idOrKey.toUpperCase()) ?? '');
  if (issue === undefined || !seesIssue(site, projectOf(site, issue), user, issue)) {
    return refuse(404, 'Issue does not exist or you do not have permission to see it.');
  }
  return done(issue);
}

/** Restricted comments are seen by their group or role, their author, site administrators and apps. */
export const seesComment = (site: Site, issue: Issue, user: User, comment: Comment): boolean =>
  passesVisibility(site, projectOf(site, issue), user, comment);

export function findComment(site: Site, issue: Issue, user: User, commentId: string): Outcome<Comment> {
  const comment = issue.comments.find((candidate) => candidate.id === commentId);
  if (comment === undefined || !seesComment(site, issue, user, comment))
    return refuse(404, `Can not find a comment for the id: ${commentId}.`);
  return done(comment);
}

/** A comment by its id alone, whatever issue it is on. */
export function findCommentAnywhere(site: Site, user: User, commentId: string): Outcome<{ issue: Issue; comment: Comment }> {
  const issue = findIssue(site, user, site.issueIdsByComment.get(commentId) ?? '');
  const comment = issue.ok ? findComment(site, issue.value, user, commentId) : issue;
  if (!issue.ok || !comment.ok) return refuse(404, `Can not find a comment for the id: ${commentId}.`);
  return done({ issue: issue.value, comment: comment.value });
}
