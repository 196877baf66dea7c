import type { Site, User } from '../heart/site.ts';
import type { DataCenterAccess, OAuth1Consumer, OAuth1Token } from './data-center-access.ts';
import { isSignedBy, type Pair, signatureBase } from './oauth1-signature.ts';

/** A signed call as it came in. */
export interface SignedCall {
  readonly method: string;
  /** Whole, as the client called it. */
  readonly url: string;
  /** Of the Authorization header. */
  readonly oauth: readonly Pair[];
  /** Of a form body; empty for any other body. */
  readonly form: readonly Pair[];
}

/** `problem`: a word of the OAuth Problem Reporting extension, as Jira's servlets answer with. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
const problem = (word: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem: word });

const MINUTE = 60_000;
/** Clocks may differ by this much. */
const CLOCK_LEEWAY = 5 * MINUTE;
const REQUEST_TOKEN_MS = 10 * MINUTE;
/** 5 years, as Jira has it. */
export const ACCESS_TOKEN_SECONDS = 157_680_000;

interface Signed {
  readonly consumer: OAuth1Consumer;
  readonly parameters: ReadonlyMap<string, string>;
  readonly token: OAuth1Token | null;
}

function checkFreshness(site: Site, access: DataCenterAccess, parameters: ReadonlyMap<string, string>): string | null {
  const now = site.clock.now();
  const timestamp = Number(parameters.get('oauth_timestamp'));
  const nonce = parameters.get('oauth_nonce');
  if (!Number.isInteger(timestamp) || timestamp <= 0 || nonce === undefined) return 'parameter_absent';
  if (Math.abs(timestamp * 1000 - now) > CLOCK_LEEWAY) return 'timestamp_refused';
  for (const [seen, until] of access.nonces) if (until < now) access.nonces.delete(seen);
  const once = `${parameters.get('oauth_consumer_key') ?? ''} ${timestamp} ${nonce}`;
  if (access.nonces.has(once)) return 'nonce_used';
  access.nonces.set(once, now + 2 * CLOCK_LEEWAY);
  return null;
}

/** Checks consumer, signature, timestamp, nonce and token of a call, in that order. */
export function checkSigned(site: Site, access: DataCenterAccess, call: SignedCall): Checked<Signed> {
  const parameters = new Map([...call.oauth, ...call.form.filter(([name]) => name.startsWith('oauth_'))]);
  const consumer = access.consumers.get(parameters.get('oauth_consumer_key') ?? '');
  if (consumer === undefined) return problem('consumer_key_unknown');
  if (parameters.get('oauth_signature_method') !== 'RSA-SHA1') return problem('signature_method_rejected');
  if ((parameters.get('oauth_version') ?? '1.0') !== '1.0') return problem('version_rejected');
  const base = signatureBase(call.method, call.url, [...call.oauth, ...call.form]);
  if (!isSignedBy(consumer.publicKey, base, parameters.get('oauth_signature') ?? '')) return problem('signature_invalid');
  const stale = checkFreshness(site, access, parameters);
  if (stale !== null) return problem(stale);
  const named = parameters.get('oauth_token');
  const token = named === undefined ? null : (access.oauth1Tokens.get(named) ?? null);
  if (named !== undefined && (token === null || token.consumerKey !== consumer.key)) return problem('token_rejected');
  if (token !== null && token.expiresAt <= site.clock.now()) return problem('token_expired');
  return { ok: true, value: { consumer, parameters, token } };
}

function makeToken(site: Site, consumerKey: string, rest: Pick<OAuth1Token, 'kind' | 'callback' | 'userKey'>, ms: number) {
  const token: OAuth1Token = {
    ...rest,
    token: site.random.hex(32),
    secret: site.random.hex(32),
    consumerKey,
    expiresAt: site.clock.now() + ms,
    verifier: null,
  };
  return token;
}

/** The first leg: a token that a person may then authorize. */
export function requestToken(site: Site, access: DataCenterAccess, call: SignedCall): Checked<OAuth1Token> {
  const checked = checkSigned(site, access, call);
  if (!checked.ok) return checked;
  const { consumer, parameters } = checked.value;
  const callback = parameters.get('oauth_callback') ?? consumer.callbackUrl;
  if (callback === null) return problem('parameter_absent');
  const token = makeToken(site, consumer.key, { kind: 'request', callback, userKey: null }, REQUEST_TOKEN_MS);
  access.oauth1Tokens.set(token.token, token);
  return { ok: true, value: token };
}

/** The second leg: a person's word. Returns where the browser goes; null where the verifier is to be shown instead. */
export function decide(site: Site, token: OAuth1Token, user: User, allowed: boolean): string | null {
  if (allowed) {
    token.userKey = user.accountId;
    token.verifier = site.random.hex(6);
  }
  if (token.callback === null || token.callback === 'oob') return null;
  const target = new URL(token.callback);
  target.searchParams.set('oauth_token', token.token);
  target.searchParams.set('oauth_verifier', allowed ? (token.verifier ?? '') : 'denied');
  return target.href;
}

/** The third leg: the authorized request token for an access token of 5 years. Each can be swapped once. */
export function accessToken(site: Site, access: DataCenterAccess, call: SignedCall): Checked<OAuth1Token> {
  const checked = checkSigned(site, access, call);
  if (!checked.ok) return checked;
  const { consumer, parameters, token } = checked.value;
  if (token === null || token.kind !== 'request') return problem('token_rejected');
  if (token.userKey === null) return problem('permission_unknown');
  if (parameters.get('oauth_verifier') !== token.verifier) return problem('permission_denied');
  access.oauth1Tokens.delete(token.token);
  const made = makeToken(
    site,
    consumer.key,
    { kind: 'access', callback: null, userKey: token.userKey },
    ACCESS_TOKEN_SECONDS * 1000,
  );
  access.oauth1Tokens.set(made.token, made);
  return { ok: true, value: made };
}

/** The person in whose name a signed call comes. */
export function readSigned(site: Site, access: DataCenterAccess, call: SignedCall): Checked<User> {
  const checked = checkSigned(site, access, call);
  if (!checked.ok) return checked;
  const { token } = checked.value;
  if (token === null || token.kind !== 'access') return problem('token_rejected');
  const user = site.users.get(token.userKey ?? '');
  return user?.active === true ? { ok: true, value: user } : problem('token_revoked');
}
