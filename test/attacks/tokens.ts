import { installKeyOf } from '../../simulator/connect/key-server.ts';
import { seededRandom } from '../../simulator/heart/random.ts';
import { leaveUnsigned, signWithSecret } from '../fakes/connect-site.ts';
import type { Answered, Attack, AttackWorld, Tenant } from './attack-world.ts';

/** Tokens that are forged, of somebody else, out of date, or shown where they are not for. */

const API = '/api/v1/connections';
const WEBHOOK = '/webhooks/jira';
export const EVENT = {
  webhookEvent: 'jira:issue_updated',
  timestamp: 1,
  issue: { id: '10101', key: 'SUP-1', fields: { project: { id: '99' } } },
};

const call = (world: AttackWorld, authorization: string): Promise<Answered> =>
  world.send({ path: API, headers: { authorization } });
const deliver = (world: AttackWorld, token: string, path = WEBHOOK): Promise<Answered> =>
  world.send({ method: 'POST', path, headers: { authorization: `JWT ${token}` }, body: EVENT });
const lifecycle = (world: AttackWorld, path: string, token: string): Promise<Answered> =>
  world.send({
    method: 'POST',
    path,
    headers: { authorization: `JWT ${token}` },
    body: {
      key: world.config.appKey,
      clientKey: world.acme.clientKey,
      sharedSecret: 'secret-of-whoever-attacks',
      baseUrl: world.acme.site.url,
      eventType: path.slice(1),
    },
  });

const PAST = Math.floor(Date.UTC(2020, 0, 1) / 1000);
const FAR_AHEAD = Math.floor(Date.UTC(2099, 0, 1) / 1000);
const claimsOf = (tenant: Tenant): Record<string, unknown> =>
  JSON.parse(Buffer.from(tenant.contextToken().split('.')[1] ?? '', 'base64url').toString('utf8'));

/** The key that everybody may know: with a library that lets the token choose, it would be the secret of HS256. */
const PUBLIC_KEY = installKeyOf(seededRandom(1)).publicKey;

