import { createHmac } from 'node:crypto';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '../start-simulator.ts';
import type { AdminWebhook } from './admin-webhook.ts';
import { signatureOf } from './admin-webhooks.ts';

let world: Simulator;
let sink: http.Server;
let received: { headers: http.IncomingHttpHeaders; body: string }[];

beforeEach(async () => {
  received = [];
  sink = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    sink.listen(0, '127.0.0.1', resolve);
  });
  world = await startSimulator({ indexLagMs: 0 });
});
afterEach(async () => {
  await world.close();
  await new Promise<void>((resolve) => {
    sink.close(() => resolve());
    sink.closeAllConnections();
  });
});

const sinkUrl = (): string => {
  const address = sink.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`;
};

/** As the administrator of the site, or as somebody else. */
async function call(method: string, path: string, body?: unknown, position = 0) {
  const { heart, url } = world.sites.acme;
  const user = [...heart.users.values()][position];
  const credentials = Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64');
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
}

const HOOKS = '/rest/webhooks/1.0/webhook';
const wish = (changes: Readonly<Record<string, unknown>> = {}) => ({
  name: 'Everything of Support',
  url: sinkUrl(),
  events: ['jira:issue_updated', 'comment_created'],
  filters: { 'issue-related-events-section': 'project = SUP' },
  secret: "It's a Secret to Everybody",
  ...changes,
});
const rename = (key: string) => call('PUT', `/rest/api/3/issue/${key}`, { fields: { summary: `Renamed ${key}` } });

describe('webhooks of administrators', () => {
  it('come signed, for the events and items that were asked for', async () => {
    const made = await call('POST', HOOKS, wish());
    expect(made).toMatchObject({ status: 201, body: { name: 'Everything of Support', enabled: true, isSigned: true } });
    expect(JSON.stringify(made.body)).not.toContain('Secret');
    const elsewhere = await call('POST', '/rest/api/3/issue', {
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: 'Not of Support' },
    });
    await rename(String(elsewhere.body?.['key']));
    await rename('SUP-1');
    await world.idle();
    expect(received.map(({ body }) => JSON.parse(body).issue.key)).toEqual(['SUP-1']);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const expected = createHmac('sha256', "It's a Secret to Everybody").update(body).digest('hex');
    expect(headers['x-hub-signature']).toBe(`sha256=${expected}`);
    expect(headers['x-atlassian-webhook-identifier']).toEqual(expect.any(String));
    expect(headers).not.toHaveProperty('authorization');
  });

  it('are unsigned without a secret, silent when switched off, gone when deleted', async () => {
    const made = await call('POST', HOOKS, wish({ secret: undefined }));
    const own = String(made.body?.['self']).slice(world.sites.acme.url.length);
    await rename('SUP-2');
    await world.idle();
    expect(received[0]?.headers).not.toHaveProperty('x-hub-signature');
    expect((await call('PUT', own, { enabled: false })).body).toMatchObject({ enabled: false, name: 'Everything of Support' });
    await rename('SUP-3');
    await world.idle();
    expect(received).toHaveLength(1);
    expect((await call('DELETE', own)).status).toBe(204);
    expect(await call('GET', HOOKS)).toEqual({ status: 200, body: [] });
    expect((await call('GET', own)).status).toBe(404);
  });

  it('are for administrators, and must have a name and an address', async () => {
    expect((await call('POST', HOOKS, wish(), 2)).status).toBe(403);
    expect((await call('POST', HOOKS, wish({ name: ' ' }))).body).toMatchObject({ errorMessages: ['Webhook name is required.'] });
    expect((await call('POST', HOOKS, wish({ url: 'mail me' }))).status).toBe(400);
  });

  it('are signed as Atlassian documents it', () => {
    const webhook = { secret: "It's a Secret to Everybody" } as AdminWebhook;
    expect(signatureOf(webhook, 'Hello World!')).toEqual({
      'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
    });
  });
});
