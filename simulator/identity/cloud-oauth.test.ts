import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import type { User } from '../heart/site.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { systemTimers } from '../system-clock.ts';

const world = { now: Date.UTC(2026, 10, 22) };
const clock = { now: () => world.now };
let simulator: Simulator;
let acme: SimulatedSite;
let url: string;

beforeAll(async () => {
  simulator = await startSimulator({ clock, timers: systemTimers, identity: {} });
  acme = simulator.sites.acme;
  url = simulator.identity?.url ?? '';
});
afterAll(() => simulator.close());

const REDIRECT = 'http://127.0.0.1:1/callback';
const insecure = { [oauth.allowInsecureRequests]: true } as const;
const server = (): oauth.AuthorizationServer => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/oauth/token`,
});

const person = (position: number): User => {
  const user = [...acme.heart.users.values()].filter(({ accountType }) => accountType === 'atlassian')[position];
  if (user === undefined) throw new Error('The seed world has people');
  return user;
};

async function post(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

const SCOPES = 'read:jira-work write:jira-work read:jira-user offline_access';

async function app(scopes: readonly string[] = SCOPES.split(' ')) {
  const { clientId = '', clientSecret = '' } = await post('/__sim/apps', { name: 'Tandem', redirectUris: [REDIRECT], scopes });
  return { client: { client_id: clientId }, secret: clientSecret, authentication: oauth.ClientSecretPost(clientSecret) };
}

/** The consent page as a browser sees it, and what it posts. */
async function authorize(clientId: string, decision = 'allow', scope = SCOPES, user = person(0)): Promise<URL> {
  const query = new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: clientId,
    scope,
    redirect_uri: REDIRECT,
    state: 's1',
    response_type: 'code',
    prompt: 'consent',
  });
  const asked = await fetch(`${url}/authorize?${query.toString()}`, { redirect: 'manual' });
  if (asked.status === 302) return new URL(asked.headers.get('location') ?? '');
  const page = await asked.text();
  expect(page).toContain('Tandem asks for access');
  expect(page).toContain(`Acme Support – ${user.displayName}`);
  const consent = /name="consent" value="([^"]*)"/.exec(page)?.[1] ?? '';
  const said = await fetch(`${url}/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ consent, decision, person: `${acme.heart.cloudId} ${user.accountId}` }),
  });
  return new URL(said.headers.get('location') ?? '');
}

async function tokens(scope = SCOPES, user = person(0)) {
  const registered = await app();
  const { client, authentication } = registered;
  const parameters = oauth.validateAuthResponse(server(), client, await authorize(client.client_id, 'allow', scope, user), 's1');
  const swap = () =>
    oauth.authorizationCodeGrantRequest(server(), client, authentication, parameters, REDIRECT, oauth.nopkce, insecure);
  const granted = await oauth.processAuthorizationCodeResponse(server(), client, await swap());
  return { ...registered, swap, granted };
}

