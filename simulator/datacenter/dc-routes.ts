import type { CloudAnswer, CloudRequest } from '../cloud/route.ts';
import { answer, listOf, numberOf, recordOf, say, whenOk } from '../cloud/route.ts';
import { editIssue } from '../heart/edit-issue.ts';
import { findIssue } from '../heart/find-issue.ts';
import { parseJql } from '../heart/jql-parse.ts';
import { holds, permits } from '../heart/permissions.ts';
import { search } from '../heart/search.ts';
import type { User } from '../heart/site.ts';
import { PROJECT_PERMISSIONS } from '../heart/site.ts';
import { issueShape } from '../shapes/issue.ts';
import { jiraTime } from '../shapes/people.ts';
import { priorityListShape, projectDetailShape } from '../shapes/scheme.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { dataCenterUser, nameOf, userNamed } from './people.ts';
import { hearUser } from './speak.ts';
import type { DataCenterRoute } from './webhook-routes.ts';

/** What Data Center has in a form of its own: paging by position, people by name, permissions all at once. */

/** `jira.search.views.default.max`. */
const MOST_ROWS = 1000;
const DEFAULT_ROWS = 50;
const EVER = 'created >= "1970-01-01"';

/** Data Center takes a query without a restriction; the heart, like Cloud, does not. */
function boundedJql(jql: string): string {
  const parsed = parseJql(jql);
  return parsed.ok && parsed.query.clause === null ? `${EVER} ${jql}` : jql;
}

function find({ site, actor, version }: CloudRequest, input: Readonly<Record<string, unknown>>): CloudAnswer {
  const jql = boundedJql(String(input['jql'] ?? ''));
  const startAt = numberOf(input['startAt'], 0);
  const maxResults = Math.min(numberOf(input['maxResults'], DEFAULT_ROWS), MOST_ROWS);
  const view = {
    fields: input['fields'] === undefined ? ['*navigable'] : listOf(input['fields']),
    properties: listOf(input['properties']),
    expand: new Set(listOf(input['expand'])),
  };
  return whenOk(search(site, actor.user, { jql, maxResults: Number.MAX_SAFE_INTEGER, pageToken: null }), ({ issues }) => {
    const rows = issues.slice(startAt, startAt + maxResults);
    return answer(
      200,
      {
        expand: 'names,schema',
        startAt,
        maxResults,
        total: issues.length,
        issues: rows.map((issue) => issueShape(site, version, issue, view, actor.user)),
      },
      { returned: rows.length },
    );
  });
}

const serverInfo = ({ site }: CloudRequest, { dialect }: DataCenterSite): CloudAnswer =>
  answer(200, {
    baseUrl: site.baseUrl,
    version: dialect.version,
    versionNumbers: dialect.versionNumbers,
    deploymentType: 'Server',
    buildNumber: dialect.buildNumber,
    buildDate: dialect.buildDate,
    databaseBuildNumber: dialect.buildNumber,
    serverTime: jiraTime(site.clock.now()),
    scmInfo: 'simulated',
    serverTitle: site.title,
  });

const NO_LIST = { size: 0, items: [] };
const whole = ({ site }: CloudRequest, user: User): Record<string, unknown> => ({
  ...dataCenterUser(site, user),
  deleted: false,
  locale: 'en_US',
  groups: NO_LIST,
  applicationRoles: NO_LIST,
  expand: 'groups,applicationRoles',
});

function user(request: CloudRequest): CloudAnswer {
  const { username, key } = request.query;
  if (username === undefined && key === undefined)
    return say(400, "Either the 'username' or the 'key' query parameters need to be provided");
  const found = key === undefined ? userNamed(request.site, username ?? '') : request.site.users.get(key);
  return found === undefined
    ? say(404, `The user named '${username ?? key ?? ''}' does not exist`)
    : answer(200, whole(request, found), { users: 1 });
}

const matches = (user: User, text: string): boolean =>
  [nameOf(user), user.displayName, ...user.displayName.split(' '), user.emailAddress].some((part) =>
    part.toLowerCase().startsWith(text.toLowerCase()),
  );

function listUsers(request: CloudRequest, allowed: (user: User) => boolean): CloudAnswer {
  const { site, query } = request;
  const text = query['username'] ?? '';
  const startAt = numberOf(query['startAt'], 0);
  const found = [...site.users.values()].filter(
    (each) => (each.active || query['includeInactive'] === 'true') && (text === '.' || matches(each, text)) && allowed(each),
  );
  const page = found.slice(startAt, startAt + numberOf(query['maxResults'], DEFAULT_ROWS));
  return answer(
    200,
    page.map((each) => dataCenterUser(site, each)),
    { users: page.length },
  );
}

