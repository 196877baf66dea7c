import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Express, Router } from 'express';
import request from 'supertest';
import { type ConnectionWorld, createConnectionWorld } from '../../../test/fakes/connection-world.ts';
import { createMemoryApiTokens } from '../../../test/fakes/memory-api-tokens.ts';
import { createReadableGuard, serveApi } from '../../../test/fakes/readable-api.ts';
import {
  applicationLinkList,
  authenticationLink,
  type Connection,
  connection,
  connectionHealth,
  connectionList,
  probedSite,
  remoteSpaces,
} from '../../contract/connections.ts';
import { apiError } from '../../contract/synchronizations.ts';
import { mountConnections } from './api-v1-connections.ts';

const ANN = 'JWT acme SUP ann';
const CORA = 'JWT acme SUP cora';
const BEN = 'JWT globex ENG ben';
const CARL = 'JWT acme SUP carl';
const DC = 'https://jira.initech.example/jira';
const SECRET = 'a client secret that nobody sees again';
const BY_CLIENT = {
  kind: 'oauth2-data-center',
  siteUrl: `${DC}/secure/Dashboard.jspa`,
  applicationLink: { clientId: 'client-1', clientSecret: SECRET },
};
const BY_TOKEN = { kind: 'personal-token', siteUrl: DC, token: 'good token' };

let world: ConnectionWorld;
let app: Express;
beforeEach(() => {
  world = createConnectionWorld();
  const router = Router();
  const guard = createReadableGuard(world.setUp, { tokens: createMemoryApiTokens(), audit: world.audit });
  mountConnections(router, guard, world.ports);
  app = serveApi(world.setUp, router);
});

type Method = 'get' | 'post' | 'patch' | 'delete';
const call = (method: Method, path: string, who = ANN) => request(app)[method](`/api/v1${path}`).set('Authorization', who);
const codeOf = (body: unknown): string => apiError.parse(body).error.code;
async function make(body: object): Promise<Connection> {
  const made = await call('post', '/connections').send(body).expect(201);
  return connection.parse(made.body);
}

