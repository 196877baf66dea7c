import { createHash, createHmac } from 'node:crypto';
import type { Connection } from '../../app/contract/connections.ts';
import type { ConnectionId } from '../../app/core/ids.ts';
import { makePersonalToken } from '../../simulator/identity/personal-tokens.ts';
import { leaveUnsigned, signWithSecret } from '../fakes/connect-site.ts';
import { APP } from '../remote-sites.ts';
import type { Answered, Attack, AttackWorld, Tenant } from './attack-world.ts';
import { EVENT } from './tokens.ts';

/** Deliveries that do not come from the site whose they say they are. */

const BODY = JSON.stringify(EVENT);
const NOBODY = '00000000-0000-4000-8000-0000000000ff';

/** One connection of each kind per tenant and world is enough: attacks change nothing of it. */
const made = new WeakMap<AttackWorld, Map<string, Promise<string>>>();
const once = (world: AttackWorld, name: string, make: () => Promise<string>): Promise<string> => {
  const known = made.get(world) ?? new Map<string, Promise<string>>();
  made.set(world, known);
  const id = known.get(name) ?? make();
  known.set(name, id);
  return id;
};

export async function byPersonalToken({ page }: Tenant, site: AttackWorld['initech']): Promise<string> {
  const user = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  const token = user === undefined ? null : makePersonalToken(site.heart, site.access, user, 'Tandem', null);
  const body = { kind: 'personal-token', siteUrl: site.url, token: token?.token ?? '' };
  return (await page<Connection>('POST', '/connections', body)).connectionId;
}

/** Signs (Data Center 10.3). */
const signing = (world: AttackWorld): Promise<string> => once(world, 'signing', () => byPersonalToken(world.acme, world.initech));
/** Knows no proof but the address (9.12). */
const plain = (world: AttackWorld): Promise<string> => once(world, 'plain', () => byPersonalToken(world.acme, world.umbrella));
/** Of the other tenant, to the same site. */
const foreign = (world: AttackWorld): Promise<string> =>
  once(world, 'foreign', () => byPersonalToken(world.globex, world.initech));
/** Cloud by consent: dynamic webhooks with a token of OAuth 2.0. */
const byConsent = (world: AttackWorld): Promise<string> =>
  once(world, 'consent', async () => {
    const body = { kind: 'oauth2-cloud', siteUrl: world.globex.site.url };
    return (await world.acme.page<Connection>('POST', '/connections', body)).connectionId;
  });

const addresses = ({ secrets, url }: AttackWorld) => secrets.webhookAddressesAt(url);
const ownerOf = ({ tenantId }: Tenant, connectionId: string) => ({ tenantId, connectionId: connectionId as ConnectionId });
const addressOf = (world: AttackWorld, tenant: Tenant, connectionId: string): string =>
  new URL(addresses(world).addressOf(ownerOf(tenant, connectionId))).pathname;
const secretOf = (world: AttackWorld, tenant: Tenant, connectionId: string): string =>
  addresses(world).secretOf(ownerOf(tenant, connectionId));

const macOf = (secret: string, body = BODY, method = 'sha256'): string =>
  `${method}=${createHmac(method, secret).update(body).digest('hex')}`;

const post = (world: AttackWorld, path: string, headers: Record<string, string> = {}, body: unknown = BODY): Promise<Answered> =>
  world.send({ method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body });

/** To the right address of a connection of acme that signs. */
const toSigning = (
  title: string,
  code: string,
  headers: (world: AttackWorld, connectionId: string) => Record<string, string>,
  body = BODY,
): Attack => ({
  title: `signed webhooks: ${title}`,
  answer: '401 webhook-refused',
  noted: `acme webhook.refused ${code}`,
  prepare: signing,
  carryOut: (world, id) => post(world, addressOf(world, world.acme, id), headers(world, id), body),
});