async function gateway(path: string, authorization: string, init: RequestInit = {}, cloudId = acme.heart.cloudId) {
  const response = await fetch(`${url}/ex/jira/${cloudId}${path}`, {
    ...init,
    headers: { authorization, 'content-type': 'application/json' },
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}
const ME = '/rest/api/3/myself';

describe('3LO, driven by oauth4webapi', () => {
  it('goes from consent to calls through the gateway', async () => {
    const { granted } = await tokens();
    expect(granted).toMatchObject({ expires_in: 3600, scope: SCOPES, token_type: 'bearer' });
    const bearer = `Bearer ${granted.access_token}`;
    const resources = await fetch(`${url}/oauth/token/accessible-resources`, { headers: { authorization: bearer } });
    expect(await resources.json()).toMatchObject([
      { id: acme.heart.cloudId, url: acme.url, name: 'acme', scopes: ['read:jira-work', 'write:jira-work', 'read:jira-user'] },
    ]);
    expect(await gateway(ME, bearer)).toMatchObject({ status: 200, body: { accountId: person(0).accountId } });
    const edit = { method: 'PUT', body: JSON.stringify({ fields: { summary: 'By an app' } }) };
    expect((await gateway('/rest/api/3/issue/SUP-1', bearer, edit)).status).toBe(204);
    const atTheSite = await fetch(`${acme.url}${ME}`, { headers: { authorization: bearer } });
    expect(atTheSite.status).toBe(401);
    expect((await gateway(ME, bearer, {}, simulator.sites.globex.heart.cloudId)).status).toBe(401);
  });

  it('takes JSON at the token endpoint too, and a code once', async () => {
    const { client, secret, granted, swap } = await tokens();
    const refreshed = await post('/oauth/token', {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      client_secret: secret,
      refresh_token: granted.refresh_token,
    });
    expect(refreshed).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const again = await swap();
    expect([again.status, await again.json()]).toMatchObject([403, { error: 'invalid_grant' }]);
  });

  it('rotates refresh tokens and takes a spent one for ten minutes more', async () => {
    const { client, authentication, granted } = await tokens();
    const refresh = (token = '') => oauth.refreshTokenGrantRequest(server(), client, authentication, token, insecure);
    const second = await oauth.processRefreshTokenResponse(server(), client, await refresh(granted.refresh_token));
    expect(second.refresh_token).not.toBe(granted.refresh_token);
    world.now += 9 * 60_000;
    const third = await oauth.processRefreshTokenResponse(server(), client, await refresh(granted.refresh_token));
    world.now += 2 * 60_000;
    const late = await refresh(granted.refresh_token);
    expect([late.status, await late.json()]).toMatchObject([
      403,
      { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
    ]);
    expect((await refresh(third.refresh_token)).status).toBe(200);
    world.now += 90 * 86_400_000 + 1;
    expect((await refresh(third.refresh_token)).status).toBe(403);
  });

  it('lets access tokens run out after an hour, and gives no refresh token unasked', async () => {
    const { granted } = await tokens('read:jira-user');
    expect(granted.refresh_token).toBeUndefined();
    expect((await gateway(ME, `Bearer ${granted.access_token}`)).status).toBe(200);
    world.now += 3_600_001;
    expect((await gateway(ME, `Bearer ${granted.access_token}`)).status).toBe(401);
  });

  it.each([
    ['read:jira-work', 'GET', '/rest/api/3/issue/SUP-1', 200],
    ['read:jira-work', 'POST', '/rest/api/3/issue/bulkfetch', 200],
    ['read:jira-work', 'GET', ME, 401],
    ['read:jira-work', 'GET', '/rest/api/3/priority/search', 401],
    ['read:jira-work', 'PUT', '/rest/api/3/issue/SUP-1', 401],
    ['write:jira-work', 'PUT', '/rest/api/3/issue/SUP-1', 204],
    ['write:jira-work', 'GET', '/rest/api/3/issue/SUP-1', 401],
  ])('with %s answers %s %s by %i', async (scope, method, path, status) => {
    const { granted } = await tokens(scope);
    const body = method === 'PUT' ? { fields: { labels: ['scoped'] } } : { issueIdsOrKeys: ['SUP-1'] };
    const init = method === 'GET' ? {} : { method, body: JSON.stringify(body) };
    expect((await gateway(path, `Bearer ${granted.access_token}`, init)).status).toBe(status);
  });

  it('never gives an app more than its person may do', async () => {
    const { granted } = await tokens(SCOPES, person(3));
    expect((await gateway('/rest/api/3/issue/SUP-1', `Bearer ${granted.access_token}`, { method: 'DELETE' })).status).toBe(403);
  });

  it('tells the app of a denial and of a scope it may not ask for', async () => {
    const { client } = await app(['read:jira-work']);
    expect((await authorize(client.client_id, 'deny', 'read:jira-work')).searchParams.get('error')).toBe('access_denied');
    expect((await authorize(client.client_id, 'allow', 'write:jira-work')).searchParams.get('error')).toBe('invalid_scope');
    const elsewhere = `${url}/authorize?client_id=${client.client_id}&redirect_uri=http%3A%2F%2Fevil.example%2F`;
    expect((await fetch(elsewhere, { redirect: 'manual' })).status).toBe(400);
  });

  it('ends when the grant is revoked', async () => {
    const { client, granted } = await tokens();
    await post('/__sim/revoke', { clientId: client.client_id });
    expect((await gateway(ME, `Bearer ${granted.access_token}`)).status).toBe(401);
  });

  it('goes on after a restart with what was granted', async () => {
    const { client, secret, granted } = await tokens();
    const second = await startSimulator({ clock, timers: systemTimers, identity: {}, saved: simulator.save() });
    try {
      const answer = await fetch(`${second.identity?.url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'refresh_token',
          client_id: client.client_id,
          client_secret: secret,
          refresh_token: granted.refresh_token,
        }),
      });
      expect(answer.status).toBe(200);
    } finally {
      await second.close();
    }
  });
});

describe('API tokens with scopes', () => {
  it('are good at the gateway alone, within their scopes, until they run out', async () => {
    const { accountId, emailAddress } = person(1);
    const tenant = (await (await fetch(`${acme.url}/_edge/tenant_info`)).json()) as { cloudId: string };
    expect(tenant.cloudId).toBe(acme.heart.cloudId);
    const { token = '' } = await post('/__sim/api-tokens', { site: 'acme', accountId, scopes: ['read:jira-work'], days: 1 });
    const basic = `Basic ${Buffer.from(`${emailAddress}:${token}`).toString('base64')}`;
    expect((await gateway('/rest/api/3/issue/SUP-1', basic)).status).toBe(200);
    expect((await gateway(ME, basic)).status).toBe(401);
    const stranger = `Basic ${Buffer.from(`someone@else.example:${token}`).toString('base64')}`;
    expect((await gateway('/rest/api/3/issue/SUP-1', stranger)).status).toBe(401);
    expect((await fetch(`${acme.url}${ME}`, { headers: { authorization: basic } })).status).toBe(401);
    world.now += 86_400_001;
    expect((await gateway('/rest/api/3/issue/SUP-1', basic)).status).toBe(401);
  });
});