function searchUsers(request: CloudRequest): CloudAnswer {
  if ((request.query['username'] ?? '') === '') return say(400, 'The username query parameter was not provided');
  return listUsers(request, () => true);
}

function assignable(request: CloudRequest): CloudAnswer {
  const { site, actor, query } = request;
  const issue = query['issueKey'] === undefined ? null : findIssue(site, actor.user, query['issueKey']);
  const wanted = issue?.ok === true ? issue.value.projectId : query['project'];
  const project = [...site.projects.values()].find(({ id, key }) => id === wanted || key === wanted);
  if (project === undefined) return say(404, 'The project or issue does not exist or you do not have permission to see it.');
  return listUsers(request, (each) => permits(each, project, 'BROWSE_PROJECTS'));
}

const projects = ({ site, actor, version }: CloudRequest): CloudAnswer => {
  const seen = [...site.projects.values()]
    .filter((project) => permits(actor.user, project, 'BROWSE_PROJECTS'))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  return answer(
    200,
    seen.map((project) => {
      const {
        issueTypes: _types,
        components: _components,
        versions: _versions,
        roles: _roles,
        ...listed
      } = projectDetailShape(site, version, project);
      return listed;
    }),
    { returned: seen.length },
  );
};

function myPermissions(request: CloudRequest): CloudAnswer {
  const { site, actor, query } = request;
  const issue = query['issueKey'] ?? query['issueId'];
  const found = issue === undefined ? null : findIssue(site, actor.user, issue);
  const wanted = found?.ok === true ? found.value.projectId : (query['projectKey'] ?? query['projectId']);
  const project = [...site.projects.values()].find(({ id, key }) => id === wanted || key === wanted) ?? null;
  if (project === null && (issue !== undefined || wanted !== undefined)) return say(404, 'No project or issue could be found.');
  const keys = ['ADMINISTER', 'SYSTEM_ADMIN', ...PROJECT_PERMISSIONS];
  const permissions = keys.map((key, position) => [
    key,
    {
      id: String(position + 1),
      key,
      name: key,
      type: position < 2 ? 'GLOBAL' : 'PROJECT',
      description: '',
      havePermission: holds(actor.user, key, project),
    },
  ]);
  return answer(200, { permissions: Object.fromEntries(permissions) });
}

/** No `returnIssue`, no `overrideScreenSecurity`: 204 and nothing else. */
const edit = (request: CloudRequest): CloudAnswer =>
  whenOk(findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? ''), (issue) => {
    const body = recordOf(request.body);
    const input = { fields: recordOf(body['fields']), update: recordOf(body['update']), properties: [] };
    return whenOk(editIssue(request.site, request.actor, issue, input, request.format), () =>
      answer(204, undefined, { issueId: issue.id }),
    );
  });

const assign = (request: CloudRequest): CloudAnswer =>
  edit({ ...request, body: { fields: { assignee: hearUser(request.site, request.body) } } });

function prioritiesPage({ site, version, query }: CloudRequest): CloudAnswer {
  const startAt = numberOf(query['startAt'], 0);
  const all = [...site.priorities.values()].map((priority) => priorityListShape(site, version, priority));
  const values = all.slice(startAt, startAt + numberOf(query['maxResults'], 100));
  return answer(200, {
    startAt,
    maxResults: values.length,
    total: all.length,
    isLast: startAt + values.length >= all.length,
    values,
  });
}

/** `POST /issue/{key}/watchers` has a name as its body, or nothing for oneself; Cloud's operation wants an account id. */
export const OWN_ROUTES: readonly DataCenterRoute[] = [
  { method: 'get', path: '/search', scope: 'READ', handle: (request) => find(request, request.query) },
  { method: 'post', path: '/search', scope: 'READ', handle: (request) => find(request, recordOf(request.body)) },
  { method: 'get', path: '/serverInfo', scope: 'NONE', handle: serverInfo },
  {
    method: 'get',
    path: '/myself',
    scope: 'READ',
    handle: (request) => answer(200, whole(request, request.actor.user), { users: 1 }),
  },
  { method: 'get', path: '/user', scope: 'READ', handle: user },
  { method: 'get', path: '/user/search', scope: 'READ', handle: searchUsers },
  { method: 'get', path: '/user/assignable/search', scope: 'READ', handle: assignable },
  { method: 'get', path: '/project', scope: 'READ', handle: projects },
  { method: 'get', path: '/mypermissions', scope: 'NONE', handle: myPermissions },
  { method: 'get', path: '/priority/page', scope: 'READ', handle: prioritiesPage },
  { method: 'put', path: '/issue/{issueIdOrKey}/assignee', scope: 'WRITE', handle: assign },
  { method: 'put', path: '/issue/{issueIdOrKey}', scope: 'WRITE', handle: edit },
];
