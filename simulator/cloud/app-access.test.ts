import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'atlassian-jwt';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';

let simulator: Simulator;
let server: http.Server;

/** An app that may read and write, on acme. */
beforeAll(async () => {
  server = http.createServer((request, response) => {
    const baseUrl = `http://${request.headers.host ?? ''}`;
    const descriptor = {
      key: 'an-app',
      baseUrl,
      authentication: { type: 'jwt' },
      scopes: ['READ', 'WRITE'],
      lifecycle: { installed: '/in' },
    };
    response.end(request.url === '/descriptor.json' ? JSON.stringify(descriptor) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  simulator = await startSimulator({ indexLagMs: 0 });
  const installed = await simulator.sites.acme.connect.install(
    `http://localhost:${(server.address() as AddressInfo).port}/descriptor.json`,
  );
  expect(installed.ok).toBe(true);
});
afterAll(async () => {
  await simulator.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
});

const app = () => {
  const installation = simulator.sites.acme.connect.installations.get('an-app');
  if (installation === undefined) throw new Error('The app is installed');
  return installation;
};

async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<number> {
  const { url } = simulator.sites.acme;
  const request = jwt.fromMethodAndUrl(method, `${url}${path}`);
  const seconds = Math.floor(simulator.sites.acme.heart.clock.now() / 1000);
  const claims = { iss: 'an-app', iat: seconds, exp: seconds + 180, qsh: jwt.createQueryStringHash(request, false, url) };
  const token = jwt.encodeSymmetric(claims, app().sharedSecret, jwt.SymmetricAlgorithm.HS256);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `JWT ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('a Connect app', () => {
  it.each([
    ['POST', '/rest/api/3/changelog/bulkfetch'],
    ['GET', '/rest/api/3/users/search'],
    ['POST', '/rest/api/3/bulk/issues/move'],
    ['POST', '/rest/api/3/resolution'],
  ] as const)('cannot use what is closed to apps: %s %s', async (method, path) => {
    expect(await call(method, path)).toBe(403);
  });

  it.each([
    ['POST', '/rest/api/3/version', { projectId: 11_200, name: 'No' }],
    ['DELETE', '/rest/api/3/issue/SUP-1', undefined],
    ['GET', '/rest/api/3/group/bulk', undefined],
  ] as const)('needs the scope of the operation: %s %s', async (method, path, body) => {
    expect(await call(method, path, body)).toBe(403);
  });

  it('sets what is on no screen if its user administers the site, and says that it wants to', async () => {
    const project = simulator.sites.acme.heart.projects.get('11200');
    project?.hiddenFields.add('labels');
    const path = '/rest/api/3/issue/SUP-1';
    const body = { fields: { labels: ['hidden'] } };
    app().appUser.siteAdmin = false;
    expect(await call('PUT', `${path}?overrideScreenSecurity=true`, body)).toBe(403);
    app().appUser.siteAdmin = true;
    expect(await call('PUT', path, body)).toBe(400);
    expect(await call('PUT', `${path}?overrideScreenSecurity=true`, body)).toBe(204);
  });
});
