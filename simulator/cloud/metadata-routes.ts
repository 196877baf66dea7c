import { customRule } from '../heart/custom-fields.ts';
import { findIssue, projectOf } from '../heart/find-issue.ts';
import { FIELD_RULES } from '../heart/issue-fields.ts';
import { permits } from '../heart/permissions.ts';
import { SYSTEM_RULES } from '../heart/system-fields.ts';
import { apiUrl } from '../shapes/people.ts';
import { issueTypeShape, priorityListShape, projectDetailShape, projectShape, statusShape, typesOf } from '../shapes/scheme.ts';
import { fieldMetadata } from './field-metadata.ts';
import { overrides } from './overrides.ts';
import { projectNamed } from './project-named.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, pageOf, say, whenOk } from './route.ts';

const A_PAGE = 50;

const createTypes = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const types = typesOf(request.site, project).map((type) => issueTypeShape(request.site, request.version, type));
    const { startAt, maxResults, total, values } = pageOf(request, '', types, A_PAGE);
    return answer(200, { startAt, maxResults, total, issueTypes: values });
  });

const createFields = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (project) => {
    const typeId = request.params['issueTypeId'] ?? '';
    if (!project.issueTypeIds.includes(typeId)) return say(404, 'Issue type not found.');
    const fields = fieldMetadata(request, { operation: 'create', project, typeId, issue: null, user: request.actor.user });
    const { startAt, maxResults, total, values } = pageOf(request, '', fields, A_PAGE);
    return answer(200, { startAt, maxResults, total, fields: values });
  });

const editFields = (request: CloudRequest): CloudAnswer =>
  whenOk(findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? ''), (issue) => {
    const project = projectOf(request.site, issue);
    const { user } = request.actor;
    const screen = { operation: 'edit' as const, project, typeId: issue.typeId, issue, user, override: overrides(request) };
    const fields = permits(user, project, 'EDIT_ISSUES') ? fieldMetadata(request, screen) : [];
    const entries = fields.map(({ fieldId, hasDefaultValue: _hasDefaultValue, ...field }) => [String(fieldId), field] as const);
    return answer(200, { fields: Object.fromEntries(entries) }, { returned: 1, issueId: issue.id });
  });

function searchProjects(request: CloudRequest): CloudAnswer {
  const { site, actor, query } = request;
  const wanted = [...listOf(query['keys']), ...listOf(query['id'])];
  const text = (query['query'] ?? '').toLowerCase();
  const action =
    query['action'] === 'edit' ? 'ADMINISTER_PROJECTS' : query['action'] === 'create' ? 'CREATE_ISSUES' : 'BROWSE_PROJECTS';
  const projects = [...site.projects.values()].filter(
    (project) =>
      permits(actor.user, project, 'BROWSE_PROJECTS') &&
      permits(actor.user, project, action) &&
      (wanted.length === 0 || wanted.includes(project.key) || wanted.includes(project.id)) &&
      (text === '' || project.key.toLowerCase().includes(text) || project.name.toLowerCase().includes(text)),
  );
  const page = pageOf(
    request,
    'project/search',
    projects.sort((left, right) => (left.key < right.key ? -1 : 1)),
    A_PAGE,
  );
  return answer(
    200,
    { ...page, values: page.values.map((project) => projectShape(site, request.version, project)) },
    { returned: page.values.length },
  );
}

const project = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (found) =>
    answer(200, projectDetailShape(request.site, request.version, found), { returned: 1 }),
  );

const projectStatuses = (request: CloudRequest): CloudAnswer =>
  whenOk(projectNamed(request), (found) => {
    const { site, version } = request;
    return answer(
      200,
      typesOf(site, found).map((type) => ({
        self: apiUrl(site, version, `issuetype/${type.id}`),
        id: type.id,
        name: type.name,
        subtask: type.subtask,
        statuses: type.workflow.statusIds
          .map((id) => site.statuses.get(id))
          .filter((status) => status !== undefined)
          .map((status) => statusShape(site, version, status)),
      })),
      { returned: 1 },
    );
  });

const priorities = (request: CloudRequest): Record<string, unknown>[] =>
  [...request.site.priorities.values()].map((priority) => priorityListShape(request.site, request.version, priority));

const fieldList = (request: CloudRequest): CloudAnswer => {
  const plain = (id: string, name: string, schema: unknown, custom: boolean): Record<string, unknown> => ({
    id,
    key: id,
    name,
    custom,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames: [id],
    schema,
  });
  const named = [...FIELD_RULES.values(), ...SYSTEM_RULES].map((rule) => plain(rule.id, rule.name, rule.schema, false));
  const system = ['status', 'resolution', 'project', 'created', 'updated', 'comment'].map((id) =>
    plain(id, id, { type: id, system: id }, false),
  );
  const custom = [...request.site.customFields.values()].map((field) =>
    plain(field.id, field.name, customRule(field, null).schema, true),
  );
  return answer(200, [...named, ...system, ...custom]);
};

export const METADATA_ROUTES: readonly Route[] = [
  { method: 'get', path: '/issue/createmeta/{projectIdOrKey}/issuetypes', scope: 'READ', handle: createTypes },
  { method: 'get', path: '/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}', scope: 'READ', handle: createFields },
  { method: 'get', path: '/issue/{issueIdOrKey}/editmeta', scope: 'READ', handle: editFields },
  { method: 'get', path: '/project/search', scope: 'READ', handle: searchProjects },
  { method: 'get', path: '/project/{projectIdOrKey}', scope: 'READ', handle: project },
  { method: 'get', path: '/project/{projectIdOrKey}/statuses', scope: 'READ', handle: projectStatuses },
  { method: 'get', path: '/priority', scope: 'READ', handle: (request) => answer(200, priorities(request)) },
  {
    method: 'get',
    path: '/priority/search',
    scope: 'READ',
    handle: (request) => answer(200, pageOf(request, 'priority/search', priorities(request), A_PAGE)),
  },
  {
    method: 'get',
    path: '/issuetype',
    scope: 'READ',
    handle: ({ site, version }) =>
      answer(
        200,
        [...site.issueTypes.values()].map((type) => issueTypeShape(site, version, type)),
      ),
  },
  {
    method: 'get',
    path: '/status',
    scope: 'READ',
    handle: ({ site, version }) =>
      answer(
        200,
        [...site.statuses.values()].map((status) => statusShape(site, version, status)),
      ),
  },
  { method: 'get', path: '/field', scope: 'READ', handle: fieldList },
];
