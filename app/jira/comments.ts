import { type Result, succeed } from '../core/failure.ts';
import type { EffectId, IssueId } from '../core/ids.ts';
import type { AdfNode, Comment } from '../core/item.ts';
import type { Jira } from '../sync/ports.ts';
import type { JiraRequest } from './client.ts';
import { pathBelow, type Speaker } from './dialect.ts';
import { COMMENT_PROPERTY, mapComment } from './map-item.ts';
import { readCommentPage } from './read-comments.ts';
import { anything, commentMark, type RawComment } from './schemas.ts';

type CommentCalls = Pick<Jira, 'createComment' | 'editComment' | 'deleteComment'>;

export const createCommentCalls = (speaker: Speaker): CommentCalls => ({
  createComment: (issueId, body, effectId, trace, isOurs) =>
    writeComment(
      speaker,
      { endpoint: 'POST /issue/{id}/comment', method: 'POST', segments: ['issue', issueId, 'comment'] },
      { trace, isOurs },
      { body, properties: [{ key: COMMENT_PROPERTY, value: { effectId } }] },
    ),
  editComment: (issueId, commentId, body, trace, isOurs) =>
    writeComment(
      speaker,
      { endpoint: 'PUT /issue/{id}/comment/{id}', method: 'PUT', segments: ['issue', issueId, 'comment', commentId] },
      { trace, isOurs },
      { body },
    ),
  async deleteComment(issueId, commentId, trace, isOurs) {
    const answer = await speaker.client.call({
      endpoint: 'DELETE /issue/{id}/comment/{id}',
      method: 'DELETE',
      path: pathBelow(speaker.dialect.api, ['issue', issueId, 'comment', commentId]),
      intent: 'write',
      trace,
      isOurs,
      schema: anything,
    });
    return answer.ok ? succeed(null) : answer;
  },
});

interface CommentRoute {
  readonly endpoint: string;
  readonly method: 'POST' | 'PUT';
  readonly segments: readonly string[];
}

async function writeComment(
  { client, dialect }: Speaker,
  { endpoint, method, segments }: CommentRoute,
  write: Pick<JiraRequest<Comment>, 'trace' | 'isOurs'>,
  { body, ...more }: { body: AdfNode; properties?: unknown },
): Promise<Result<Comment>> {
  const answer = await client.call({
    endpoint,
    method,
    path: pathBelow(dialect.api, segments),
    body: { body: dialect.writeRichText(body), ...more },
    intent: 'write',
    ...write,
    schema: dialect.shapes.comment,
  });
  return answer.ok ? succeed(mapComment(answer.value)) : answer;
}

/**
 * The comment of an item that carries our mark, newest first, since a doubt is about a moment ago. Reads of comments carry properties on
 * no site for sure: `markedIn` finds the one of a page that has it.
 */
export async function findCommentOf(
  speaker: Speaker,
  issueId: IssueId,
  more: {
    query: Readonly<Record<string, string>>;
    markedIn: (page: readonly RawComment[]) => Promise<Result<RawComment | null>>;
  },
): Promise<Result<Comment | null>> {
  for (let startAt = 0, hasMore = true; hasMore; ) {
    const page = await readCommentPage(speaker, issueId, startAt, '-created', more.query);
    if (!page.ok) return page;
    const { comments, total } = page.value;
    if (comments.length === 0) break;
    const marked = await more.markedIn(comments);
    if (!marked.ok) return marked;
    if (marked.value !== null) return succeed(mapComment(marked.value));
    startAt += comments.length;
    hasMore = startAt < total;
  }
  return succeed(null);
}

/** Whether a comment that was read with its properties is the one made by that effect. */
export const isMadeBy = (effectId: EffectId, { properties }: RawComment): boolean =>
  (properties ?? []).some(({ key, value }) => key === COMMENT_PROPERTY && isMarkOf(effectId, value));

/** Whether that value of our property names the effect. */
export function isMarkOf(effectId: EffectId, value: unknown): boolean {
  const mark = commentMark.safeParse(value);
  return mark.success && mark.data.effectId === effectId;
}
