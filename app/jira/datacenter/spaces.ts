import { z } from 'zod';
import { type Result, succeed } from '../../core/failure.ts';
import type { AccountId, ProjectId } from '../../core/ids.ts';
import type { SpaceShape } from '../../core/item.ts';
import type { AdminRights, Jira } from '../../sync/ports.ts';
import { readRights, readSyncUser } from '../ask-site.ts';
import { pathBelow, type Speaker } from '../dialect.ts';
import { creatableTypes, priorityList, priorityPage, project, typesWithStatuses } from '../schemas.ts';
import { spaceShapeOf } from '../space-shape.ts';

type SpaceCalls = Pick<Jira, 'listSpaces' | 'readSpaceShape' | 'readAdminRights' | 'listGroupsOf' | 'findGroup'>;

/** A space with more creatable types or priorities than one page holds does not exist in practice. */
const PAGE = 200;

export const createSpaceCalls = (speaker: Speaker): SpaceCalls => ({
  /** Those the sync user sees: whoever else looks is no person of that site. */
  async listSpaces() {
    const listed = await read(speaker, 'GET /project', ['project'], z.array(project));
    if (!listed.ok) return listed;
    const spaces = listed.value.map(({ id, key, name }) => ({ projectId: id as ProjectId, projectKey: key, name }));
    return succeed(spaces.sort((a, b) => (a.projectKey < b.projectKey ? -1 : 1)));
  },
  readSpaceShape: (projectIdOrKey) => readSpaceShape(speaker, projectIdOrKey),
  readAdminRights: (accountId, projectId) => readAdminRights(speaker, accountId, projectId),
  // Groups choose among people, and no person of such a site comes to us.
  listGroupsOf: async () => succeed([]),
  findGroup: async () => succeed(null),
});

/** Four reads, on changes of what is synchronized only. */
async function readSpaceShape(speaker: Speaker, projectIdOrKey: string): Promise<Result<SpaceShape>> {
  const space = await read(speaker, 'GET /project/{id}', ['project', projectIdOrKey], project);
  if (!space.ok) return space;
  const { id } = space.value;
  const types = await read(
    speaker,
    'GET /issue/createmeta/{id}/issuetypes',
    ['issue', 'createmeta', id, 'issuetypes'],
    creatableTypes,
    { maxResults: PAGE },
  );
  if (!types.ok) return types;
  const statuses = await read(speaker, 'GET /project/{id}/statuses', ['project', id, 'statuses'], typesWithStatuses);
  if (!statuses.ok) return statuses;
  const priorities = await readPriorities(speaker, id);
  if (!priorities.ok) return priorities;
  return succeed(
    spaceShapeOf({ space: space.value, types: types.value, statuses: statuses.value, priorities: priorities.value }),
  );
}

/** Those of the space's scheme; where a server does not know that call, all of them. */
async function readPriorities(speaker: Speaker, projectId: string): Promise<Result<SpaceShape['priorities']>> {
  const page = await read(speaker, 'GET /priority/page', ['priority', 'page'], priorityPage, {
    projectIds: projectId,
    maxResults: PAGE,
  });
  if (page.ok) return succeed(page.value.values);
  return page.failure.kind === 'missing' ? read(speaker, 'GET /priority', ['priority'], priorityList) : page;
}

const NOTHING: AdminRights = { site: false, space: false };

/** Data Center tells of the rights of whoever asks alone. */
async function readAdminRights(speaker: Speaker, accountId: AccountId, projectId: ProjectId): Promise<Result<AdminRights>> {
  const who = await readSyncUser(speaker);
  if (!who.ok) return who;
  if (who.value.accountId !== accountId) return succeed(NOTHING);
  const rights = await readRights(speaker, projectId, ['ADMINISTER', 'ADMINISTER_PROJECTS']);
  if (!rights.ok) return rights;
  const has = (wanted: string): boolean => rights.value.some(({ right, has: given }) => right === wanted && given);
  return succeed({ site: has('ADMINISTER'), space: has('ADMINISTER_PROJECTS') });
}

const read = <Value>(
  { client, dialect }: Speaker,
  endpoint: string,
  segments: readonly string[],
  schema: z.ZodType<Value>,
  query: Readonly<Record<string, string | number>> = {},
) => client.call({ endpoint, method: 'GET', path: pathBelow(dialect.api, segments, query), intent: 'read', schema });
