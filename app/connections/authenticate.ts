import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import type {
  Authenticated,
  AuthenticationProviders,
  AuthenticationRefusal,
  AuthenticationRefusalCode,
  BegunConsent,
  ConsentAnswer,
} from '../sync/authentication-ports.ts';
import type { ConnectionStore, RemoteConnection } from '../sync/connection-ports.ts';
import {
  gatewayUrl,
  matchSite,
  readAccessibleSites,
  readCloudId,
  readMyself,
  readServerInfo,
  type Unanswered,
} from './ask-on-entry.ts';
import type { CredentialStore, StoredWith } from './credential-store.ts';
import { type OAuth1Refusal, oauth1Addresses, readOAuth1Token, signOAuth1 } from './oauth1.ts';
import { authorizeUrl, exchangeAsk, readTokens, type TokenRefusal } from './oauth2.ts';
import { credentialsOf } from './refresh-credentials.ts';
import { type RemoteCredentials, sealCredentials } from './remote-credentials.ts';
import { consumerOf, oauth2ClientOf, type SigningParts, sendToProvider, signerOf } from './sign-remote.ts';

export interface AuthenticationParts extends SigningParts {
  readonly connections: Pick<ConnectionStore, 'read'>;
  readonly credentials: Pick<CredentialStore, 'store'>;
}

/** How long a person may take on the page of the site, logging in there included. */
const CONSENT_MS = 15 * 60_000;

/** A refusal; `detail` is a word of a protocol, never content. */
export const refuse = (
  code: AuthenticationRefusalCode,
  detail: string | null = null,
): { ok: false; failure: AuthenticationRefusal } => fail({ code, detail });

const missing = (kind: RemoteConnection['kind']): AuthenticationRefusalCode =>
  kind === 'oauth2-cloud' ? 'provider-missing' : 'link-missing';

/** What a consent that is under way needs when the person comes back. */
const memory = z.object({
  of: z.string().transform((value) => value as ConnectionId),
  step: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('oauth2'), verifier: z.string() }),
    z.object({ kind: z.literal('oauth1'), requestToken: z.string() }),
  ]),
});
type Step = z.output<typeof memory>['step'];

const seal = ({ secretBox }: SigningParts, { tenantId, connectionId }: RemoteConnection, step: Step): string =>
  secretBox.seal(tenantId, JSON.stringify({ of: connectionId, step }));

/** Null: not ours, or of another connection. */
function open({ secretBox }: SigningParts, { tenantId, connectionId }: RemoteConnection, sealed: string): Step | null {
  const opened = secretBox.open(tenantId, sealed);
  if (!opened.ok) return null;
  const { of, step } = memory.parse(JSON.parse(opened.value));
  return of === connectionId ? step : null;
}

/** The ways in for which a person consents on a page of the site, or of Atlassian. */
export const createAuthenticationProviders = (parts: AuthenticationParts): AuthenticationProviders => ({
  begin(connection, state) {
    if (connection.kind === 'oauth1') return beginOAuth1(parts, connection, state);
    if (connection.kind === 'oauth2-cloud' || connection.kind === 'oauth2-data-center')
      return beginOAuth2(parts, connection, state);
    return Promise.resolve(refuse('kind-impossible'));
  },
  async complete(connection, sealed, answer) {
    const step = open(parts, connection, sealed);
    if (step === null) return refuse('code-refused');
    const consented =
      step.kind === 'oauth1'
        ? await swapVerifier(parts, connection, step.requestToken, answer)
        : await swapCode(parts, connection, step.verifier, answer);
    return consented.ok ? store(parts, connection, consented.value) : consented;
  },
});

// ---------------------------------------------------------------- OAuth 2.0

async function beginOAuth2(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  state: string,
): Promise<Result<BegunConsent, AuthenticationRefusal>> {
  const client = await oauth2ClientOf(parts, connection);
  if (!client.ok) return refuse(missing(connection.kind), client.failure);
  const verifier = parts.makeSecret();
  return succeed({
    url: authorizeUrl(client.value, state, verifier),
    sealed: seal(parts, connection, { kind: 'oauth2', verifier }),
    until: parts.clock.now() + CONSENT_MS,
  });
}

