import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OAuth from 'oauth-1.0a';
import * as oauth from 'oauth4webapi';
import type { DataCenterSite } from '../datacenter/data-center-site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { systemClock, systemTimers } from '../system-clock.ts';

const world = { now: Date.UTC(2026, 10, 22) };
let simulator: Simulator;
let site: DataCenterSite;

beforeAll(async () => {
  simulator = await startSimulator({ clock: { now: () => world.now }, timers: systemTimers, dataCenter: { initech: {} } });
  if (simulator.dataCenter.initech === undefined) throw new Error('It was asked for');
  site = simulator.dataCenter.initech;
});
afterAll(() => simulator.close());

const REDIRECT = 'http://127.0.0.1:1/callback';
const insecure = { [oauth.allowInsecureRequests]: true } as const;

/** A browser with cookies that follows no redirect by itself. */
function browser() {
  let cookie = '';
  const go = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: response.status, location: response.headers.get('location') ?? '', page: await response.text() };
  };
  /** Fills in the login page that it is sent to. */
  const logIn = async (location: string, name: string) => {
    const { page } = await go(location);
    const destination = /name="os_destination" value="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return go(`${site.url}/login.jsp`, { username: name, password: `password-of-${name}`, os_destination: destination });
  };
  return { go, logIn };
}

