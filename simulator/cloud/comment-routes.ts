import { addComment, deleteComment, editComment } from '../heart/comments.ts';
import { findComment, findIssue, seesComment } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import type { Comment, Issue } from '../heart/site.ts';
import { commentShape } from '../shapes/issue.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, pageOf, recordOf, then } from './route.ts';

const COMMENTS_A_PAGE = 100;

const issueNamed = (request: CloudRequest) => findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');

function commentNamed(request: CloudRequest): Outcome<{ issue: Issue; comment: Comment }> {
  const issue = issueNamed(request);
  if (!issue.ok) return issue;
  const comment = findComment(issue.value, request.actor.user, request.params['id'] ?? '');
  return comment.ok ? done({ issue: issue.value, comment: comment.value }) : comment;
}

const wantsProperties = (request: CloudRequest): boolean => listOf(request.query['expand']).includes('properties');
const shown = (request: CloudRequest, issue: Issue, comment: Comment): Record<string, unknown> =>
  commentShape(request.site, request.version, issue, comment, 'rest', wantsProperties(request));

const list = (request: CloudRequest): CloudAnswer =>
  then(issueNamed(request), (issue) => {
    const comments = issue.comments.filter((comment) => seesComment(request.actor.user, comment));
    if (request.query['orderBy'] === '-created') comments.reverse();
    const { startAt, maxResults, total, values } = pageOf(request, '', comments, COMMENTS_A_PAGE);
    return answer(
      200,
      { startAt, maxResults, total, comments: values.map((comment) => shown(request, issue, comment)) },
      { returned: 1, issueId: issue.id },
    );
  });

const read = (request: CloudRequest): CloudAnswer =>
  then(commentNamed(request), ({ issue, comment }) =>
    answer(200, shown(request, issue, comment), { returned: 1, issueId: issue.id, commentId: comment.id }),
  );

const add = (request: CloudRequest): CloudAnswer =>
  then(issueNamed(request), (issue) =>
    then(addComment(request.site, request.actor, issue, recordOf(request.body), request.format), (comment) =>
      answer(201, shown(request, issue, comment), { issueId: issue.id, commentId: comment.id }),
    ),
  );

const edit = (request: CloudRequest): CloudAnswer =>
  then(commentNamed(request), ({ issue, comment }) =>
    then(editComment(request.site, request.actor, issue, comment, recordOf(request.body), request.format), () =>
      answer(200, shown(request, issue, comment), { issueId: issue.id, commentId: comment.id }),
    ),
  );

const remove = (request: CloudRequest): CloudAnswer =>
  then(commentNamed(request), ({ issue, comment }) =>
    then(deleteComment(request.site, request.actor, issue, comment), () =>
      answer(204, undefined, { issueId: issue.id, commentId: comment.id }),
    ),
  );

/** A comment by its id alone, on whatever issue: where its properties live. */
function commentAnywhere(request: CloudRequest): Outcome<{ issue: Issue; comment: Comment }> {
  const commentId = request.params['commentId'] ?? '';
  for (const issue of request.site.issues.values()) {
    const comment = issue.comments.find((candidate) => candidate.id === commentId);
    if (
      comment === undefined ||
      !findIssue(request.site, request.actor.user, issue.id).ok ||
      !seesComment(request.actor.user, comment)
    )
      continue;
    return done({ issue, comment });
  }
  return refuse(404, `Can not find a comment for the id: ${commentId}.`);
}

export const COMMENT_ROUTES: readonly Route[] = [
  { method: 'get', path: '/issue/{issueIdOrKey}/comment', scope: 'READ', handle: list },
  { method: 'post', path: '/issue/{issueIdOrKey}/comment', scope: 'WRITE', handle: add },
  { method: 'get', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'READ', handle: read },
  { method: 'put', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'WRITE', handle: edit },
  { method: 'delete', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'DELETE', handle: remove },
];

/** Who owns entity properties under `/comment/{commentId}/properties`. */
export const commentProperties = (request: CloudRequest): Outcome<Map<string, unknown>> => {
  const found = commentAnywhere(request);
  return found.ok ? done(found.value.comment.properties) : found;
};
