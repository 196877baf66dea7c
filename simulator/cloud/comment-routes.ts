import { addComment, deleteComment, editComment } from '../heart/comments.ts';
import { findComment, findCommentAnywhere, findIssue, seesComment } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done } from '../heart/outcome.ts';
import type { Comment, Issue } from '../heart/site.ts';
import { commentShape } from '../shapes/issue.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, pageOf, recordOf, say, whenOk } from './route.ts';

const COMMENTS_A_PAGE = 100;
/** Comments that can be asked for by id in one call. */
const MAX_IDS = 1000;
/** What Jira says it could have returned. */
const MAX_LIST = 1_048_576;

const issueNamed = (request: CloudRequest) => findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');

function commentNamed(request: CloudRequest): Outcome<{ issue: Issue; comment: Comment }> {
  const issue = issueNamed(request);
  if (!issue.ok) return issue;
  const comment = findComment(request.site, issue.value, request.actor.user, request.params['id'] ?? '');
  return comment.ok ? done({ issue: issue.value, comment: comment.value }) : comment;
}

const wantsProperties = (request: CloudRequest): boolean => listOf(request.query['expand']).includes('properties');
const shown = (request: CloudRequest, issue: Issue, comment: Comment): Record<string, unknown> =>
  commentShape(request.site, request.version, issue, comment, 'rest', wantsProperties(request));

const list = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) => {
    const comments = issue.comments.filter((comment) => seesComment(request.site, issue, request.actor.user, comment));
    if (request.query['orderBy'] === '-created') comments.reverse();
    const { startAt, maxResults, total, values } = pageOf(request, '', comments, COMMENTS_A_PAGE);
    return answer(
      200,
      { startAt, maxResults, total, comments: values.map((comment) => shown(request, issue, comment)) },
      { returned: values.length, issueId: issue.id },
    );
  });

const read = (request: CloudRequest): CloudAnswer =>
  whenOk(commentNamed(request), ({ issue, comment }) =>
    answer(200, shown(request, issue, comment), { returned: 1, issueId: issue.id, commentId: comment.id }),
  );

const add = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) =>
    whenOk(addComment(request.site, request.actor, issue, recordOf(request.body), request.format), (comment) =>
      answer(201, shown(request, issue, comment), { issueId: issue.id, commentId: comment.id }),
    ),
  );

const edit = (request: CloudRequest): CloudAnswer =>
  whenOk(commentNamed(request), ({ issue, comment }) =>
    whenOk(editComment(request.site, request.actor, issue, comment, recordOf(request.body), request.format), () =>
      answer(200, shown(request, issue, comment), { issueId: issue.id, commentId: comment.id }),
    ),
  );

const remove = (request: CloudRequest): CloudAnswer =>
  whenOk(commentNamed(request), ({ issue, comment }) =>
    whenOk(deleteComment(request.site, request.actor, issue, comment), () =>
      answer(204, undefined, { issueId: issue.id, commentId: comment.id }),
    ),
  );

/** Comments by their ids, whatever issue they are on; ids of comments that cannot be seen are passed over. */
function listByIds(request: CloudRequest): CloudAnswer {
  const ids = listOf(recordOf(request.body).ids);
  if (ids.length === 0) return say(400, 'No comment ids were given.');
  if (ids.length > MAX_IDS) return say(400, `The number of comment ids must not exceed ${MAX_IDS}.`);
  const values = ids.flatMap((id) => {
    const found = findCommentAnywhere(request.site, request.actor.user, id);
    return found.ok ? [shown(request, found.value.issue, found.value.comment)] : [];
  });
  const page = { startAt: 0, maxResults: MAX_LIST, total: values.length, isLast: true, values };
  return answer(200, page, { returned: values.length });
}

export const COMMENT_ROUTES: readonly Route[] = [
  { method: 'post', path: '/comment/list', scope: 'READ', reads: true, handle: listByIds },
  { method: 'get', path: '/issue/{issueIdOrKey}/comment', scope: 'READ', handle: list },
  { method: 'post', path: '/issue/{issueIdOrKey}/comment', scope: 'WRITE', handle: add },
  { method: 'get', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'READ', handle: read },
  { method: 'put', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'WRITE', handle: edit },
  { method: 'delete', path: '/issue/{issueIdOrKey}/comment/{id}', scope: 'DELETE', handle: remove },
];

/** Who owns entity properties under `/comment/{commentId}/properties`. */
export const commentProperties = (request: CloudRequest): Outcome<Map<string, unknown>> => {
  const found = findCommentAnywhere(request.site, request.actor.user, request.params.commentId ?? '');
  return found.ok ? done(found.value.comment.properties) : found;
};
