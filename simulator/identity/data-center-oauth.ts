import { createHash } from 'node:crypto';
import type { Site, User } from '../heart/site.ts';
import {
  type AuthorizationCode,
  DATA_CENTER_SCOPES,
  type DataCenterAccess,
  type DataCenterScope,
  type OAuthGrant,
  type PendingConsent,
} from './data-center-access.ts';

/** Jira Data Center as an OAuth 2.0 provider: authorization code with or without PKCE, refresh by rotation, revocation. */

const SECOND = 1000;
/** Lifetimes that a fresh Data Center has. */
const CODE_MS = 10 * SECOND;
const ACCESS_SECONDS = 3600;
const REFRESH_MS = 90 * 24 * 3600 * SECOND;

export interface OAuthError {
  readonly error: string;
  readonly error_description?: string;
}
type Result<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & OAuthError);
const no = (error: string, description?: string): { readonly ok: false } & OAuthError => ({
  ok: false,
  error,
  ...(description === undefined ? {} : { error_description: description }),
});

export type Parameters = Readonly<Record<string, string | undefined>>;

const isScope = (text: string): text is DataCenterScope => DATA_CENTER_SCOPES.some((scope) => scope === text);
const width = (scope: DataCenterScope): number => DATA_CENTER_SCOPES.indexOf(scope);

/** Whether a granted scope includes a needed one. */
export const includesScope = (granted: DataCenterScope, needed: DataCenterScope): boolean => width(granted) >= width(needed);

/**
 * Reads an authorization request. `misdirected`: client or address are wrong, so the person must not be sent back there;
 * any other error goes to the client's address.
 */
export function beginConsent(
  site: Site,
  access: DataCenterAccess,
  query: Parameters,
):
  | { kind: 'misdirected'; reason: string }
  | { kind: 'refused'; redirectUri: string; error: OAuthError }
  | { kind: 'ask'; pending: PendingConsent } {
  const link = access.links.get(query['client_id'] ?? '');
  if (link === undefined) return { kind: 'misdirected', reason: 'There is no application link with this client ID.' };
  const redirectUri = query['redirect_uri'] ?? '';
  if (!link.redirectUris.includes(redirectUri))
    return { kind: 'misdirected', reason: 'The redirect URI is not one of those registered with the application link.' };
  const refused = (error: string, description: string) => ({
    kind: 'refused' as const,
    redirectUri,
    error: { error, error_description: description },
  });
  if (query['response_type'] !== 'code') return refused('unsupported_response_type', 'Only the response type code is supported.');
  // Asked for several, the widest counts.
  const scopes = (query['scope'] ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0 || !scopes.every(isScope)) return refused('invalid_scope', 'The scope is missing or not known.');
  const scope = scopes.filter(isScope).reduce((widest, each) => (includesScope(widest, each) ? widest : each));
  if (!includesScope(link.scope, scope)) return refused('invalid_scope', 'The scope is wider than the application link allows.');
  const method = query['code_challenge_method'] ?? 'plain';
  if (method !== 'plain' && method !== 'S256') return refused('invalid_request', 'The code challenge method is not known.');
  const pending: PendingConsent = {
    id: site.random.hex(24),
    clientId: link.clientId,
    redirectUri,
    scope,
    state: query['state'] ?? null,
    challenge: query['code_challenge'] ?? null,
    challengeMethod: method,
  };
  access.pending.set(pending.id, pending);
  return { kind: 'ask', pending };
}

const withParameters = (address: string, parameters: Readonly<Record<string, string | null>>): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
};

export const refusedAddress = (redirectUri: string, error: OAuthError, state: string | null): string =>
  withParameters(redirectUri, { ...error, state });

/** What the person said. Returns the client's address with a code, or with `access_denied`. */
export function endConsent(site: Site, access: DataCenterAccess, pending: PendingConsent, user: User, allowed: boolean): string {
  access.pending.delete(pending.id);
  if (!allowed) return refusedAddress(pending.redirectUri, { error: 'access_denied' }, pending.state);
  const code: AuthorizationCode = {
    ...pending,
    code: site.random.hex(32),
    userKey: user.accountId,
    expiresAt: site.clock.now() + CODE_MS,
  };
  access.codes.set(code.code, code);
  return withParameters(pending.redirectUri, { code: code.code, state: pending.state });
}

