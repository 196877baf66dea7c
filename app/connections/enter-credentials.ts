import { fail, type Result, succeed } from '../core/failure.ts';
import type {
  Authenticated,
  AuthenticationRefusal,
  TypedAuthentication,
  TypedCredentials,
} from '../sync/authentication-ports.ts';
import type { RemoteConnection, SyncUser } from '../sync/connection-ports.ts';
import { gatewayUrl, readCloudId, readMyself, type Unanswered } from './ask-on-entry.ts';
import { type AuthenticationParts, refuse, storeAuthenticated } from './authenticate.ts';
import type { RemoteCredentials } from './remote-credentials.ts';
import type { Reply } from './send-http.ts';
import { basicHeader } from './sign-remote.ts';

export interface TypedAuthenticationParts extends AuthenticationParts {
  /** Atlassian forbids Marketplace apps to collect tokens. */
  readonly typedAllowed: boolean;
}

const PRODUCT_OF = { 'personal-token': 'data-center', 'api-token': 'cloud', password: 'data-center' } as const;

const keptAs = (given: TypedCredentials): Exclude<RemoteCredentials, { kind: 'oauth2' | 'oauth1' }> => {
  if (given.kind === 'personal-token') return { kind: 'bearer', token: given.token };
  if (given.kind === 'api-token') return { kind: 'basic', userName: given.email, secret: given.token };
  return { kind: 'basic', userName: given.userName, secret: given.password };
};

const headerOf = (credentials: ReturnType<typeof keptAs>): string =>
  credentials.kind === 'bearer' ? `Bearer ${credentials.token}` : basicHeader(credentials.userName, credentials.secret);

/** Jira's own words, of several versions: "Basic authentication is disabled", "Basic Auth … not allowed on this instance". */
const BASIC_OFF = /basic\s*auth\w*[^.]{0,60}\b(disabled|not allowed|not permitted|blocked|switched off)/i;

/** What an answer to "who am I?" says of credentials that were typed. */
export function judgeTyped(kind: TypedCredentials['kind'], { status, headers, body }: Reply): AuthenticationRefusal {
  const said = `${headers['www-authenticate'] ?? ''} ${body.slice(0, 4000)}`;
  if (status === 401 || status === 403) {
    if (kind === 'password' && BASIC_OFF.test(said)) return { code: 'password-off', detail: null };
    if (/AUTHENTICATION_DENIED/.test(headers['x-seraph-loginreason'] ?? '')) return { code: 'captcha-needed', detail: null };
    return { code: 'credentials-refused', detail: null };
  }
  return { code: 'provider-unavailable', detail: `status ${status}` };
}

const refusalOf = (kind: TypedCredentials['kind'], unanswered: Unanswered): AuthenticationRefusal => {
  if (unanswered.kind === 'refused') return judgeTyped(kind, unanswered.reply);
  return { code: unanswered.kind === 'forbidden-address' ? 'address-not-allowed' : 'provider-unavailable', detail: null };
};

/** What a header can carry. Basic authentication is encoded and carries anything. */
const fitsHeader = (credentials: ReturnType<typeof keptAs>): boolean =>
  credentials.kind === 'basic' || /^[\x21-\x7e]+$/.test(credentials.token);

interface Tried {
  readonly apiUrl: string;
  readonly syncUser: SyncUser;
}

/** At the site, and an API token that is not taken there at Atlassian's gateway: those with scopes are good there alone. */
async function tryOut(
  { send, atlassian }: TypedAuthenticationParts,
  { siteUrl }: RemoteConnection,
  kind: TypedCredentials['kind'],
  header: string,
): Promise<Result<Tried, AuthenticationRefusal>> {
  const atSite = await readMyself(send.given, siteUrl, () => header);
  if (atSite.ok) return succeed({ apiUrl: siteUrl, syncUser: atSite.value });
  const refusal = refusalOf(kind, atSite.failure);
  if (kind !== 'api-token' || refusal.code !== 'credentials-refused') return fail(refusal);
  const cloudId = await readCloudId(send.given, siteUrl);
  if (!cloudId.ok) return fail(refusal);
  const apiUrl = gatewayUrl(atlassian.apiUrl, cloudId.value);
  const atGateway = await readMyself(send.vouched, apiUrl, () => header);
  return atGateway.ok ? succeed({ apiUrl, syncUser: atGateway.value }) : fail(refusalOf(kind, atGateway.failure));
}

/** Tokens and passwords that a person types in. */
export const createTypedAuthentication = (parts: TypedAuthenticationParts): TypedAuthentication => ({
  async enter(connection, given): Promise<Result<Authenticated, AuthenticationRefusal>> {
    if (!parts.typedAllowed) return refuse('kind-off');
    if (given.kind !== connection.kind || PRODUCT_OF[given.kind] !== connection.product) return refuse('kind-impossible');
    const credentials = keptAs(given);
    if (!fitsHeader(credentials)) return refuse('credentials-refused');
    const tried = await tryOut(parts, connection, given.kind, headerOf(credentials));
    if (!tried.ok) return tried;
    return storeAuthenticated(parts, connection, credentials, { ...tried.value, credentialsEndAt: null });
  },
});
