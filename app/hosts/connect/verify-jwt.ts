import { createHmac, createPublicKey, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import type { Installation, InstallationStore } from '../../connections/installation-store.ts';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { AccountId, TenantId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { InstallKeys, KeyFailure } from './install-keys.ts';
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
  | 'jwt-malformed'
  | 'jwt-algorithm'
  | 'jwt-signature'
  | 'jwt-expired'
  | 'jwt-not-yet-valid'
  | 'jwt-claims'
  | 'jwt-query-hash'
  | 'jwt-issuer'
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

/** How far clocks may be apart. */
const SKEW_SECONDS = 30;

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

const codeOf = (error: errors.JOSEError): RefusalCode => {
  if (error instanceof errors.JWTExpired) return 'jwt-expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'jwt-not-yet-valid';
    return error.claim === 'iss' ? 'jwt-issuer' : 'jwt-claims';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'jwt-signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'jwt-algorithm';
  return 'jwt-malformed';
};

interface ExpectedClaims {
  readonly issuer: string;
  readonly now: number;
}

const claimChecks = ({ issuer, now }: ExpectedClaims) => ({
  issuer,
  clockTolerance: SKEW_SECONDS,
  currentDate: new Date(now),
  requiredClaims: ['iss', 'exp', 'qsh'],
});

/** What jose throws about a token is a refusal. */
const judge = async (
  claims: () => JWTPayload | Promise<JWTPayload>,
  { now }: ExpectedClaims,
): Promise<Result<JWTPayload, RefusalCode>> => {
  try {
    const payload = await claims();
    const issuedAhead = payload.iat !== undefined && payload.iat > now / 1000 + SKEW_SECONDS;
    return issuedAhead ? fail('jwt-not-yet-valid') : succeed(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) return fail(codeOf(error));
    throw error;
  }
};

/** Signed by Atlassian's key: signature first, then issuer and times. */
const openByKey = (token: string, key: ReturnType<typeof createPublicKey>, expected: ExpectedClaims) =>
  judge(async () => (await jwtVerify(token, key, { algorithms: ['RS256'], ...claimChecks(expected) })).payload, expected);

const isSignedWith = (secret: string, signed: string, signature: string): boolean => {
  const given = Buffer.from(signature, 'base64url');
  const right = createHmac('sha256', secret).update(signed).digest();
  return given.length === right.length && timingSafeEqual(given, right);
};

const UNSECURED_HEADER = Buffer.from('{"alg":"none"}').toString('base64url');

/**
 * Signed with a site's secret: signature first, then issuer and times. Every webhook comes this way, and jose would make a key of WebCrypto
 * and wait for another thread each time, which takes several times as long as the signature itself (docs/bench). So the signature is
 * checked here, and jose judges the claims, as those of a token that needs no signature any more.
 */
const openBySecret = (token: string, secret: string, expected: ExpectedClaims): Promise<Result<JWTPayload, RefusalCode>> => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  if (!isSignedWith(secret, `${header}.${payload}`, signature)) return Promise.resolve(fail('jwt-signature'));
  return judge(() => UnsecuredJWT.decode(`${UNSECURED_HEADER}.${payload}.`, claimChecks(expected)).payload, expected);
};

const withoutTrailingSlash = (url: string): string => url.replace(/\/$/, '');

const rsaKey = (pem: string): Result<ReturnType<typeof createPublicKey>, 'jwt-key-unknown'> => {
  try {
    const key = createPublicKey(pem);
    const strongRsa = key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return strongRsa ? succeed(key) : fail('jwt-key-unknown');
  } catch {
    // OpenSSL refuses the text: whatever that server sent is not a key.
    return fail('jwt-key-unknown');
  }
};

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
