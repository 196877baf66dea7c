import { createHash } from 'node:crypto';
import type { Clock } from '../heart/clock.ts';
import type { Random } from '../heart/random.ts';
import type { CloudApp, CloudCode, CloudConsent, CloudGrant, CloudIdentity } from './cloud-identity.ts';

/** Atlassian's OAuth 2.0 (3LO): authorization codes, rotating refresh tokens with a leeway, revocation. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const CODE_MS = 5 * MINUTE;
const ACCESS_SECONDS = 3600;
const REFRESH_MS = 90 * 24 * 60 * MINUTE;
/** How long a refresh token that was swapped may be swapped again. */
const REUSE_MS = 10 * MINUTE;

interface World {
  readonly identity: CloudIdentity;
  readonly clock: Clock;
  readonly random: Random;
}
export type Parameters = Readonly<Record<string, string | undefined>>;

type Begun =
  | { readonly kind: 'misdirected'; readonly reason: string }
  | { readonly kind: 'refused'; readonly address: string }
  | { readonly kind: 'ask'; readonly consent: CloudConsent; readonly app: CloudApp };

const withParameters = (address: string, parameters: Readonly<Record<string, string | null>>): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
};

/** Reads an authorization request. Client or address wrong: the browser is not sent back there. */
export function beginAuthorization({ identity, random }: World, query: Parameters): Begun {
  const app = identity.apps.get(query['client_id'] ?? '');
  if (app === undefined) return { kind: 'misdirected', reason: 'The app that sent you here is not known.' };
  const redirectUri = query['redirect_uri'] ?? '';
  if (!app.redirectUris.includes(redirectUri))
    return { kind: 'misdirected', reason: 'The app sent you with a redirect_uri that is not registered with it.' };
  const refused = (error: string, description: string): Begun => ({
    kind: 'refused',
    address: withParameters(redirectUri, { error, error_description: description, state: query['state'] ?? null }),
  });
  if (query['audience'] !== 'api.atlassian.com') return refused('access_denied', 'The audience must be api.atlassian.com.');
  if (query['response_type'] !== 'code') return refused('unsupported_response_type', 'The response type must be code.');
  const scopes = (query['scope'] ?? '').split(' ').filter((scope) => scope !== '');
  const foreign = scopes.find((scope) => scope !== 'offline_access' && !app.scopes.includes(scope));
  if (scopes.length === 0 || foreign !== undefined)
    return refused('invalid_scope', `The app may not ask for ${foreign ?? 'nothing'}.`);
  const consent: CloudConsent = {
    id: random.hex(24),
    clientId: app.clientId,
    redirectUri,
    scopes,
    state: query['state'] ?? null,
    challenge: query['code_challenge'] ?? null,
  };
  identity.pending.set(consent.id, consent);
  return { kind: 'ask', consent, app };
}

/** What the person said. Returns where the browser goes. `who: null`: they said no. */
export function endAuthorization(
  { identity, clock, random }: World,
  consent: CloudConsent,
  who: { readonly cloudId: string; readonly accountId: string } | null,
): string {
  identity.pending.delete(consent.id);
  if (who === null) {
    const error_description = 'User did not authorize the request';
    return withParameters(consent.redirectUri, { error: 'access_denied', error_description, state: consent.state });
  }
  const code: CloudCode = { ...consent, ...who, code: random.hex(40), expiresAt: clock.now() + CODE_MS };
  identity.codes.set(code.code, code);
  return withParameters(consent.redirectUri, { code: code.code, state: consent.state });
}

export interface TokenRefusal {
  readonly status: number;
  readonly error: string;
  readonly error_description: string;
}
export type Issued = { readonly ok: true; readonly body: Record<string, unknown> } | ({ readonly ok: false } & TokenRefusal);
const no = (status: number, error: string, description: string): { readonly ok: false } & TokenRefusal => ({
  ok: false,
  status,
  error,
  error_description: description,
});

function renew({ clock, random }: World, grant: CloudGrant): Issued {
  const now = clock.now();
  const token = random.hex(64);
  grant.accessTokens = [
    ...grant.accessTokens.filter(({ expiresAt }) => expiresAt > now),
    { token, expiresAt: now + ACCESS_SECONDS * SECOND },
  ];
  grant.spent = grant.spent.filter(({ until }) => until > now);
  if (grant.refreshToken !== null) grant.refreshToken = { token: random.hex(64), expiresAt: now + REFRESH_MS };
  return {
    ok: true,
    body: {
      access_token: token,
      expires_in: ACCESS_SECONDS,
      token_type: 'Bearer',
      ...(grant.refreshToken === null ? {} : { refresh_token: grant.refreshToken.token }),
      scope: grant.scopes.join(' '),
    },
  };
}

const fitsChallenge = (code: CloudCode, verifier: string | undefined): boolean =>
  code.challenge === null ||
  createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url') === code.challenge;

function swapCode(world: World, app: CloudApp, body: Parameters): Issued {
  const { identity, clock, random } = world;
  const code = identity.codes.get(body['code'] ?? '');
  identity.codes.delete(body['code'] ?? '');
  const valid = code !== undefined && code.clientId === app.clientId && code.expiresAt > clock.now();
  if (!valid || code.redirectUri !== body['redirect_uri'] || !fitsChallenge(code, body['code_verifier']))
    return no(403, 'invalid_grant', 'Invalid authorization code');
  const { cloudId, accountId, scopes } = code;
  const offline = scopes.includes('offline_access');
  const grant: CloudGrant = {
    id: random.hex(16),
    clientId: app.clientId,
    cloudId,
    accountId,
    scopes,
    accessTokens: [],
    refreshToken: offline ? { token: '', expiresAt: 0 } : null,
    spent: [],
  };
  identity.grants.set(grant.id, grant);
  return renew(world, grant);
}

/** A spent token is taken for 10 minutes more, and answered with fresh tokens too; after that it is unknown. */
function refresh(world: World, app: CloudApp, body: Parameters): Issued {
  const { identity, clock } = world;
  const token = body['refresh_token'] ?? '';
  const now = clock.now();
  const grant = [...identity.grants.values()].find(
    (candidate) =>
      candidate.clientId === app.clientId &&
      ((candidate.refreshToken?.token === token && candidate.refreshToken.expiresAt > now) ||
        candidate.spent.some((old) => old.token === token && old.until > now)),
  );
  if (grant?.refreshToken == null) return no(403, 'invalid_grant', 'Unknown or invalid refresh token.');
  grant.spent.push({ token: grant.refreshToken.token, until: now + REUSE_MS });
  return renew(world, grant);
}

/** `POST /oauth/token`. */
export function issueCloudTokens(world: World, body: Parameters): Issued {
  const app = world.identity.apps.get(body['client_id'] ?? '');
  if (app === undefined || app.clientSecret !== body['client_secret']) return no(401, 'access_denied', 'Unauthorized');
  if (body['grant_type'] === 'authorization_code') return swapCode(world, app, body);
  if (body['grant_type'] === 'refresh_token') return refresh(world, app, body);
  return no(403, 'unsupported_grant_type', 'The grant type is authorization_code or refresh_token.');
}

/** The grant that an access token belongs to; null when it is unknown or has run out. */
export const grantOf = ({ identity, clock }: Omit<World, 'random'>, token: string): CloudGrant | null =>
  [...identity.grants.values()].find(({ accessTokens }) =>
    accessTokens.some((each) => each.token === token && each.expiresAt > clock.now()),
  ) ?? null;
