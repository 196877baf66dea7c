import type { Group } from '../heart/access.ts';
import { setArchived } from '../heart/archive.ts';
import { CATEGORIES } from '../heart/set-up.ts';
import type { Resolution, StatusCategory } from '../heart/site.ts';
import { apiUrl, personShape, userShape } from '../shapes/people.ts';
import {
  issueTypeShape,
  priorityListShape,
  resolutionShape,
  securityLevelShape,
  statusShape,
  typesOf,
} from '../shapes/scheme.ts';
import { projectNamed } from './project-named.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, pageOf, recordOf, say, whenOk } from './route.ts';

const A_PAGE = 50;

const shownResolution = (request: CloudRequest, resolution: Resolution): Record<string, unknown> =>
  resolutionShape(request.site, request.version, resolution);
const resolutions = (request: CloudRequest): Record<string, unknown>[] =>
  [...request.site.resolutions.values()].map((each) => shownResolution(request, each));

/** Answers with the thing of that id, or 404. */
const byId =
  <T>(
    param: string,
    all: (request: CloudRequest) => ReadonlyMap<string, T>,
    what: string,
    shape: (request: CloudRequest, thing: T) => unknown,
  ) =>
  (request: CloudRequest): CloudAnswer => {
    const thing = all(request).get(request.params[param] ?? '');
    return thing === undefined
      ? say(404, `The ${what} with id '${request.params[param] ?? ''}' does not exist`)
      : answer(200, shape(request, thing));
  };

const categoryShape = ({ site, version }: CloudRequest, category: StatusCategory): Record<string, unknown> => ({
  self: apiUrl(site, version, `statuscategory/${category.id}`),
  id: category.id,
  key: category.key,
  colorName: category.colorName,
  name: category.name,
});
const category = (request: CloudRequest): CloudAnswer => {
  const wanted = request.params['idOrKey'] ?? '';
  const found = Object.values(CATEGORIES).find(({ id, key }) => String(id) === wanted || key === wanted);
  return found === undefined ? say(404, 'The status category does not exist.') : answer(200, categoryShape(request, found));
};

const labels = (request: CloudRequest): CloudAnswer => {
  const all = new Set([...request.site.issues.values()].flatMap((issue) => issue.labels));
  const { maxResults, startAt, total, isLast, values } = pageOf(request, 'label', [...all].sort(), 1000);
  return answer(200, { maxResults, startAt, total, isLast, values });
};

const groupNamed = ({ site, query }: CloudRequest): Group | undefined =>
  [...site.groups.values()].find(({ id, name }) => id === query['groupId'] || name === query['groupname']);

const groups = (request: CloudRequest): CloudAnswer => {
  const [ids, names] = [listOf(request.query['groupId']), listOf(request.query['groupName'])];
  const found = [...request.site.groups.values()].filter(
    ({ id, name }) => (ids.length === 0 && names.length === 0) || ids.includes(id) || names.includes(name),
  );
  const page = pageOf(request, 'group/bulk', found, A_PAGE);
  return answer(200, { ...page, values: page.values.map(({ id, name }) => ({ groupId: id, name })) });
};

const members = (request: CloudRequest): CloudAnswer => {
  const group = groupNamed(request);
  if (group === undefined) return say(404, 'The group does not exist.');
  const people = [...group.members].map((id) => request.site.users.get(id)).filter((user) => user !== undefined);
  const page = pageOf(request, `group/member?groupId=${group.id}`, people, A_PAGE);
  const values = page.values.map((user) => userShape(request.site, request.version, user));
  return answer(200, { ...page, values }, { users: values.length });
};

const pickGroups = (request: CloudRequest): CloudAnswer => {
  const text = (request.query['query'] ?? '').toLowerCase();
  const found = [...request.site.groups.values()].filter(({ name }) => name.toLowerCase().includes(text));
  return answer(200, {
    header: `Showing ${found.length} of ${found.length} matching groups`,
    total: found.length,
    groups: found.map(({ id, name }) => ({ name, html: name, labels: [], groupId: id })),
  });
};

const userGroups = (request: CloudRequest): CloudAnswer => {
  const accountId = request.query['accountId'] ?? '';
  if (!request.site.users.has(accountId)) return say(404, 'The user does not exist.');
  const found = [...request.site.groups.values()].filter((group) => group.members.has(accountId));
  return answer(
    200,
    found.map(({ id, name }) => ({ name, groupId: id, self: apiUrl(request.site, request.version, `group?groupId=${id}`) })),
  );
};

const projectRoles = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) =>
    answer(
      200,
      Object.fromEntries(
        [...request.site.roles.values()].map(({ id, name }) => [
          name,
          apiUrl(request.site, request.version, `project/${project.id}/role/${id}`),
        ]),
      ),
    ),
  );

const projectRole = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const role = request.site.roles.get(request.params['id'] ?? '');
    if (role === undefined) return say(404, 'The project role does not exist.');
    const actors = [...(project.roleMembers.get(role.id) ?? [])].map((accountId, position) => ({
      id: position + 1,
      displayName: personShape(request.site, request.version, accountId)?.['displayName'] ?? '',
      type: 'atlassian-user-role-actor',
      actorUser: { accountId },
    }));
    return answer(200, {
      self: apiUrl(request.site, request.version, `project/${project.id}/role/${role.id}`),
      name: role.name,
      id: Number(role.id),
      description: role.description,
      actors,
    });
  });

