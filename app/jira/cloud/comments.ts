import type { Result } from '../../core/failure.ts';
import { succeed } from '../../core/failure.ts';
import type { IssueId } from '../../core/ids.ts';
import type { AdfNode, Comment } from '../../core/item.ts';
import type { Jira, Trace } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { anything, comment } from '../schemas.ts';
import { COMMENT_PROPERTY, mapComment } from './map-item.ts';
import { apiPath } from './paths.ts';
import { findCommentByEffect } from './read-comments.ts';

type CommentCalls = Pick<Jira, 'createComment' | 'editComment' | 'deleteComment' | 'findComment'>;

export const createCommentCalls = (client: JiraClient): CommentCalls => ({
  createComment: (issueId, body, effectId, trace) =>
    writeComment(
      client,
      { endpoint: 'POST /issue/{id}/comment', method: 'POST', path: apiPath(['issue', issueId, 'comment']) },
      trace,
      {
        body,
        properties: [{ key: COMMENT_PROPERTY, value: { effectId } }],
      },
    ),
  editComment: (issueId, commentId, body, trace) =>
    writeComment(
      client,
      { endpoint: 'PUT /issue/{id}/comment/{id}', method: 'PUT', path: apiPath(['issue', issueId, 'comment', commentId]) },
      trace,
      { body },
    ),
  async deleteComment(issueId, commentId, trace) {
    const path = apiPath(['issue', issueId, 'comment', commentId]);
    const answer = await client.call({
      endpoint: 'DELETE /issue/{id}/comment/{id}',
      method: 'DELETE',
      path,
      intent: 'write',
      trace,
      schema: anything,
    });
    return answer.ok ? succeed(null) : answer;
  },
  findComment: (issueId: IssueId, effectId) => findCommentByEffect(client, issueId, effectId),
});

interface CommentRoute {
  readonly endpoint: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
}

async function writeComment(
  client: JiraClient,
  route: CommentRoute,
  trace: Trace,
  content: { body: AdfNode; properties?: unknown },
): Promise<Result<Comment>> {
  const answer = await client.call({ ...route, body: content, intent: 'write', trace, schema: comment });
  return answer.ok ? succeed(mapComment(answer.value)) : answer;
}
