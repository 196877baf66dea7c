import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { EffectId, IssueId } from '../../core/ids.ts';
import type { Comment } from '../../core/item.ts';
import type { JiraClient } from '../client.ts';
import { commentList, commentMark, commentPage, type RawComment } from '../schemas.ts';
import { COMMENT_PROPERTY, mapComment } from './map-item.ts';
import { apiPath } from './paths.ts';

/** Jira's largest page of comments. */
const PAGE_SIZE = 100;
/** Comments came and went while we were paging; a second pass nearly always meets a quiet moment. */
const PASSES = 2;

const readPage = (client: JiraClient, issueId: IssueId, startAt: number, orderBy: 'created' | '-created') =>
  client.call({
    endpoint: 'GET /issue/{id}/comment',
    method: 'GET',
    path: apiPath(['issue', issueId, 'comment'], { startAt, maxResults: PAGE_SIZE, orderBy }),
    intent: 'read',
    schema: commentPage,
    objects: (page) => page.comments.length,
  });

/**
 * All comments of an item that has more than its read carries. A comment that is missing here would be taken for deleted, so a
 * list that changed under our hands is read again, and given up as `contended` rather than believed.
 */
export async function readAllComments(client: JiraClient, issueId: IssueId): Promise<Result<readonly RawComment[]>> {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const found = new Map<string, RawComment>();
    const totals = new Set<number>();
    for (let startAt = 0, more = true; more; ) {
      const page = await readPage(client, issueId, startAt, 'created');
      if (!page.ok) return page;
      totals.add(page.value.total);
      for (const comment of page.value.comments) found.set(comment.id, comment);
      startAt += page.value.comments.length;
      more = page.value.comments.length > 0 && startAt < page.value.total;
    }
    if (totals.size === 1 && totals.has(found.size)) return succeed([...found.values()]);
  }
  return fail({ kind: 'contended' });
}

/**
 * The comment made by that effect, newest first, since a doubt is about a moment ago. The ordinary read of comments does not
 * carry properties; `POST /comment/list?expand=properties` does, for ids.
 */
export async function findCommentByEffect(
  client: JiraClient,
  issueId: IssueId,
  effectId: EffectId,
): Promise<Result<Comment | null>> {
  for (let startAt = 0, more = true; more; ) {
    const page = await readPage(client, issueId, startAt, '-created');
    if (!page.ok) return page;
    const ids = page.value.comments.map((comment) => Number(comment.id));
    if (ids.length === 0) break;
    const marked = await client.call({
      endpoint: 'POST /comment/list',
      method: 'POST',
      path: apiPath(['comment', 'list'], { expand: 'properties' }),
      body: { ids },
      intent: 'read',
      schema: commentList,
      objects: (list) => list.values.length,
    });
    if (!marked.ok) return marked;
    const match = marked.value.values.find((comment) =>
      (comment.properties ?? []).some((property) => isMarkOf(effectId, property)),
    );
    if (match !== undefined) return succeed(mapComment(match));
    startAt += page.value.comments.length;
    more = startAt < page.value.total;
  }
  return succeed(null);
}

function isMarkOf(effectId: EffectId, property: { key: string; value?: unknown }): boolean {
  if (property.key !== COMMENT_PROPERTY) return false;
  const mark = commentMark.safeParse(property.value);
  return mark.success && mark.data.effectId === effectId;
}
