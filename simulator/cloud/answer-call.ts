import type { Request, Response } from 'express';
import type { Site } from '../heart/site.ts';
import type { Verdict } from '../limits/rate-limits.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import { type Authentication, authenticate } from './authenticate.ts';
import { gatewayPath } from './gateway.ts';
import { ANYBODY, headerOf, headersOf, queryOf } from './read-request.ts';
import { answer, type CloudAnswer, type Route, type Scope, say } from './route.ts';
import { sendAnswer, statusShown, strike } from './strike.ts';

/** A scope includes those before it. */
const SCOPES: readonly Scope[] = ['NONE', 'READ', 'WRITE', 'DELETE', 'PROJECT_ADMIN', 'ADMIN'];
const covers = (granted: readonly string[], needed: Scope): boolean =>
  needed === 'NONE' || SCOPES.slice(SCOPES.indexOf(needed)).some((scope) => granted.includes(scope));

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
  if (route.inaccessible === true && authentication.kind === 'known' && authentication.actor.through.kind === 'app')
    return say(403, 'Connect apps cannot use this operation.');
  if (authentication.kind === 'known' && authentication.scopes !== undefined && !covers(authentication.scopes, route.scope)) {
    return say(403, `The app lacks the scope ${route.scope} that this operation needs.`);
  }
  // In the words of the gateway, which refuses before Jira sees the call.
  if (authentication.kind === 'known' && authentication.allows?.(route) === false)
    return answer(401, { code: 401, message: 'Unauthorized; scope does not match' });
  return null;
}

function cookieOf(request: Request, name: string): string | undefined {
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((candidate) => candidate.startsWith(`${name}=`));
  return pair === undefined ? undefined : decodeURIComponent(pair.slice(name.length + 1));
}

/** Jira's price of an answer: writes 1, or 1 for each issue that a bulk call made; reads 1 and 1 more for each issue or project, 2 for each user. */
const priceOf = (route: Route, given: CloudAnswer): number =>
  route.method === 'get' || route.reads === true
    ? 1 + (given.returned ?? 0) + 2 * (given.users ?? 0)
    : Math.max(1, given.made ?? 1);

const whoOf = (authentication: Authentication): 'app' | 'user' | 'anonymous' => {
  if (authentication.kind !== 'known') return 'anonymous';
  return authentication.actor.through.kind === 'app' ? 'app' : 'user';
};

function identify({ heart, connect, bearers }: SimulatedSite, request: Request): Authentication {
  const credentials = {
    method: request.method,
    url: request.originalUrl,
    authorization: request.headers.authorization,
    session: cookieOf(request, sessionCookie(heart)),
    trace: headerOf(request, 'x-atlassian-webhook-trace'),
    gateway: request.originalUrl.startsWith(gatewayPath(heart)),
  };
  return authenticate(heart, connect, credentials, bearers);
}

function work(route: Route, simulated: SimulatedSite, request: Request, authentication: Authentication): CloudAnswer {
  const bodyOfGet = request.method === 'GET' && Number(request.headers['content-length'] ?? 0) > 0;
  const refused = refusal(route, authentication, bodyOfGet);
  if (refused !== null) return refused;
  const { heart: site, connect, webhooks } = simulated;
  const version = request.params.version === '2' ? '2' : '3';
  return route.handle({
    site,
    connect,
    webhooks,
    version,
    format: version === '2' ? 'wiki' : 'adf',
    actor: authentication.kind === 'known' ? authentication.actor : ANYBODY,
    params: request.params,
    query: queryOf(request),
    body: request.body,
    headers: headersOf(request),
  });
}

/** The issue that a call writes to: named in its path, by itself or by one of its comments. */
function writesTo(route: Route, site: Site, params: Readonly<Record<string, string>>): string | null {
  if (route.method === 'get' || route.reads === true) return null;
  const { issueIdOrKey, commentId } = params;
  if (issueIdOrKey !== undefined) return site.issueIdsByKey.get(issueIdOrKey.toUpperCase()) ?? issueIdOrKey;
  return commentId === undefined ? null : (site.issueIdsByComment.get(commentId) ?? null);
}

/** The app whose quota pays; an API token pays none. */
const payerOf = (authentication: Authentication): string | null =>
  authentication.kind === 'known' && authentication.actor.through.kind !== 'person' ? authentication.actor.through.appKey : null;

/** Whether Jira's limits let the call through. A browser's session is not a client of the API: no limit concerns it. */
function passes(route: Route, path: string, simulated: SimulatedSite, request: Request, payer: string | null): Verdict {
  const { heart, limits } = simulated;
  if (!limits.active() || request.headers.authorization === undefined) return { allowed: true, headers: {} };
  return limits.admit({ method: request.method, path, appKey: payer, writesTo: writesTo(route, heart, request.params) });
}

const LIMITED = say(429, 'Rate limit exceeded.');

/** Answers one call of a route: credentials, limits, fault, scope, the work itself, and the line in the ledger. */
export function answerCall(route: Route, path: string, simulated: SimulatedSite, request: Request, response: Response): void {
  const { heart: site, faults, limits, timers } = simulated;
  const authentication = identify(simulated, request);
  const payer = payerOf(authentication);
  const verdict = passes(route, path, simulated, request, payer);
  response.set(verdict.headers);
  const fault = verdict.allowed ? faults.take(request.method, path) : null;
  const done =
    verdict.allowed && (fault === null || fault.when === 'after' || fault.shape === 'slow')
      ? work(route, simulated, request, authentication)
      : null;
  const given = done ?? (fault === null ? LIMITED : answer(fault.status ?? 0));
  const points = done === null || done.status >= 400 ? 1 : priceOf(route, done);
  limits.charge(payer, points);
  site.ledger.record({
    at: site.clock.now(),
    method: request.method,
    path,
    who: whoOf(authentication),
    accountId: authentication.kind === 'known' ? authentication.actor.user.accountId : null,
    issueId: given.issueId ?? null,
    commentId: given.commentId ?? null,
    status: statusShown(fault, given),
    points,
  });
  if (fault === null) sendAnswer(response, given);
  else strike(fault, done, request, response, timers);
}
