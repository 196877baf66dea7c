import { type Result, succeed } from '../../core/failure.ts';
import type { EffectId } from '../../core/ids.ts';
import type { Jira } from '../../sync/ports.ts';
import { findCommentOf, isMadeBy, isMarkOf } from '../comments.ts';
import { pathBelow, type Speaker } from '../dialect.ts';
import { mapBounded } from '../map-bounded.ts';
import { COMMENT_PROPERTY } from '../map-item.ts';
import { property, type RawComment } from '../schemas.ts';

/** Properties read at a time. */
const AT_ONCE = 5;

/**
 * `expand=properties` is not in the official document, though servers take it: a comment that comes without is asked for its property by
 * itself.
 */
async function markedIn(speaker: Speaker, effectId: EffectId, page: readonly RawComment[]): Promise<Result<RawComment | null>> {
  const told = page.find((comment) => isMadeBy(effectId, comment));
  if (told !== undefined) return succeed(told);
  const asked = await mapBounded(
    page.filter(({ properties }) => properties == null),
    AT_ONCE,
    async (comment) => ({ comment, marked: await isMarked(speaker, comment.id, effectId) }),
  );
  for (const { comment, marked } of asked) {
    if (!marked.ok) return marked;
    if (marked.value) return succeed(comment);
  }
  return succeed(null);
}

async function isMarked({ client, dialect }: Speaker, commentId: string, effectId: EffectId): Promise<Result<boolean>> {
  const answer = await client.call({
    endpoint: 'GET /comment/{id}/properties/{key}',
    method: 'GET',
    path: pathBelow(dialect.api, ['comment', commentId, 'properties', COMMENT_PROPERTY]),
    intent: 'read',
    schema: property,
  });
  if (answer.ok) return succeed(isMarkOf(effectId, answer.value.value));
  return answer.failure.kind === 'missing' ? succeed(false) : answer;
}

export const createFindComment = (speaker: Speaker): Pick<Jira, 'findComment'> => ({
  findComment: (issueId, effectId) =>
    findCommentOf(speaker, issueId, {
      query: { expand: 'properties' },
      markedIn: (page) => markedIn(speaker, effectId, page),
    }),
});