async function control(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${site.url}/__sim${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

describe('OAuth 2.0 of Data Center, driven by oauth4webapi', () => {
  const server = (): oauth.AuthorizationServer => ({
    issuer: site.url,
    authorization_endpoint: `${site.url}/rest/oauth2/latest/authorize`,
    token_endpoint: `${site.url}/rest/oauth2/latest/token`,
    revocation_endpoint: `${site.url}/rest/oauth2/latest/revoke`,
  });

  async function link(scope = 'WRITE') {
    const { clientId = '', clientSecret = '' } = await control('/links/oauth2', {
      name: 'Tandem',
      redirectUris: [REDIRECT],
      scope,
    });
    return { client: { client_id: clientId }, authentication: oauth.ClientSecretPost(clientSecret) };
  }

  /** From the client's link through login and consent to the client's address. */
  async function authorize(clientId: string, more: Record<string, string>, decision = 'allow', name = 'mwright') {
    const { go, logIn } = browser();
    const query = { client_id: clientId, redirect_uri: REDIRECT, response_type: 'code', scope: 'WRITE', state: 's1', ...more };
    const first = await go(`${site.url}/rest/oauth2/latest/authorize?${new URLSearchParams(query).toString()}`);
    const back = await logIn(first.location, name);
    const asked = await go(back.location);
    if (asked.location.startsWith(REDIRECT)) return new URL(asked.location);
    const { page } = await go(asked.location);
    expect(page).toContain('Tandem asks for access to Initech Platform');
    const request = /name="request" value="([^"]*)"/.exec(page)?.[1] ?? '';
    return new URL((await go(`${site.url}/plugins/servlet/oauth2/consent`, { request, decision })).location);
  }

  async function tokens(scope = 'WRITE', linkScope = 'ADMIN', name = 'mwright') {
    const { client, authentication } = await link(linkScope);
    const verifier = oauth.generateRandomCodeVerifier();
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    const to = await authorize(
      client.client_id,
      { scope, code_challenge: challenge, code_challenge_method: 'S256' },
      'allow',
      name,
    );
    const parameters = oauth.validateAuthResponse(server(), client, to, 's1');
    const swap = () =>
      oauth.authorizationCodeGrantRequest(server(), client, authentication, parameters, REDIRECT, verifier, insecure);
    return {
      client,
      authentication,
      parameters,
      verifier,
      swap,
      granted: () => swap().then((response) => oauth.processAuthorizationCodeResponse(server(), client, response)),
    };
  }

  const call = async (token: string, method = 'GET', path = '/rest/api/2/myself', body?: unknown) => {
    const response = await fetch(`${site.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };

  it('goes from login and consent to a token with PKCE', async () => {
    const { granted } = await tokens();
    const { access_token, expires_in, scope, refresh_token } = await granted();
    expect({ expires_in, scope, refreshable: refresh_token !== undefined }).toEqual({
      expires_in: 3600,
      scope: 'WRITE',
      refreshable: true,
    });
    expect(await call(access_token)).toMatchObject({ status: 200, body: { name: 'mwright' } });
    const edit = { fields: { summary: 'By an app' } };
    expect((await call(access_token, 'PUT', '/rest/api/2/issue/PLAT-1', edit)).status).toBe(204);
  });

  it('refuses a code that is used twice, too old, or shown with the wrong verifier', async () => {
    const twice = await tokens();
    expect((await twice.swap()).status).toBe(200);
    expect(await (await twice.swap()).json()).toEqual({ error: 'invalid_grant' });
    const late = await tokens();
    world.now += 10_001;
    expect(await (await late.swap()).json()).toEqual({ error: 'invalid_grant' });
    const { client, authentication, parameters } = await tokens();
    const other = oauth.generateRandomCodeVerifier();
    const wrong = await oauth.authorizationCodeGrantRequest(
      server(),
      client,
      authentication,
      parameters,
      REDIRECT,
      other,
      insecure,
    );
    expect(wrong.status).toBe(400);
  });

  it('rotates refresh tokens, and wants the redirect URI with them', async () => {
    const { client, authentication, granted } = await tokens();
    const first = await granted();
    const refresh = (token: string, withAddress: boolean) =>
      oauth.refreshTokenGrantRequest(server(), client, authentication, token, {
        ...insecure,
        ...(withAddress ? { additionalParameters: { redirect_uri: REDIRECT } } : {}),
      });
    const old = first.refresh_token ?? '';
    const bare = await refresh(old, false);
    expect([bare.status, await bare.json()]).toEqual([400, { error: 'invalid_grant' }]);
    const second = await oauth.processRefreshTokenResponse(server(), client, await refresh(old, true));
    expect(second.refresh_token).not.toBe(old);
    expect((await call(first.access_token)).status).toBe(401);
    expect((await call(second.access_token)).status).toBe(200);
    expect((await refresh(old, true)).status).toBe(400);
    world.now += 3_600_001;
    expect((await call(second.access_token)).status).toBe(401);
    world.now += 90 * 86_400_000;
    expect((await refresh(second.refresh_token ?? '', true)).status).toBe(400);
  });

  it('caps what a token can do by its scope and by its person', async () => {
    const reader = await (await tokens('READ')).granted();
    const edit = { fields: { summary: 'Not allowed' } };
    expect((await call(reader.access_token, 'PUT', '/rest/api/2/issue/PLAT-1', edit)).status).toBe(403);
    expect((await call(reader.access_token)).status).toBe(200);
    const webhooks = '/rest/jira-webhook/1.0/webhooks';
    const nobody = await (await tokens('ADMIN')).granted();
    expect((await call(nobody.access_token, 'GET', webhooks)).status).toBe(403);
    const admin = await (await tokens('ADMIN', 'ADMIN', 'bkovacs')).granted();
    expect((await call(admin.access_token, 'GET', webhooks)).status).toBe(200);
  });

  it('tells the client of a denial and of a scope that is too wide', async () => {
    const { client } = await link('READ');
    const denied = await authorize(client.client_id, { scope: 'READ' }, 'deny');
    expect(() => oauth.validateAuthResponse(server(), client, denied, 's1')).toThrow();
    expect(denied.searchParams.get('error')).toBe('access_denied');
    expect((await authorize(client.client_id, { scope: 'WRITE' })).searchParams.get('error')).toBe('invalid_scope');
  });

  it('never sends a browser to an address that is not registered', async () => {
    const { client } = await link();
    const { go, logIn } = browser();
    const query = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: 'http://evil.example/',
      response_type: 'code',
      scope: 'READ',
    });
    const back = await logIn((await go(`${site.url}/rest/oauth2/latest/authorize?${query.toString()}`)).location, 'mwright');
    expect(await go(back.location)).toMatchObject({ status: 400, location: '' });
  });

  it('wants a form and the right secret at the token endpoint', async () => {
    const { client, granted } = await tokens();
    await granted();
    const json = await fetch(`${site.url}/rest/oauth2/latest/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: client.client_id, grant_type: 'refresh_token' }),
    });
    expect([json.status, await json.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    const wrong = await oauth.refreshTokenGrantRequest(server(), client, oauth.ClientSecretPost('wrong'), 'x', insecure);
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  });

  it('ends when the client or an administrator revokes it', async () => {
    const { client, authentication, granted } = await tokens();
    const { access_token } = await granted();
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server(), client, authentication, access_token, insecure),
    );
    expect((await call(access_token)).status).toBe(401);
    const again = await (await tokens()).granted();
    await control('/revoke', { user: 'mwright' });
    expect((await call(again.access_token)).status).toBe(401);
  });
});