/** RFC 6749 §4.1.2.1. */
const ERRORS: Readonly<Record<string, AuthenticationRefusalCode>> = {
  access_denied: 'consent-denied',
  invalid_scope: 'scope-refused',
  unauthorized_client: 'client-refused',
  invalid_client: 'client-refused',
};

const wordOf = (text: string): string => (/^[a-z_]{1,40}$/.test(text) ? text : 'unknown');

const REFUSED_TOKENS = {
  grant: 'code-refused',
  client: 'client-refused',
  scope: 'scope-refused',
  unavailable: 'provider-unavailable',
} as const satisfies Record<TokenRefusal['kind'], AuthenticationRefusalCode>;

/** Credentials, and what is learnt while they are got. */
interface Consented {
  readonly credentials: RemoteCredentials;
  readonly change: StoredWith;
}

async function swapCode(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  verifier: string,
  { code, error }: ConsentAnswer,
): Promise<Result<Consented, AuthenticationRefusal>> {
  if (error !== null) return refuse(ERRORS[error] ?? 'provider-unavailable', wordOf(error));
  if (code === null) return refuse('code-refused');
  const client = await oauth2ClientOf(parts, connection);
  if (!client.ok) return refuse(missing(connection.kind), client.failure);
  const tokens = readTokens(await sendToProvider(parts, connection)(exchangeAsk(client.value, code, verifier)));
  if (!tokens.ok) return refuse(REFUSED_TOKENS[tokens.failure.kind], tokens.failure.detail);
  const credentials = credentialsOf(
    tokens.value,
    { refreshToken: null, redirectUri: client.value.redirectUri },
    parts.clock.now(),
  );
  if (connection.kind !== 'oauth2-cloud') return succeed({ credentials, change: { credentialsEndAt: null } });
  const apiUrl = await findGateway(parts, connection, tokens.value.accessToken);
  return apiUrl.ok ? succeed({ credentials, change: { apiUrl: apiUrl.value, credentialsEndAt: null } }) : apiUrl;
}

/** Whether the consent is for the site that the connection names; people can choose another one on Atlassian's page. */
async function findGateway(
  { send, atlassian }: AuthenticationParts,
  { siteUrl }: RemoteConnection,
  accessToken: string,
): Promise<Result<string, AuthenticationRefusal>> {
  const sites = await readAccessibleSites(send.vouched, atlassian.apiUrl, accessToken);
  if (!sites.ok) return refuse('provider-unavailable', 'accessible-resources');
  const cloudId = await readCloudId(send.given, siteUrl);
  const site = matchSite(sites.value, { siteUrl, cloudId: cloudId.ok ? cloudId.value : null });
  return site === null ? refuse('consent-other-site') : succeed(gatewayUrl(atlassian.apiUrl, site.cloudId));
}

// ---------------------------------------------------------------- OAuth 1.0a

const REFUSED_BY_PROBLEM: Readonly<Record<string, AuthenticationRefusalCode>> = {
  consumer_key_unknown: 'key-refused',
  consumer_key_rejected: 'key-refused',
  consumer_key_refused: 'key-refused',
  signature_invalid: 'key-refused',
  signature_method_rejected: 'key-refused',
  timestamp_refused: 'clocks-apart',
  permission_denied: 'consent-denied',
  permission_unknown: 'code-refused',
  token_expired: 'code-refused',
  token_rejected: 'code-refused',
  token_used: 'code-refused',
};

const refusalOf = ({ problem }: OAuth1Refusal) => refuse(REFUSED_BY_PROBLEM[problem ?? ''] ?? 'provider-unavailable', problem);

