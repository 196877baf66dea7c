import { findIssue, projectOf } from '../heart/find-issue.ts';
import { findProject, holds } from '../heart/permissions.ts';
import type { Project, User } from '../heart/site.ts';
import { PROJECT_PERMISSIONS } from '../heart/site.ts';
import { jiraTime, userShape } from '../shapes/people.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, isRecord, listOf, numberOf, recordOf, say } from './route.ts';

const NO_USER = 'Specified user does not exist or you do not have required permissions';

const shown = (request: CloudRequest, user: User): Record<string, unknown> => userShape(request.site, request.version, user);

const NO_GROUPS = { size: 0, items: [] };

const myself = (request: CloudRequest): CloudAnswer =>
  answer(
    200,
    {
      ...shown(request, request.actor.user),
      locale: 'en_US',
      groups: NO_GROUPS,
      applicationRoles: NO_GROUPS,
      expand: 'groups,applicationRoles',
    },
    { users: 1 },
  );

function user(request: CloudRequest): CloudAnswer {
  const found = request.site.users.get(request.query['accountId'] ?? '');
  if (found === undefined) return say(404, NO_USER);
  return answer(
    200,
    { ...shown(request, found), groups: NO_GROUPS, applicationRoles: NO_GROUPS, expand: 'groups,applicationRoles' },
    { users: 1 },
  );
}

function searchUsers(request: CloudRequest): CloudAnswer {
  const text = (request.query['query'] ?? '').toLowerCase();
  const accountId = request.query['accountId'];
  const matches = (candidate: User): boolean =>
    accountId === undefined
      ? candidate.displayName
          .toLowerCase()
          .split(' ')
          .some((part) => part.startsWith(text)) ||
        candidate.displayName.toLowerCase().startsWith(text) ||
        (candidate.emailHidden !== true && candidate.emailAddress.startsWith(text))
      : candidate.accountId === accountId;
  const startAt = numberOf(request.query['startAt'], 0);
  const found = [...request.site.users.values()].filter((candidate) => candidate.active && matches(candidate));
  const page = found.slice(startAt, startAt + numberOf(request.query['maxResults'], 50));
  return answer(
    200,
    page.map((candidate) => shown(request, candidate)),
    { users: page.length },
  );
}

const serverInfo = ({ site }: CloudRequest): CloudAnswer =>
  answer(200, {
    baseUrl: site.baseUrl,
    displayUrl: site.baseUrl,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_280,
    buildDate: '2026-11-02T00:00:00.000+0000',
    serverTime: jiraTime(site.clock.now()),
    scmInfo: 'simulated',
    serverTitle: site.title,
    defaultLocale: { locale: 'en_US' },
  });

function checkPermissions(request: CloudRequest): CloudAnswer {
  const { site, actor } = request;
  const body = recordOf(request.body);
  const accountId = body['accountId'] === undefined ? actor.user.accountId : String(body['accountId']);
  const who = site.users.get(accountId);
  // An unknown account holds nothing; Jira does not tell it apart.
  const held = (key: string, project: Project | null): boolean => who !== undefined && holds(who, key, project);
  const asked = Array.isArray(body['projectPermissions']) ? body['projectPermissions'].filter(isRecord) : [];
  const projectPermissions = asked.flatMap((entry) =>
    listOf(entry['permissions']).map((permission) => ({
      permission,
      projects: listOf(entry['projects'])
        .filter((id) => {
          const project = site.projects.get(id);
          return project !== undefined && held(permission, project);
        })
        .map(Number),
      issues: listOf(entry['issues'])
        .filter((id) => {
          const issue = site.issues.get(id);
          return issue !== undefined && held(permission, projectOf(site, issue));
        })
        .map(Number),
    })),
  );
  return answer(200, {
    globalPermissions: listOf(body['globalPermissions']).filter((key) => held(key, null)),
    projectPermissions,
  });
}

function myPermissions(request: CloudRequest): CloudAnswer {
  const { site, actor, query } = request;
  const keys = listOf(query['permissions']);
  if (keys.length === 0) return say(400, "The 'permissions' query parameter is required.");
  const issue = query['issueId'] ?? query['issueKey'];
  const found = issue === undefined ? null : findIssue(site, actor.user, issue);
  const projectId = query['projectId'] ?? query['projectKey'];
  const project =
    found?.ok === true ? projectOf(site, found.value) : projectId === undefined ? null : findProject(site, actor.user, projectId);
  if ((issue !== undefined || projectId !== undefined) && project === null)
    return say(404, 'No project or issue could be found.');
  const permissions = Object.fromEntries(
    keys.map((key, position) => {
      const type = PROJECT_PERMISSIONS.some((known) => known === key) ? 'PROJECT' : 'GLOBAL';
      return [
        key,
        { id: String(position + 1), key, name: key, type, description: '', havePermission: holds(actor.user, key, project) },
      ];
    }),
  );
  return answer(200, { permissions });
}

export const PEOPLE_ROUTES: readonly Route[] = [
  { method: 'get', path: '/myself', scope: 'READ', handle: myself },
  { method: 'get', path: '/user', scope: 'READ', handle: user },
  { method: 'get', path: '/user/search', scope: 'READ', handle: searchUsers },
  { method: 'get', path: '/serverInfo', scope: 'NONE', handle: serverInfo },
  { method: 'post', path: '/permissions/check', scope: 'READ', reads: true, handle: checkPermissions },
  { method: 'get', path: '/mypermissions', scope: 'READ', handle: myPermissions },
];