describe('OAuth 1.0a of Data Center, driven by oauth-1.0a', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const base = () => `${site.url}/plugins/servlet/oauth`;

  const client = (consumerKey: string, key = keys.privateKey) =>
    new OAuth({
      consumer: { key: consumerKey, secret: '' },
      signature_method: 'RSA-SHA1',
      hash_function: (text) => createSign('RSA-SHA1').update(text).sign(key, 'base64'),
    });

  async function send(
    signer: OAuth,
    method: string,
    url: string,
    options: { data?: Record<string, string>; token?: OAuth.Token; skew?: number } = {},
  ) {
    const signed = signer.authorize({ url, method, data: options.data ?? {} }, options.token);
    const response = await fetch(url, { method, headers: { ...signer.toHeader(signed) } });
    return { status: response.status, text: await response.text() };
  }
  const fieldsOf = ({ text }: { text: string }): Record<string, string> => Object.fromEntries(new URLSearchParams(text));

  /** oauth-1.0a takes the machine's time; so does this world while it is used. */
  const now = (): void => {
    world.now = systemClock.now();
  };

  async function register(consumerKey: string): Promise<void> {
    now();
    await control('/links/oauth1', { name: 'Tandem', consumerKey, publicKey, callbackUrl: null });
  }

  async function decide(token: string, decision: string) {
    const { go, logIn } = browser();
    const first = await go(`${base()}/authorize?oauth_token=${token}`);
    const back = await logIn(first.location, 'ojansen');
    const { page } = await go(back.location);
    expect(page).toContain('Tandem asks for access');
    return go(`${base()}/authorize`, { oauth_token: token, decision });
  }

  async function dance(consumerKey: string, callback: string) {
    await register(consumerKey);
    const signer = client(consumerKey);
    const requested = fieldsOf(await send(signer, 'POST', `${base()}/request-token`, { data: { oauth_callback: callback } }));
    expect(requested).toMatchObject({ oauth_callback_confirmed: 'true' });
    const token = { key: requested['oauth_token'] ?? '', secret: requested['oauth_token_secret'] ?? '' };
    return { signer, token };
  }

  const me = () => `${site.url}/rest/api/2/myself`;

  it('goes from a request token over consent to calls that are signed', async () => {
    const { signer, token } = await dance('tandem', REDIRECT);
    const to = new URL((await decide(token.key, 'allow')).location);
    const verifier = to.searchParams.get('oauth_verifier') ?? '';
    const got = fieldsOf(await send(signer, 'POST', `${base()}/access-token`, { token, data: { oauth_verifier: verifier } }));
    expect(got).toMatchObject({ oauth_expires_in: '157680000' });
    const access = { key: got['oauth_token'] ?? '', secret: got['oauth_token_secret'] ?? '' };
    expect((await send(signer, 'GET', me(), { token: access })).text).toContain('"name":"ojansen"');
    const search = `${site.url}/rest/api/2/search?jql=project%20%3D%20PLAT&fields=summary%2Cstatus`;
    expect((await send(signer, 'GET', search, { token: access })).status).toBe(200);
    const again = await send(signer, 'POST', `${base()}/access-token`, { token, data: { oauth_verifier: verifier } });
    expect([again.status, again.text]).toEqual([401, 'oauth_problem=token_rejected']);
    await control('/revoke', { client: 'tandem' });
    expect((await send(signer, 'GET', me(), { token: access })).status).toBe(401);
  });

  it('shows the verifier where there is no callback, and tells of a denial', async () => {
    const shown = await dance('by-hand', 'oob');
    expect((await decide(shown.token.key, 'allow')).page).toMatch(/verification code is \w{6}/);
    const { token, signer } = await dance('denied', REDIRECT);
    const to = new URL((await decide(token.key, 'deny')).location);
    expect(to.searchParams.get('oauth_verifier')).toBe('denied');
    expect((await send(signer, 'POST', `${base()}/access-token`, { token, data: { oauth_verifier: 'denied' } })).status).toBe(
      401,
    );
  });

  it.each([
    ['consumer_key_unknown', () => ({ signer: client('nobody'), url: `${base()}/request-token` })],
    [
      'signature_invalid',
      () => ({
        signer: client('problems', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
        url: `${base()}/request-token`,
      }),
    ],
    [
      'signature_method_rejected',
      () => ({
        signer: new OAuth({
          consumer: { key: 'problems', secret: '' },
          signature_method: 'RSA-SHA256',
          hash_function: () => 'x',
        }),
        url: `${base()}/request-token`,
      }),
    ],
  ])('answers %s', async (problem, make) => {
    await register('problems');
    const { signer, url } = make();
    const answer = await send(signer, 'POST', url, { data: { oauth_callback: REDIRECT } });
    expect([answer.status, answer.text]).toEqual([401, `oauth_problem=${problem}`]);
  });

  it('counts the context path in the signature, and refuses old times and used nonces', async () => {
    await register('fresh');
    const signer = client('fresh');
    const url = `${base()}/request-token`;
    const without = signer.authorize({ url: url.replace('/jira', ''), method: 'POST', data: { oauth_callback: REDIRECT } });
    const post = async (signed: OAuth.Authorization) =>
      (await fetch(url, { method: 'POST', headers: { ...signer.toHeader(signed) } })).text();
    expect(await post(without)).toBe('oauth_problem=signature_invalid');
    const signed = signer.authorize({ url, method: 'POST', data: { oauth_callback: REDIRECT } });
    expect(await post(signed)).toContain('oauth_token=');
    expect(await post(signed)).toBe('oauth_problem=nonce_used');
    const later = signer.authorize({ url, method: 'POST', data: { oauth_callback: REDIRECT } });
    world.now += 6 * 60_000;
    expect(await post(later)).toBe('oauth_problem=timestamp_refused');
  });
});
