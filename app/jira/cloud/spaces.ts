import type { z } from 'zod';
import type { Result } from '../../core/failure.ts';
import { succeed } from '../../core/failure.ts';
import type { ProjectId } from '../../core/ids.ts';
import type { SpaceShape } from '../../core/item.ts';
import type { Jira } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import { creatableTypes, permissionGrants, priorityPage, project, projectPage, typesWithStatuses } from '../schemas.ts';
import { apiPath } from './paths.ts';

type SpaceCalls = Pick<Jira, 'listSpaces' | 'readSpaceShape' | 'mayAdministerSpace'>;

const PROJECT_PAGE = 100;
/** A space with more creatable types or priorities than one page holds does not exist in practice; Jira's largest pages. */
const TYPE_PAGE = 200;
const PRIORITY_PAGE = 100;

export const createSpaceCalls = (client: JiraClient): SpaceCalls => ({
  listSpaces: () => listSpaces(client),
  readSpaceShape: (projectIdOrKey) => readSpaceShape(client, projectIdOrKey),
  async mayAdministerSpace(accountId, projectId) {
    const answer = await client.call({
      endpoint: 'POST /permissions/check',
      method: 'POST',
      path: apiPath(['permissions', 'check']),
      body: {
        accountId,
        globalPermissions: ['ADMINISTER'],
        projectPermissions: [{ permissions: ['ADMINISTER_PROJECTS'], projects: [Number(projectId)], issues: [] }],
      },
      intent: 'read',
      schema: permissionGrants,
      // Permission objects count double (platform facts 4).
      objects: ({ globalPermissions, projectPermissions }) =>
        2 * ((globalPermissions ?? []).length + (projectPermissions ?? []).length),
    });
    if (!answer.ok) return answer;
    const inSpace = (answer.value.projectPermissions ?? []).some(
      ({ permission, projects }) => permission === 'ADMINISTER_PROJECTS' && (projects ?? []).includes(projectId),
    );
    return succeed(inSpace || (answer.value.globalPermissions ?? []).includes('ADMINISTER'));
  },
});

async function listSpaces(client: JiraClient): ReturnType<Jira['listSpaces']> {
  const spaces: { projectId: ProjectId; projectKey: string; name: string }[] = [];
  for (let more = true; more; ) {
    const page = await read(client, 'GET /project/search', ['project', 'search'], projectPage, {
      query: { startAt: spaces.length, maxResults: PROJECT_PAGE, orderBy: 'key' },
      objects: ({ values }) => values.length,
    });
    if (!page.ok) return page;
    for (const { id, key, name } of page.value.values) spaces.push({ projectId: id as ProjectId, projectKey: key, name });
    more = page.value.isLast === false && page.value.values.length > 0;
  }
  return succeed(spaces);
}

/** Four reads, about ten points, on acceptance and on changes of what is synchronized only. */
async function readSpaceShape(client: JiraClient, projectIdOrKey: string): Promise<Result<SpaceShape>> {
  const space = await read(client, 'GET /project/{id}', ['project', projectIdOrKey], project, { objects: () => 1 });
  if (!space.ok) return space;
  const { id, key, name } = space.value;
  const types = await read(
    client,
    'GET /issue/createmeta/{id}/issuetypes',
    ['issue', 'createmeta', id, 'issuetypes'],
    creatableTypes,
    {
      query: { maxResults: TYPE_PAGE },
      objects: ({ issueTypes }) => issueTypes.length,
    },
  );
  if (!types.ok) return types;
  const statuses = await read(client, 'GET /project/{id}/statuses', ['project', id, 'statuses'], typesWithStatuses, {
    objects: (list) => list.length,
  });
  if (!statuses.ok) return statuses;
  const priorities = await read(client, 'GET /priority/search', ['priority', 'search'], priorityPage, {
    query: { projectId: id, maxResults: PRIORITY_PAGE },
    objects: ({ values }) => values.length,
  });
  if (!priorities.ok) return priorities;
  const statusesOf = new Map(statuses.value.map((type) => [type.id, type.statuses]));
  return succeed({
    projectId: id as ProjectId,
    projectKey: key,
    projectName: name,
    types: types.value.issueTypes.map((type) => ({
      id: type.id,
      name: type.name,
      subtask: type.subtask === true,
      statuses: statusesOf.get(type.id) ?? [],
    })),
    priorities: priorities.value.values,
  });
}

interface ReadOptions<Value> {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly objects: (value: Value) => number;
}

const read = <Value>(
  client: JiraClient,
  endpoint: string,
  segments: readonly string[],
  schema: z.ZodType<Value>,
  options: ReadOptions<Value>,
) =>
  client.call({
    endpoint,
    method: 'GET',
    path: apiPath(segments, options.query),
    intent: 'read',
    schema,
    objects: options.objects,
  });