describe('connections over HTTP', () => {
  it('are made, listed, shown and removed', async () => {
    const made = await make(BY_CLIENT);
    expect(made).toMatchObject({
      siteUrl: DC,
      state: 'awaiting-authentication',
      applicationLink: { clientId: 'client-1', scope: 'ADMIN' },
    });
    const listed = await call('get', '/connections').expect(200);
    expect(connectionList.parse(listed.body).connections).toEqual([made]);
    const shown = await call('get', `/connections/${made.connectionId}`).expect(200);
    expect(connection.parse(shown.body)).toEqual(made);
    await call('delete', `/connections/${made.connectionId}`).expect(204);
    expect(codeOf((await call('get', `/connections/${made.connectionId}`).expect(404)).body)).toBe('connection-not-found');
  });

  it('tell what has to be done at the site, with what is to be copied', async () => {
    const { instructions } = await make(BY_CLIENT);
    const copied = instructions?.steps.flatMap(({ copy }) => copy);
    expect(copied).toContainEqual({ label: 'Redirect URL', value: 'https://tandem.example/oauth/callback' });
    expect(instructions?.bringBack).toEqual(['Client ID', 'Client secret']);
    const byKey = await make({ kind: 'oauth1', siteUrl: DC });
    expect(byKey.instructions?.steps.flatMap(({ copy }) => copy)).toEqual(
      expect.arrayContaining([
        { label: 'Consumer key', value: 'tandem-key' },
        { label: 'Public key', value: 'PUBLIC KEY' },
        { label: 'Consumer callback URL', value: 'https://tandem.example/oauth/callback' },
      ]),
    );
    expect((await make({ kind: 'oauth2-cloud', siteUrl: world.cloud.siteUrl })).instructions).toBeNull();
  });

  it('say that a password is deprecated', async () => {
    const made = await make({ kind: 'password', siteUrl: DC, userName: 'sync', password: 'good token' });
    expect(made.deprecated).toContain('deprecated');
    expect((await make(BY_TOKEN)).deprecated).toBeNull();
  });

  it('never tell a secret again', async () => {
    const made = await make(BY_CLIENT);
    const token = await make({ ...BY_TOKEN, token: 'good token' });
    await call('patch', `/connections/${made.connectionId}`)
      .send({ applicationLink: { clientSecret: `${SECRET}, changed` } })
      .expect(200);
    const answers = await Promise.all([
      call('get', '/connections'),
      call('get', `/connections/${made.connectionId}`),
      call('get', `/connections/${token.connectionId}/health`),
      call('get', '/application-links'),
    ]);
    for (const answer of answers) {
      expect(answer.text).not.toContain(SECRET);
      expect(answer.text).not.toContain('good token');
    }
    expect(JSON.stringify(world.audit.lines)).not.toContain(SECRET);
  });

  it('say why they need authentication, and what to do', async () => {
    const { connectionId } = await make(BY_TOKEN);
    await world.connections.change(world.ann.siteTenantId, connectionId as never, {
      state: 'needs-authentication',
      cause: 'token-expired',
    });
    const shown = connection.parse((await call('get', `/connections/${connectionId}`)).body);
    expect(shown).toMatchObject({
      state: 'needs-authentication',
      cause: { code: 'token-expired', message: 'The token has expired.' },
    });
  });

  it('are for who made them', async () => {
    const { connectionId } = await make(BY_TOKEN);
    const path = `/connections/${connectionId}`;
    for (const who of [CORA, BEN]) {
      const answers = await Promise.all([
        call('get', path, who),
        call('patch', path, who).send({ credentials: { kind: 'personal-token', token: 'token of another' } }),
        call('delete', path, who),
        call('post', `${path}/authentication-links`, who).send({ for: 'me' }),
        call('get', `${path}/spaces`, who),
        call('get', `${path}/health`, who),
      ]);
      expect(answers.map(({ status, body }) => `${status} ${codeOf(body)}`)).toEqual(Array(6).fill('404 connection-not-found'));
    }
    expect(connectionList.parse((await call('get', '/connections', CORA)).body).connections).toEqual([]);
    expect((await call('get', path)).status).toBe(200);
  });

  it('are not for people without the right to administer the space', async () => {
    expect((await call('get', '/connections', CARL)).status).toBe(403);
  });

  it.each<[string, object]>([
    ['no kind', { siteUrl: DC }],
    ['another kind', { kind: 'kerberos', siteUrl: DC }],
    ['no address', { kind: 'oauth2-cloud' }],
    ['more than is asked for', { ...BY_TOKEN, connectionId: 'x' }],
    ['no secret', { ...BY_CLIENT, applicationLink: { clientId: 'client-1' } }],
    ['a blank secret', { ...BY_TOKEN, token: '' }],
    ['a secret that is too long', { ...BY_TOKEN, token: 'x'.repeat(4097) }],
    ['a link that is known and new', { ...BY_CLIENT, applicationLink: { applicationLinkId: 'x', clientSecret: SECRET } }],
  ])('are not made of %s', async (_title, body) => {
    const refused = await call('post', '/connections').send(body).expect(400);
    expect(codeOf(refused.body)).toBe('body-invalid');
    expect(refused.text).not.toContain(SECRET);
    expect(await world.connections.list(world.ann.siteTenantId)).toEqual([]);
  });

  it('refuse what the site refuses', async () => {
    const refused = await call('post', '/connections').send({ ...BY_TOKEN, token: 'bad' });
    expect([refused.status, codeOf(refused.body)]).toEqual([422, 'credentials-refused']);
  });
});

