import type { z } from 'zod';
import type { Result } from '../../core/failure.ts';
import { succeed } from '../../core/failure.ts';
import type { AccountId, ProjectId } from '../../core/ids.ts';
import type { SpaceShape } from '../../core/item.ts';
import type { Jira, SiteGroup } from '../../sync/ports.ts';
import type { JiraClient } from '../client.ts';
import {
  creatablePriorities,
  creatableTypes,
  foundGroups,
  groupList,
  permissionGrants,
  project,
  projectPage,
  typesWithStatuses,
} from '../schemas.ts';
import { creatableOf, spaceShapeOf } from '../space-shape.ts';
import { apiPath } from './paths.ts';

type Space = { readonly projectId: ProjectId; readonly projectKey: string; readonly name: string };
type SpaceCalls = Pick<Jira, 'listSpaces' | 'readSpaceShape' | 'readAdminRights' | 'listGroupsOf' | 'findGroup'>;

const PROJECT_PAGE = 100;
/** A space with more creatable types, or fields of one, than one page holds does not exist in practice; Jira's largest pages. */
const TYPE_PAGE = 200;
const FIELD_PAGE = 200;
/** Groups whose names contain what is looked for: the one of exactly that name is among them. */
const GROUPS_FOUND = 1000;
/** Jira's limit of spaces in one permission check. */
const LARGEST_CHECK = 1000;

export const createSpaceCalls = (client: JiraClient): SpaceCalls => ({
  async listSpaces(visibleTo) {
    const all = await listSpaces(client);
    return all.ok && visibleTo !== undefined ? onlyVisible(client, visibleTo, all.value) : all;
  },
  readSpaceShape: (projectIdOrKey) => readSpaceShape(client, projectIdOrKey),
  async readAdminRights(accountId, projectId) {
    const grants = await checkPermissions(client, accountId, {
      projectPermission: 'ADMINISTER_PROJECTS',
      projectIds: [projectId],
    });
    return grants.ok ? succeed({ site: grants.value.siteAdmin, space: grants.value.projects.has(projectId) }) : grants;
  },
  async listGroupsOf(accountId) {
    const groups = await read(client, 'GET /user/groups', ['user', 'groups'], groupList, {
      query: { accountId },
      objects: (list) => list.length,
    });
    return groups.ok ? succeed(withIds(groups.value)) : groups;
  },
  async findGroup(name) {
    // The one way to look a group up that an app without the scope ADMIN has.
    const found = await read(client, 'GET /groups/picker', ['groups', 'picker'], foundGroups, {
      query: { query: name, caseInsensitive: 'false', maxResults: GROUPS_FOUND },
      objects: ({ groups }) => groups.length,
    });
    if (!found.ok) return found;
    return succeed(withIds(found.value.groups).find((group) => group.name === name) ?? null);
  },
});

/** Groups are told apart by their ids; one without is nobody's. */
const withIds = (groups: z.infer<typeof groupList>): SiteGroup[] =>
  groups.flatMap(({ groupId, name }) => (groupId == null ? [] : [{ groupId, name }]));

interface Grants {
  readonly siteAdmin: boolean;
  /** The ids asked for on which the person holds the permission. */
  readonly projects: ReadonlySet<string>;
}

async function checkPermissions(
  client: JiraClient,
  accountId: AccountId,
  { projectPermission, projectIds }: { projectPermission: string; projectIds: readonly ProjectId[] },
): Promise<Result<Grants>> {
  const answer = await client.call({
    endpoint: 'POST /permissions/check',
    method: 'POST',
    path: apiPath(['permissions', 'check']),
    body: {
      accountId,
      globalPermissions: ['ADMINISTER'],
      projectPermissions: [{ permissions: [projectPermission], projects: projectIds.map(Number), issues: [] }],
    },
    intent: 'read',
    schema: permissionGrants,
    // Permission objects count double in Jira's points.
    objects: ({ globalPermissions, projectPermissions }) =>
      2 * ((globalPermissions ?? []).length + (projectPermissions ?? []).length),
  });
  if (!answer.ok) return answer;
  const granted = (answer.value.projectPermissions ?? []).filter(({ permission }) => permission === projectPermission);
  return succeed({
    siteAdmin: (answer.value.globalPermissions ?? []).includes('ADMINISTER'),
    projects: new Set(granted.flatMap(({ projects }) => projects ?? [])),
  });
}

async function listSpaces(client: JiraClient): Promise<Result<readonly Space[]>> {
  const spaces: Space[] = [];
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

/** The app sees more of a site than most people do: names of spaces are not for everybody. */
async function onlyVisible(client: JiraClient, accountId: AccountId, spaces: readonly Space[]): ReturnType<Jira['listSpaces']> {
  const visible: Space[] = [];
  for (let first = 0; first < spaces.length; first += LARGEST_CHECK) {
    const some = spaces.slice(first, first + LARGEST_CHECK);
    const grants = await checkPermissions(client, accountId, {
      projectPermission: 'BROWSE_PROJECTS',
      projectIds: some.map(({ projectId }) => projectId),
    });
    if (!grants.ok) return grants;
    visible.push(...some.filter(({ projectId }) => grants.value.projects.has(projectId)));
  }
  return succeed(visible);
}

/** Four reads, about ten points, one more for each type without priorities, on acceptance and on changes of what is synchronized only. */
async function readSpaceShape(client: JiraClient, projectIdOrKey: string): Promise<Result<SpaceShape>> {
  const space = await read(client, 'GET /project/{id}', ['project', projectIdOrKey], project, { objects: () => 1 });
  if (!space.ok) return space;
  const { id } = space.value;
  const types = await read(
    client,
    'GET /issue/createmeta/{id}/issuetypes',
    ['issue', 'createmeta', id, 'issuetypes'],
    creatableTypes,
    {
      query: { maxResults: TYPE_PAGE },
      objects: (page) => creatableOf(page).length,
    },
  );
  if (!types.ok) return types;
  const statuses = await read(client, 'GET /project/{id}/statuses', ['project', id, 'statuses'], typesWithStatuses, {
    objects: (list) => list.length,
  });
  if (!statuses.ok) return statuses;
  const priorities = await readPriorities(client, id, creatableOf(types.value));
  if (!priorities.ok) return priorities;
  return succeed(
    spaceShapeOf({ space: space.value, types: types.value, statuses: statuses.value, priorities: priorities.value }),
  );
}

/**
 * Those that items of the space can be made with. Jira's lists of priorities are deprecated, and the one of a space asks for the right to
 * configure Jira, which a consent to work with items does not give (the document of Cloud's API); what the fields of a type may hold
 * everybody is told who may make one. All types of a space share one scheme, so the first that has the field tells for all.
 */
async function readPriorities(
  client: JiraClient,
  projectId: string,
  types: readonly { readonly id: string }[],
): Promise<Result<SpaceShape['priorities']>> {
  for (const type of types) {
    const listed = await read(
      client,
      'GET /issue/createmeta/{id}/issuetypes/{id}',
      ['issue', 'createmeta', projectId, 'issuetypes', type.id],
      creatablePriorities,
      { query: { maxResults: FIELD_PAGE }, objects: () => 0 },
    );
    if (!listed.ok) return listed;
    if (listed.value !== null) return succeed(listed.value);
  }
  return succeed([]);
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
