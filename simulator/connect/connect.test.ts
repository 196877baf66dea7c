import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import jwt from 'atlassian-jwt';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { fillVariables } from './descriptor.ts';

interface Call {
  readonly path: string;
  readonly token: string;
  readonly body: Record<string, string>;
}

let simulator: Simulator;
let server: http.Server;
let calls: Call[];
let answer: number;
let baseUrl: string;

beforeEach(async () => {
  calls = [];
  answer = 204;
  server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.url === '/app/descriptor.json') {
        const lifecycle = { installed: '/installed', uninstalled: '/uninstalled', enabled: '/enabled', disabled: '/disabled' };
        response.end(
          JSON.stringify({
            key: 'handshake',
            name: 'Handshake',
            baseUrl,
            authentication: { type: 'jwt' },
            scopes: ['READ'],
            lifecycle,
            modules: {},
          }),
        );
        return;
      }
      calls.push({
        path: request.url ?? '',
        token: String(request.headers.authorization).replace('JWT ', ''),
        body: JSON.parse(text) as Record<string, string>,
      });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://localhost:${(server.address() as AddressInfo).port}/app`;
  simulator = await startSimulator();
});

afterEach(async () => {
  await simulator.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
});

const connect = () => simulator.sites.acme.connect;
const install = () => connect().install(`${baseUrl}/descriptor.json`);
const hashOf = (method: string, url: string): string =>
  jwt.createQueryStringHash(jwt.fromMethodAndUrl(method, url), false, baseUrl);

describe('the install handshake', () => {
  it('is signed RS256 with a key that the key server hands out, for this app alone', async () => {
    expect(await install()).toMatchObject({ ok: true });
    const [installed] = calls;
    const pem = await (await fetch(`${simulator.keyServerUrl}/${jwt.getKeyId(installed?.token ?? '')}`)).text();
    const claims = jwt.decodeAsymmetric(installed?.token ?? '', pem, jwt.AsymmetricAlgorithm.RS256);
    expect(claims).toMatchObject({
      iss: installed?.body['clientKey'],
      aud: [baseUrl],
      qsh: hashOf('POST', `${baseUrl}/installed`),
    });
    expect(installed?.body).toMatchObject({
      key: 'handshake',
      baseUrl: simulator.sites.acme.url,
      productType: 'jira',
      eventType: 'installed',
      sharedSecret: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is followed by enabled, signed HS256 and without the secret', async () => {
    await install();
    const [installed, enabled] = calls;
    expect(calls.map((call) => call.path)).toEqual(['/app/installed', '/app/enabled']);
    expect(enabled?.body).not.toHaveProperty('sharedSecret');
    expect(
      jwt.decodeSymmetric(enabled?.token ?? '', installed?.body['sharedSecret'] ?? '', jwt.SymmetricAlgorithm.HS256),
    ).toMatchObject({ qsh: hashOf('POST', `${baseUrl}/enabled`) });
  });

  it('leaves nothing behind when the app refuses', async () => {
    answer = 500;
    expect(await install()).toMatchObject({ ok: false });
    expect(connect().installations.size).toBe(0);
  });

  it('brings a new secret for the same clientKey when repeated, and the old one stays when that is refused', async () => {
    await install();
    await install();
    const [first, , second] = calls;
    expect(second?.body['clientKey']).toBe(first?.body['clientKey']);
    expect(second?.body['sharedSecret']).not.toBe(first?.body['sharedSecret']);
    answer = 401;
    await install();
    expect(connect().installations.get('handshake')?.sharedSecret).toBe(second?.body['sharedSecret']);
  });

  it('gives each site its own clientKey and secret', async () => {
    await install();
    await simulator.sites.globex.connect.install(`${baseUrl}/descriptor.json`);
    const [acme, globex] = calls.filter((call) => call.path === '/app/installed').map((call) => call.body);
    expect(acme?.['clientKey']).not.toBe(globex?.['clientKey']);
    expect(acme?.['sharedSecret']).not.toBe(globex?.['sharedSecret']);
  });
});

describe('an installed app', () => {
  const call = async (method: string, path: string, secret: string, claims: Record<string, unknown> = {}) => {
    const url = `${simulator.sites.acme.url}${path}`;
    const now = Math.floor(simulator.sites.acme.heart.clock.now() / 1000);
    const qsh = jwt.createQueryStringHash(jwt.fromMethodAndUrl(method, url));
    const token = jwt.encodeSymmetric({ iss: 'handshake', iat: now, exp: now + 180, qsh, ...claims }, secret);
    return fetch(url, { method, headers: { authorization: `JWT ${token}` } });
  };
  const secretNow = (): string => connect().installations.get('handshake')?.sharedSecret ?? '';

  it('acts as its own user', async () => {
    await install();
    const response = await call('GET', '/rest/api/3/myself?expand=groups', secretNow());
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accountType: 'app', displayName: 'Handshake' });
  });

  it.each([
    ['a wrong secret', 'x'.repeat(64), {}],
    ['a hash of another request', null, { qsh: 'context-qsh' }],
    ['an expired token', null, { exp: 1 }],
    ['an unknown issuer', null, { iss: 'somebody' }],
  ])('is not let in with %s', async (_what, secret, claims) => {
    await install();
    expect((await call('GET', '/rest/api/3/myself', secret ?? secretNow(), claims)).status).toBe(401);
  });

  it('may do only what its scopes allow', async () => {
    await install();
    expect((await call('DELETE', '/rest/api/3/issue/SUP-1', secretNow())).status).toBe(403);
  });

  it('is not let in once it is disabled, and is told of the end', async () => {
    await install();
    await connect().disable('handshake');
    expect((await call('GET', '/rest/api/3/myself', secretNow())).status).toBe(401);
    await connect().uninstall('handshake');
    expect(calls.map((each) => each.path)).toEqual(['/app/installed', '/app/enabled', '/app/disabled', '/app/uninstalled']);
    expect(jwt.getAlgorithm(calls[3]?.token ?? '')).toBe('RS256');
    expect(connect().installations.size).toBe(0);
  });
});

