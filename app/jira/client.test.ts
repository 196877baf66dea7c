import { once } from 'node:events';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { z } from 'zod';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Agents, createAgents } from './agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraClient, createJiraHttp, type JiraClient, type JiraRequest, type RequestRecord } from './client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPace } from './pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createRateGate, type RateGate } from './rate-gate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
type Answerer = (request: IncomingMessage, response: ServerResponse) => void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let server: Server;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let agents: Agents;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let answer: Answerer;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let records: RequestRecord[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let now: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let app: RateGate;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const json =
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  (value: unknown, status = 200): Answerer =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  (_request, response) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
beforeEach(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  seen = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  records = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  now = 1_800_000_000_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  app = createRateGate();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  agents = createAgents({ connectTimeoutMs: 1000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  answer = json({ value: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  server = createServer((request, response) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const chunks: Buffer[] = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    request.on('end', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      seen.push({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        method: request.method ?? '',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        url: request.url ?? '',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        headers: request.headers,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        body: Buffer.concat(chunks).toString(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      answer(request, response);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  server.listen(0, '127.0.0.1');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await once(server, 'listening');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
afterEach(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  agents.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  server.closeAllConnections();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  server.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await once(server, 'close');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const baseUrl = (): string => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const address = server.address();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return `http://127.0.0.1:${address.port}/jira`;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const createClient = (address = baseUrl(), timeouts = { idleMs: 5000, totalMs: 5000 }): JiraClient =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  createJiraClient({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    transport: { baseUrl: address, authorize: (method, path) => ({ Authorization: `signed ${method} ${path}` }) },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    http: createJiraHttp(agents, timeouts),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock: { now: () => now, sleepUntil: async () => undefined },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    gates: { connection: createRateGate(), app },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pace: createPace(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    budget: null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    record: (request) => records.push(request),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const READ: JiraRequest<{ value: number }> = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  endpoint: 'GET /thing/{id}',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  method: 'GET',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  path: '/rest/api/3/thing/a%20b?fields=x%2Cy',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  intent: 'read',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  schema: z.object({ value: z.number() }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  objects: () => 1,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const WRITE: JiraRequest<{ value: number }> = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ...READ,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  endpoint: 'PUT /thing/{id}',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  method: 'PUT',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  intent: 'write',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  body: { text: 'ä' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  trace: 'tandem/1/x',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('a request', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('is signed for exactly the address that is sent, context path aside, and a GET has no body', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient().call(READ)).toEqual({ ok: true, value: { value: 1 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen).toHaveLength(1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]).toMatchObject({ method: 'GET', url: `/jira${READ.path}`, body: '' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]?.headers.authorization).toBe(`signed GET ${READ.path}`);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]?.headers['content-type']).toBeUndefined();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]?.headers['x-atlassian-webhook-trace']).toBeUndefined();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('carries its trace and its body as JSON', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await createClient().call(WRITE);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]).toMatchObject({ method: 'PUT', body: '{"text":"ä"}' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-atlassian-webhook-trace': 'tandem/1/x' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('is recorded with its price and outcome', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const client = createClient();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await client.call(READ);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = json({}, 404);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await client.call(WRITE);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(records).toEqual([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      { endpoint: 'GET /thing/{id}', points: 2, outcome: 'answered' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      { endpoint: 'PUT /thing/{id}', points: 1, outcome: 'missing' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('an answer', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('without a body is null', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = (_request, response) => void response.writeHead(204).end();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient().call({ ...WRITE, schema: z.null(), objects: () => 0 })).toEqual({ ok: true, value: null });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('that is not as expected is reported by path only', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = json({ value: 'a secret text' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const read = await createClient().call(READ);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(read).toEqual({ ok: false, failure: { kind: 'unavailable', detail: 'unexpected answer: value (invalid_type)' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const written = await createClient().call(WRITE);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(written).toMatchObject({ ok: false, failure: { kind: 'uncertain' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('that redirects is not followed', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = (_request, response) => void response.writeHead(302, { location: `${baseUrl()}/elsewhere` }).end();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient().call(READ)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen).toHaveLength(1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('that is larger than any item is cut off', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = (_request, response) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      response.writeHead(200, { 'content-type': 'application/json' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const piece = Buffer.alloc(1024 * 1024, 'x');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const more = (): void => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        while (!response.destroyed && response.write(piece));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        if (!response.destroyed) response.once('drain', more);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      more();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient().call(READ)).toEqual({ ok: false, failure: { kind: 'too-large' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('no answer', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const cases: [string, Answerer][] = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['the connection is cut', (request) => void request.socket.destroy()],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['nothing comes', () => undefined],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['headers come, and then nothing', (_request, response) => void response.writeHead(200).write('{')],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it.each(cases)('%s: a read found nothing out, a write may have happened', async (_name, way) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = way;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const client = createClient(baseUrl(), { idleMs: 100, totalMs: 200 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await client.call(READ)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await client.call(WRITE)).toMatchObject({ ok: false, failure: { kind: 'uncertain' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('an answer that drips is given up at the total limit', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = (_request, response) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      response.writeHead(200, { 'content-type': 'application/json' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const drip = (): void => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        if (!response.destroyed) response.write(' ', () => queueMicrotask(drip));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      drip();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient(baseUrl(), { idleMs: 5000, totalMs: 200 }).call(WRITE)).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ok: false,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      failure: { kind: 'uncertain' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it.each([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['nobody listens', 'http://127.0.0.1:1'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['no such host', 'http://no-such-host.invalid'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ])('%s: nothing was sent, also of a write', async (_name, address) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient(address).call(WRITE)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('after a 429', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const limit =
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    (reason: string): Answerer =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    (_request, response) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      response.writeHead(429, { 'retry-after': '10', 'ratelimit-reason': reason }).end();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('of the app’s quota, other connections wait too', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = limit('jira-quota-global-based');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await createClient().call(READ);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createClient().call(READ)).toEqual({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ok: false,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      failure: { kind: 'rate-limited', scope: 'app', retryAt: now + 10_000 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(seen).toHaveLength(1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    now += 10_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = json({ value: 2 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect((await createClient().call(READ)).ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('of one endpoint, others go on', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = limit('jira-burst-based');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const client = createClient();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await client.call(READ);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    answer = json({ value: 2 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect((await client.call(READ)).ok).toBe(false);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect((await client.call(WRITE)).ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