async function beginOAuth1(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  state: string,
): Promise<Result<BegunConsent, AuthenticationRefusal>> {
  const consumer = await consumerOf(parts, connection);
  if (!consumer.ok) return refuse('link-missing', consumer.failure);
  const { requestToken, authorize } = oauth1Addresses(connection.siteUrl);
  const callback = new URL(parts.callbackUrl);
  callback.searchParams.set('state', state);
  const now = parts.clock.now();
  const Authorization = signOAuth1(
    { ...consumer.value, token: null },
    { method: 'POST', url: requestToken },
    { now, nonce: parts.makeSecret(), more: { oauth_callback: callback.href } },
  );
  const token = readOAuth1Token(await parts.send.given({ method: 'POST', url: requestToken, headers: { Authorization } }));
  if (!token.ok) return refusalOf(token.failure);
  return succeed({
    url: authorize(token.value.token),
    sealed: seal(parts, connection, { kind: 'oauth1', requestToken: token.value.token }),
    until: now + Math.min(CONSENT_MS, token.value.lifeMs ?? CONSENT_MS),
  });
}

/** What Jira sends as verifier when the person says no. */
const DENIED = 'denied';

async function swapVerifier(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  requestToken: string,
  answer: ConsentAnswer,
): Promise<Result<Consented, AuthenticationRefusal>> {
  if (answer.verifier === DENIED) return refuse('consent-denied');
  if (answer.verifier === null || answer.requestToken !== requestToken) return refuse('code-refused');
  const consumer = await consumerOf(parts, connection);
  if (!consumer.ok) return refuse('link-missing', consumer.failure);
  const url = oauth1Addresses(connection.siteUrl).accessToken;
  const now = parts.clock.now();
  const Authorization = signOAuth1(
    { ...consumer.value, token: requestToken },
    { method: 'POST', url },
    { now, nonce: parts.makeSecret(), more: { oauth_verifier: answer.verifier } },
  );
  const token = readOAuth1Token(await parts.send.given({ method: 'POST', url, headers: { Authorization } }));
  if (!token.ok) return refusalOf(token.failure);
  const { lifeMs } = token.value;
  return succeed({
    credentials: { kind: 'oauth1', token: token.value.token },
    change: { credentialsEndAt: lifeMs === null ? null : now + lifeMs },
  });
}

// ---------------------------------------------------------------- storing

/** What a site that does not say who we are is told about. */
function refusalOfMyself(unanswered: Unanswered): { ok: false; failure: AuthenticationRefusal } {
  if (unanswered.kind === 'refused') {
    const { status } = unanswered.reply;
    return refuse(status === 401 || status === 403 ? 'credentials-refused' : 'provider-unavailable', `status ${status}`);
  }
  return refuse(unanswered.kind === 'forbidden-address' ? 'address-not-allowed' : 'provider-unavailable');
}

/** Learns who the sync user is and what runs there, and stores it all. */
async function store(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  { credentials, change }: Consented,
): Promise<Result<Authenticated, AuthenticationRefusal>> {
  const apiUrl = change.apiUrl ?? connection.siteUrl;
  const sign = await signerOf(parts, connection, credentials);
  if (!sign.ok) return refuse(missing(connection.kind), sign.failure);
  const send = apiUrl === connection.siteUrl ? parts.send.given : parts.send.vouched;
  const me = await readMyself(send, apiUrl, sign.value);
  if (!me.ok) return refusalOfMyself(me.failure);
  return storeAuthenticated(parts, connection, credentials, { ...change, apiUrl, syncUser: me.value });
}

/** Shared with typed credentials (enter-credentials.ts): the connection works from here on. */
export async function storeAuthenticated(
  parts: AuthenticationParts,
  connection: RemoteConnection,
  credentials: RemoteCredentials,
  change: StoredWith & Required<Pick<StoredWith, 'syncUser'>>,
): Promise<Result<Authenticated, AuthenticationRefusal>> {
  const { tenantId, connectionId, product, siteUrl, syncUser: former } = connection;
  const server = product === 'data-center' ? await readServerInfo(parts.send.given, siteUrl) : null;
  const version = server?.ok === true ? { version: server.value.version } : {};
  const sealed = sealCredentials(parts.secretBox, tenantId, connectionId, credentials);
  const stored = await parts.credentials.store({ tenantId, connectionId }, sealed, parts.clock.now(), { ...change, ...version });
  const present = stored ? await parts.connections.read(tenantId, connectionId) : null;
  if (present === null) return refuse('connection-gone');
  const isOther = former !== null && former.accountId !== present.syncUser?.accountId;
  return succeed({ connection: present, formerSyncUser: isOther ? former : null });
}