function fitsChallenge(code: AuthorizationCode, verifier: string | undefined): boolean {
  if (code.challenge === null) return true;
  if (verifier === undefined) return false;
  const shown = code.challengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return shown === code.challenge;
}

function renew(site: Site, grant: OAuthGrant): void {
  const now = site.clock.now();
  grant.accessToken = site.random.hex(40);
  grant.accessExpiresAt = now + ACCESS_SECONDS * SECOND;
  grant.refreshToken = site.random.hex(40);
  grant.refreshExpiresAt = now + REFRESH_MS;
}

function swapCode(site: Site, access: DataCenterAccess, clientId: string, body: Parameters): Result<OAuthGrant> {
  const code = access.codes.get(body['code'] ?? '');
  access.codes.delete(body['code'] ?? '');
  if (code === undefined || code.clientId !== clientId || code.expiresAt <= site.clock.now()) return no('invalid_grant');
  if (body['redirect_uri'] !== code.redirectUri) return no('invalid_grant');
  if (!fitsChallenge(code, body['code_verifier'])) return no('invalid_grant');
  const grant: OAuthGrant = {
    id: site.random.hex(16),
    clientId,
    userKey: code.userKey,
    redirectUri: code.redirectUri,
    scope: code.scope,
    accessToken: '',
    accessExpiresAt: 0,
    refreshToken: '',
    refreshExpiresAt: 0,
  };
  renew(site, grant);
  access.grants.set(grant.id, grant);
  return { ok: true, value: grant };
}

/** Rotation: the old refresh token is gone at once. Without `redirect_uri` the answer is a bare invalid_grant. */
function refresh(site: Site, access: DataCenterAccess, clientId: string, body: Parameters): Result<OAuthGrant> {
  const grant = [...access.grants.values()].find((candidate) => candidate.refreshToken === body['refresh_token']);
  if (grant === undefined || grant.clientId !== clientId || grant.refreshExpiresAt <= site.clock.now())
    return no('invalid_grant');
  if (body['redirect_uri'] !== grant.redirectUri) return no('invalid_grant');
  renew(site, grant);
  return { ok: true, value: grant };
}

/** The token endpoint. `body`: the posted form. */
export function issueTokens(site: Site, access: DataCenterAccess, body: Parameters): Result<Record<string, unknown>> {
  const link = access.links.get(body['client_id'] ?? '');
  if (link === undefined || link.clientSecret !== body['client_secret'])
    return no('invalid_client', 'The client ID or the client secret is wrong.');
  const grantType = body['grant_type'];
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    return no('unsupported_grant_type', 'Grants are authorization_code and refresh_token.');
  const granted = (grantType === 'refresh_token' ? refresh : swapCode)(site, access, link.clientId, body);
  if (!granted.ok) return granted;
  const { accessToken, refreshToken, scope } = granted.value;
  return {
    ok: true,
    value: {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'bearer',
      expires_in: ACCESS_SECONDS,
      created_at: Math.floor(site.clock.now() / SECOND),
      scope,
    },
  };
}

/** Takes back the grant of an access or refresh token. Unknown tokens are no error (RFC 7009). */
export function revokeTokens(access: DataCenterAccess, body: Parameters): Result<null> {
  const link = access.links.get(body['client_id'] ?? '');
  if (link === undefined || link.clientSecret !== body['client_secret']) return no('invalid_client');
  for (const [id, grant] of access.grants)
    if (grant.clientId === link.clientId && [grant.accessToken, grant.refreshToken].includes(body['token'] ?? ''))
      access.grants.delete(id);
  return { ok: true, value: null };
}

/** The person and the scope of an access token; null when it is unknown, run out or taken back. */
export function readAccessToken(
  site: Site,
  access: DataCenterAccess,
  token: string,
): { readonly user: User; readonly grant: OAuthGrant } | null {
  const grant = [...access.grants.values()].find((candidate) => candidate.accessToken === token);
  if (grant === undefined || grant.accessExpiresAt <= site.clock.now()) return null;
  const user = site.users.get(grant.userKey);
  return user?.active === true ? { user, grant } : null;
}
