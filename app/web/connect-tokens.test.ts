import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashOf, leaveUnsigned, signWithKey, signWithSecret } from '../../test/fakes/connect-site.ts';
import { APP_KEY, BASE_URL, type ConnectWorld, createConnectWorld, KEY_ID, NOW } from '../../test/fakes/connect-world.ts';

const SECRET = 'secret-of-acme-secret-of-acme';
const OTHER_SECRET = 'secret-of-globex-secret-of-globex';
const SECONDS = NOW / 1000;
const PAGE = '/pages/space-settings?projectKey=SUP&projectId=10000';

/** Where a token is presented, on a real route. */
type Route = 'installed' | 'uninstalled' | 'enabled' | 'webhook' | 'page' | 'api';

const TARGETS: Readonly<Record<Route, { method: 'GET' | 'POST'; target: string }>> = {
  installed: { method: 'POST', target: '/installed' },
  uninstalled: { method: 'POST', target: '/uninstalled' },
  enabled: { method: 'POST', target: '/enabled' },
  webhook: { method: 'POST', target: '/webhooks/jira' },
  page: { method: 'GET', target: PAGE },
  api: { method: 'GET', target: '/api/v1/context' },
};

const WEBHOOK_BODY = {
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10001', key: 'SUP-1', fields: { project: { id: '10000' } } },
};
const INSTALL_BODY = {
  key: APP_KEY,
  clientKey: 'acme',
  sharedSecret: SECRET,
  baseUrl: 'https://acme.atlassian.net',
  eventType: 'installed',
};

const bodyOf = (route: Route): object => (route === 'webhook' ? WEBHOOK_BODY : INSTALL_BODY);

let world: ConnectWorld;

/** Good claims of a route; a test changes what it is about. */
const claimsFor = (route: Route, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  iss: 'acme',
  iat: SECONDS,
  exp: SECONDS + 180,
  qsh: route === 'api' ? 'context-qsh' : hashOf(TARGETS[route].method, TARGETS[route].target),
  ...(route === 'installed' || route === 'uninstalled' ? { aud: [BASE_URL] } : {}),
  ...(route === 'api' ? { sub: 'account-1', context: { jira: { project: { id: '10000', key: 'SUP' } } } } : {}),
  ...changes,
});

const siteToken = (route: Route, changes: Readonly<Record<string, unknown>> = {}, secret = SECRET): string =>
  signWithSecret({ claims: claimsFor(route, changes) }, secret);

const installToken = (changes: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}): string =>
  signWithKey({ header: { kid: KEY_ID, ...header }, claims: claimsFor('installed', changes) }, world.atlassian.privateKey);

interface Presented {
  readonly authorization?: string | readonly string[];
  readonly query?: string;
  readonly body?: object;
}

const call = async (route: Route, presented: Presented) => {
  const { method, target } = TARGETS[route];
  const separator = target.includes('?') ? '&' : '?';
  const url = presented.query === undefined ? target : `${target}${separator}${presented.query}`;
  const asked = method === 'GET' ? request(world.app).get(url) : request(world.app).post(url);
  // A list becomes several header lines.
  if (presented.authorization !== undefined) asked.set('Authorization', presented.authorization as string);
  return method === 'GET' ? asked : asked.send(presented.body ?? bodyOf(route));
};

const jwt = (token: string): Presented => ({ authorization: `JWT ${token}` });

const install = async (clientKey: string, secret: string): Promise<void> => {
  const token = signWithKey(
    { header: { kid: KEY_ID }, claims: claimsFor('installed', { iss: clientKey }) },
    world.atlassian.privateKey,
  );
  const body = { ...INSTALL_BODY, clientKey, sharedSecret: secret, baseUrl: `https://${clientKey}.atlassian.net` };
  const answer = await call('installed', { ...jwt(token), body });
  if (answer.status !== 204) throw new Error(`The site could not be installed: ${answer.status} ${answer.text}`);
};

const setState = async (state: 'disabled' | 'uninstalled'): Promise<void> => {
  const acme = await world.installations.readByClientKey('acme');
  if (acme === null) throw new Error('acme is not installed');
  await world.installations.changeState(acme.tenantId, acme.connectionId, state, NOW);
};

beforeAll(async () => {
  world = await createConnectWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  world.time.now = NOW;
  await install('acme', SECRET);
  await install('globex', OTHER_SECRET);
});

