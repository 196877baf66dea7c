import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answered, type AttackWorld, createAttackWorld } from './attacks/attack-world.ts';
import { awaiting, consentTo, linkOf, openBrowser, press, seenIn, withParameter } from './attacks/consents.ts';
import { type Forbidden, openForbidden } from './attacks/production-world.ts';

/*
 * Where the pages of a consent lead, who may frame and keep them, and sites that answer in bad faith.
 */
let attacks: AttackWorld;
beforeAll(async () => {
  attacks = await createAttackWorld();
}, 60_000);
afterAll(() => attacks.close());

const EVIL = 'https://evil.example/';
const PARAMETERS = [
  'next',
  'redirect',
  'redirect_uri',
  'redirectUri',
  'returnUrl',
  'return_to',
  'url',
  'continue',
  'callback',
  'r',
];
const everyParameter = (path: string): string => PARAMETERS.reduce((so, name) => withParameter(so, name, EVIL), path);

/** Nothing in the answer leads anywhere but to us, and to the site. */
function expectNoWayOut({ headers, text }: Answered): void {
  expect(headers['location']).toBeUndefined();
  expect(`${headers['refresh'] ?? ''} ${headers['link'] ?? ''} ${text}`).not.toContain('evil');
}

describe('open redirects', () => {
  it('every page of a consent, with every name that frameworks give such a parameter', async () => {
    const person = openBrowser(attacks);
    const path = everyParameter(await linkOf(attacks, await awaiting(attacks, 'oauth2-data-center')));
    const shown = await person.get(path);
    expectNoWayOut(shown);
    const sent = await person.post(path, { seen: seenIn(shown), ...Object.fromEntries(PARAMETERS.map((name) => [name, EVIL])) });
    expectNoWayOut(sent);
    const led = (sent.headers['refresh'] ?? '').replace('0; url=', '');
    expect(new URL(led).origin).toBe(new URL(attacks.initech.url).origin);
    const back = everyParameter(await consentTo(attacks, 'oauth2-data-center', led)).replace(/redirect_uri=[^&]*&?/, '');
    const done = await person.get(withParameter(back, 'iss', EVIL));
    expect(done.status).toBe(200);
    expectNoWayOut(done);
  });

  it.each([
    '//evil.example',
    '//evil.example/..',
    '/\\evil.example',
    '/authenticate//evil.example',
    '/authenticate/https:%2f%2fevil.example',
    '/oauth/callback//evil.example',
    `/oauth/callback?error=access_denied&error_uri=${EVIL}`,
    `/oauth/callback?state=${EVIL}&code=1`,
    '/ui//evil.example/..;/',
    '/pages/space-settings?url=https://evil.example',
  ])('%s', async (path) => {
    const answered = await attacks.send({ path, headers: { accept: 'text/html', host: 'evil.example' } });
    expect(answered.status).toBeGreaterThanOrEqual(400);
    expectNoWayOut(answered);
  });

  it('a host that the request names itself', async () => {
    const connection = await awaiting(attacks, 'oauth2-cloud');
    const made = await attacks.send({
      method: 'POST',
      path: `/api/v1/connections/${connection.connectionId}/authentication-links`,
      headers: { authorization: `JWT ${attacks.acme.contextToken()}`, host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      body: { for: 'somebody' },
    });
    expect(made.status).toBe(201);
    expect(made.text).toContain(attacks.url);
    expectNoWayOut(made);
  });
});

describe('clickjacking, caches and other sites', () => {
  const pages: Readonly<Record<string, () => Promise<Answered>>> = {
    'who asks for what': async () => openBrowser(attacks).get(await linkOf(attacks, await awaiting(attacks, 'oauth2-cloud'))),
    'on to the site': async () => {
      const [person, path] = [openBrowser(attacks), await linkOf(attacks, await awaiting(attacks, 'oauth2-cloud'))];
      return person.post(path, { seen: seenIn(await person.get(path)) });
    },
    'how it ended': async () => {
      const person = openBrowser(attacks);
      const path = await linkOf(attacks, await awaiting(attacks, 'oauth2-cloud'));
      return person.get(await consentTo(attacks, 'oauth2-cloud', await press(person, path)));
    },
    'a link that is none': () => openBrowser(attacks).get('/authenticate/nothing'),
    'a form that was not seen': async () =>
      openBrowser(attacks).post(await linkOf(attacks, await awaiting(attacks, 'oauth2-cloud')), {}),
    'an answer that nobody asked for': () => openBrowser(attacks).get('/oauth/callback?state=a&code=b'),
  };
  it.each(Object.entries(pages))('%s', async (_name, show) => {
    const { headers, text } = await show();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]),
    );
    expect(policy).not.toMatch(/unsafe|\*|script-src/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(text).not.toMatch(/<script|<iframe| on[a-z]+=| style=/i);
    for (const cookie of [headers['set-cookie'] ?? []].flat()) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  });
});

