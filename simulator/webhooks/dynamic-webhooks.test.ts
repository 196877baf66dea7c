import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import jwt from 'atlassian-jwt';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { systemTimers } from '../system-clock.ts';

const DAY = 86_400_000;
const world = { now: Date.UTC(2026, 10, 22) };
let simulator: Simulator;
let sink: http.Server;
let received: { url: string; headers: http.IncomingHttpHeaders; body: Record<string, unknown> }[];
let bearer: string;

/** An OAuth 2.0 app that a person has let act, with someone who listens for it. */
beforeEach(async () => {
  received = [];
  sink = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      received.push({ url: request.url ?? '', headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    sink.listen(0, '127.0.0.1', resolve);
  });
  simulator = await startSimulator({ indexLagMs: 0, clock: { now: () => world.now }, timers: systemTimers, identity: {} });
  const { heart } = simulator.sites.acme;
  const { state } = simulator.identity ?? {};
  const [user] = heart.users.values();
  if (state === undefined || user === undefined) throw new Error('Both are there');
  state.apps.set('app-1', { clientId: 'app-1', clientSecret: 'secret of app 1', name: 'Tandem', redirectUris: [], scopes: [] });
  const scopes = ['read:jira-work', 'write:jira-work', 'manage:jira-webhook'];
  state.grants.set('g', {
    id: 'g',
    clientId: 'app-1',
    cloudId: heart.cloudId,
    accountId: user.accountId,
    scopes,
    accessTokens: [{ token: 'access', expiresAt: world.now + 365 * DAY }],
    refreshToken: null,
    spent: [],
  });
  bearer = 'Bearer access';
});
afterEach(async () => {
  await simulator.close();
  await new Promise<void>((resolve) => {
    sink.close(() => resolve());
    sink.closeAllConnections();
  });
});

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${simulator.identity?.url}/ex/jira/${simulator.sites.acme.heart.cloudId}/rest/api/3${path}`, {
    method,
    headers: { authorization: bearer, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as unknown };
}
const sinkUrl = (): string => `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
const webhook = (more: Record<string, unknown> = {}) => ({ events: ['jira:issue_updated'], jqlFilter: 'project = SUP', ...more });
const edit = (key: string, fields: Record<string, unknown>) => call('PUT', `/issue/${key}`, { fields });

it('delivers with a token signed by the client secret, without the query of the address', async () => {
  const made = await call('POST', '/webhook', {
    url: `${sinkUrl()}/hook?tenant=1`,
    webhooks: [webhook(), webhook({ fieldIdsFilter: ['labels'] }), webhook({ jqlFilter: 'project = OPS' })],
  });
  expect(made).toEqual({
    status: 200,
    body: { webhookRegistrationResult: [{ createdWebhookId: 1 }, { createdWebhookId: 2 }, { createdWebhookId: 3 }] },
  });
  await edit('SUP-1', { summary: 'Changed' });
  await edit('SUP-1', { labels: ['changed'] });
  await simulator.idle();
  expect(received.map(({ url, body }) => [url, body['matchedWebhookIds']])).toEqual([
    ['/hook', [1]],
    ['/hook', [1, 2]],
  ]);
  const token = /^Bearer (.+)$/.exec(received[0]?.headers.authorization ?? '')?.[1] ?? '';
  expect(jwt.decodeSymmetric(token, 'secret of app 1', jwt.SymmetricAlgorithm.HS256)).toMatchObject({ iss: 'app-1' });
  expect(received[0]?.headers).toHaveProperty('x-atlassian-webhook-identifier');
  expect(received[0]?.headers).not.toHaveProperty('x-hub-signature');
});

it('tells of errors inside a 200', async () => {
  const url = `${sinkUrl()}/hook`;
  const answer = await call('POST', '/webhook', {
    url,
    webhooks: [
      webhook(),
      webhook({ events: ['worklog_created'] }),
      webhook({ jqlFilter: undefined }),
      webhook({ jqlFilter: 'summary ~ x' }),
      webhook({ jqlFilter: 'project > SUP' }),
    ],
  });
  expect(answer).toMatchObject({
    status: 200,
    body: {
      webhookRegistrationResult: [
        { createdWebhookId: 1 },
        { errors: ["The event 'worklog_created' is not supported."] },
        { errors: ['The JQL filter is required.'] },
        { errors: [expect.stringContaining("Field 'summary'")] },
        { errors: [expect.stringContaining("Operator '>'")] },
      ],
    },
  });
  const other = await call('POST', '/webhook', { url: `${url}/other`, webhooks: [webhook()] });
  expect(other.body).toMatchObject({ webhookRegistrationResult: [{ errors: [expect.stringContaining('single URL')] }] });
  const many = await call('POST', '/webhook', { url, webhooks: Array.from({ length: 5 }, () => webhook()) });
  expect(many.body).toMatchObject({
    webhookRegistrationResult: [{}, {}, {}, {}, { errors: [expect.stringContaining('limit of 5')] }],
  });
});

it('lapses after 30 days unless it is refreshed, and ends when it is deleted', async () => {
  await call('POST', '/webhook', { url: sinkUrl(), webhooks: [webhook(), webhook()] });
  world.now += 29 * DAY;
  expect(await call('PUT', '/webhook/refresh', { webhookIds: [2] })).toMatchObject({
    status: 200,
    body: { expirationDate: new Date(world.now + 30 * DAY).toISOString().replace('Z', '+0000') },
  });
  world.now += 2 * DAY;
  await edit('SUP-1', { summary: 'After 31 days' });
  await simulator.idle();
  expect(received.map(({ body }) => body['matchedWebhookIds'])).toEqual([[2]]);
  expect((await call('GET', '/webhook')).body).toMatchObject({ total: 1, values: [{ id: 2, jqlFilter: 'project = SUP' }] });
  expect((await call('DELETE', '/webhook', { webhookIds: [2, 99] })).status).toBe(202);
  await edit('SUP-1', { summary: 'After the end' });
  await simulator.idle();
  expect(received).toHaveLength(1);
});

it('is refused to people, and to tokens without manage:jira-webhook', async () => {
  const [user] = simulator.sites.acme.heart.users.values();
  const basic = Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64');
  const answer = await fetch(`${simulator.sites.acme.url}/rest/api/3/webhook`, { headers: { authorization: `Basic ${basic}` } });
  expect(answer.status).toBe(403);
  const grant = simulator.identity?.state.grants.get('g');
  if (grant !== undefined) simulator.identity?.state.grants.set('g', { ...grant, scopes: ['read:jira-work'] });
  expect((await call('GET', '/webhook')).status).toBe(401);
});
