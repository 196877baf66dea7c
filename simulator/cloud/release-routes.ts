import { permits } from '../heart/permissions.ts';
import type { Component, Version } from '../heart/planning.ts';
import {
  createComponent,
  createVersion,
  deleteComponent,
  deleteVersion,
  findComponent,
  findVersion,
  moveVersion,
  updateComponent,
  updateVersion,
} from '../heart/releases.ts';
import { apiUrl } from '../shapes/people.ts';
import { componentShape, versionShape } from '../shapes/planning.ts';
import { projectNamed } from './project-named.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, pageOf, recordOf, say, whenOk } from './route.ts';

const A_PAGE = 50;
const idOf = (request: CloudRequest): string => request.params['id'] ?? '';
const shownVersion = (request: CloudRequest, version: Version): Record<string, unknown> =>
  versionShape(request.site, request.version, version);
const shownComponent = (request: CloudRequest, component: Component): Record<string, unknown> =>
  componentShape(request.site, request.version, component);

const versionsOf = (request: CloudRequest, projectId: string): Version[] => {
  const text = (request.query['query'] ?? '').toLowerCase();
  return [...request.site.versions.values()].filter(
    (version) => version.projectId === projectId && version.name.toLowerCase().includes(text),
  );
};
const componentsOf = (request: CloudRequest, projectId: string): Component[] =>
  [...request.site.components.values()].filter((component) => component.projectId === projectId);

const listVersions = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) =>
    answer(
      200,
      versionsOf(request, project.id).map((version) => shownVersion(request, version)),
    ),
  );
const pageVersions = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const page = pageOf(request, `project/${project.id}/version`, versionsOf(request, project.id), A_PAGE);
    return answer(200, { ...page, values: page.values.map((version) => shownVersion(request, version)) });
  });
const listComponents = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) =>
    answer(
      200,
      componentsOf(request, project.id).map((component) => shownComponent(request, component)),
    ),
  );
const pageComponents = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const page = pageOf(request, `project/${project.id}/component`, componentsOf(request, project.id), A_PAGE);
    const values = page.values.map((component) => ({
      ...shownComponent(request, component),
      issueCount: countComponent(request, component),
    }));
    return answer(200, { ...page, values });
  });

const countComponent = ({ site }: CloudRequest, component: Component): number =>
  [...site.issues.values()].filter((issue) => issue.componentIds.includes(component.id)).length;

const version = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request)), (found) => answer(200, shownVersion(request, found)));
const addVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(createVersion(request.site, request.actor, recordOf(request.body)), (made) => answer(201, shownVersion(request, made)));

/** `moveUnfixedIssuesTo` comes with a release: what is not resolved then goes into another version. */
function moveUnfixed(request: CloudRequest, from: Version, to: unknown): void {
  const toId = typeof to === 'string' ? (/\d+$/.exec(to)?.[0] ?? '') : '';
  if (!request.site.versions.has(toId)) return;
  for (const issue of request.site.issues.values()) {
    if (issue.resolutionId === null && issue.fixVersionIds.includes(from.id))
      issue.fixVersionIds = [...issue.fixVersionIds.filter((id) => id !== from.id && id !== toId), toId];
  }
}

const editVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request), true), (found) => {
    const raw = recordOf(request.body);
    return whenOk(updateVersion(request.site, request.actor, found, raw), (changed) => {
      if (raw['released'] === true) moveUnfixed(request, changed, raw['moveUnfixedIssuesTo']);
      return answer(200, shownVersion(request, changed));
    });
  });

const removeVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request), true), (found) => {
    const { moveFixIssuesTo: fix = null, moveAffectedIssuesTo: affected = null } = request.query;
    return whenOk(deleteVersion(request.site, request.actor, found, { fix, affected, isMerge: false }), () => answer(204));
  });

const swapVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request), true), (found) => {
    const raw = recordOf(request.body);
    const heir = (key: string): string | null => (raw[key] === undefined || raw[key] === null ? null : String(raw[key]));
    const heirs = { fix: heir('moveFixIssuesTo'), affected: heir('moveAffectedIssuesTo'), isMerge: false };
    return whenOk(deleteVersion(request.site, request.actor, found, heirs), () => answer(204));
  });

const mergeVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request), true), (found) => {
    const to = request.params['moveIssuesTo'] ?? '';
    return whenOk(findVersion(request.site, request.actor, to, true), () =>
      whenOk(deleteVersion(request.site, request.actor, found, { fix: to, affected: to, isMerge: true }), () => answer(204)),
    );
  });

const orderVersion = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request), true), (found) => {
    const { after, position } = recordOf(request.body);
    const where = typeof after === 'string' ? { after: /\d+$/.exec(after)?.[0] ?? '' } : position === 'First' ? 'First' : 'Last';
    return whenOk(moveVersion(request.site, request.actor, found, where), (moved) => answer(200, shownVersion(request, moved)));
  });

const versionCounts = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request)), ({ id }) => {
    const issues = [...request.site.issues.values()];
    return answer(200, {
      self: apiUrl(request.site, request.version, `version/${id}`),
      issuesFixedCount: issues.filter((issue) => issue.fixVersionIds.includes(id)).length,
      issuesAffectedCount: issues.filter((issue) => issue.versionIds.includes(id)).length,
      issueCountWithCustomFieldsShowingVersion: 0,
      customFieldUsage: [],
    });
  });

