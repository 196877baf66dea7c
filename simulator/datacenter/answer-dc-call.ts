import type { Request, Response } from 'express';
import { ANYBODY, headersOf, queryOf } from '../cloud/read-request.ts';
import { answer, type CloudAnswer, type CloudRequest, type Scope, say } from '../cloud/route.ts';
import { sendAnswer, statusShown, strike } from '../cloud/strike.ts';
import type { DataCenterScope } from '../identity/data-center-access.ts';
import { includesScope } from '../identity/data-center-oauth.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { type DataCenterCaller, identifyCaller } from './dc-authenticate.ts';
import { userNamed } from './people.ts';
import { hearDataCenter, sayDataCenter } from './speak.ts';
import type { DataCenterRoute } from './webhook-routes.ts';

/** What a call needs of an OAuth 2.0 token. Projects are administered with ADMIN, as everything that an administrator does. */
const NEEDED: Readonly<Record<Scope, DataCenterScope>> = {
  NONE: 'READ',
  READ: 'READ',
  WRITE: 'WRITE',
  DELETE: 'WRITE',
  PROJECT_ADMIN: 'ADMIN',
  ADMIN: 'ADMIN',
};

function refusal(route: DataCenterRoute, caller: DataCenterCaller, response: Response): CloudAnswer | null {
  if (caller.kind === 'wrong') {
    response.set('WWW-Authenticate', caller.challenge);
    response.set('X-Seraph-LoginReason', 'AUTHENTICATED_FAILED');
    return answer(401, { message: caller.detail, 'status-code': 401 });
  }
  if (caller.kind === 'anonymous')
    return route.scope === 'NONE'
      ? null
      : say(401, 'You are not authenticated. Authentication required to perform this operation.');
  return includesScope(caller.scope, NEEDED[route.scope])
    ? null
    : say(403, `The scope ${caller.scope} of the token does not allow this operation.`);
}

/** A person named in the query is asked for by id within. */
function heardQuery(site: DataCenterSite, request: Request): Record<string, string> {
  const query = queryOf(request);
  const named = query['username'] === undefined ? undefined : userNamed(site.heart, query['username']);
  return named === undefined ? query : { ...query, accountId: named.accountId };
}

/** What is stored as a property, and what is uploaded, is the client's own; a watcher is named by a bare name. */
function bodyOf(route: DataCenterRoute, { heart }: DataCenterSite, body: unknown): unknown {
  if (route.path.includes('/properties/') || body instanceof Uint8Array) return body;
  if (route.path.endsWith('/watchers') && typeof body === 'string') return userNamed(heart, body)?.accountId ?? body;
  return hearDataCenter(heart, body);
}

function work(route: DataCenterRoute, site: DataCenterSite, request: Request, caller: DataCenterCaller): CloudAnswer {
  const { heart, connect, webhooks } = site;
  const call: CloudRequest = {
    site: heart,
    connect,
    webhooks,
    version: '2',
    format: 'verbatim',
    actor: caller.kind === 'known' ? caller.actor : ANYBODY,
    params: request.params,
    query: heardQuery(site, request),
    body: bodyOf(route, site, request.body),
    headers: headersOf(request),
  };
  return route.handle(call, site);
}

/** Takes a token of the caller's bucket; false once the answer was given. */
function passes(site: DataCenterSite, caller: DataCenterCaller, response: Response): boolean {
  const taken = caller.kind === 'known' ? site.rateLimit.take(caller.actor.user.accountId) : null;
  if (taken === null) return true;
  response.set(taken.headers);
  if (!taken.allowed) response.status(429).json({ message: 'Rate limit exceeded.' });
  return taken.allowed;
}

/** Answers one call: credentials, rate limit, scope, the work itself in Data Center's words, and the line in the ledger. */
export function answerDataCenterCall(
  route: DataCenterRoute,
  path: string,
  site: DataCenterSite,
  request: Request,
  response: Response,
): void {
  const caller = identifyCaller(site, request);
  if (!passes(site, caller, response)) return;
  const fault = site.faults.take(request.method, path);
  const done =
    fault === null || fault.when === 'after' || fault.shape === 'slow'
      ? spoken(site, refusal(route, caller, response) ?? work(route, site, request, caller))
      : null;
  const given = done ?? answer(fault?.status ?? 0);
  site.heart.ledger.record({
    at: site.heart.clock.now(),
    method: request.method,
    path,
    who: caller.kind === 'known' ? 'user' : 'anonymous',
    accountId: caller.kind === 'known' ? caller.actor.user.accountId : null,
    issueId: given.issueId ?? null,
    commentId: given.commentId ?? null,
    status: statusShown(fault, given),
    // Data Center counts no points; the ledger counts calls.
    points: 1,
  });
  if (caller.kind === 'known') response.set('X-AUSERNAME', caller.actor.user.userName ?? caller.actor.user.accountId);
  if (fault === null) sendAnswer(response, given);
  else strike(fault, done, request, response, site.timers);
}

/** An answer in Data Center's words; bytes are nobody's words. */
const spoken = ({ heart }: DataCenterSite, given: CloudAnswer): CloudAnswer =>
  given.body === undefined || given.bytes !== undefined ? given : { ...given, body: sayDataCenter(heart, given.body) };
