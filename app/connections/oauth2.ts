import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fail, type Result, succeed } from '../core/failure.ts';
import { type Ask, jsonOf, type Reply, type SendFailure } from './send-http.ts';

/** OAuth 2.0 as RFC 6749 and RFC 7636 (PKCE) have it: addresses, forms and what answers mean. Nothing here sends anything. */

/** Where a provider is, and as which client we come. */
export interface OAuth2Client {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly redirectUri: string;
  /** What the provider wants in its authorization address besides. */
  readonly more: Readonly<Record<string, string>>;
}

export interface AtlassianApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `https://auth.atlassian.com` and `https://api.atlassian.com`, without a slash at the end. */
export interface AtlassianAddresses {
  readonly authUrl: string;
  readonly apiUrl: string;
}

/** What Tandem does on a Cloud site, and a refresh token. */
const CLOUD_SCOPES = 'read:jira-work write:jira-work read:jira-user manage:jira-webhook report:personal-data offline_access';

/** Tandem's own app, as a client of Atlassian. */
export const cloudClient = (app: AtlassianApp, { authUrl }: AtlassianAddresses, redirectUri: string): OAuth2Client => ({
  ...app,
  authorizeUrl: `${authUrl}/authorize`,
  tokenUrl: `${authUrl}/oauth/token`,
  scope: CLOUD_SCOPES,
  redirectUri,
  more: { audience: 'api.atlassian.com', prompt: 'consent' },
});

/** An application link, as a client of its site. */
export const dataCenterClient = (
  link: { readonly clientId: string; readonly clientSecret: string; readonly scope: string },
  siteUrl: string,
  redirectUri: string,
): OAuth2Client => ({
  ...link,
  authorizeUrl: `${siteUrl}/rest/oauth2/latest/authorize`,
  tokenUrl: `${siteUrl}/rest/oauth2/latest/token`,
  redirectUri,
  more: {},
});

/** S256 of RFC 7636. `verifier`: 43 to 128 characters of its alphabet. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Where the browser goes. */
export function authorizeUrl(client: OAuth2Client, state: string, verifier: string): string {
  const url = new URL(client.authorizeUrl);
  const parameters = {
    ...client.more,
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: client.scope,
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

const tokenAsk = ({ tokenUrl, clientId, clientSecret, redirectUri }: OAuth2Client, form: Record<string, string>): Ask => ({
  method: 'POST',
  url: tokenUrl,
  form: { ...form, redirect_uri: redirectUri, client_id: clientId, client_secret: clientSecret },
});

/** A code for tokens. */
export const exchangeAsk = (client: OAuth2Client, code: string, verifier: string): Ask =>
  tokenAsk(client, { grant_type: 'authorization_code', code, code_verifier: verifier });

/** A refresh token for new tokens. Data Center wants the redirect URI here too, and answers a bare `invalid_grant` without it. */
export const refreshAsk = (client: OAuth2Client, refreshToken: string): Ask =>
  tokenAsk(client, { grant_type: 'refresh_token', refresh_token: refreshToken });

export interface Tokens {
  readonly accessToken: string;
  readonly lifeMs: number;
  /** Null: none came along. */
  readonly refreshToken: string | null;
}

/**
 * `grant`: code or refresh token are not good (any more). `client`: client id or secret are wrong. `scope`: too much was asked for.
 * `unavailable`: says nothing about grant and client, nothing changes. `waitMs`: asked for by the provider.
 */
export type TokenRefusal =
  | { readonly kind: 'grant' | 'client' | 'scope'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string; readonly waitMs: number | null };

const granted = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

/** Words of the protocol alone: whatever else stands there is not quoted. */
const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** RFC 6749 recommends to tell it; an hour is what Atlassian and Data Center give. */
const USUAL_LIFE_SECONDS = 3600;

/** RFC 6749 §5.2, and Atlassian's `unauthorized_client` for refresh tokens that it does not know and `access_denied` for wrong clients. */
const MEANINGS: Readonly<Record<string, 'grant' | 'client' | 'scope'>> = {
  invalid_grant: 'grant',
  unauthorized_client: 'grant',
  invalid_client: 'client',
  access_denied: 'client',
  invalid_scope: 'scope',
};

const unavailable = (detail: string, waitMs: number | null = null): { ok: false; failure: TokenRefusal } =>
  fail({ kind: 'unavailable', detail, waitMs });

/** Seconds alone: dates are for pages. */
const waitOf = (headers: Reply['headers']): number | null => {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
};

/** What a token endpoint's answer means. */
export function readTokens(sent: Result<Reply, SendFailure>): Result<Tokens, TokenRefusal> {
  if (!sent.ok) return unavailable(sent.failure);
  const { status, headers } = sent.value;
  const body = jsonOf(sent.value);
  if (status >= 200 && status < 300) {
    const parsed = granted.safeParse(body);
    if (!parsed.success) return unavailable('unreadable answer');
    const { access_token, expires_in, refresh_token } = parsed.data;
    const lifeMs = (expires_in ?? USUAL_LIFE_SECONDS) * 1000;
    return succeed({ accessToken: access_token, lifeMs, refreshToken: refresh_token ?? null });
  }
  if (status !== 400 && status !== 401 && status !== 403) return unavailable(`status ${status}`, waitOf(headers));
  const refused = refusal.safeParse(body);
  if (!refused.success) return unavailable(`status ${status}`);
  const { error } = refused.data;
  const kind = MEANINGS[error];
  return kind === undefined ? unavailable(error) : fail({ kind, detail: error });
}
