import { createHmac, createPublicKey, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { errors, jwtVerify, UnsecuredJWT } from 'jose';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';

/** What is wrong with a token by itself: its signature, who says to have made it, and when. */
export type TokenFault =
  | 'jwt-malformed'
  | 'jwt-algorithm'
  | 'jwt-signature'
  | 'jwt-expired'
  | 'jwt-not-yet-valid'
  | 'jwt-claims'
  | 'jwt-issuer';

/** How far clocks may be apart. */
const SKEW_SECONDS = 30;

const codeOf = (error: errors.JOSEError): TokenFault => {
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
): Promise<Result<JWTPayload, TokenFault>> => {
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
export const openByKey = (token: string, key: ReturnType<typeof createPublicKey>, expected: ExpectedClaims) =>
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
export const openBySecret = (
  token: string,
  secret: string,
  expected: ExpectedClaims,
): Promise<Result<JWTPayload, TokenFault>> => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  if (!isSignedWith(secret, `${header}.${payload}`, signature)) return Promise.resolve(fail('jwt-signature'));
  return judge(() => UnsecuredJWT.decode(`${UNSECURED_HEADER}.${payload}.`, claimChecks(expected)).payload, expected);
};

export const rsaKey = (pem: string): Result<ReturnType<typeof createPublicKey>, 'jwt-key-unknown'> => {
  try {
    const key = createPublicKey(pem);
    const strongRsa = key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return strongRsa ? succeed(key) : fail('jwt-key-unknown');
  } catch {
    // OpenSSL refuses the text: whatever that server sent is not a key.
    return fail('jwt-key-unknown');
  }
};