const now = (): number => Math.floor(Date.now() / 1000);
const bearer = (changes: object = {}, secret = APP.clientSecret): string =>
  `Bearer ${signWithSecret({ claims: { iat: now(), exp: now() + 900, iss: APP.clientId, ...changes } }, secret)}`;

const toConsented = (title: string, code: string, headers: () => Record<string, string>): Attack => ({
  title: `dynamic webhooks: ${title}`,
  answer: '401 webhook-refused',
  noted: `acme webhook.refused ${code}`,
  prepare: byConsent,
  carryOut: (world, id) => post(world, addressOf(world, world.acme, id), headers()),
});

/** To an address that is nobody's. */
const toAddress = (title: string, pathOf: (world: AttackWorld, id: string) => string): Attack => ({
  title: `addresses: ${title}`,
  answer: '401 webhook-refused',
  noted: 'log',
  prepare: plain,
  carryOut: (world, id) => post(world, pathOf(world, id)),
});

const proofOf = (path: string): string => path.slice(-22);

export const WEBHOOK_ATTACKS: readonly Attack[] = [
  toAddress('a wrong proof', (world, id) => addressOf(world, world.acme, id).replace(/.{22}$/, 'A'.repeat(22))),
  toAddress('no proof', (world, id) => addressOf(world, world.acme, id).slice(0, -23)),
  toAddress('the proof of another tenant’s connection', (world, id) =>
    addressOf(world, world.acme, id).replace(/.{22}$/, proofOf(addressOf(world, world.globex, id))),
  ),
  toAddress('the proof of another connection of the same tenant', (world, id) =>
    addressOf(world, world.acme, id).replace(/.{22}$/, proofOf(addressOf(world, world.acme, NOBODY))),
  ),
  toAddress('the secret of the signature as the proof', (world, id) =>
    addressOf(world, world.acme, id).replace(/.{22}$/, secretOf(world, world.acme, id).slice(0, 22)),
  ),
  toAddress('a path that climbs', () => '/webhooks/connection/..%2f..%2fjira'),
  {
    title: 'addresses: a connection that was removed',
    answer: '401 webhook-refused',
    noted: 'acme webhook.refused connection-unknown',
    async prepare(world) {
      const id = await byPersonalToken(world.acme, world.umbrella);
      await world.acme.page('DELETE', `/connections/${id}`);
      return id;
    },
    carryOut: (world, id) => post(world, addressOf(world, world.acme, id)),
  },
  toSigning('no signature', 'proof-missing', () => ({})),
  toSigning('a wrong signature', 'signature-wrong', () => ({ 'x-hub-signature': `sha256=${'0'.repeat(64)}` })),
  toSigning('the hash of the body', 'signature-wrong', () => ({
    'x-hub-signature': `sha256=${createHash('sha256').update(BODY).digest('hex')}`,
  })),
  toSigning('an empty secret', 'signature-wrong', () => ({ 'x-hub-signature': macOf('') })),
  toSigning('SHA-1', 'signature-malformed', (world, id) => ({
    'x-hub-signature': macOf(secretOf(world, world.acme, id), BODY, 'sha1'),
  })),
  toSigning('half a signature', 'signature-malformed', (world, id) => ({
    'x-hub-signature': macOf(secretOf(world, world.acme, id)).slice(0, 39),
  })),
  toSigning('the secret of another tenant', 'signature-wrong', (world, id) => ({
    'x-hub-signature': macOf(secretOf(world, world.globex, id)),
  })),
  toSigning('the secret of another connection', 'signature-wrong', (world) => ({
    'x-hub-signature': macOf(secretOf(world, world.acme, NOBODY)),
  })),
  toSigning(
    'another body under a good signature',
    'signature-wrong',
    (world, id) => ({ 'x-hub-signature': macOf(secretOf(world, world.acme, id)) }),
    JSON.stringify({ ...EVENT, timestamp: 2 }),
  ),
  toSigning('a good token of OAuth 2.0 in place of a signature', 'proof-missing', () => ({ authorization: bearer() })),
  {
    title: 'signed webhooks: the signature of another tenant’s connection to the same site',
    answer: '401 webhook-refused',
    noted: 'acme webhook.refused signature-wrong',
    async prepare(world) {
      return `${await signing(world)} ${await foreign(world)}`;
    },
    carryOut(world, ids) {
      const [own = '', theirs = ''] = ids.split(' ');
      return post(world, addressOf(world, world.acme, own), { 'x-hub-signature': macOf(secretOf(world, world.globex, theirs)) });
    },
  },
  toConsented('no token', 'proof-missing', () => ({})),
  toConsented('alg none', 'token-malformed', () => ({
    authorization: `Bearer ${leaveUnsigned({ header: { alg: 'none' }, claims: { exp: now() + 900 } })}`,
  })),
  toConsented('alg none with some signature', 'token-algorithm', () => ({
    authorization: `Bearer ${leaveUnsigned({ header: { alg: 'none' }, claims: { exp: now() + 900 } })}AAAA`,
  })),
  toConsented('the secret of another client', 'token-signature', () => ({
    authorization: bearer({}, 'secret-of-another-client'),
  })),
  toConsented('the client id as the secret', 'token-signature', () => ({ authorization: bearer({}, APP.clientId) })),
  toConsented('an expired token', 'token-expired', () => ({ authorization: bearer({ exp: now() - 60 }) })),
  toConsented('a token that is not good yet', 'token-not-yet-valid', () => ({ authorization: bearer({ nbf: now() + 600 }) })),
  toConsented('a token without an end', 'token-malformed', () => ({ authorization: bearer({ exp: undefined }) })),
  toConsented('a signature with the client secret', 'signature-wrong', () => ({ 'x-hub-signature': macOf(APP.clientSecret) })),
  {
    title: 'no address: unsigned bodies at the address of sites with the app',
    answer: '401 jwt-missing',
    noted: 'log',
    carryOut: (world) => post(world, '/webhooks/jira', { 'x-hub-signature': macOf('guessed') }),
  },
  {
    title: 'too large: at the address of a connection, 26 MB',
    answer: '413 body-too-large',
    noted: 'log',
    prepare: plain,
    carryOut: (world, id) => post(world, addressOf(world, world.acme, id), {}, ' '.repeat(26 * 1024 * 1024)),
  },
  {
    title: 'not JSON: at the address of a connection',
    answer: '400 json-malformed',
    noted: 'log',
    prepare: plain,
    carryOut: (world, id) => post(world, addressOf(world, world.acme, id), {}, '{"webhookEvent":'),
  },
  {
    title: 'not JSON: a form that a page of another site sends',
    answer: '415 content-type-unsupported',
    noted: 'log',
    prepare: plain,
    carryOut: (world, id) =>
      post(world, addressOf(world, world.acme, id), { 'content-type': 'application/x-www-form-urlencoded' }, 'webhookEvent=1'),
  },
];

/** The same deliveries as they should be, so that it is the attack in each that is refused. */
export const GOOD_DELIVERIES: readonly (readonly [string, (world: AttackWorld) => Promise<Answered>])[] = [
  [
    'a signed webhook',
    async (world) => {
      const id = await signing(world);
      return post(world, addressOf(world, world.acme, id), { 'x-hub-signature': macOf(secretOf(world, world.acme, id)) });
    },
  ],
  ['a webhook of a site that signs none', async (world) => post(world, addressOf(world, world.acme, await plain(world)))],
  [
    'a dynamic webhook',
    async (world) => post(world, addressOf(world, world.acme, await byConsent(world)), { authorization: bearer() }),
  ],
  [
    'a webhook of a site with the app',
    (world) => post(world, '/webhooks/jira', { authorization: `JWT ${world.acme.siteToken('POST', '/webhooks/jira')}` }),
  ],
];
