import { findIssue, projectOf } from '../heart/find-issue.ts';
import type { Worklog } from '../heart/issue-parts.ts';
import { passesVisibility } from '../heart/issue-security.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import type { Issue } from '../heart/site.ts';
import type { Adjustment } from '../heart/worklogs.ts';
import { addWorklog, deleteWorklog, editWorklog, findWorklog, worklogFeed } from '../heart/worklogs.ts';
import { worklogShape } from '../shapes/parts.ts';
import { apiUrl } from '../shapes/people.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, numberOf, recordOf, say, whenOk } from './route.ts';

/** Jira gives up to this many at once. */
const A_PAGE = 5000;
const A_FEED_PAGE = 1000;

const issueNamed = (request: CloudRequest) => findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');

function worklogNamed(request: CloudRequest): Outcome<{ issue: Issue; worklog: Worklog }> {
  const issue = issueNamed(request);
  if (!issue.ok) return issue;
  const id = request.params['id'] ?? request.params['worklogId'] ?? '';
  const worklog = findWorklog(request.site, request.actor.user, issue.value, id);
  return worklog.ok ? done({ issue: issue.value, worklog: worklog.value }) : worklog;
}

const shown = (request: CloudRequest, issue: Issue, worklog: Worklog): Record<string, unknown> =>
  worklogShape(request.site, request.version, issue, worklog, 'rest', listOf(request.query['expand']).includes('properties'));

const HOWS = ['auto', 'leave', 'manual', 'new'] as const;
function adjustmentOf({ query }: CloudRequest): Outcome<Adjustment> {
  const how = HOWS.find((known) => known === (query['adjustEstimate'] ?? 'auto'));
  if (how === undefined) return refuse(400, `'${query['adjustEstimate'] ?? ''}' is not a valid way to adjust the estimate.`);
  return done({ how, newEstimate: query['newEstimate'], by: query['reduceBy'] ?? query['increaseBy'] });
}

const list = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) => {
    const project = projectOf(request.site, issue);
    const after = numberOf(request.query['startedAfter'], 0);
    const before = numberOf(request.query['startedBefore'], Number.MAX_SAFE_INTEGER);
    const seen = issue.worklogs.filter(
      (worklog) =>
        passesVisibility(request.site, project, request.actor.user, worklog) &&
        worklog.started >= after &&
        worklog.started < before,
    );
    const startAt = numberOf(request.query['startAt'], 0);
    const maxResults = Math.min(numberOf(request.query['maxResults'], A_PAGE), A_PAGE);
    const worklogs = seen.slice(startAt, startAt + maxResults).map((worklog) => shown(request, issue, worklog));
    return answer(200, { startAt, maxResults, total: seen.length, worklogs }, { returned: worklogs.length, issueId: issue.id });
  });

const read = (request: CloudRequest): CloudAnswer =>
  whenOk(worklogNamed(request), ({ issue, worklog }) =>
    answer(200, shown(request, issue, worklog), { returned: 1, issueId: issue.id }),
  );

const add = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) =>
    whenOk(adjustmentOf(request), (adjustment) =>
      whenOk(addWorklog(request.site, request.actor, issue, recordOf(request.body), request.format, adjustment), (worklog) =>
        answer(201, shown(request, issue, worklog), { issueId: issue.id }),
      ),
    ),
  );

const edit = (request: CloudRequest): CloudAnswer =>
  whenOk(worklogNamed(request), (place) =>
    whenOk(adjustmentOf(request), (adjustment) =>
      whenOk(editWorklog(request.site, request.actor, place, recordOf(request.body), request.format, adjustment), (worklog) =>
        answer(200, shown(request, place.issue, worklog), { issueId: place.issue.id }),
      ),
    ),
  );

const remove = (request: CloudRequest): CloudAnswer =>
  whenOk(worklogNamed(request), (place) =>
    whenOk(adjustmentOf(request), (adjustment) =>
      whenOk(deleteWorklog(request.site, request.actor, place, adjustment), () =>
        answer(204, undefined, { issueId: place.issue.id }),
      ),
    ),
  );

/** Worklogs by id, whatever issue they are on; those that cannot be seen are passed over. */
function listByIds(request: CloudRequest): CloudAnswer {
  const ids = new Set(listOf(recordOf(request.body)['ids']));
  if (ids.size > A_FEED_PAGE) return say(400, `The number of worklog ids must not exceed ${A_FEED_PAGE}.`);
  const found = [...request.site.issues.values()].flatMap((issue) =>
    issue.worklogs
      .filter((worklog) => ids.has(worklog.id) && findIssue(request.site, request.actor.user, issue.id).ok)
      .filter((worklog) => passesVisibility(request.site, projectOf(request.site, issue), request.actor.user, worklog))
      .map((worklog) => shown(request, issue, worklog)),
  );
  return answer(200, found, { returned: found.length });
}

const feed =
  (what: 'updated' | 'deleted') =>
  (request: CloudRequest): CloudAnswer => {
    const { site, version } = request;
    const since = numberOf(request.query['since'], 0);
    const all = worklogFeed(site, what, since);
    const page = all.slice(0, A_FEED_PAGE);
    const until = page.at(-1)?.at ?? since;
    const lastPage = page.length === all.length;
    return answer(200, {
      values: page.map(({ id, at }) => ({ worklogId: Number(id), updatedTime: at, properties: [] })),
      since,
      until,
      self: apiUrl(site, version, `worklog/${what}?since=${since}`),
      ...(lastPage ? {} : { nextPage: apiUrl(site, version, `worklog/${what}?since=${until}`) }),
      lastPage,
    });
  };

/** Who owns entity properties under `/issue/{issueIdOrKey}/worklog/{worklogId}/properties`. */
export const worklogProperties = (request: CloudRequest): Outcome<Map<string, unknown>> => {
  const found = worklogNamed(request);
  return found.ok ? done(found.value.worklog.properties) : found;
};

export const WORKLOG_ROUTES: readonly Route[] = [
  { method: 'get', path: '/worklog/updated', scope: 'READ', handle: feed('updated') },
  { method: 'get', path: '/worklog/deleted', scope: 'READ', handle: feed('deleted') },
  { method: 'post', path: '/worklog/list', scope: 'READ', reads: true, handle: listByIds },
  { method: 'get', path: '/issue/{issueIdOrKey}/worklog', scope: 'READ', handle: list },
  { method: 'post', path: '/issue/{issueIdOrKey}/worklog', scope: 'WRITE', handle: add },
  { method: 'get', path: '/issue/{issueIdOrKey}/worklog/{id}', scope: 'READ', handle: read },
  { method: 'put', path: '/issue/{issueIdOrKey}/worklog/{id}', scope: 'WRITE', handle: edit },
  { method: 'delete', path: '/issue/{issueIdOrKey}/worklog/{id}', scope: 'DELETE', handle: remove },
];