const unresolvedCount = (request: CloudRequest): CloudAnswer =>
  whenOk(findVersion(request.site, request.actor, idOf(request)), ({ id }) => {
    const issues = [...request.site.issues.values()].filter((issue) => issue.fixVersionIds.includes(id));
    return answer(200, {
      self: apiUrl(request.site, request.version, `version/${id}`),
      issuesCount: issues.length,
      issuesUnresolvedCount: issues.filter((issue) => issue.resolutionId === null).length,
    });
  });

const component = (request: CloudRequest): CloudAnswer =>
  whenOk(findComponent(request.site, request.actor, idOf(request)), (found) => answer(200, shownComponent(request, found)));
const addComponent = (request: CloudRequest): CloudAnswer =>
  whenOk(createComponent(request.site, request.actor, recordOf(request.body)), (made) =>
    answer(201, shownComponent(request, made)),
  );
const editComponent = (request: CloudRequest): CloudAnswer =>
  whenOk(findComponent(request.site, request.actor, idOf(request), true), (found) =>
    whenOk(updateComponent(request.site, found, recordOf(request.body)), (changed) =>
      answer(200, shownComponent(request, changed)),
    ),
  );
const removeComponent = (request: CloudRequest): CloudAnswer =>
  whenOk(findComponent(request.site, request.actor, idOf(request), true), (found) =>
    whenOk(deleteComponent(request.site, request.actor, found, request.query['moveIssuesTo'] ?? null), () => answer(204)),
  );
const componentCount = (request: CloudRequest): CloudAnswer =>
  whenOk(findComponent(request.site, request.actor, idOf(request)), (found) =>
    answer(200, {
      self: apiUrl(request.site, request.version, `component/${found.id}`),
      issueCount: countComponent(request, found),
    }),
  );

/** Components of several projects by their names: what the project filter of this operation asks for. */
const findComponents = (request: CloudRequest): CloudAnswer => {
  const wanted = (request.query['projectIdsOrKeys'] ?? '').split(',').filter((part) => part !== '');
  const projects = [...request.site.projects.values()].filter(
    (project) =>
      permits(request.actor.user, project, 'BROWSE_PROJECTS') &&
      (wanted.length === 0 || wanted.includes(project.id) || wanted.includes(project.key)),
  );
  if (wanted.length > 0 && projects.length === 0) return say(404, 'No project could be found.');
  const page = pageOf(
    request,
    'component',
    projects.flatMap((project) => componentsOf(request, project.id)),
    A_PAGE,
  );
  const values = page.values.map((found) => ({
    self: apiUrl(request.site, request.version, `component/${found.id}`),
    id: found.id,
    name: found.name,
    description: found.description,
    ari: `ari:cloud:compass:${request.site.cloudId}:component/${found.id}/${found.id}`,
    projectId: Number(found.projectId),
  }));
  return answer(200, { ...page, values });
};

export const RELEASE_ROUTES: readonly Route[] = [
  { method: 'get', path: '/project/{projectIdOrKey}/versions', scope: 'READ', handle: listVersions },
  { method: 'get', path: '/project/{projectIdOrKey}/version', scope: 'READ', handle: pageVersions },
  { method: 'get', path: '/project/{projectIdOrKey}/components', scope: 'READ', handle: listComponents },
  { method: 'get', path: '/project/{projectIdOrKey}/component', scope: 'READ', handle: pageComponents },
  { method: 'post', path: '/version', scope: 'PROJECT_ADMIN', handle: addVersion },
  { method: 'get', path: '/version/{id}', scope: 'READ', handle: version },
  { method: 'put', path: '/version/{id}', scope: 'PROJECT_ADMIN', handle: editVersion },
  { method: 'delete', path: '/version/{id}', scope: 'PROJECT_ADMIN', handle: removeVersion },
  { method: 'put', path: '/version/{id}/mergeto/{moveIssuesTo}', scope: 'PROJECT_ADMIN', handle: mergeVersion },
  { method: 'post', path: '/version/{id}/move', scope: 'PROJECT_ADMIN', handle: orderVersion },
  { method: 'post', path: '/version/{id}/removeAndSwap', scope: 'PROJECT_ADMIN', handle: swapVersion },
  { method: 'get', path: '/version/{id}/relatedIssueCounts', scope: 'READ', handle: versionCounts },
  { method: 'get', path: '/version/{id}/unresolvedIssueCount', scope: 'READ', handle: unresolvedCount },
  { method: 'get', path: '/component', scope: 'READ', handle: findComponents },
  { method: 'post', path: '/component', scope: 'PROJECT_ADMIN', handle: addComponent },
  { method: 'get', path: '/component/{id}', scope: 'READ', handle: component },
  { method: 'put', path: '/component/{id}', scope: 'PROJECT_ADMIN', handle: editComponent },
  { method: 'delete', path: '/component/{id}', scope: 'PROJECT_ADMIN', handle: removeComponent },
  { method: 'get', path: '/component/{id}/relatedIssueCounts', scope: 'READ', handle: componentCount },
];