describe('good tokens', () => {
  it.each<[string, Route, () => Presented, number]>([
    ['a signed install', 'installed', () => jwt(installToken()), 204],
    [
      'a signed install with a string audience and a trailing slash',
      'installed',
      () => jwt(installToken({ aud: `${BASE_URL}/` })),
      204,
    ],
    ['a webhook with the token in the header', 'webhook', () => jwt(siteToken('webhook')), 200],
    ['a webhook with the token in the query', 'webhook', () => ({ query: `jwt=${siteToken('webhook')}` }), 200],
    ['a page with the token in the query', 'page', () => ({ query: `jwt=${siteToken('page')}` }), 200],
    ['an API call with a context token', 'api', () => jwt(siteToken('api')), 200],
    ['enabled with the secret', 'enabled', () => jwt(siteToken('enabled')), 204],
    ['a token that expired within the skew', 'webhook', () => jwt(siteToken('webhook', { exp: SECONDS - 29 })), 200],
    [
      'a token issued ahead within the skew',
      'webhook',
      () => jwt(siteToken('webhook', { iat: SECONDS + 30, nbf: SECONDS + 30 })),
      200,
    ],
  ])('%s is let in', async (_name, route, present, status) => {
    expect((await call(route, present())).status).toBe(status);
  });
});