/** A site that says of itself what it likes. */
interface HostileSite {
  readonly url: string;
  readonly asked: string[];
  close(): void;
}

type Say = (path: string) => { status?: number; headers?: Record<string, string>; body?: string };

async function openHostile(say: Say): Promise<HostileSite> {
  const asked: string[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization ?? ''}`);
    const { status = 200, headers = {}, body = '{}' } = say(incoming.url ?? '');
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const INFO = { baseUrl: 'http://127.0.0.1', version: '10.3.0', deploymentType: 'Server' };
const sayInfo = (change: object) => ({ body: JSON.stringify({ ...INFO, ...change }) });
const ME = { key: 'user-1', displayName: 'Sync user' };

describe('sites in bad faith', () => {
  let forbidden: Forbidden;
  beforeAll(async () => {
    forbidden = await openForbidden();
  });
  afterAll(() => forbidden.close());

  const connect = (siteUrl: string): Promise<Answered> =>
    attacks.send({
      method: 'POST',
      path: '/api/v1/connections',
      headers: { authorization: `JWT ${attacks.acme.contextToken()}` },
      body: { kind: 'personal-token', siteUrl, token: 'secret-for-the-site' },
    });

  const serverInfo = '/rest/api/2/serverInfo';
  const cases: readonly (readonly [string, (port: number) => Say, string])[] = [
    ['one that is as it should be', () => (path) => (path === serverInfo ? sayInfo({}) : { body: JSON.stringify(ME) }), '201 '],
    [
      'a redirect to another host, at the first look',
      (port) => () => ({ status: 302, headers: { location: `http://127.0.0.1:${port}${serverInfo}` } }),
      '422 not-jira',
    ],
    [
      'a redirect to the metadata of clouds',
      () => () => ({ status: 307, headers: { location: 'http://169.254.169.254/latest/meta-data/' } }),
      '422 not-jira',
    ],
    [
      'a redirect to another host, with the token',
      (port) => (path) =>
        path === serverInfo ? sayInfo({}) : { status: 302, headers: { location: `http://127.0.0.1:${port}/rest/api/2/myself` } },
      '503 provider-unavailable',
    ],
    [
      'an address of its own that is another host’s',
      (port) => (path) => (path === serverInfo ? sayInfo({ baseUrl: `http://127.0.0.1:${port}` }) : { body: JSON.stringify(ME) }),
      '201 ',
    ],
    ['a version that is a text', () => () => sayInfo({ version: '<script>alert(1)</script>' }), '422 not-jira'],
    ['a version with a zero character', () => () => sayInfo({ version: '10.3\u0000' }), '422 not-jira'],
    ['a version of a megabyte', () => () => sayInfo({ version: '1'.repeat(1_000_000) }), '422 not-jira'],
    ['an answer without end', () => () => ({ body: ' '.repeat(30 * 1024 * 1024) }), '503 provider-unavailable'],
    ['JSON that is none', () => () => ({ body: '{"version":' }), '422 not-jira'],
    [
      'a user without an id',
      () => (path) => (path === serverInfo ? sayInfo({}) : { body: '{"displayName":"a"}' }),
      '503 provider-unavailable',
    ],
    [
      'a user with a zero character in the id',
      () => (path) => (path === serverInfo ? sayInfo({}) : { body: JSON.stringify({ key: 'a\u0000b' }) }),
      '503 provider-unavailable',
    ],
    [
      'a user whose id has no end',
      () => (path) => (path === serverInfo ? sayInfo({}) : { body: JSON.stringify({ key: 'x'.repeat(10_000) }) }),
      '503 provider-unavailable',
    ],
  ];

  it.each(cases)('%s', async (_what, sayOf, answer) => {
    const site = await openHostile(sayOf(forbidden.port));
    const answered = await connect(site.url);
    site.close();
    expect(`${answered.status} ${answered.code}`).toBe(answer);
    expect(site.asked.length).toBeGreaterThan(0);
    expect(forbidden.takeConnections()).toBe(0);
    if (answered.status !== 201) {
      const { connections } = await attacks.acme.page<{ connections: { siteUrl: string }[] }>('GET', '/connections');
      expect(connections.filter(({ siteUrl }) => siteUrl === site.url)).toEqual([]);
    }
  });
});
