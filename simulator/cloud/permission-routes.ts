import type { Grant, Project } from '../heart/site.ts';
import { apiUrl } from '../shapes/people.ts';
import { projectNamed } from './project-named.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, say, whenOk } from './route.ts';

/** Each project has a permission scheme of its own, by the project's id. */

const holdersOf = (grant: Grant): Record<string, unknown>[] => {
  if (grant === 'nobody') return [];
  if (grant === 'everyone') return [{ type: 'applicationRole' }];
  return [...grant].map((accountId) => ({ type: 'user', parameter: accountId, value: accountId }));
};

function schemeShape({ site, version }: CloudRequest, project: Project, withGrants: boolean): Record<string, unknown> {
  const self = apiUrl(site, version, `permissionscheme/${project.id}`);
  const grants = [...project.grants].flatMap(([permission, grant]) => holdersOf(grant).map((holder) => ({ permission, holder })));
  const permissions = grants.map((grant, position) => ({
    id: position + 1,
    self: `${self}/permission/${position + 1}`,
    ...grant,
  }));
  return {
    expand: 'permissions',
    id: Number(project.id),
    self,
    name: `Permissions of ${project.key}`,
    ...(withGrants ? { permissions } : {}),
  };
}

const expanded = ({ query }: CloudRequest): boolean => /permissions|all/.test(query['expand'] ?? '');

const list = (request: CloudRequest): CloudAnswer =>
  answer(200, {
    permissionSchemes: [...request.site.projects.values()].map((project) => schemeShape(request, project, expanded(request))),
  });

const scheme = (request: CloudRequest): CloudAnswer => {
  const project = request.site.projects.get(request.params['schemeId'] ?? '');
  return project === undefined
    ? say(404, 'The permission scheme does not exist.')
    : answer(200, schemeShape(request, project, expanded(request)));
};

const ofProject = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => answer(200, schemeShape(request, project, expanded(request))));

export const PERMISSION_ROUTES: readonly Route[] = [
  { method: 'get', path: '/permissionscheme', scope: 'READ', handle: list },
  { method: 'get', path: '/permissionscheme/{schemeId}', scope: 'READ', handle: scheme },
  { method: 'get', path: '/project/{projectKeyOrId}/permissionscheme', scope: 'READ', handle: ofProject },
];
