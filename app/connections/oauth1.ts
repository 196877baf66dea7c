import { createSign, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { fail, type Result, succeed } from '../core/failure.ts';
import type { Reply, SendFailure } from './send-http.ts';

/** OAuth 1.0a as RFC 5849 has it, with RSA-SHA1, the one method that Jira's application links take. Nothing here sends anything. */

/** As whom a request is signed. `token` null: the first leg, before there is one. */
export interface OAuth1Identity {
  readonly consumerKey: string;
  readonly privateKey: KeyObject;
  readonly token: string | null;
}

/** Below what stands nobody accepts an RSA key any more; above it each request would cost milliseconds of signing. */
const KEY_BITS = 2048;

const generate = promisify(generateKeyPair);

/** A fresh pair: SubjectPublicKeyInfo and PKCS #8, both as PEM. */
export const makeKeyPair = (): Promise<{ readonly publicKey: string; readonly privateKey: string }> =>
  generate('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

type Pair = readonly [name: string, value: string];

/** Percent-encoding of §3.6: everything but letters, digits, `-`, `.`, `_` and `~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const byCode = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The signature base string of §3.4.1. The address counts whole, with its context path; its query counts among the parameters. */
export function baseString(method: string, url: string, oauth: readonly Pair[]): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  const normalized = [...oauth, ...searchParams]
    .map(([name, value]): Pair => [encode(name), encode(value)])
    .sort(([leftName, left], [rightName, right]) => byCode(leftName, rightName) || byCode(left, right))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), `${protocol}//${host}${pathname}`, normalized].map(encode).join('&');
}

/** The Authorization header for exactly this request. `nonce`: never used before; `more`: `oauth_callback` or `oauth_verifier`. */
export function signOAuth1(
  { consumerKey, privateKey, token }: OAuth1Identity,
  request: { readonly method: string; readonly url: string },
  { now, nonce, more = {} }: { now: number; nonce: string; more?: Readonly<Record<string, string>> },
): string {
  const oauth: Pair[] = Object.entries({
    oauth_consumer_key: consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'RSA-SHA1',
    oauth_timestamp: String(Math.floor(now / 1000)),
    oauth_version: '1.0',
    ...(token === null ? {} : { oauth_token: token }),
    ...more,
  });
  const signature = createSign('RSA-SHA1')
    .update(baseString(request.method, request.url, oauth))
    .sign(privateKey, 'base64');
  const shown = [...oauth, ['oauth_signature', signature] as const].map(([name, value]) => `${encode(name)}="${encode(value)}"`);
  return `OAuth ${shown.join(', ')}`;
}

const BASE = '/plugins/servlet/oauth';

/** Jira's three addresses. */
export const oauth1Addresses = (siteUrl: string) => ({
  requestToken: `${siteUrl}${BASE}/request-token`,
  accessToken: `${siteUrl}${BASE}/access-token`,
  authorize: (requestToken: string): string => `${siteUrl}${BASE}/authorize?oauth_token=${encode(requestToken)}`,
});

/** The word of the OAuth Problem Reporting extension in an answer, from its header or body; null: none stands there. */
export const problemOf = ({ headers, body }: Reply): string | null =>
  /oauth_problem="?([a-z_]{1,40})/.exec(headers['www-authenticate'] ?? '')?.[1] ??
  /(?:^|&)oauth_problem=([a-z_]{1,40})/.exec(body.slice(0, 2000))?.[1] ??
  null;

export interface OAuth1Token {
  readonly token: string;
  /** Null: the site does not say. */
  readonly lifeMs: number | null;
}

/** `problem` null: what came says nothing. */
export interface OAuth1Refusal {
  readonly problem: string | null;
}

/** What the answer to a request for a token means. The token secret plays no part in RSA-SHA1. */
export function readOAuth1Token(sent: Result<Reply, SendFailure>): Result<OAuth1Token, OAuth1Refusal> {
  if (!sent.ok) return fail({ problem: null });
  const fields = new URLSearchParams(sent.value.body);
  const token = fields.get('oauth_token');
  if (sent.value.status !== 200 || token === null || token === '') return fail({ problem: problemOf(sent.value) });
  const seconds = Number(fields.get('oauth_expires_in') ?? Number.NaN);
  return succeed({ token, lifeMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null });
}