describe('one-time links over HTTP', () => {
  it('are shown once, and kept by no cache', async () => {
    const { connectionId } = await make(BY_CLIENT);
    const made = await call('post', `/connections/${connectionId}/authentication-links`).send({ for: 'somebody' }).expect(201);
    expect(made.get('Cache-Control')).toBe('no-store');
    const { url, expiresAt } = authenticationLink.parse(made.body);
    expect(url).toMatch(/^https:\/\/tandem\.example\/authenticate\/[\w-]{86}$/);
    expect(Date.parse(expiresAt) - world.time.now).toBe(7 * 86_400_000);
    expect((await call('get', `/connections/${connectionId}`)).text).not.toContain(url);
  });

  it.each([{}, { for: 'everybody' }, { for: 'me', expiresAt: '2099-01-01T00:00:00Z' }])('are not made of %j', async (body) => {
    const { connectionId } = await make(BY_CLIENT);
    await call('post', `/connections/${connectionId}/authentication-links`).send(body).expect(400);
  });
});

describe('a look at a site over HTTP', () => {
  it('tells the ways in, with what has to be done first, and the links that are known', async () => {
    const { applicationLink } = await make(BY_CLIENT);
    const looked = await call('post', '/connections/probe')
      .send({ siteUrl: `${DC}/browse/PLAT-1` })
      .expect(200);
    const site = probedSite.parse(looked.body);
    expect(site).toMatchObject({
      siteUrl: DC,
      product: 'data-center',
      version: '10.3.1',
      hasApp: false,
      applicationLinks: [applicationLink],
    });
    expect(site.ways.map(({ kind, instructions }) => [kind, instructions !== null])).toEqual([
      ['oauth2-data-center', true],
      ['personal-token', false],
      ['oauth1', true],
      ['password', false],
    ]);
  });

  it('says what it came to', async () => {
    const refused = await call('post', '/connections/probe').send({ siteUrl: 'https://elsewhere.example' });
    expect([refused.status, codeOf(refused.body)]).toEqual([422, 'not-jira']);
  });
});

it('health over HTTP says where to authenticate again', async () => {
  const { connectionId } = await make(BY_CLIENT);
  const health = connectionHealth.parse((await call('get', `/connections/${connectionId}/health`).expect(200)).body);
  expect(health).toMatchObject({
    answers: 'unasked',
    spaces: [],
    quota: { budget: null, spent: 3, waitsUntil: null },
    authenticateBy: `/api/v1/connections/${connectionId}/authentication-links`,
  });
  const typed = await make(BY_TOKEN);
  const other = connectionHealth.parse((await call('get', `/connections/${typed.connectionId}/health`)).body);
  expect([other.answers, other.authenticateBy]).toEqual(['yes', null]);
});

it('the spaces of a site over HTTP are those that its sync user may browse', async () => {
  const { connectionId } = await make(BY_CLIENT);
  const waiting = await call('get', `/connections/${connectionId}/spaces`);
  expect([waiting.status, codeOf(waiting.body)]).toEqual([409, 'authentication-needed']);
  const typed = await make(BY_TOKEN);
  const listed = await call('get', `/connections/${typed.connectionId}/spaces`).expect(200);
  expect(remoteSpaces.parse(listed.body).spaces).toEqual([{ projectId: '10100', projectKey: 'PLAT', name: 'Platform' }]);
});

it('application links are listed by site, and removed once no connection is made with them', async () => {
  const { connectionId, applicationLink } = await make(BY_CLIENT);
  const listed = await call('get', `/application-links?siteUrl=${encodeURIComponent(DC)}`).expect(200);
  expect(applicationLinkList.parse(listed.body).applicationLinks).toEqual([applicationLink]);
  expect((await call('get', '/application-links?siteUrl=https://elsewhere.example')).body).toEqual({ applicationLinks: [] });
  const path = `/application-links/${applicationLink?.applicationLinkId}`;
  expect(codeOf((await call('delete', path).expect(409)).body)).toBe('application-link-in-use');
  await call('delete', `/connections/${connectionId}`).expect(204);
  await call('delete', path).expect(204);
});
