import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashOf, signWithKey, signWithSecret } from '../../test/fakes/connect-site.ts';
import { APP_KEY, BASE_URL, type ConnectWorld, createConnectWorld, KEY_ID, NOW } from '../../test/fakes/connect-world.ts';

const SECONDS = NOW / 1000;
const SECRET = 'secret-of-acme-secret-of-acme';
const PAGE = '/pages/space-settings?projectKey=SUP&projectId=10000';

let world: ConnectWorld;
beforeAll(async () => {
  world = await createConnectWorld();
  const claims = { iss: 'acme', exp: SECONDS + 180, qsh: hashOf('POST', '/installed'), aud: [BASE_URL] };
  await request(world.app)
    .post('/installed')
    .set('Authorization', `JWT ${signWithKey({ header: { kid: KEY_ID }, claims }, world.atlassian.privateKey)}`)
    .send({
      key: APP_KEY,
      clientKey: 'acme',
      sharedSecret: SECRET,
      baseUrl: 'https://acme.atlassian.net',
      displayUrl: 'https://jira.acme.example',
    })
    .expect(204);
});
afterAll(async () => {
  await world.close();
});

const token = (): string =>
  signWithSecret({ claims: { iss: 'acme', sub: 'account-1', exp: SECONDS + 180, qsh: hashOf('GET', PAGE) } }, SECRET);

const policyOf = (answer: request.Response): string[] => (answer.headers['content-security-policy'] ?? '').split('; ');

describe('the page in the space settings', () => {
  it('is an empty shell that only its own site may frame', async () => {
    const answer = await request(world.app).get(`${PAGE}&jwt=${token()}`).expect(200);
    expect(answer.text).toContain('https://connect-cdn.atl-paas.net/all.js');
    expect(answer.text).toContain('v=1.2.3');
    expect(answer.text).not.toMatch(/eyJ|SUP|acme|account-1/);
    expect(policyOf(answer)).toEqual([
      "default-src 'none'",
      "script-src 'self' https://connect-cdn.atl-paas.net",
      "style-src 'self' https://connect-cdn.atl-paas.net",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      'frame-ancestors https://acme.atlassian.net https://jira.acme.example',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('needs nothing that its policy forbids', async () => {
    const { text } = await request(world.app).get(`${PAGE}&jwt=${token()}`);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=/i);
  });

  it('refuses with a page that a site may show in its frame', async () => {
    const answer = await request(world.app).get(PAGE).set('Accept', 'text/html').expect(401);
    expect(policyOf(answer)).toContain('frame-ancestors https://*.atlassian.net');
    expect(answer.text).toContain(answer.headers['x-request-id']);
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/nothing', '/atlassian-connect.json', '/icon.svg', PAGE])(
    'of %s says how careful a browser must be',
    async (target) => {
      const { headers } = await request(world.app).get(target);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('x-frame-options');
      expect(headers).not.toHaveProperty('x-acpt');
    },
  );

  it('says whether it is alive and ready', async () => {
    await request(world.app).get('/healthz').expect(200, { status: 'ok' });
    await request(world.app).get('/readyz').expect(200, { status: 'ready', missing: [] });
  });
});
