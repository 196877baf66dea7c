import type { Request } from 'express';
import type { Actor, User } from '../heart/site.ts';
import { DATA_CENTER_SCOPES, type DataCenterScope } from '../identity/data-center-access.ts';
import { readAccessToken } from '../identity/data-center-oauth.ts';
import { readSigned } from '../identity/oauth1-provider.ts';
import { type Pair, readOAuthHeader } from '../identity/oauth1-signature.ts';
import { readPersonalToken } from '../identity/personal-tokens.ts';
import { sessionCookie } from '../simulated-site.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { nameOf } from './people.ts';

export type DataCenterCaller =
  | { readonly kind: 'known'; readonly actor: Actor; readonly scope: DataCenterScope }
  | { readonly kind: 'anonymous' }
  /** `challenge`: what goes into WWW-Authenticate. */
  | { readonly kind: 'wrong'; readonly detail: string; readonly challenge: string };

const WIDEST = DATA_CENTER_SCOPES[DATA_CENTER_SCOPES.length - 1] ?? 'SYSTEM_ADMIN';

const asUser = (user: User, scope: DataCenterScope = WIDEST, clientId: string | null = null): DataCenterCaller => ({
  kind: 'known',
  scope,
  actor: { user, through: clientId === null ? { kind: 'person' } : { kind: 'oauth', appKey: clientId }, trace: null },
});
const wrong = (detail: string, challenge: string): DataCenterCaller => ({ kind: 'wrong', detail, challenge });

function byPassword(site: DataCenterSite, encoded: string): DataCenterCaller {
  const challenge = 'Basic realm="Jira REST API"';
  if (!site.dialect.basicAuthentication)
    return wrong('Basic authentication is disabled. Use a personal access token or OAuth 2.0.', challenge);
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const user = [...site.heart.users.values()].find((candidate) => nameOf(candidate) === text.slice(0, colon));
  return user?.active === true && user.apiToken === text.slice(colon + 1)
    ? asUser(user)
    : wrong('Basic authentication with these credentials failed.', challenge);
}

function byBearer({ heart, access }: DataCenterSite, token: string): DataCenterCaller {
  const person = readPersonalToken(heart, access, token);
  if (person !== null) return asUser(person);
  const granted = readAccessToken(heart, access, token);
  if (granted !== null) return asUser(granted.user, granted.grant.scope, granted.grant.clientId);
  return wrong('The token is not known, has expired or was revoked.', 'Bearer realm="Jira", error="invalid_token"');
}

const isForm = (request: Request): boolean =>
  (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

/** What an OAuth 1.0a client signed. `form`: the body, where it is one. */
export const signedCallOf = (site: DataCenterSite, request: Request) => ({
  method: request.method,
  url: `${new URL(site.url).origin}${request.originalUrl}`,
  oauth: readOAuthHeader(request.headers.authorization),
  form: isForm(request)
    ? Object.entries((request.body ?? {}) as Readonly<Record<string, unknown>>).map(
        ([name, value]): Pair => [name, String(value)],
      )
    : [],
});

const cookieOf = (request: Request, name: string): string | undefined =>
  (request.headers.cookie ?? '')
    .split(/;\s*/)
    .find((candidate) => candidate.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The person whose browser this is. */
export function sessionUser(site: DataCenterSite, request: Request): User | null {
  const user = site.heart.users.get(cookieOf(request, sessionCookie(site.heart)) ?? '');
  return user?.active === true ? user : null;
}

/** Finds out who calls: basic, personal access token, OAuth 2.0, OAuth 1.0a, or a browser's session. */
export function identifyCaller(site: DataCenterSite, request: Request): DataCenterCaller {
  const header = request.headers.authorization ?? '';
  const [scheme, value] = header.split(' ', 2);
  if (scheme === 'Basic' && value !== undefined) return byPassword(site, value);
  if (scheme === 'Bearer' && value !== undefined) return byBearer(site, value);
  if (scheme === 'OAuth') {
    const signed = readSigned(site.heart, site.access, signedCallOf(site, request));
    return signed.ok
      ? asUser(signed.value)
      : wrong(signed.problem, `OAuth realm="${site.url}", oauth_problem="${signed.problem}"`);
  }
  if (scheme !== '') return wrong(`Jira Data Center knows no authorization by ${scheme}.`, 'Bearer realm="Jira"');
  const user = sessionUser(site, request);
  return user === null ? { kind: 'anonymous' } : asUser(user);
}
