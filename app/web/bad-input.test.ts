import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashOf, signWithKey, signWithSecret } from '../../test/fakes/connect-site.ts';
import { APP_KEY, BASE_URL, type ConnectWorld, createConnectWorld, KEY_ID, NOW } from '../../test/fakes/connect-world.ts';
import type { TenantId } from '../core/ids.ts';

/** Marks that must never be found in a log or an answer. */
const SECRET = 'CANARY-SECRET-0123456789';
const CONTENT = 'CANARY-CONTENT';
const SECONDS = NOW / 1000;

let world: ConnectWorld;

const claims = (method: string, target: string, changes: object = {}) => ({
  iss: 'acme',
  iat: SECONDS,
  exp: SECONDS + 180,
  qsh: hashOf(method, target),
  ...changes,
});
const webhookToken = (secret = SECRET, changes: object = {}): string =>
  `JWT ${signWithSecret({ claims: claims('POST', '/webhooks/jira', changes) }, secret)}`;
const apiToken = (): string =>
  `JWT ${signWithSecret({ claims: claims('GET', '/', { qsh: 'context-qsh', sub: 'account-1', context: { jira: { project: { id: '10000', key: 'SUP' } } } }) }, SECRET)}`;

const installToken = (target: string): string =>
  `JWT ${signWithKey({ header: { kid: KEY_ID }, claims: claims('POST', target, { aud: [BASE_URL] }) }, world.atlassian.privateKey)}`;

const installBody = { key: APP_KEY, clientKey: 'acme', sharedSecret: SECRET, baseUrl: 'https://acme.atlassian.net' };
const webhookBody = {
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10001', key: 'SUP-1', fields: { summary: CONTENT, project: { id: '10000' } } },
  changelog: { items: [{ field: 'summary', fieldId: 'summary', fromString: CONTENT, toString: CONTENT }] },
};

/** As Jira sends it, with content in every place where an observation is made from. */
const wholeBody = {
  ...webhookBody,
  issue: {
    id: '10001',
    key: 'SUP-1',
    fields: {
      project: { id: '10000' },
      issuetype: { id: '3', name: CONTENT },
      status: { id: '1', name: CONTENT },
      created: '2027-01-15T08:00:00.000+0000',
      updated: '2027-01-15T09:00:00.000+0000',
      summary: CONTENT,
      description: CONTENT,
      labels: [CONTENT],
      priority: { id: '2', name: CONTENT },
      duedate: null,
    },
  },
  changelog: {
    items: [
      { field: 'summary', fieldId: 'summary', from: null, fromString: CONTENT, to: null, toString: CONTENT },
      { field: 'description', fieldId: 'description', from: null, fromString: CONTENT, to: null, toString: CONTENT },
    ],
  },
};