const securityLevels = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) =>
    answer(200, {
      levels: project.securityLevelIds
        .map((id) => request.site.securityLevels.get(id))
        .filter((level) => level !== undefined)
        .map((level) => securityLevelShape(request.site, request.version, level)),
    }),
  );

const hierarchy = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const types = typesOf(request.site, project);
    const levelOf = (type: (typeof types)[number]): number => (type.subtask ? -1 : (type.hierarchyLevel ?? 0));
    const levels = [...new Set(types.map(levelOf))].sort((left, right) => left - right);
    return answer(200, {
      projectId: Number(project.id),
      hierarchy: levels.map((level) => ({
        level,
        name: level < 0 ? 'Subtask' : level === 0 ? 'Base' : 'Epic',
        issueTypes: types
          .filter((type) => levelOf(type) === level)
          .map(({ id, name }) => ({ id: Number(id), name, avatarId: 10_318 })),
      })),
    });
  });

/** Archived and not archived issues are told apart in the answer, as Jira does: by kind of trouble. */
const archive =
  (archived: boolean) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(setArchived(request.site, request.actor, listOf(recordOf(request.body)['issueIdsOrKeys']), archived), (outcome) => {
      const trouble = (issueIdsOrKeys: readonly string[], message: string) => ({
        count: issueIdsOrKeys.length,
        issueIdsOrKeys,
        message,
      });
      return answer(200, {
        errors: {
          ...(outcome.missing.length === 0
            ? {}
            : { issuesNotFound: trouble(outcome.missing, 'Issues not found or you do not have permission to see them.') }),
          ...(outcome.subtasks.length === 0
            ? {}
            : { issueIsSubtask: trouble(outcome.subtasks, 'Sub-tasks are archived with their parents.') }),
        },
        numberOfIssuesUpdated: outcome.count,
      });
    });

export const SCHEME_ROUTES: readonly Route[] = [
  { method: 'put', path: '/issue/archive', scope: 'WRITE', handle: archive(true) },
  { method: 'put', path: '/issue/unarchive', scope: 'WRITE', handle: archive(false) },
  { method: 'get', path: '/resolution', scope: 'READ', handle: (request) => answer(200, resolutions(request)) },
  {
    method: 'get',
    path: '/resolution/search',
    scope: 'READ',
    handle: (request) => answer(200, pageOf(request, 'resolution/search', resolutions(request), A_PAGE)),
  },
  {
    method: 'get',
    path: '/resolution/{id}',
    scope: 'READ',
    handle: byId('id', ({ site }) => site.resolutions, 'resolution', shownResolution),
  },
  {
    method: 'get',
    path: '/priority/{id}',
    scope: 'READ',
    handle: byId(
      'id',
      ({ site }) => site.priorities,
      'priority',
      ({ site, version }, each) => priorityListShape(site, version, each),
    ),
  },
  {
    method: 'get',
    path: '/issuetype/{id}',
    scope: 'READ',
    handle: byId(
      'id',
      ({ site }) => site.issueTypes,
      'issue type',
      ({ site, version }, each) => issueTypeShape(site, version, each),
    ),
  },
  {
    method: 'get',
    path: '/status/{idOrName}',
    scope: 'READ',
    handle: byId(
      'idOrName',
      ({ site }) => site.statuses,
      'status',
      ({ site, version }, each) => statusShape(site, version, each),
    ),
  },
  {
    method: 'get',
    path: '/securitylevel/{id}',
    scope: 'PROJECT_ADMIN',
    handle: byId(
      'id',
      ({ site }) => site.securityLevels,
      'security level',
      ({ site, version }, each) => securityLevelShape(site, version, each),
    ),
  },
  {
    method: 'get',
    path: '/statuscategory',
    scope: 'READ',
    handle: (request) =>
      answer(
        200,
        Object.values(CATEGORIES).map((each) => categoryShape(request, each)),
      ),
  },
  { method: 'get', path: '/statuscategory/{idOrKey}', scope: 'READ', handle: category },
  { method: 'get', path: '/label', scope: 'READ', handle: labels },
  { method: 'get', path: '/group/bulk', scope: 'ADMIN', handle: groups },
  { method: 'get', path: '/group/member', scope: 'ADMIN', handle: members },
  { method: 'get', path: '/groups/picker', scope: 'READ', handle: pickGroups },
  { method: 'get', path: '/user/groups', scope: 'READ', handle: userGroups },
  { method: 'get', path: '/project/{projectIdOrKey}/role', scope: 'READ', handle: projectRoles },
  { method: 'get', path: '/project/{projectIdOrKey}/role/{id}', scope: 'READ', handle: projectRole },
  { method: 'get', path: '/project/{projectKeyOrId}/securitylevel', scope: 'READ', handle: securityLevels },
  { method: 'get', path: '/project/{projectId}/hierarchy', scope: 'READ', handle: hierarchy },
];
