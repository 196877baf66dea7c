import { countMatches, search } from '../heart/search.ts';
import { issueShape } from '../shapes/issue.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, numberOf, recordOf, say, whenOk } from './route.ts';

const DEFAULT_PAGE = 50;
const FULL_PAGE = 100;
/** With id and key alone a page may be this long. */
const BARE_PAGE = 5000;
const MAX_PROPERTIES = 5;
const MAX_RECONCILED = 50;
const BARE = new Set(['id', 'key']);

const REMOVED =
  'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046';

function find(request: CloudRequest, input: Readonly<Record<string, unknown>>): CloudAnswer {
  const fields = input['fields'] === undefined ? ['id'] : listOf(input['fields']);
  const properties = listOf(input['properties']);
  if (properties.length > MAX_PROPERTIES)
    return say(400, `The maximum number of properties that can be requested is ${MAX_PROPERTIES}.`);
  const reconcile = listOf(input['reconcileIssues']);
  if (reconcile.length > MAX_RECONCILED || !reconcile.every((id) => /^\d+$/.test(id)))
    return say(400, `reconcileIssues takes at most ${MAX_RECONCILED} ids of issues.`);
  const bare = fields.every((field) => BARE.has(field));
  const maxResults = Math.min(numberOf(input['maxResults'], DEFAULT_PAGE), bare ? BARE_PAGE : FULL_PAGE);
  const pageToken = typeof input['nextPageToken'] === 'string' && input['nextPageToken'] !== '' ? input['nextPageToken'] : null;
  const { site, version, actor } = request;
  return whenOk(search(site, actor.user, { jql: String(input['jql'] ?? ''), maxResults, pageToken, reconcile }), (page) => {
    const view = { fields, properties, expand: new Set(listOf(input['expand'])) };
    const issues = page.issues.map((issue) => {
      if (fields.length === 1 && fields[0] === 'id' && properties.length === 0) return { id: issue.id };
      return issueShape(site, version, issue, view, actor.user);
    });
    return answer(
      200,
      { issues, ...(page.nextPageToken === null ? { isLast: true } : { nextPageToken: page.nextPageToken, isLast: false }) },
      { returned: issues.length },
    );
  });
}

const count = (request: CloudRequest): CloudAnswer =>
  whenOk(countMatches(request.site, request.actor.user, String(recordOf(request.body)['jql'] ?? '')), (matches) =>
    answer(200, { count: matches }),
  );

export const SEARCH_ROUTES: readonly Route[] = [
  { method: 'get', path: '/search/jql', scope: 'READ', handle: (request) => find(request, request.query) },
  { method: 'post', path: '/search/jql', scope: 'READ', reads: true, handle: (request) => find(request, recordOf(request.body)) },
  { method: 'post', path: '/search/approximate-count', scope: 'READ', reads: true, handle: count },
  { method: 'get', path: '/search', scope: 'NONE', handle: () => say(410, REMOVED) },
  { method: 'post', path: '/search', scope: 'NONE', handle: () => say(410, REMOVED) },
];