const postWebhook = (body: string | object, headers: Record<string, string> = {}) =>
  request(world.app)
    .post('/webhooks/jira')
    .set({ Authorization: webhookToken(), 'Content-Type': 'application/json', ...headers })
    .send(body);

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}"${CONTENT}"${'}'.repeat(levels)}`;

beforeAll(async () => {
  world = await createConnectWorld();
  await request(world.app).post('/installed').set('Authorization', installToken('/installed')).send(installBody).expect(204);
});
afterAll(async () => {
  await world.close();
});

let storedBefore = 0;
beforeEach(() => {
  storedBefore = world.inbox.stored.length;
});

/** After every test: whatever came in, no secret, token or content has been logged. */
afterEach(() => {
  expect(world.readLog()).not.toMatch(/CANARY|eyJ/);
});

/** Short, clear, stable, and quoting nothing of what was sent. */
const expectRefusal = (answer: request.Response, status: number, code: string): void => {
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  expect(answer.body.error.message.length).toBeGreaterThan(10);
  expect(answer.text.length).toBeLessThan(600);
  expect(answer.body.error.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toContain('CANARY');
  expect(world.inbox.stored.length).toBe(storedBefore);
};

describe('webhook bodies', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['malformed JSON', `{"webhookEvent": "${CONTENT}`, {}, 400, 'json-malformed'],
    ['an empty body', '', {}, 400, 'json-malformed'],
    ['control characters', '\u0000\u0001\u0002', {}, 400, 'json-malformed'],
    ['a list', `["${CONTENT}"]`, {}, 400, 'webhook-malformed'],
    ['null', 'null', {}, 400, 'webhook-malformed'],
    ['a string', `"${CONTENT}"`, {}, 400, 'webhook-malformed'],
    ['an object without an event', `{"issue":{"id":"1","fields":{"summary":"${CONTENT}"}}}`, {}, 400, 'webhook-malformed'],
    ['an event that is no text', '{"webhookEvent":{"a":1}}', {}, 400, 'webhook-malformed'],
    ['JSON nested 200,000 deep', deep(200_000), {}, 400, 'webhook-malformed'],
    [
      'another content type',
      `summary=${CONTENT}`,
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'content-type-unsupported',
    ],
    ['text', CONTENT, { 'Content-Type': 'text/plain' }, 415, 'content-type-unsupported'],
    ['an encoding', JSON.stringify(webhookBody), { 'Content-Encoding': 'gzip' }, 415, 'encoding-unsupported'],
  ])('%s is refused', async (_name, body, headers, status, code) => {
    expectRefusal(await postWebhook(body, headers), status, code);
  });

  it('of 26 MB are refused, of almost 25 MB taken', async () => {
    const padded = (megabytes: number): string =>
      JSON.stringify({ ...webhookBody, padding: CONTENT.repeat((megabytes * 1024 * 1024) / CONTENT.length) });
    expectRefusal(await postWebhook(padded(26)), 413, 'body-too-large');
    await postWebhook(padded(24)).expect(200);
    expect(world.inbox.stored.length).toBe(storedBefore + 1);
  });

  it('of 30 MB are not even read without a good token', async () => {
    const answer = await request(world.app)
      .post('/webhooks/jira')
      .set({ Authorization: webhookToken('a-wrong-secret-a-wrong'), 'Content-Type': 'application/json' })
      .send(' '.repeat(30 * 1024 * 1024));
    expectRefusal(answer, 401, 'jwt-signature');
  });

  it.each<[string, object, string]>([
    ['an event nobody knows', { webhookEvent: 'jira:something_new', issue: { id: '10001' } }, 'event-unused'],
    ['an event that is not used', { webhookEvent: 'project_created', project: { name: CONTENT } }, 'event-unused'],
    ['an item that is not named', { webhookEvent: 'comment_created', comment: { body: CONTENT } }, 'item-unnamed'],
    [
      'an item id that is no number',
      { webhookEvent: 'jira:issue_updated', issue: { id: '../1', fields: { summary: CONTENT } } },
      'item-unnamed',
    ],
    [
      'a space that takes part in nothing',
      { webhookEvent: 'jira:issue_updated', issue: { id: '10001', fields: { project: { id: '99' } } } },
      'unconcerned',
    ],
  ])('about %s are declined with a reason', async (_name, body, code) => {
    const answer = await postWebhook(body);
    expect([answer.status, answer.body.outcome, answer.body.code]).toEqual([200, 'declined', code]);
    expect(answer.body.reason).toMatch(/^[A-Z].+\.$/);
    expect(answer.text).not.toContain('CANARY');
    expect(world.inbox.stored.length).toBe(storedBefore);
  });

  it('leave a hint without content', async () => {
    await postWebhook(webhookBody, { 'X-Atlassian-Webhook-Identifier': 'hint-1' }).expect(200, {
      outcome: 'accepted',
      code: 'queued',
      reason: 'The work item will be looked at.',
    });
    expect(Object.keys(world.inbox.stored.at(-1) ?? {}).toSorted()).toEqual([
      'connectionId',
      'deliveryId',
      'echoOf',
      'event',
      'issueId',
      'issueKey',
      'madeBy',
      'projectId',
      'sealedObservation',
      'siteTenantId',
      'tellsWriter',
    ]);
    expect(world.inbox.stored.at(-1)?.sealedObservation).toBeNull();
    expect(JSON.stringify(world.inbox.stored)).not.toContain('CANARY');
  });

  it('leave content only sealed', async () => {
    await postWebhook(wholeBody, { 'X-Atlassian-Webhook-Identifier': 'whole-1' }).expect(200);
    const stored = world.inbox.stored.at(-1);
    const sealed = stored?.sealedObservation ?? '';
    expect(world.observations.open(stored?.siteTenantId ?? ('' as TenantId), sealed)?.changes).toHaveLength(2);
    const [, , packed] = sealed.split('.');
    expect(packed).toBeTruthy();
    expect(JSON.stringify(world.inbox.stored) + Buffer.from(packed ?? '', 'base64url').toString('latin1')).not.toContain(
      'CANARY',
    );
  });
});