describe('bad tokens', () => {
  const signedBySite = (route: Route, changes: Readonly<Record<string, unknown>>) => (): Presented =>
    jwt(siteToken(route, changes));
  const signedInstall =
    (changes: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>> = {}) =>
    (): Presented =>
      jwt(installToken(changes, header));

  it.each<[string, Route, () => Presented, string]>([
    // Times.
    ['expired', 'webhook', signedBySite('webhook', { exp: SECONDS - 31 }), 'jwt-expired'],
    ['without exp', 'webhook', signedBySite('webhook', { exp: undefined }), 'jwt-claims'],
    ['exp as text', 'webhook', signedBySite('webhook', { exp: '2100-01-01' }), 'jwt-claims'],
    ['not valid yet', 'webhook', signedBySite('webhook', { nbf: SECONDS + 31 }), 'jwt-not-yet-valid'],
    ['issued in the future', 'webhook', signedBySite('webhook', { iat: SECONDS + 31 }), 'jwt-not-yet-valid'],
    ['install expired', 'installed', signedInstall({ exp: SECONDS - 31 }), 'jwt-expired'],
    ['install without exp', 'installed', signedInstall({ exp: undefined }), 'jwt-claims'],
    ['API token expired', 'api', signedBySite('api', { exp: SECONDS - 31 }), 'jwt-expired'],
    // Query hash.
    ['hash of another path', 'webhook', signedBySite('webhook', { qsh: hashOf('POST', '/installed') }), 'jwt-query-hash'],
    ['hash of another method', 'webhook', signedBySite('webhook', { qsh: hashOf('GET', '/webhooks/jira') }), 'jwt-query-hash'],
    [
      'hash of another query',
      'page',
      () => ({
        query: `jwt=${siteToken('page', { qsh: hashOf('GET', '/pages/space-settings?projectKey=ENG&projectId=10000') })}`,
      }),
      'jwt-query-hash',
    ],
    ['a query added after signing', 'webhook', () => ({ ...jwt(siteToken('webhook')), query: 'extra=1' }), 'jwt-query-hash'],
    ['without hash on a webhook', 'webhook', signedBySite('webhook', { qsh: undefined }), 'jwt-claims'],
    ['without hash on the API', 'api', signedBySite('api', { qsh: undefined }), 'jwt-claims'],
    ['without hash on install', 'installed', signedInstall({ qsh: undefined }), 'jwt-claims'],
    ['context token on install', 'installed', signedInstall({ qsh: 'context-qsh' }), 'jwt-query-hash'],
    ['context token on a webhook', 'webhook', signedBySite('webhook', { qsh: 'context-qsh' }), 'jwt-query-hash'],
    ['context token on lifecycle', 'enabled', signedBySite('enabled', { qsh: 'context-qsh' }), 'jwt-query-hash'],
    ['context token on a page', 'page', () => ({ query: `jwt=${siteToken('page', { qsh: 'context-qsh' })}` }), 'jwt-query-hash'],
    ['real hash on the API', 'api', signedBySite('api', { qsh: hashOf('GET', '/api/v1/context') }), 'jwt-query-hash'],
    ['hash as a list', 'api', signedBySite('api', { qsh: ['context-qsh'] }), 'jwt-query-hash'],
    // Algorithm.
    [
      'alg none',
      'webhook',
      () => jwt(`${leaveUnsigned({ header: { alg: 'none' }, claims: claimsFor('webhook') })}AA`),
      'jwt-algorithm',
    ],
    [
      'alg none without signature',
      'webhook',
      () => jwt(leaveUnsigned({ header: { alg: 'none' }, claims: claimsFor('webhook') })),
      'jwt-malformed',
    ],
    [
      'alg None',
      'webhook',
      () => jwt(`${leaveUnsigned({ header: { alg: 'None' }, claims: claimsFor('webhook') })}AA`),
      'jwt-algorithm',
    ],
    [
      'alg missing',
      'webhook',
      () => jwt(signWithSecret({ header: { alg: undefined }, claims: claimsFor('webhook') }, SECRET)),
      'jwt-algorithm',
    ],
    [
      'alg HS512',
      'webhook',
      () => jwt(signWithSecret({ header: { alg: 'HS512' }, claims: claimsFor('webhook') }, SECRET)),
      'jwt-algorithm',
    ],
    [
      'RS256 on a webhook',
      'webhook',
      () => jwt(signWithKey({ header: { kid: KEY_ID }, claims: claimsFor('webhook') }, world.atlassian.privateKey)),
      'jwt-algorithm',
    ],
    [
      'HS256 on install',
      'installed',
      () => jwt(signWithSecret({ header: { kid: KEY_ID }, claims: claimsFor('installed') }, SECRET)),
      'jwt-algorithm',
    ],
    [
      'RS256 on install signed by HMAC with the public key',
      'installed',
      () =>
        jwt(
          signWithSecret(
            { header: { alg: 'RS256', kid: KEY_ID }, claims: claimsFor('installed') },
            world.atlassian.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
          ),
        ),
      'jwt-signature',
    ],
    [
      'HS256 on install signed with the public key',
      'installed',
      () =>
        jwt(
          signWithSecret(
            { header: { kid: KEY_ID }, claims: claimsFor('installed') },
            world.atlassian.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
          ),
        ),
      'jwt-algorithm',
    ],
    [
      'a critical header nobody knows',
      'webhook',
      () => jwt(signWithSecret({ header: { crit: ['x'], x: 1 }, claims: claimsFor('webhook') }, SECRET)),
      'jwt-malformed',
    ],
    // Who signed, for whom.
    ['other tenant’s secret', 'webhook', () => jwt(siteToken('webhook', {}, OTHER_SECRET)), 'jwt-signature'],
    ['empty secret', 'webhook', () => jwt(siteToken('webhook', {}, '')), 'jwt-signature'],
    ['site never installed', 'webhook', signedBySite('webhook', { iss: 'initech' }), 'site-unknown'],
    ['without iss', 'webhook', signedBySite('webhook', { iss: undefined }), 'jwt-issuer'],
    ['iss empty', 'webhook', signedBySite('webhook', { iss: '' }), 'jwt-issuer'],
    ['iss as a list', 'webhook', signedBySite('webhook', { iss: ['acme'] }), 'jwt-issuer'],
    [
      'our own key as iss, the site as audience',
      'webhook',
      signedBySite('webhook', { iss: APP_KEY, aud: ['acme'] }),
      'site-unknown',
    ],
    [
      'enabled for another site than the token’s',
      'enabled',
      () => ({ ...jwt(siteToken('enabled')), body: { clientKey: 'globex' } }),
      'jwt-issuer',
    ],
    ['iss is not the body’s clientKey', 'installed', signedInstall({ iss: 'globex' }), 'jwt-issuer'],
    [
      'uninstall of another site',
      'uninstalled',
      signedInstall({ iss: 'globex', qsh: hashOf('POST', '/uninstalled') }),
      'jwt-issuer',
    ],
    ['uninstall with the secret', 'uninstalled', signedBySite('uninstalled', {}), 'jwt-algorithm'],
    ['audience of another app', 'installed', signedInstall({ aud: ['https://other.example.com'] }), 'jwt-audience'],
    ['audience that only begins like ours', 'installed', signedInstall({ aud: [`${BASE_URL}.evil.example`] }), 'jwt-audience'],
    [
      'our address second in the audience',
      'installed',
      signedInstall({ aud: ['https://other.example.com', BASE_URL] }),
      'jwt-audience',
    ],
    ['without audience', 'installed', signedInstall({ aud: undefined }), 'jwt-audience'],
    [
      'install signed by a stranger',
      'installed',
      () => jwt(signWithKey({ header: { kid: KEY_ID }, claims: claimsFor('installed') }, world.stranger.privateKey)),
      'jwt-signature',
    ],
    ['API token without a person', 'api', signedBySite('api', { sub: undefined }), 'jwt-claims'],
    // Key ids.
    ['without kid', 'installed', signedInstall({}, { kid: undefined }), 'jwt-key-unknown'],
    ['kid as a number', 'installed', signedInstall({}, { kid: 7 }), 'jwt-key-unknown'],
    ['kid climbing up', 'installed', signedInstall({}, { kid: `../${KEY_ID}` }), 'jwt-key-unknown'],
    ['kid with an encoded slash', 'installed', signedInstall({}, { kid: `x%2F..%2F${KEY_ID}` }), 'jwt-key-unknown'],
    ['kid as an address', 'installed', signedInstall({}, { kid: 'https://evil.example/key' }), 'jwt-key-unknown'],
    ['kid with an at sign', 'installed', signedInstall({}, { kid: '@evil.example' }), 'jwt-key-unknown'],
    ['kid with a query', 'installed', signedInstall({}, { kid: `${KEY_ID}?x=1` }), 'jwt-key-unknown'],
    ['kid with a line break', 'installed', signedInstall({}, { kid: `${KEY_ID}\r\nX: 1` }), 'jwt-key-unknown'],
    ['kid very long', 'installed', signedInstall({}, { kid: 'a'.repeat(129) }), 'jwt-key-unknown'],
    ['kid unknown', 'installed', signedInstall({}, { kid: 'ffffffff-0000-4000-8000-000000000000' }), 'jwt-key-unknown'],
    ['kid that answers with a page', 'installed', signedInstall({}, { kid: 'page' }), 'jwt-key-unknown'],
    ['kid that redirects', 'installed', signedInstall({}, { kid: 'moved' }), 'jwt-key-unknown'],
    [
      'key inside the token',
      'installed',
      () =>
        jwt(
          signWithKey(
            {
              header: { kid: 'unknown', jwk: world.stranger.publicKey.export({ format: 'jwk' }) },
              claims: claimsFor('installed'),
            },
            world.stranger.privateKey,
          ),
        ),
      'jwt-key-unknown',
    ],
    // Form and place.
    ['no token', 'webhook', () => ({}), 'jwt-missing'],
    ['empty header', 'webhook', () => ({ authorization: 'JWT ' }), 'jwt-missing'],
    ['Bearer instead of JWT', 'webhook', () => ({ authorization: `Bearer ${siteToken('webhook')}` }), 'jwt-missing'],
    ['empty query', 'page', () => ({ query: 'jwt=' }), 'jwt-missing'],
    ['API token in the query', 'api', () => ({ query: `jwt=${siteToken('api')}` }), 'jwt-missing'],
    ['install token in the query', 'installed', () => ({ query: `jwt=${installToken()}` }), 'jwt-missing'],
    ['install token in the body', 'installed', () => ({ body: { ...INSTALL_BODY, jwt: installToken() } }), 'jwt-missing'],
    [
      'one in the header and one in the query',
      'webhook',
      () => ({ ...jwt(siteToken('webhook')), query: `jwt=${siteToken('webhook')}` }),
      'jwt-ambiguous',
    ],
    ['two in the query', 'page', () => ({ query: `jwt=${siteToken('page')}&jwt=${siteToken('page')}` }), 'jwt-ambiguous'],
    [
      'two headers',
      'webhook',
      () => ({ authorization: [`JWT ${siteToken('webhook')}`, `JWT ${siteToken('webhook', {}, OTHER_SECRET)}`] }),
      'jwt-ambiguous',
    ],
    ['garbage', 'webhook', () => ({ authorization: 'JWT not-a-token' }), 'jwt-malformed'],
    ['three parts of garbage', 'webhook', () => ({ authorization: 'JWT aaaa.bbbb.cccc' }), 'jwt-malformed'],
    [
      'claims that are not an object',
      'webhook',
      () => ({
        authorization: `JWT ${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('[1]').toString('base64url')}.AA`,
      }),
      'jwt-malformed',
    ],
    ['four parts', 'webhook', () => jwt(`${siteToken('webhook')}.AA`), 'jwt-malformed'],
    ['longer than 8 KB', 'webhook', signedBySite('webhook', { padding: 'x'.repeat(8_000) }), 'jwt-malformed'],
    ['signature cut', 'webhook', () => jwt(siteToken('webhook').slice(0, -4)), 'jwt-signature'],
  ])('%s is refused', async (_name, route, present, code) => {
    const before = world.inbox.stored.length;
    const answer = await call(route, present());
    expect([answer.status, answer.body.error.code]).toEqual([401, code]);
    expect(answer.body.error.message).not.toContain('secret');
    expect(world.inbox.stored.length).toBe(before);
  });

  it('asks the key server for nothing but single plain segments', async () => {
    await call('installed', signedInstall({}, { kid: `../${KEY_ID}` })());
    await call('installed', signedInstall({}, { kid: 'ffffffff-0000-4000-8000-000000000001' })());
    expect(world.keyRequests.filter((path) => !/^\/[A-Za-z0-9_-]+$/.test(path))).toEqual([]);
    expect(world.keyRequests).toContain('/ffffffff-0000-4000-8000-000000000001');
  });

  it('asks Jira to try again when the key server is down', async () => {
    const answer = await call('installed', signedInstall({}, { kid: 'broken' })());
    expect([answer.status, answer.body.error.code]).toEqual([503, 'jwt-key-unavailable']);
  });

  it('fetches a key once, however many installs it signs', async () => {
    await Promise.all([1, 2, 3].map(() => call('installed', jwt(installToken()))));
    expect(world.keyRequests.filter((path) => path === `/${KEY_ID}`)).toHaveLength(1);
  });
});

