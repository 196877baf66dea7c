import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashOf, signWithKey, signWithSecret } from '../../test/fakes/connect-site.ts';
import { APP_KEY, BASE_URL, type ConnectWorld, createConnectWorld, KEY_ID, NOW } from '../../test/fakes/connect-world.ts';

const SECONDS = NOW / 1000;
const FIRST = 'first-secret-of-acme-first';
const SECOND = 'second-secret-of-acme-second';

let world: ConnectWorld;
beforeEach(async () => {
  world = await createConnectWorld();
});
afterEach(async () => {
  await world.close();
});

const claims = (target: string, changes: object = {}) => ({
  iss: 'acme',
  iat: SECONDS,
  exp: SECONDS + 180,
  qsh: hashOf('POST', target),
  ...changes,
});

const body = (changes: object = {}) => ({
  key: APP_KEY,
  clientKey: 'acme',
  sharedSecret: FIRST,
  baseUrl: 'https://acme.atlassian.net/',
  ...changes,
});

const postSigned = (target: string, sent: object, clientKey = 'acme') =>
  request(world.app)
    .post(target)
    .set(
      'Authorization',
      `JWT ${signWithKey({ header: { kid: KEY_ID }, claims: claims(target, { iss: clientKey, aud: [BASE_URL] }) }, world.atlassian.privateKey)}`,
    )
    .send(sent);

const postWithSecret = (target: string, secret: string) =>
  request(world.app)
    .post(target)
    .set('Authorization', `JWT ${signWithSecret({ claims: claims(target) }, secret)}`)
    .send({ clientKey: 'acme' });

const acme = () => world.installations.readByClientKey('acme');

describe('install', () => {
  it('makes a tenant and a connection, and keeps the secret sealed', async () => {
    await postSigned('/installed', body({ displayUrl: 'https://jira.acme.example', oauthClientId: 'oauth-1' })).expect(204);
    const installation = await acme();
    expect(installation).toMatchObject({
      clientKey: 'acme',
      baseUrl: 'https://acme.atlassian.net',
      displayUrl: 'https://jira.acme.example',
      oauthClientId: 'oauth-1',
      state: 'enabled',
      installedAt: NOW,
    });
    expect(installation?.tenantId).not.toBe(installation?.connectionId);
    expect(JSON.stringify(installation)).not.toContain(FIRST);
  });

  it('again keeps the ids and replaces the secret', async () => {
    await postSigned('/installed', body()).expect(204);
    const before = await acme();
    await postSigned('/installed', body({ sharedSecret: SECOND })).expect(204);
    const after = await acme();
    expect([after?.tenantId, after?.connectionId]).toEqual([before?.tenantId, before?.connectionId]);
    await postWithSecret('/enabled', FIRST).expect(401);
    await postWithSecret('/enabled', SECOND).expect(204);
  });

  it('twice at the same moment makes one tenant', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => postSigned('/installed', body())));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    const installation = await acme();
    if (installation === null) throw new Error('acme is not installed');
    expect(await world.installations.read(installation.tenantId, installation.connectionId)).toEqual(installation);
    await postWithSecret('/enabled', FIRST).expect(204);
  });

  it('shows a display address that is no address as the base URL', async () => {
    await postSigned('/installed', body({ displayUrl: 'javascript:alert(1)' })).expect(204);
    expect((await acme())?.displayUrl).toBe('https://acme.atlassian.net');
  });
});

describe('uninstall', () => {
  it('stops the site at once, as often as it is told', async () => {
    await postSigned('/installed', body()).expect(204);
    const tenantId = (await acme())?.tenantId;
    await postSigned('/uninstalled', { clientKey: 'acme' }).expect(204);
    expect(await acme()).toMatchObject({ state: 'uninstalled', uninstalledAt: NOW });
    world.time.now = NOW + 5_000;
    await postSigned('/uninstalled', { clientKey: 'acme' }).expect(204);
    expect((await acme())?.uninstalledAt).toBe(NOW);
    expect(world.stopped).toEqual([tenantId, tenantId]);
    expect(world.leaving.has(tenantId ?? '')).toBe(true);
    expect(world.audit.lines.map(({ action }) => action)).toEqual(['site.installed', 'site.uninstalled']);
  });

  it('of a known site by somebody else is refused, and the log of that site says so', async () => {
    await postSigned('/installed', body()).expect(204);
    await postWithSecret('/uninstalled', FIRST).expect(401);
    expect(world.audit.lines.at(-1)).toMatchObject({
      tenantId: (await acme())?.tenantId,
      action: 'site.refused',
      actor: { kind: 'stranger' },
      detail: 'jwt-algorithm',
      outcome: 'refused',
    });
    expect(world.stopped).toEqual([]);
  });

  it('of a site nobody knows is done', async () => {
    await postSigned('/uninstalled', { clientKey: 'acme' }).expect(204);
    expect(world.stopped).toEqual([]);
  });

  it('leaves room to come back as the same tenant', async () => {
    await postSigned('/installed', body()).expect(204);
    const tenantId = (await acme())?.tenantId;
    await postSigned('/uninstalled', { clientKey: 'acme' }).expect(204);
    await postSigned('/installed', body({ sharedSecret: SECOND })).expect(204);
    expect(await acme()).toMatchObject({ tenantId, state: 'enabled', uninstalledAt: null });
  });
});

describe('disable and enable', () => {
  it('pause and resume', async () => {
    await postSigned('/installed', body()).expect(204);
    await postWithSecret('/disabled', FIRST).expect(204);
    expect((await acme())?.state).toBe('disabled');
    await postWithSecret('/enabled', FIRST).expect(204);
    expect((await acme())?.state).toBe('enabled');
    const actions = world.audit.lines.map(({ action, actor }) => `${action} ${actor.kind}`);
    expect(actions).toEqual(['site.installed site', 'site.disabled site', 'site.enabled site']);
  });

  it('without a token change nothing at an installed site', async () => {
    await postSigned('/installed', body()).expect(204);
    await request(world.app).post('/disabled').send({ clientKey: 'acme' }).expect(401);
    expect((await acme())?.state).toBe('enabled');
  });

  it('after uninstall: disable is answered and ignored, with the old secret or without a token (AC-2561)', async () => {
    await postSigned('/installed', body()).expect(204);
    await postSigned('/uninstalled', { clientKey: 'acme' }).expect(204);
    await request(world.app).post('/disabled').send({ clientKey: 'acme' }).expect(204);
    await postWithSecret('/disabled', FIRST).expect(204);
    expect((await acme())?.state).toBe('uninstalled');
    await postWithSecret('/enabled', FIRST).expect(401);
    await request(world.app).post('/enabled').send({ clientKey: 'acme' }).expect(401);
  });
});
