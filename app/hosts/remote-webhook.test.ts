import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { buildConnection } from '../../test/factories/connections.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';
import { type DeliveryRefusal, type PresentedDelivery, verifyDelivery } from './remote-webhook.ts';

const NOW = 1_800_000_000_000;
const SECONDS = NOW / 1000;
const SECRETS = { webhook: 'secret-of-the-webhook', client: 'secret-of-the-client' };
const RAW = Buffer.from('{"webhookEvent":"jira:issue_updated"}');

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
interface Made {
  readonly header?: object;
  readonly claims?: object;
  readonly secret?: string;
  readonly hash?: string;
}
const tokenOf = ({ header = { alg: 'HS256', typ: 'JWT' }, claims = { exp: SECONDS + 180 }, secret, hash }: Made = {}): string => {
  const signed = `${part(header)}.${part(claims)}`;
  const mac = createHmac(hash ?? 'sha256', secret ?? SECRETS.client)
    .update(signed)
    .digest('base64url');
  return `${signed}.${mac}`;
};
const bearer = (made: Made = {}): Partial<PresentedDelivery> => ({ authorizations: [`Bearer ${tokenOf(made)}`] });
const signatureOf = (secret = SECRETS.webhook, raw = RAW, hash = 'sha256'): string =>
  `${hash}=${createHmac(hash, secret).update(raw).digest('hex')}`;
const signed = (...lines: string[]): Partial<PresentedDelivery> => ({ signatures: lines });

const OAUTH = buildConnection({ kind: 'oauth2-cloud', product: 'cloud' });
const TOKEN = buildConnection({ kind: 'api-token', product: 'cloud' });
const at = (version: string | null, webhook: RemoteConnection['webhook'] = { kind: 'manual', because: 'chosen' }) =>
  buildConnection({ kind: 'personal-token', product: 'data-center', version, webhook });
const registered = (isProven: boolean): RemoteConnection['webhook'] => ({
  kind: 'registered',
  remoteId: '1',
  expiresAt: null,
  projectIds: [],
  isProven,
});
const NEWER = at('10.3.1', registered(true));

const verdict = (connection: RemoteConnection, presented: Partial<PresentedDelivery>, secrets = SECRETS) => {
  const verified = verifyDelivery(connection, { authorizations: [], signatures: [], raw: RAW, ...presented }, secrets, NOW);
  return verified.ok ? 'believed' : verified.failure;
};

describe('a delivery is believed', () => {
  it.each<[string, RemoteConnection, Partial<PresentedDelivery>]>([
    ['from OAuth of Cloud, with a token by the client secret', OAUTH, bearer()],
    ['of that, with all times in it', OAUTH, bearer({ claims: { iss: 'x', iat: SECONDS, nbf: SECONDS, exp: SECONDS + 180 } })],
    ['of that, expired by less than clocks may differ', OAUTH, bearer({ claims: { exp: SECONDS - 29 } })],
    ['from a webhook that an admin made there by our steps', OAUTH, signed(signatureOf())],
    ['from Cloud by its signature', TOKEN, signed(signatureOf())],
    ['in capitals', TOKEN, signed(signatureOf().toUpperCase().replace('SHA256', 'sha256'))],
    ['from Data Center since 10.0 by its signature', NEWER, signed(signatureOf())],
    ['of that, made by hand', at('11.0.0'), signed(signatureOf())],
    ['from Data Center before 10.0, which signs nothing', at('9.12.15', registered(false)), {}],
    ['of that, made by hand', at('9.12.15'), {}],
    ['from a site that keeps our unsigned webhook from before its upgrade', at('10.3.1', registered(false)), {}],
    ['where nobody knows the version yet', at(null), {}],
  ])('%s', (_name, connection, presented) => {
    expect(verdict(connection, presented)).toBe('believed');
  });

  it('by the documented example of a signature', () => {
    const raw = Buffer.from('Hello World!');
    const secrets = { webhook: "It's a Secret to Everybody", client: null };
    const signature = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
    expect(verifyDelivery(TOKEN, { authorizations: [], signatures: [signature], raw }, secrets, NOW).ok).toBe(true);
  });
});