describe('callers nobody knows', () => {
  it.each<[string, string, string]>([
    [
      'an unknown tenant',
      `JWT ${signWithSecret({ claims: claims('POST', '/webhooks/jira', { iss: 'initech' }) }, SECRET)}`,
      'site-unknown',
    ],
    ['a wrong signature', webhookToken('another-secret-another'), 'jwt-signature'],
    ['a token that is none', `JWT ${CONTENT}`, 'jwt-malformed'],
  ])('%s get 401', async (_name, authorization, code) => {
    expectRefusal(await postWebhook(webhookBody, { Authorization: authorization }), 401, code);
  });
});

describe('lifecycle bodies', () => {
  it.each<[string, string | object, number, string]>([
    ['malformed JSON', `{"sharedSecret":"${SECRET}`, 400, 'json-malformed'],
    ['a missing secret', { ...installBody, sharedSecret: undefined }, 400, 'body-invalid'],
    ['a secret too short to be one', { ...installBody, sharedSecret: 'CANARY' }, 400, 'body-invalid'],
    ['a missing client key', { ...installBody, clientKey: undefined }, 400, 'body-invalid'],
    ['more than 64 KB', { ...installBody, description: 'x'.repeat(70_000) }, 413, 'body-too-large'],
    ['another app', { ...installBody, key: 'com.other' }, 400, 'app-key-wrong'],
    ['a site over http', { ...installBody, baseUrl: 'http://acme.atlassian.net' }, 403, 'site-not-allowed'],
    ['a site elsewhere', { ...installBody, baseUrl: 'https://acme.atlassian.net.evil.example' }, 403, 'site-not-allowed'],
    ['a site two labels deep', { ...installBody, baseUrl: 'https://a.b.atlassian.net' }, 403, 'site-not-allowed'],
    ['a site with credentials', { ...installBody, baseUrl: 'https://acme.atlassian.net@evil.example' }, 403, 'site-not-allowed'],
    ['a site that is no address', { ...installBody, baseUrl: 'acme' }, 403, 'site-not-allowed'],
    ['a file', { ...installBody, baseUrl: 'file:///etc/passwd' }, 403, 'site-not-allowed'],
  ])('with %s are refused', async (_name, body, status, code) => {
    const before = await world.installations.readByClientKey('acme');
    const answer = await request(world.app)
      .post('/installed')
      .set({ Authorization: installToken('/installed'), 'Content-Type': 'application/json' })
      .send(body);
    expectRefusal(answer, status, code);
    expect(await world.installations.readByClientKey('acme')).toEqual(before);
  });
});

describe('everything else', () => {
  it.each<[string, 'get' | 'post' | 'delete', string, number, string]>([
    ['an unknown address', 'get', '/nothing', 404, 'route-unknown'],
    ['an unknown method', 'delete', '/webhooks/jira', 404, 'route-unknown'],
    ['a lifecycle address by GET', 'get', '/installed', 404, 'route-unknown'],
    ['a hidden file', 'get', '/.env', 404, 'route-unknown'],
    ['a path that climbs', 'get', '/..%2f..%2fpackage.json', 404, 'route-unknown'],
    ['a broken escape', 'get', '/%E0%A4%A', 404, 'route-unknown'],
  ])('%s is refused', async (_name, method, target, status, code) => {
    expectRefusal(await request(world.app)[method](target), status, code);
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['malformed JSON', `{"a":"${CONTENT}`, {}, 400, 'json-malformed'],
    ['another content type', CONTENT, { 'Content-Type': 'text/plain' }, 415, 'content-type-unsupported'],
    ['300 KB', JSON.stringify({ a: 'x'.repeat(300 * 1024) }), {}, 413, 'body-too-large'],
  ])('an API call with %s is refused', async (_name, body, headers, status, code) => {
    const answer = await request(world.app)
      .post('/api/v1/echo')
      .set({ Authorization: apiToken(), 'Content-Type': 'application/json', ...headers })
      .send(body);
    expectRefusal(answer, status, code);
  });

  it('an API call without a body needs no content type, as browsers send none', async () => {
    const call = request(world.app).post('/api/v1/echo').set({ Authorization: apiToken(), 'Content-Length': '0' });
    expect((await call).status).not.toBe(415);
  });

  it('shows a person a page, not JSON', async () => {
    const answer = await request(world.app)
      .get('/pages/space-settings')
      .set('Accept', 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).toContain('Open Tandem inside Jira');
  });
});

describe('the log', () => {
  it('has a line for every refusal', async () => {
    await postWebhook(webhookBody, { Authorization: webhookToken('another-secret-another') });
    await postWebhook(`{"webhookEvent": "${CONTENT}`);
    const log = world.readLog();
    expect(log).toContain('"code":"jwt-signature"');
    expect(log).toContain('"code":"json-malformed"');
  });
});
