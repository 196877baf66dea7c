import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import jwt from 'atlassian-jwt';
import express from 'express';
import request from 'supertest';
import { permits } from '../heart/permissions.ts';
import type { User } from '../heart/site.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { createMountPages } from './mount-pages.ts';

let simulator: Simulator;
let acme: SimulatedSite;
let app: Server;
let appUrl: string;

/** A small app that takes every lifecycle call. */
const startApp = async (): Promise<void> => {
  const routes = express();
  routes.get(
    '/atlassian-connect.json',
    (_request, response) =>
      void response.json({
        key: 'small-app',
        name: 'Small <app>',
        baseUrl: appUrl,
        authentication: { type: 'jwt' },
        scopes: ['READ'],
        apiMigrations: { 'signed-install': true, 'context-qsh': true },
        lifecycle: { installed: '/installed', uninstalled: '/uninstalled' },
        modules: {
          jiraProjectAdminTabPanels: [
            {
              key: 'settings',
              name: { value: 'Settings' },
              url: '/settings?project={project.key}',
              location: 'projectgroup1',
              conditions: [{ condition: 'user_is_project_admin' }],
            },
            {
              key: 'never',
              name: { value: 'Never shown' },
              url: '/never',
              location: 'projectgroup1',
              conditions: [{ or: [{ condition: 'user_is_admin', invert: true }] }],
            },
          ],
        },
      }),
  );
  routes.post(['/installed', '/uninstalled'], (_request, response) => void response.sendStatus(204));
  app = createServer(routes);
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  simulator = await startSimulator({ pages: createMountPages() });
  acme = simulator.sites.acme;
  await startApp();
});
afterAll(async () => {
  await simulator.close();
  app.closeAllConnections();
  app.close();
});

const person = (fits: (user: User) => boolean): User => {
  const found = [...acme.heart.users.values()].find((user) => user.accountType === 'atlassian' && user.active && fits(user));
  if (found === undefined) throw new Error('The seed world has nobody like that.');
  return found;
};
const administrator = (): User => person((user) => user.siteAdmin);
/** Somebody who administers neither the site nor its project. */
const outsider = (): User =>
  person((user) => [...acme.heart.projects.values()].every((project) => !permits(user, project, 'ADMINISTER_PROJECTS')));
const cookieOf = (who: User): string => `${sessionCookie(acme.heart)}=${encodeURIComponent(who.accountId)}`;
const get = (path: string, who = administrator()) => request(acme.url).get(path).set('Cookie', cookieOf(who));
const post = (path: string, fields: object, who = administrator()) =>
  request(acme.url).post(path).set('Cookie', cookieOf(who)).type('form').send(fields);
const ask = (path: string, moduleKey: string, who = administrator()) =>
  request(acme.url).post(path).set('Cookie', cookieOf(who)).send({ projectKey: 'SUP', appKey: 'small-app', moduleKey });

beforeEach(async () => {
  await post('/admin/apps/install', { descriptorUrl: `${appUrl}/atlassian-connect.json` }).expect(303);
});

it('an installed app is listed, with the pages that its conditions allow', async () => {
  expect((await get('/admin/apps')).text).toContain('Small &lt;app&gt;');
  const { text } = await get('/projects/SUP/settings');
  expect(text).toContain('href="/projects/SUP/settings/apps/settings"');
  expect(text).not.toContain('Never shown');
  await get('/projects/SUP/settings/apps/never').expect(404);
});

it('a frame’s address is signed for that very page and person, and may be framed', async () => {
  const { body } = await ask('/pages/apps/frame', 'settings').expect(200);
  const url = new URL(body.url);
  expect(`${url.origin}${url.pathname}`).toBe(`${appUrl}/settings`);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ project: 'SUP', xdm_e: acme.url, cp: '', lic: 'none' });
  const secret = acme.connect.installations.get('small-app')?.sharedSecret ?? '';
  const claims = jwt.decodeSymmetric(url.searchParams.get('jwt') ?? '', secret, jwt.SymmetricAlgorithm.HS256);
  expect(claims).toMatchObject({
    sub: administrator().accountId,
    qsh: jwt.createQueryStringHash(jwt.fromMethodAndUrl('GET', body.url), false, appUrl),
  });
  const { headers } = await get('/projects/SUP/settings/apps/settings').expect(200);
  expect(headers['content-security-policy']).toContain(`frame-src 'self' ${appUrl}`);
});

it('a context token is for the app’s own calls', async () => {
  const { body } = await ask('/pages/apps/token', 'settings').expect(200);
  const secret = acme.connect.installations.get('small-app')?.sharedSecret ?? '';
  expect(jwt.decodeSymmetric(body.token, secret, jwt.SymmetricAlgorithm.HS256)).toMatchObject({
    sub: administrator().accountId,
    qsh: 'context-qsh',
  });
});

it.each(['/pages/apps/frame', '/pages/apps/token'])('%s gives nothing to people who may not see the page', async (path) => {
  await ask(path, 'settings', outsider()).expect(404);
  await ask(path, 'never').expect(404);
  await request(acme.url).post(path).set('Cookie', cookieOf(administrator())).send({ nonsense: 1 }).expect(404);
  await get('/projects/SUP/settings/apps/settings', outsider()).expect(403);
});

it('a disabled app shows nothing until it is enabled again', async () => {
  await post('/admin/apps/disable', { appKey: 'small-app' }).expect(303);
  await get('/projects/SUP/settings/apps/settings').expect(404);
  await post('/admin/apps/enable', { appKey: 'small-app' }).expect(303);
  await get('/projects/SUP/settings/apps/settings').expect(200);
});

it('an uninstalled app can be installed again, with a new secret', async () => {
  const before = acme.connect.installations.get('small-app')?.sharedSecret;
  await post('/admin/apps/uninstall', { appKey: 'small-app' }).expect(303);
  expect(acme.connect.installations.has('small-app')).toBe(false);
  expect((await get('/admin/apps')).text).toContain('Install again');
  await post('/admin/apps/reinstall', { appKey: 'small-app' }).expect(303);
  expect(acme.connect.installations.get('small-app')?.sharedSecret).not.toBe(before);
});

it.each(['nonsense', 'http://127.0.0.1:9/atlassian-connect.json'])(
  'an install from %s tells why it failed',
  async (descriptorUrl) => {
    const { text } = await post('/admin/apps/install', { descriptorUrl }).expect(422);
    expect(text).toMatch(/class="problem" role="alert">[^<]+/);
    expect(text).toContain(`value="${descriptorUrl}"`);
  },
);

it('apps find the script of their side and its style sheets here', async () => {
  const script = await request(acme.url)
    .get('/atlassian-connect/all.js')
    .expect(200)
    .expect('Content-Type', /javascript/);
  expect(script.text).toContain(`var CDN_URL = "${acme.url}/atlassian-connect";`);
  await request(acme.url).get('/atlassian-connect/themes/atlaskit-tokens_light.css').expect(200);
  await request(acme.url).get('/atlassian-connect/surfaces.css').expect(200);
  await request(acme.url).get('/pages/assets/connect-host.js').expect(200);
  await request(acme.url).get('/pages/assets/jquery.js').expect(200);
});
