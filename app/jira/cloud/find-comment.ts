import { type Result, succeed } from '../../core/failure.ts';
import type { EffectId } from '../../core/ids.ts';
import type { Jira } from '../../sync/ports.ts';
import { findCommentOf, isMadeBy } from '../comments.ts';
import type { Speaker } from '../dialect.ts';
import type { RawComment } from '../schemas.ts';
import { apiPath } from './paths.ts';

/** `POST /comment/list?expand=properties` tells the properties of comments by their ids. */
async function markedIn(
  { client, dialect }: Speaker,
  effectId: EffectId,
  page: readonly RawComment[],
): Promise<Result<RawComment | null>> {
  const listed = await client.call({
    endpoint: 'POST /comment/list',
    method: 'POST',
    path: apiPath(['comment', 'list'], { expand: 'properties' }),
    body: { ids: page.map(({ id }) => Number(id)) },
    intent: 'read',
    schema: dialect.shapes.commentList,
    objects: (list) => list.values.length,
  });
  return listed.ok ? succeed(listed.value.values.find((comment) => isMadeBy(effectId, comment)) ?? null) : listed;
}

export const createFindComment = (speaker: Speaker): Pick<Jira, 'findComment'> => ({
  findComment: (issueId, effectId) =>
    findCommentOf(speaker, issueId, { query: {}, markedIn: (page) => markedIn(speaker, effectId, page) }),
});
