import { addComment } from '../heart/comments.ts';
import { findComment, findIssue, seesComment } from '../heart/find-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import { findServiceDesk, requestTypeOf, requestTypesOf, serviceDesksFor } from '../heart/request-types.ts';
import type { RequestType } from '../heart/service-desk.ts';
import type { Issue } from '../heart/site.ts';
import { requestCommentShape, requestShape, requestTypeShape, serviceDeskShape, serviceUrl } from '../shapes/service-desk.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, numberOf, recordOf } from './route.ts';

const ROOT = '/rest/servicedeskapi';
const A_PAGE = 50;
const MAX_PAGE = 100;

/** Goes on with the value, or refuses in the words of the service desk API, which has one message. */
function whenOk<T>(outcome: Outcome<T>, next: (value: T) => CloudAnswer): CloudAnswer {
  if (outcome.ok) return next(outcome.value);
  const { status, errorMessages, errors } = outcome.refusal;
  return answer(status, { errorMessage: [...errorMessages, ...Object.values(errors)].join(' ') });
}

/** A page of a list, in the form of the service desk API: no total. `path` may hold a query. */
function page<T>(request: CloudRequest, path: string, all: readonly T[], shape: (each: T) => unknown): CloudAnswer {
  const start = numberOf(request.query['start'], 0);
  const limit = Math.min(numberOf(request.query['limit'], A_PAGE) || A_PAGE, MAX_PAGE);
  const values = all.slice(start, start + limit);
  const isLastPage = start + values.length >= all.length;
  const address = (from: number): string => {
    const query = new URLSearchParams({ ...request.query, start: String(from), limit: String(limit) });
    return `${serviceUrl(request.site, path)}?${query.toString()}`;
  };
  const links = {
    base: request.site.baseUrl,
    context: '',
    self: address(start),
    ...(isLastPage ? {} : { next: address(start + limit) }),
    ...(start === 0 ? {} : { prev: address(Math.max(0, start - limit)) }),
  };
  const body = { _expands: [], size: values.length, start, limit, isLastPage, _links: links, values: values.map(shape) };
  return answer(200, body, { returned: values.length });
}

const param = (request: CloudRequest, name: string): string => request.params[name] ?? '';
const deskNamed = (request: CloudRequest) => findServiceDesk(request.site, request.actor.user, param(request, 'serviceDeskId'));

/** An item that has a request type; to the service desk API others do not exist. */
function requestNamed(request: CloudRequest): Outcome<{ issue: Issue; type: RequestType }> {
  const issue = findIssue(request.site, request.actor.user, param(request, 'issueIdOrKey'));
  if (!issue.ok) return issue;
  const type = requestTypeOf(request.site, issue.value);
  return type === null ? refuse(404, `${issue.value.key} is not a customer request.`) : done({ issue: issue.value, type });
}

const desks = (request: CloudRequest): CloudAnswer =>
  page(request, 'servicedesk', serviceDesksFor(request.site, request.actor.user), (desk) => serviceDeskShape(request.site, desk));

const desk = (request: CloudRequest): CloudAnswer =>
  whenOk(deskNamed(request), (found) => answer(200, serviceDeskShape(request.site, found), { returned: 1 }));

const types = (request: CloudRequest): CloudAnswer =>
  whenOk(deskNamed(request), (found) => {
    const words = (request.query['searchQuery'] ?? '').toLowerCase();
    const all = requestTypesOf(request.site, found).filter((type) =>
      `${type.name} ${type.description}`.toLowerCase().includes(words),
    );
    return page(request, `servicedesk/${found.id}/requesttype`, all, (type) => requestTypeShape(request.site, type));
  });

const type = (request: CloudRequest): CloudAnswer =>
  whenOk(deskNamed(request), (found) => {
    const wanted = param(request, 'requestTypeId');
    const one = requestTypesOf(request.site, found).find(({ id }) => id === wanted);
    return whenOk(one === undefined ? refuse(404, `There is no request type with the id ${wanted}.`) : done(one), (shown) =>
      answer(200, requestTypeShape(request.site, shown), { returned: 1 }),
    );
  });

const read = (request: CloudRequest): CloudAnswer =>
  whenOk(requestNamed(request), (found) =>
    answer(200, requestShape(request.site, found.issue, found.type), { returned: 1, issueId: found.issue.id }),
  );

/** The comments that the caller sees; `public=false` leaves out those for customers, `internal=false` the others. */
const comments = (request: CloudRequest): CloudAnswer =>
  whenOk(requestNamed(request), ({ issue }) => {
    const wanted = (isPublic: boolean): boolean => request.query[isPublic ? 'public' : 'internal'] !== 'false';
    const all = issue.comments.filter(
      (comment) => seesComment(request.site, issue, request.actor.user, comment) && wanted(comment.jsdPublic),
    );
    const shown = page(request, `request/${issue.id}/comment`, all, (each) => requestCommentShape(request.site, issue, each));
    return { ...shown, issueId: issue.id };
  });

const comment = (request: CloudRequest): CloudAnswer =>
  whenOk(requestNamed(request), ({ issue }) =>
    whenOk(findComment(request.site, issue, request.actor.user, param(request, 'commentId')), (found) =>
      answer(200, requestCommentShape(request.site, issue, found), { returned: 1, issueId: issue.id, commentId: found.id }),
    ),
  );

/** Wiki text, for customers to see unless `public` is false. */
const add = (request: CloudRequest): CloudAnswer =>
  whenOk(requestNamed(request), ({ issue }) => {
    const { body, public: isPublic } = recordOf(request.body);
    const properties = [{ key: 'sd.public.comment', value: { internal: isPublic === false } }];
    return whenOk(addComment(request.site, request.actor, issue, { body, properties }, 'wiki'), (made) =>
      answer(201, requestCommentShape(request.site, issue, made), { issueId: issue.id, commentId: made.id }),
    );
  });

/** Of the service desk API, which has a document of its own. */
export const SERVICE_DESK_ROUTES: readonly Route[] = [
  { method: 'get', path: `${ROOT}/servicedesk`, scope: 'READ', handle: desks },
  { method: 'get', path: `${ROOT}/servicedesk/{serviceDeskId}`, scope: 'READ', handle: desk },
  { method: 'get', path: `${ROOT}/servicedesk/{serviceDeskId}/requesttype`, scope: 'READ', handle: types },
  { method: 'get', path: `${ROOT}/servicedesk/{serviceDeskId}/requesttype/{requestTypeId}`, scope: 'READ', handle: type },
  { method: 'get', path: `${ROOT}/request/{issueIdOrKey}`, scope: 'READ', handle: read },
  { method: 'get', path: `${ROOT}/request/{issueIdOrKey}/comment`, scope: 'READ', handle: comments },
  { method: 'post', path: `${ROOT}/request/{issueIdOrKey}/comment`, scope: 'WRITE', handle: add },
  { method: 'get', path: `${ROOT}/request/{issueIdOrKey}/comment/{commentId}`, scope: 'READ', handle: comment },
];
