import { findIssue, projectOf } from '../heart/find-issue.ts';
import { setVote, setWatching } from '../heart/followers.ts';
import { permits } from '../heart/permissions.ts';
import type { Issue } from '../heart/site.ts';
import { apiUrl, personShape } from '../shapes/people.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, whenOk } from './route.ts';

const onIssue =
  (work: (request: CloudRequest, issue: Issue) => CloudAnswer) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? ''), (issue) => work(request, issue));

/** The people of a set, if the caller may see who they are. */
const people = ({ site, version, actor }: CloudRequest, issue: Issue, ids: ReadonlySet<string>): unknown[] =>
  permits(actor.user, projectOf(site, issue), 'VIEW_VOTERS_AND_WATCHERS')
    ? [...ids].map((id) => personShape(site, version, id)).filter((person) => person !== null)
    : [];

const watchers = onIssue((request, issue) => {
  const shown = people(request, issue, issue.watcherIds);
  return answer(
    200,
    {
      self: apiUrl(request.site, request.version, `issue/${issue.key}/watchers`),
      isWatching: issue.watcherIds.has(request.actor.user.accountId),
      watchCount: issue.watcherIds.size,
      watchers: shown,
    },
    { users: shown.length, issueId: issue.id },
  );
});

/** The body is an account id as a JSON string; without one it is the caller. */
const watch = onIssue((request, issue) => {
  const accountId = typeof request.body === 'string' && request.body !== '' ? request.body : request.actor.user.accountId;
  return whenOk(setWatching(request.site, request.actor, issue, accountId, true), () =>
    answer(204, undefined, { issueId: issue.id }),
  );
});

const unwatch = onIssue((request, issue) => {
  const accountId = request.query['accountId'] ?? request.actor.user.accountId;
  return whenOk(setWatching(request.site, request.actor, issue, accountId, false), () =>
    answer(204, undefined, { issueId: issue.id }),
  );
});

const votes = onIssue((request, issue) => {
  const shown = people(request, issue, issue.voterIds);
  return answer(
    200,
    {
      self: apiUrl(request.site, request.version, `issue/${issue.key}/votes`),
      votes: issue.voterIds.size,
      hasVoted: issue.voterIds.has(request.actor.user.accountId),
      voters: shown,
    },
    { users: shown.length, issueId: issue.id },
  );
});

const vote = (voted: boolean) =>
  onIssue((request, issue) =>
    whenOk(setVote(request.site, request.actor, issue, voted), () => answer(204, undefined, { issueId: issue.id })),
  );

export const FOLLOWER_ROUTES: readonly Route[] = [
  { method: 'get', path: '/issue/{issueIdOrKey}/watchers', scope: 'READ', handle: watchers },
  { method: 'post', path: '/issue/{issueIdOrKey}/watchers', scope: 'WRITE', handle: watch },
  { method: 'delete', path: '/issue/{issueIdOrKey}/watchers', scope: 'DELETE', handle: unwatch },
  { method: 'get', path: '/issue/{issueIdOrKey}/votes', scope: 'READ', handle: votes },
  { method: 'post', path: '/issue/{issueIdOrKey}/votes', scope: 'WRITE', handle: vote(true) },
  { method: 'delete', path: '/issue/{issueIdOrKey}/votes', scope: 'DELETE', handle: vote(false) },
];