describe('a delivery is refused', () => {
  it.each<[string, DeliveryRefusal, RemoteConnection, Partial<PresentedDelivery>]>([
    ['without a token', 'proof-missing', OAUTH, {}],
    ['without a signature', 'proof-missing', TOKEN, {}],
    ['without the signature that its webhook has a secret for', 'proof-missing', NEWER, {}],
    ['with a token where a signature is due', 'proof-missing', TOKEN, bearer()],
    ['of a newer site, made by hand, unsigned', 'proof-missing', at('10.0.0'), {}],
    ['with two tokens', 'proof-ambiguous', OAUTH, { authorizations: [`Bearer ${tokenOf()}`, `Bearer ${tokenOf()}`] }],
    ['with two signatures', 'proof-ambiguous', TOKEN, signed(signatureOf(), signatureOf())],
    ['with a good token and a wrong signature', 'signature-wrong', OAUTH, { ...bearer(), ...signed(signatureOf('guess')) }],
    ['with another scheme', 'token-malformed', OAUTH, { authorizations: [`JWT ${tokenOf()}`] }],
    ['with what is no token', 'token-malformed', OAUTH, { authorizations: ['Bearer a.b'] }],
    ['with parts that are no JSON', 'token-malformed', OAUTH, { authorizations: ['Bearer a.b.c'] }],
    [
      'with a token as long as a book',
      'token-malformed',
      OAUTH,
      bearer({ claims: { exp: SECONDS + 9, more: 'x'.repeat(9000) } }),
    ],
    ['with an unsigned token', 'token-algorithm', OAUTH, bearer({ header: { alg: 'none' } })],
    ['with another algorithm', 'token-algorithm', OAUTH, bearer({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['with an algorithm of keys', 'token-algorithm', OAUTH, bearer({ header: { alg: 'RS256' } })],
    ['with an algorithm in small letters', 'token-algorithm', OAUTH, bearer({ header: { alg: 'hs256' } })],
    ['with extensions to be understood', 'token-malformed', OAUTH, bearer({ header: { alg: 'HS256', crit: ['b64'] } })],
    ['with a token by another secret', 'token-signature', OAUTH, bearer({ secret: 'guess' })],
    ['with a token by the secret of the webhook', 'token-signature', OAUTH, bearer({ secret: SECRETS.webhook })],
    ['with a cut signature', 'token-signature', OAUTH, { authorizations: [`Bearer ${tokenOf().slice(0, -9)}`] }],
    ['with a token that never ends', 'token-malformed', OAUTH, bearer({ claims: { iat: SECONDS } })],
    ['with a token that ends in words', 'token-malformed', OAUTH, bearer({ claims: { exp: 'tomorrow' } })],
    ['with an expired token', 'token-expired', OAUTH, bearer({ claims: { exp: SECONDS - 30 } })],
    ['with a token from the future', 'token-not-yet-valid', OAUTH, bearer({ claims: { exp: SECONDS + 900, iat: SECONDS + 31 } })],
    ['with a token for later', 'token-not-yet-valid', OAUTH, bearer({ claims: { exp: SECONDS + 900, nbf: SECONDS + 31 } })],
    ['with a signature by another secret', 'signature-wrong', TOKEN, signed(signatureOf('guess'))],
    ['with a signature by an empty secret', 'signature-wrong', TOKEN, signed(signatureOf(''))],
    ['with the signature of another body', 'signature-wrong', TOKEN, signed(signatureOf(SECRETS.webhook, Buffer.from('{}')))],
    ['with a signature by SHA-1', 'signature-malformed', TOKEN, signed(signatureOf(SECRETS.webhook, RAW, 'sha1'))],
    ['with a signature without its method', 'signature-malformed', TOKEN, signed(signatureOf().slice('sha256='.length))],
    ['with a cut signature of a body', 'signature-malformed', NEWER, signed(signatureOf().slice(0, -2))],
    ['with an empty signature', 'signature-malformed', NEWER, signed('')],
  ])('%s', (_name, why, connection, presented) => {
    expect(verdict(connection, presented)).toBe(why);
  });

  it('with a token, where Tandem has no app at Atlassian whose secret could have signed it', () => {
    const secrets = { webhook: SECRETS.webhook, client: null };
    const presented = { authorizations: [`Bearer ${tokenOf({ secret: '' })}`], signatures: [], raw: RAW };
    expect(verifyDelivery(OAUTH, presented, secrets, NOW)).toEqual({ ok: false, failure: 'proof-missing' });
  });
});
