import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { IssueId } from '../core/ids.ts';
import { pathBelow, type Speaker } from './dialect.ts';
import type { RawComment } from './schemas.ts';

/** Jira's largest page of comments. */
const PAGE_SIZE = 100;
/** Comments came and went while we were paging; a second pass nearly always meets a quiet moment. */
const PASSES = 2;

/** One page of an item's comments, the oldest or the newest first. */
export const readCommentPage = (
  { client, dialect }: Speaker,
  issueId: IssueId,
  startAt: number,
  orderBy: 'created' | '-created',
  more: Readonly<Record<string, string>> = {},
) =>
  client.call({
    endpoint: 'GET /issue/{id}/comment',
    method: 'GET',
    path: pathBelow(dialect.api, ['issue', issueId, 'comment'], { startAt, maxResults: PAGE_SIZE, orderBy, ...more }),
    intent: 'read',
    schema: dialect.shapes.commentPage,
    objects: (page) => page.comments.length,
  });

/**
 * All comments of an item that has more than its read carries. A comment that is missing here would be taken for deleted, so a
 * list that changed under our hands is read again, and given up as `contended` rather than believed.
 */
export async function readAllComments(speaker: Speaker, issueId: IssueId): Promise<Result<readonly RawComment[]>> {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const found = new Map<string, RawComment>();
    const totals = new Set<number>();
    for (let startAt = 0, more = true; more; ) {
      const page = await readCommentPage(speaker, issueId, startAt, 'created');
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
