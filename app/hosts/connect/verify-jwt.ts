import type { JWTPayload } from 'jose';
import { decodeJwt, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import type { Installation, InstallationStore } from '../../connections/installation-store.ts';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { AccountId, TenantId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { InstallKeys, KeyFailure } from './install-keys.ts';
import { openByKey, openBySecret, rsaKey, type TokenFault } from './open-token.ts';
import type { PresentedRequest, TokenPlace } from './presented-token.ts';
import { readToken } from './presented-token.ts';
import { queryStringHash } from './query-string-hash.ts';

/**
 * What kind of request a token must be good for. The kind alone decides algorithm, key, place and hash; nothing in the
 * token does.
 *
 * | kind      | algorithm, key            | place           | qsh             | site must be        |
 * |---|---|---|---|---|
 * | install   | RS256, Atlassian's key    | header          | of this request | anything            |
 * | lifecycle | HS256, the site's secret  | header          | of this request | enabled or disabled |
 * | webhook   | HS256, the site's secret  | header or query | of this request | enabled             |
 * | page      | HS256, the site's secret  | header or query | of this request | enabled             |
 * | api       | HS256, the site's secret  | header          | `context-qsh`   | enabled             |
 */
export type ExpectedToken =
  /** Signed install and uninstall. `clientKey` is the body's. */
  { readonly kind: 'install'; readonly clientKey: string } | { readonly kind: 'lifecycle' | 'webhook' | 'page' | 'api' };

export type RefusalCode =
  | 'jwt-missing'
  | 'jwt-ambiguous'
  | TokenFault
  | 'jwt-query-hash'
  | 'jwt-audience'
  | KeyFailure
  | 'site-unknown'
  | 'site-disabled'
  | 'site-uninstalled';

export interface VerifiedInstall {
  readonly kind: 'install';
  readonly clientKey: string;
}

export interface VerifiedSite {
  readonly kind: 'site';
  readonly installation: Installation;
  /** The person, if the token names one. Always there for `api`. */
  readonly accountId: AccountId | null;
  /** The space the page was opened in, as Jira signed it. */
  readonly space: { readonly projectId: string; readonly projectKey: string } | null;
}

export interface JwtVerifier {
  verify(
    request: PresentedRequest,
    expected: { kind: 'install'; clientKey: string },
  ): Promise<Result<VerifiedInstall, RefusalCode>>;
  verify(
    request: PresentedRequest,
    expected: { kind: 'lifecycle' | 'webhook' | 'page' | 'api' },
  ): Promise<Result<VerifiedSite, RefusalCode>>;
}

export interface VerifierPorts {
  readonly installations: InstallationStore;
  /** Opens a sealed secret for its tenant; null when no key we have opens it. */
  readonly openSecret: (installation: Installation) => string | null;
  readonly installKeys: InstallKeys;
  readonly clock: Clock;
  /** The app's own base URL, as in the descriptor. */
  readonly baseUrl: string;
  /** Called when a token says it is a known site's and is not good for what it is used for. */
  readonly onRefused: (tenantId: TenantId, code: RefusalCode) => Promise<void>;
}

/** The fixed qsh of tokens made by `AP.context.getToken`: good for our own API, and for nothing else. */
const CONTEXT_QSH = 'context-qsh';

type Kind = ExpectedToken['kind'];

const PLACES: Readonly<Record<Kind, readonly TokenPlace[]>> = {
  install: ['header'],
  lifecycle: ['header'],
  webhook: ['header', 'query'],
  page: ['header', 'query'],
  api: ['header'],
};

const ALGORITHM: Readonly<Record<Kind, 'RS256' | 'HS256'>> = {
  install: 'RS256',
  lifecycle: 'HS256',
  webhook: 'HS256',
  page: 'HS256',
  api: 'HS256',
};

const spaceClaim = z.object({
  jira: z.object({ project: z.object({ id: z.union([z.string(), z.number()]).transform(String), key: z.string().min(1) }) }),
});

interface Envelope {
  readonly algorithm: unknown;
  readonly keyId: unknown;
  readonly issuer: unknown;
}

const readEnvelope = (token: string): Result<Envelope, 'jwt-malformed'> => {
  try {
    const header = decodeProtectedHeader(token);
    // Extensions that must be understood: we understand none.
    if (header.crit !== undefined) return fail('jwt-malformed');
    return succeed({ algorithm: header.alg, keyId: header.kid, issuer: decodeJwt(token).iss });
  } catch (error) {
    // Both complain with a JOSEError or a TypeError about the text they were given, and that is the only input here.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return fail('jwt-malformed');
    throw error;
  }
};

const withoutTrailingSlash = (url: string): string => url.replace(/\/$/, '');

const verifyInstall = async (
  ports: VerifierPorts,
  request: PresentedRequest,
  token: string,
  envelope: Envelope,
  clientKey: string,
): Promise<Result<VerifiedInstall, RefusalCode>> => {
  if (typeof envelope.keyId !== 'string') return fail('jwt-key-unknown');
  const pem = await ports.installKeys.readPem(envelope.keyId);
  if (!pem.ok) return pem;
  const key = rsaKey(pem.value);
  if (!key.ok) return key;
  const opened = await openByKey(token, key.value, { issuer: clientKey, now: ports.clock.now() });
  if (!opened.ok) return opened;
  // Jira names the app it installs first; a token made for another app must not install this one.
  const audience = [opened.value.aud].flat()[0];
  if (audience === undefined || withoutTrailingSlash(audience) !== withoutTrailingSlash(ports.baseUrl))
    return fail('jwt-audience');
  if (opened.value.qsh !== queryStringHash(request.method, request.originalUrl, ports.baseUrl)) return fail('jwt-query-hash');
  return succeed({ kind: 'install', clientKey });
};

const refuseByState = (kind: Kind, installation: Installation): RefusalCode | null => {
  switch (installation.state) {
    case 'enabled':
      return null;
    case 'disabled':
      return kind === 'lifecycle' ? null : 'site-disabled';
    case 'uninstalled':
      return 'site-uninstalled';
  }
};

const siteOf = (installation: Installation, payload: JWTPayload): VerifiedSite => {
  const space = spaceClaim.safeParse(payload.context);
  return {
    kind: 'site',
    installation,
    accountId: payload.sub === undefined || payload.sub === '' ? null : (payload.sub as AccountId),
    space: space.success ? { projectId: space.data.jira.project.id, projectKey: space.data.jira.project.key } : null,
  };
};

const verifySite = async (
  ports: VerifierPorts,
  request: PresentedRequest,
  token: string,
  envelope: Envelope,
  kind: Exclude<Kind, 'install'>,
): Promise<Result<VerifiedSite, RefusalCode>> => {
  if (typeof envelope.issuer !== 'string' || envelope.issuer === '') return fail('jwt-issuer');
  const installation = await ports.installations.readByClientKey(envelope.issuer);
  const secret = installation === null ? null : ports.openSecret(installation);
  if (installation === null || secret === null || secret === '') return fail('site-unknown');
  const judged = await judgeSite(ports, request, token, kind, installation, secret);
  if (!judged.ok) await ports.onRefused(installation.tenantId, judged.failure);
  return judged;
};

const judgeSite = async (
  ports: VerifierPorts,
  request: PresentedRequest,
  token: string,
  kind: Exclude<Kind, 'install'>,
  installation: Installation,
  secret: string,
): Promise<Result<VerifiedSite, RefusalCode>> => {
  const opened = await openBySecret(token, secret, { issuer: installation.clientKey, now: ports.clock.now() });
  if (!opened.ok) return opened;
  const hash = kind === 'api' ? CONTEXT_QSH : queryStringHash(request.method, request.originalUrl, ports.baseUrl);
  if (opened.value.qsh !== hash) return fail('jwt-query-hash');
  // Only who holds the secret learns whether the site is disabled.
  const refusedByState = refuseByState(kind, installation);
  if (refusedByState !== null) return fail(refusedByState);
  const site = siteOf(installation, opened.value);
  return kind === 'api' && site.accountId === null ? fail('jwt-claims') : succeed(site);
};

/** The one place where a Connect token is believed: lifecycle, webhooks, pages and API all come here. */
export const createJwtVerifier = (ports: VerifierPorts): JwtVerifier => {
  async function verify(
    request: PresentedRequest,
    expected: { kind: 'install'; clientKey: string },
  ): Promise<Result<VerifiedInstall, RefusalCode>>;
  async function verify(
    request: PresentedRequest,
    expected: { kind: Exclude<Kind, 'install'> },
  ): Promise<Result<VerifiedSite, RefusalCode>>;
  async function verify(
    request: PresentedRequest,
    expected: ExpectedToken,
  ): Promise<Result<VerifiedInstall | VerifiedSite, RefusalCode>> {
    const token = readToken(request, PLACES[expected.kind]);
    if (!token.ok) return token;
    const envelope = readEnvelope(token.value);
    if (!envelope.ok) return envelope;
    if (envelope.value.algorithm !== ALGORITHM[expected.kind]) return fail('jwt-algorithm');
    return expected.kind === 'install'
      ? verifyInstall(ports, request, token.value, envelope.value, expected.clientKey)
      : verifySite(ports, request, token.value, envelope.value, expected.kind);
  }
  return { verify };
};