describe('tokens for pages', () => {
  it('a context token has the fixed qsh, the person and the project', async () => {
    await install();
    const token = connect().contextToken('handshake', 'person', { project: { id: '11200', key: 'SUP' } });
    const claims = jwt.decodeSymmetric(
      token,
      connect().installations.get('handshake')?.sharedSecret ?? '',
      jwt.SymmetricAlgorithm.HS256,
    );
    expect(claims).toMatchObject({
      sub: 'person',
      qsh: 'context-qsh',
      context: { jira: { project: { id: '11200', key: 'SUP' } } },
    });
    expect(claims.exp - claims.iat).toBe(900);
  });

  it('a page’s address is filled in and covered by its own token', async () => {
    await install();
    const address = connect().pageUrl('handshake', 'person', '/page?project={project.key}&xdm_e=x', {
      project: { id: '11200', key: 'SUP' },
    });
    const url = new URL(address);
    expect(url.searchParams.get('project')).toBe('SUP');
    const claims = jwt.decodeSymmetric(
      url.searchParams.get('jwt') ?? '',
      connect().installations.get('handshake')?.sharedSecret ?? '',
      jwt.SymmetricAlgorithm.HS256,
    );
    expect(claims).toMatchObject({ sub: 'person', qsh: hashOf('GET', address) });
  });

  it.each([
    ['/a?k={project.key}&i={project.id}', '/a?k=SUP&i=11200'],
    ['/a/$'.concat('{project.key}'), '/a/SUP'],
    ['/a?x={issue.key}', '/a?x='],
  ])('fills %s', (url, filled) => {
    expect(fillVariables(url, { project: { id: '11200', key: 'SUP' } })).toBe(filled);
  });
});