const CONTEXT_TOKENS: readonly Attack[] = [
  {
    title: 'a token without a signature (alg none)',
    answer: '401 jwt-malformed',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${leaveUnsigned({ header: { alg: 'none' }, claims: claimsOf(world.acme) })}`),
  },
  {
    title: 'alg none with some signature',
    answer: '401 jwt-algorithm',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${leaveUnsigned({ header: { alg: 'none' }, claims: claimsOf(world.acme) })}AAAA`),
  },
  {
    title: 'a token whose signature was cut off',
    answer: '401 jwt-malformed',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken().split('.').slice(0, 2).join('.')}.`),
  },
  {
    title: 'a token signed by HS512',
    answer: '401 jwt-algorithm',
    noted: 'log',
    carryOut: (world) =>
      call(world, `JWT ${signWithSecret({ header: { alg: 'HS512' }, claims: claimsOf(world.acme) }, world.acme.secret)}`),
  },
  {
    title: 'the claims of one site under the secret of another',
    answer: '401 jwt-signature',
    noted: 'acme site.refused jwt-signature',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({}, world.globex.secret)}`),
  },
  {
    title: 'claims that were changed after signing',
    answer: '401 jwt-signature',
    noted: 'acme site.refused jwt-signature',
    carryOut(world) {
      const [header = '', , signature = ''] = world.acme.contextToken().split('.');
      const other = Buffer.from(JSON.stringify({ ...claimsOf(world.acme), sub: 'somebody-else' })).toString('base64url');
      return call(world, `JWT ${header}.${other}.${signature}`);
    },
  },
  {
    title: 'a site that nobody knows',
    answer: '401 site-unknown',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ iss: 'nobody' })}`),
  },
  {
    title: 'an expired token',
    answer: '401 jwt-expired',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ iat: PAST, exp: PAST + 900 })}`),
  },
  {
    title: 'a token that is not good yet',
    answer: '401 jwt-not-yet-valid',
    noted: 'log',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ nbf: FAR_AHEAD, exp: FAR_AHEAD + 900 })}`),
  },
  {
    title: 'a token without an end',
    answer: '401 jwt-claims',
    noted: 'acme site.refused jwt-claims',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ exp: undefined })}`),
  },
  {
    title: 'a token without a person',
    answer: '401 jwt-claims',
    noted: 'acme site.refused jwt-claims',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ sub: undefined })}`),
  },
  {
    title: 'a token for exactly this request, which is no context token',
    answer: '401 jwt-query-hash',
    noted: 'acme site.refused jwt-query-hash',
    carryOut: (world) => call(world, `JWT ${world.acme.siteToken('GET', API, { sub: 'somebody' })}`),
  },
  {
    title: 'a webhook’s token at the API',
    answer: '401 jwt-query-hash',
    noted: 'acme site.refused jwt-query-hash',
    carryOut: (world) => call(world, `JWT ${world.acme.siteToken('POST', WEBHOOK, { sub: 'somebody' })}`),
  },
  {
    title: 'a good context token in the address',
    answer: '401 jwt-missing',
    noted: 'log',
    carryOut: (world) => world.send({ path: `${API}?jwt=${world.acme.contextToken()}` }),
  },
  {
    title: 'a context token of the scheme Bearer',
    answer: '401 jwt-missing',
    noted: 'log',
    carryOut: (world) => call(world, `Bearer ${world.acme.contextToken()}`),
  },
  {
    title: 'a person who administers nothing',
    answer: '403 not-space-admin',
    noted: 'acme access.refused not-space-admin',
    carryOut: (world) => call(world, `JWT ${world.acme.contextToken({ sub: 'nobody' })}`),
  },
  {
    title: 'a person who administers nothing, where admins of the site are asked for',
    answer: '403 not-site-admin',
    noted: 'acme access.refused not-site-admin',
    carryOut: (world) =>
      world.send({
        method: 'POST',
        path: '/api/v1/tokens',
        headers: { authorization: `JWT ${world.acme.contextToken({ sub: 'nobody' })}` },
        body: { name: 'mine', scopes: ['read'], expiresInDays: 1 },
      }),
  },
];

const SITE_TOKENS: readonly Attack[] = [
  {
    title: 'a context token on a webhook',
    answer: '401 jwt-query-hash',
    noted: 'acme site.refused jwt-query-hash',
    carryOut: (world) => deliver(world, world.acme.contextToken()),
  },
  ...['/enabled', '/disabled'].map(
    (path): Attack => ({
      title: `a context token on ${path}`,
      answer: '401 jwt-query-hash',
      noted: 'acme site.refused jwt-query-hash',
      carryOut: (world) => lifecycle(world, path, world.acme.contextToken()),
    }),
  ),
  {
    title: 'a token of another webhook address',
    answer: '401 jwt-query-hash',
    noted: 'acme site.refused jwt-query-hash',
    carryOut: (world) => deliver(world, world.acme.siteToken('POST', '/enabled')),
  },
  {
    title: 'a token of the same address with another query',
    answer: '401 jwt-query-hash',
    noted: 'acme site.refused jwt-query-hash',
    carryOut: (world) => deliver(world, world.acme.siteToken('POST', `${WEBHOOK}?user_id=1`), `${WEBHOOK}?user_id=2`),
  },
  {
    title: 'a webhook in the name of another site',
    answer: '401 jwt-signature',
    noted: 'acme site.refused jwt-signature',
    carryOut: (world) => deliver(world, world.acme.siteToken('POST', WEBHOOK, {}, world.globex.secret)),
  },
  ...['/installed', '/uninstalled'].map(
    (path): Attack => ({
      title: `${path} signed with the shared secret`,
      answer: '401 jwt-algorithm',
      noted: 'acme site.refused jwt-algorithm',
      carryOut: (world) => lifecycle(world, path, world.acme.siteToken('POST', path, { aud: [world.url] })),
    }),
  ),
  {
    title: '/installed signed by HS256 with Atlassian’s public key as the secret',
    answer: '401 jwt-algorithm',
    noted: 'acme site.refused jwt-algorithm',
    carryOut: (world) =>
      lifecycle(world, '/installed', world.acme.siteToken('POST', '/installed', { aud: [world.url] }, PUBLIC_KEY)),
  },
  {
    title: '/installed without a token',
    answer: '401 jwt-missing',
    noted: 'acme site.refused jwt-missing',
    carryOut: (world) => lifecycle(world, '/installed', ''),
  },
  {
    title: '/disabled of another site',
    answer: '401 jwt-issuer',
    noted: 'log',
    carryOut: (world) => lifecycle(world, '/disabled', world.globex.siteToken('POST', '/disabled')),
  },
  {
    title: 'two tokens on one webhook',
    answer: '401 jwt-ambiguous',
    noted: 'log',
    carryOut: (world) =>
      deliver(world, world.globex.siteToken('POST', WEBHOOK), `${WEBHOOK}?jwt=${world.acme.siteToken('POST', WEBHOOK)}`),
  },
];

export const TOKEN_ATTACKS: readonly Attack[] = [...CONTEXT_TOKENS, ...SITE_TOKENS];
