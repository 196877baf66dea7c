import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { Timers } from '../heart/clock.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import { APP_ROUTES } from './app-routes.ts';
import type { Authentication } from './authenticate.ts';
import { authenticate } from './authenticate.ts';
import { COMMENT_ROUTES } from './comment-routes.ts';
import type { Fault } from './faults.ts';
import { ISSUE_ROUTES } from './issue-routes.ts';
import { METADATA_ROUTES } from './metadata-routes.ts';
import { PEOPLE_ROUTES } from './people-routes.ts';
import { PROPERTY_ROUTES } from './property-routes.ts';
import type { CloudAnswer, Route, Scope } from './route.ts';
import { answer, say } from './route.ts';
import { SEARCH_ROUTES } from './search-routes.ts';

/** Metadata first: `/issue/createmeta/…` and `/project/search` would otherwise be taken for an issue and a project of that name. */
export const ROUTES: readonly Route[] = [
  ...METADATA_ROUTES,
  ...ISSUE_ROUTES,
  ...COMMENT_ROUTES,
  ...PROPERTY_ROUTES,
  ...SEARCH_ROUTES,
  ...PEOPLE_ROUTES,
  ...APP_ROUTES,
];

/** A scope includes those before it. */
const SCOPES: readonly Scope[] = ['NONE', 'READ', 'WRITE', 'DELETE', 'PROJECT_ADMIN', 'ADMIN'];
const covers = (granted: readonly string[], needed: Scope): boolean =>
  needed === 'NONE' || granted.some((scope) => SCOPES.findIndex((known) => known === scope) >= SCOPES.indexOf(needed));

const BODY_LIMIT = '10mb';

function refusal(route: Route, authentication: Authentication, bodyOfGet: boolean): CloudAnswer | null {
  if (authentication.kind === 'wrong')
    return answer(401, {
      message: authentication.detail,
      'status-code': 401,
      errorMessages: ['Client must be authenticated to access this resource.'],
      errors: {},
    });
  if (authentication.kind === 'anonymous' && route.scope !== 'NONE')
    return say(401, 'You are not authenticated. Authentication required to perform this operation.');
  // CHANGE-2328: Jira refuses a GET that has a body.
  if (bodyOfGet) return say(403, 'A GET request must not have a body.');
  if (
    authentication.kind === 'known' &&
    authentication.installation !== null &&
    !covers(authentication.installation.descriptor.scopes, route.scope)
  ) {
    return say(403, `The app lacks the scope ${route.scope} that this operation needs.`);
  }
  return null;
}

const queryOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String).join(',') : String(value),
    ]),
  );

function cookieOf(request: Request, name: string): string | undefined {
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((candidate) => candidate.startsWith(`${name}=`));
  return pair === undefined ? undefined : decodeURIComponent(pair.slice(name.length + 1));
}

const headerOf = (request: Request, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Jira's price of an answer: writes 1; reads 1 and 1 more for each issue or project, 2 for each user. */
const priceOf = (route: Route, given: CloudAnswer): number =>
  route.method === 'get' || route.reads === true ? 1 + (given.returned ?? 0) + 2 * (given.users ?? 0) : 1;

function strike(fault: Fault, request: Request, response: Response): void {
  if (fault.status === null) {
    request.socket.destroy();
    return;
  }
  if (fault.retryAfterSeconds !== undefined) response.set('Retry-After', String(fault.retryAfterSeconds));
  if (fault.reason !== undefined) response.set('RateLimit-Reason', fault.reason);
  const text = fault.status === 429 ? 'Rate limit exceeded.' : 'The simulated site fails this call.';
  response.status(fault.status).json({ errorMessages: [text], errors: {} });
}

const ANYBODY = {
  accountId: '',
  accountType: 'atlassian',
  displayName: 'Anonymous',
  emailAddress: '',
  timeZone: 'Etc/GMT',
  apiToken: '',
  active: false,
  siteAdmin: false,
} as const;

function handlerOf(route: Route, simulated: SimulatedSite, template: (request: Request) => string) {
  const { heart: site, connect, webhooks, faults } = simulated;
  const cookie = sessionCookie(site);
  return (request: Request, response: Response): void => {
    const authentication = authenticate(site, connect, {
      method: request.method,
      url: request.originalUrl,
      authorization: request.headers.authorization,
      session: cookieOf(request, cookie),
      trace: headerOf(request, 'x-atlassian-webhook-trace'),
    });
    const actor =
      authentication.kind === 'known'
        ? authentication.actor
        : { user: { ...ANYBODY }, through: { kind: 'person' as const }, trace: null };
    const path = template(request);
    const bodyOfGet = request.method === 'GET' && Number(request.headers['content-length'] ?? 0) > 0;
    const version = request.params['version'] === '2' ? '2' : '3';
    const fault = faults.take(request.method, path);
    const given =
      fault?.when === 'before'
        ? answer(fault.status ?? 0)
        : (refusal(route, authentication, bodyOfGet) ??
          route.handle({
            site,
            connect,
            webhooks,
            actor,
            version,
            format: version === '2' ? 'wiki' : 'adf',
            params: request.params,
            query: queryOf(request),
            body: request.body,
          }));
    site.ledger.record({
      at: site.clock.now(),
      method: request.method,
      path,
      who: authentication.kind !== 'known' ? 'anonymous' : actor.through.kind === 'app' ? 'app' : 'user',
      accountId: actor.user.accountId || null,
      issueId: given.issueId ?? null,
      commentId: given.commentId ?? null,
      status: fault === null ? given.status : (fault.status ?? 0),
      points: given.status < 400 ? priceOf(route, given) : 1,
    });
    if (fault !== null) strike(fault, request, response);
    else if (given.body === undefined) response.status(given.status).end();
    else response.status(given.status).json(given.body);
  };
}

const reading = (faulty: Error & { status?: number }, _request: Request, response: Response, next: NextFunction): void => {
  if (faulty.status === undefined || faulty.status >= 500) next(faulty);
  else
    response
      .status(faulty.status)
      .json({
        errorMessages: [`There was an error parsing JSON. Check that your request body is valid. ${faulty.message}`],
        errors: {},
      });
};

/** Puts Jira's REST API on a server. */
export function mountCloud(server: Express, simulated: SimulatedSite, timers: Timers): void {
  const { heart: site, control } = simulated;
  let calls = 0;
  server.use('/rest', (_request, response, next) => {
    calls += 1;
    response.set('X-AREQUESTID', `${site.name}-${calls}`);
    response.set('X-RateLimit-Limit', '100');
    response.set('X-RateLimit-Remaining', '99');
    response.set('Cache-Control', 'no-cache, no-store, no-transform');
    if (control.latencyMs > 0) timers.after(control.latencyMs, () => next());
    else next();
  });
  server.use('/rest', express.json({ limit: BODY_LIMIT, strict: false }), reading);
  for (const route of ROUTES) {
    const own = route.path.startsWith('/rest/');
    const pattern = `${own ? '' : '/rest/api/:version(2|3|latest)'}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    const template = own ? () => route.path : (request: Request) => `/rest/api/${request.params['version'] ?? '3'}${route.path}`;
    server[route.method](pattern, handlerOf(route, simulated, template));
  }
  server.get('/_edge/tenant_info', (_request, response) => void response.json({ cloudId: site.cloudId }));
}

/** What is not simulated is a 404, as for any unknown path. */
export function mountNotFound(server: Express): void {
  server.use(
    (request, response) =>
      void response
        .status(404)
        .json({ errorMessages: [`The simulated site has no ${request.method} ${request.path}.`], errors: {} }),
  );
}