describe('tokens and the state of the site', () => {
  it('takes the new secret from a reinstall on, and the old one no more', async () => {
    const newer = 'newer-secret-of-acme-newer';
    await install('acme', newer);
    expect((await call('webhook', jwt(siteToken('webhook', {}, newer)))).status).toBe(200);
    const old = await call('webhook', jwt(siteToken('webhook', {}, SECRET)));
    expect([old.status, old.body.error.code]).toEqual([401, 'jwt-signature']);
  });

  it('does not let a reinstall by the old secret alone happen', async () => {
    const answer = await call('installed', {
      ...jwt(siteToken('installed')),
      body: { ...INSTALL_BODY, sharedSecret: 'chosen-by-the-attacker' },
    });
    expect(answer.status).toBe(401);
    expect((await call('webhook', jwt(siteToken('webhook')))).status).toBe(200);
  });

  it.each<[Route]>([['webhook'], ['page'], ['api']])('refuses %s of a disabled site', async (route) => {
    await setState('disabled');
    const answer = await call(route, jwt(siteToken(route)));
    expect([answer.status, answer.body.error.code]).toEqual([401, 'site-disabled']);
  });

  it.each<[Route]>([['webhook'], ['page'], ['api'], ['enabled']])('refuses %s of an uninstalled site', async (route) => {
    await setState('uninstalled');
    const answer = await call(route, jwt(siteToken(route)));
    expect([answer.status, answer.body.error.code]).toEqual([401, 'site-uninstalled']);
  });

  it('lets a disabled site be enabled', async () => {
    await setState('disabled');
    expect((await call('enabled', jwt(siteToken('enabled')))).status).toBe(204);
    expect((await call('webhook', jwt(siteToken('webhook')))).status).toBe(200);
  });
});

describe('the API guard', () => {
  it('hands on what Jira signed', async () => {
    const answer = await call('api', jwt(siteToken('api')));
    const acme = await world.installations.readByClientKey('acme');
    expect(answer.body.context).toEqual({
      kind: 'person',
      tenantId: acme?.tenantId,
      connectionId: acme?.connectionId,
      accountId: 'account-1',
      projectId: '10000',
      projectKey: 'SUP',
      siteUrl: 'https://acme.atlassian.net',
    });
  });

  it.each<[string, () => Presented, 'yes' | 'no' | 'unknown', number, string]>([
    ['a token without a space', () => jwt(siteToken('api', { context: {} })), 'yes', 403, 'space-missing'],
    ['somebody who does not administer the space', () => jwt(siteToken('api')), 'no', 403, 'not-space-admin'],
    ['somebody Jira said nothing about', () => jwt(siteToken('api')), 'unknown', 503, 'site-unreachable'],
  ])('refuses %s', async (_name, present, administers, status, code) => {
    world.admins.answer = administers;
    const answer = await call('api', present());
    world.admins.answer = 'yes';
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});
