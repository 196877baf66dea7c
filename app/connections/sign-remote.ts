import { createPrivateKey, type KeyObject } from 'node:crypto';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeSecret } from '../platform/make-secret.ts';
import type { ConnectionCause, RemoteConnection } from '../sync/connection-ports.ts';
import { type ApplicationLinkStore, isSameSite, type KeptApplicationLink } from './application-link-store.ts';
import { problemOf, signOAuth1 } from './oauth1.ts';
import { type AtlassianAddresses, type AtlassianApp, cloudClient, dataCenterClient, type OAuth2Client } from './oauth2.ts';
import type { RemoteCredentials } from './remote-credentials.ts';
import type { SecretBox } from './secret-box.ts';
import type { Reply, SendHttp } from './send-http.ts';

/** What getting into sites, and staying there, is done with. */
export interface SigningParts {
  readonly links: ApplicationLinkStore;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly makeSecret: MakeSecret;
  /** Tandem's own OAuth 2.0 app at Atlassian; null: none is configured. */
  readonly app: AtlassianApp | null;
  readonly atlassian: AtlassianAddresses;
  /** Where providers send people back: `{PUBLIC_URL}/oauth/callback`. */
  readonly callbackUrl: string;
  /** To addresses that people typed, guarded, and to Atlassian's own. */
  readonly send: { readonly given: SendHttp; readonly vouched: SendHttp };
}

/** Behind Atlassian's gateway nobody typed the address that is called. */
export const isVouched = ({ apiUrl, siteUrl }: Pick<RemoteConnection, 'apiUrl' | 'siteUrl'>): boolean => apiUrl !== siteUrl;

/** To the connection's API. */
export const sendToApi = ({ send }: SigningParts, connection: RemoteConnection): SendHttp =>
  isVouched(connection) ? send.vouched : send.given;

/** To who gives out its tokens: Atlassian for Cloud, the site itself for Data Center. */
export const sendToProvider = ({ send }: SigningParts, { kind }: Pick<RemoteConnection, 'kind'>): SendHttp =>
  kind === 'oauth2-cloud' ? send.vouched : send.given;

/** The connection's application link. One for another site is none: its secret must not go to this one. */
async function linkOf(
  links: ApplicationLinkStore,
  { tenantId, siteUrl, applicationLinkId }: RemoteConnection,
  kind: KeptApplicationLink['kind'],
): Promise<KeptApplicationLink | null> {
  const link = applicationLinkId === null ? null : await links.read(tenantId, applicationLinkId);
  return link?.kind === kind && isSameSite(link.siteUrl, siteUrl) ? link : null;
}

/** `missing`: no application link, no app. `sealed`: no key of ours opens its secret. */
export async function oauth2ClientOf(
  { links, secretBox, app, atlassian, callbackUrl }: SigningParts,
  connection: RemoteConnection,
): Promise<Result<OAuth2Client, 'missing' | 'sealed'>> {
  const { tenantId, kind, siteUrl } = connection;
  if (kind === 'oauth2-cloud') return app === null ? fail('missing') : succeed(cloudClient(app, atlassian, callbackUrl));
  const link = await linkOf(links, connection, 'oauth2');
  if (link === null) return fail('missing');
  const clientSecret = secretBox.open(tenantId, link.sealedSecret);
  if (!clientSecret.ok) return fail('sealed');
  const client = { clientId: link.clientId, clientSecret: clientSecret.value, scope: link.scope ?? 'ADMIN' };
  return succeed(dataCenterClient(client, siteUrl, callbackUrl));
}

export interface OAuth1Consumer {
  readonly consumerKey: string;
  readonly privateKey: KeyObject;
}

/** The OAuth 1.0a consumer of a connection; failures as of {@link oauth2ClientOf}. */
export async function consumerOf(
  { links, secretBox }: SigningParts,
  connection: RemoteConnection,
): Promise<Result<OAuth1Consumer, 'missing' | 'sealed'>> {
  const link = await linkOf(links, connection, 'oauth1');
  if (link === null) return fail('missing');
  const pem = secretBox.open(connection.tenantId, link.sealedSecret);
  return pem.ok ? succeed({ consumerKey: link.clientId, privateKey: createPrivateKey(pem.value) }) : fail('sealed');
}

/** Makes the Authorization header for one request; `url` whole. */
export type SignRequest = (request: { readonly method: string; readonly url: string }) => string;

/** Authorization header of basic authentication (RFC 7617). */
export const basicHeader = (userName: string, secret: string): string =>
  `Basic ${Buffer.from(`${userName}:${secret}`).toString('base64')}`;

/** How requests are signed with those credentials. */
export async function signerOf(
  parts: SigningParts,
  connection: RemoteConnection,
  credentials: RemoteCredentials,
): Promise<Result<SignRequest, 'missing' | 'sealed'>> {
  switch (credentials.kind) {
    case 'oauth2':
      return succeed(() => `Bearer ${credentials.accessToken}`);
    case 'bearer':
      return succeed(() => `Bearer ${credentials.token}`);
    case 'basic':
      return succeed(() => basicHeader(credentials.userName, credentials.secret));
    case 'oauth1': {
      const consumer = await consumerOf(parts, connection);
      if (!consumer.ok) return consumer;
      const identity = { ...consumer.value, token: credentials.token };
      const { clock, makeSecret } = parts;
      return succeed((request) => signOAuth1(identity, request, { now: clock.now(), nonce: makeSecret() }));
    }
  }
}

/** Words of OAuth 1.0a that say that the token, or the consumer, is not good any more. Others are about one request (`nonce_used`). */
const LOST_BY_PROBLEM: Readonly<Record<string, ConnectionCause>> = {
  token_expired: 'token-expired',
  token_rejected: 'consent-revoked',
  token_revoked: 'consent-revoked',
  permission_denied: 'consent-revoked',
  permission_unknown: 'consent-revoked',
  consumer_key_unknown: 'client-refused',
  consumer_key_rejected: 'client-refused',
  consumer_key_refused: 'client-refused',
  signature_invalid: 'client-refused',
  signature_method_rejected: 'client-refused',
};

/** Why a site that answers this to "who am I?" does not know us any more; null: it does, or nothing can be said. */
export function lostBy(reply: Reply, credentials: Pick<RemoteCredentials, 'kind'>): ConnectionCause | null {
  if (reply.status !== 401) return null;
  if (credentials.kind === 'oauth2') return 'consent-revoked';
  const problem = credentials.kind === 'oauth1' ? problemOf(reply) : null;
  return problem === null ? 'token-refused' : (LOST_BY_PROBLEM[problem] ?? null);
}
