import { parse } from 'node:querystring';
import jwt from 'atlassian-jwt';

/** The key pair with which this world signs installs, as Atlassian's install keys do. */
export interface InstallKey {
  readonly kid: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

const ORIGIN = /^https?:\/\/[^/]*/;

/** Connect's query string hash of a request, relative to a base URL. */
export const queryHash = (method: string, url: string, baseUrl: string): string => {
  const [address = '', ...query] = url.split('?');
  const request = { method, pathname: address.replace(ORIGIN, ''), query: parse(query.join('?')) };
  return jwt.createQueryStringHash(request, false, baseUrl);
};

/** Seconds that a token for one request is good for. */
const REQUEST_TOKEN_SECONDS = 180;

interface RequestToken {
  readonly clientKey: string;
  readonly method: string;
  readonly url: string;
  /** The app's base URL. */
  readonly baseUrl: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const claimsOf = (token: RequestToken): Record<string, unknown> => {
  const iat = Math.floor(token.now / 1000);
  return {
    iss: token.clientKey,
    iat,
    exp: iat + REQUEST_TOKEN_SECONDS,
    qsh: queryHash(token.method, token.url, token.baseUrl),
    ...token.claims,
  };
};

/** A token from the site to the app for one request: HS256 with the shared secret. */
export const signWithSecret = (token: RequestToken, sharedSecret: string): string =>
  jwt.encodeSymmetric(claimsOf(token), sharedSecret, jwt.SymmetricAlgorithm.HS256);

/** A token for `installed` and `uninstalled`: RS256, for that app alone. */
export const signInstall = (token: RequestToken, key: InstallKey): string =>
  jwt.encodeAsymmetric({ ...claimsOf(token), aud: [token.baseUrl] }, key.privateKey, jwt.AsymmetricAlgorithm.RS256, {
    kid: key.kid,
  });
