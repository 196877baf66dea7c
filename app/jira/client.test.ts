import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { plainTransport } from '../../test/fakes/plain-transport.ts';
import { type Failure, fail, succeed } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { PricedCall, Quota, QuotaNews, RateLimited } from '../sync/quota-ports.ts';
import { type Agents, createAgents } from './agents.ts';
import {
  type ClientParts,
  createJiraClient,
  createJiraHttp,
  type JiraClient,
  type JiraRequest,
  type RequestRecord,
} from './client.ts';
import { createPace } from './pace-calls.ts';
import { createRateGate, type RateGate } from './rate-gate.ts';

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let agents: Agents;
let answer: Answerer;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let records: RequestRecord[];
let now: number;
let app: RateGate;
let onSleep: () => void;

const json =
  (value: unknown, status = 200): Answerer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

beforeEach(async () => {
  seen = [];
  records = [];
  now = 1_800_000_000_000;
  app = createRateGate();
  onSleep = () => undefined;
  agents = createAgents({ connectTimeoutMs: 1000 });
  answer = json({ value: 1 });
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  agents.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const baseUrl = (): string => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/jira`;
};

const createClient = (
  address = baseUrl(),
  timeouts = { idleMs: 5000, totalMs: 5000 },
  limits: Partial<Pick<ClientParts, 'pace' | 'budget'>> = {},
  transport = plainTransport(address, (method, path) => `signed ${method} ${path}`),
): JiraClient =>
  createJiraClient({
    transport,
    http: createJiraHttp(agents, timeouts),
    clock: {
      now: () => now,
      async sleepUntil(at) {
        onSleep();
        now = Math.max(now, at);
      },
    },
    gates: { connection: createRateGate(), app },
    pace: createPace(),
    budget: null,
    ...limits,
    record: (request) => records.push(request),
  });

const READ: JiraRequest<{ value: number }> = {
  endpoint: 'GET /thing/{id}',
  method: 'GET',
  path: '/rest/api/3/thing/a%20b?fields=x%2Cy',
  intent: 'read',
  schema: z.object({ value: z.number() }),
  objects: () => 1,
};
const WRITE: JiraRequest<{ value: number }> = {
  ...READ,
  endpoint: 'PUT /thing/{id}',
  method: 'PUT',
  intent: 'write',
  body: { text: 'ä' },
  trace: 'tandem/1/x',
};

describe('a request', () => {
  it('is signed for exactly the address that is sent, context path aside, and a GET has no body', async () => {
    expect(await createClient().call(READ)).toEqual({ ok: true, value: { value: 1 } });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'GET', url: `/jira${READ.path}`, body: '' });
    expect(seen[0]?.headers.authorization).toBe(`signed GET ${READ.path}`);
    expect(seen[0]?.headers['content-type']).toBeUndefined();
    expect(seen[0]?.headers['x-atlassian-webhook-trace']).toBeUndefined();
  });

  it('carries its trace and its body as JSON', async () => {
    await createClient().call(WRITE);
    expect(seen[0]).toMatchObject({ method: 'PUT', body: '{"text":"ä"}' });
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-atlassian-webhook-trace': 'tandem/1/x' });
  });

  it('is recorded with its price and outcome', async () => {
    const client = createClient();
    await client.call(READ);
    answer = json({}, 404);
    await client.call(WRITE);
    expect(records).toEqual([
      { endpoint: 'GET /thing/{id}', points: 2, outcome: 'answered' },
      { endpoint: 'PUT /thing/{id}', points: 1, outcome: 'missing' },
    ]);
  });
});

describe('an answer', () => {
  it('without a body is null', async () => {
    answer = (_request, response) => void response.writeHead(204).end();
    expect(await createClient().call({ ...WRITE, schema: z.null(), objects: () => 0 })).toEqual({ ok: true, value: null });
  });

  it('that is not as expected is reported by path only', async () => {
    answer = json({ value: 'a secret text' });
    const read = await createClient().call(READ);
    expect(read).toEqual({ ok: false, failure: { kind: 'unavailable', detail: 'unexpected answer: value (invalid_type)' } });
    const written = await createClient().call(WRITE);
    expect(written).toMatchObject({ ok: false, failure: { kind: 'uncertain' } });
  });

  it('that redirects is not followed', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: `${baseUrl()}/elsewhere` }).end();
    expect(await createClient().call(READ)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect(seen).toHaveLength(1);
  });

  it('that is larger than any item is cut off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await createClient().call(READ)).toEqual({ ok: false, failure: { kind: 'too-large' } });
  });
});

describe('no answer', () => {
  const cases: [string, Answerer][] = [
    ['the connection is cut', (request) => void request.socket.destroy()],
    ['nothing comes', () => undefined],
    ['headers come, and then nothing', (_request, response) => void response.writeHead(200).write('{')],
  ];
  it.each(cases)('%s: a read found nothing out, a write may have happened', async (_name, way) => {
    answer = way;
    const client = createClient(baseUrl(), { idleMs: 100, totalMs: 200 });
    expect(await client.call(READ)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect(await client.call(WRITE)).toMatchObject({ ok: false, failure: { kind: 'uncertain' } });
  });

  it('an answer that drips is given up at the total limit', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = (): void => {
        if (!response.destroyed) response.write(' ', () => queueMicrotask(drip));
      };
      drip();
    };
    expect(await createClient(baseUrl(), { idleMs: 5000, totalMs: 200 }).call(WRITE)).toMatchObject({
      ok: false,
      failure: { kind: 'uncertain' },
    });
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['no such host', 'http://no-such-host.invalid'],
  ])('%s: nothing was sent, also of a write', async (_name, address) => {
    expect(await createClient(address).call(WRITE)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
  });
});

describe('after a 429', () => {
  const limit =
    (reason: string): Answerer =>
    (_request, response) => {
      response.writeHead(429, { 'retry-after': '10', 'ratelimit-reason': reason }).end();
    };

  it('of the app’s quota, other connections wait too', async () => {
    answer = limit('jira-quota-global-based');
    await createClient().call(READ);
    expect(await createClient().call(READ)).toEqual({
      ok: false,
      failure: { kind: 'rate-limited', scope: 'app', retryAt: now + 10_000 },
    });
    expect(seen).toHaveLength(1);
    now += 10_000;
    answer = json({ value: 2 });
    expect((await createClient().call(READ)).ok).toBe(true);
  });

  it('of one endpoint, others go on', async () => {
    answer = limit('jira-burst-based');
    const client = createClient();
    await client.call(READ);
    answer = json({ value: 2 });
    expect((await client.call(READ)).ok).toBe(false);
    expect((await client.call(WRITE)).ok).toBe(true);
  });
});

describe('quotas that all processes share', () => {
  const account = {
    siteTenantId: 'tenant' as TenantId,
    connectionId: 'connection' as ConnectionId,
    hasApp: true,
    purpose: { payer: 'payer' as TenantId, work: 'backfill' },
  } as const;
  let asked: PricedCall[];
  let settled: QuotaNews[];
  let refusal: RateLimited | null;
  let prices: Map<string, number>;
  const quota: Quota = {
    async take(call) {
      asked.push(call);
      return refusal === null ? succeed({ settle: async (news) => void settled.push(news) }) : fail(refusal);
    },
  };
  const create = (pace = createPace()): JiraClient =>
    createClient(undefined, undefined, { pace, budget: { quota, account, prices } });
  beforeEach(() => {
    [asked, settled, refusal, prices] = [[], [], null, new Map()];
  });

  it('a call that may not be made now is not made, and its lane waits', async () => {
    refusal = { kind: 'rate-limited', scope: 'app', retryAt: now + 60_000 };
    expect(await create().call(WRITE)).toEqual({ ok: false, failure: refusal });
    expect(seen).toEqual([]);
    expect(asked).toEqual([{ ...account, endpoint: WRITE.endpoint, points: 1 }]);
  });

  it('what is asked for is what such a call cost last, and what is settled is what it cost', async () => {
    const client = create();
    await client.call({ ...READ, objects: () => 100 });
    await client.call(READ);
    expect(asked.map(({ points }) => points)).toEqual([2, 101]);
    expect(settled).toEqual([
      { points: 101, met: null, quota: null },
      { points: 2, met: null, quota: null },
    ]);
  });

  it('hear of a limit that Jira tells, and that the refused call cost nothing', async () => {
    answer = (_request, response) => {
      response.writeHead(429, {
        'retry-after': '10',
        'ratelimit-reason': 'jira-quota-tenant-based',
        'beta-ratelimit-policy': '"tenant-app-quota";q=130000;w=3600',
      });
      response.end();
    };
    await create().call(WRITE);
    const met = { kind: 'rate-limited', scope: 'site', retryAt: now + 10_000 };
    expect(settled).toEqual([{ points: 0, met, quota: { of: 'site', pointsPerHour: 130_000, left: null } }]);
  });

  it('a call without an answer counts', async () => {
    answer = (request) => void request.socket.destroy();
    await create().call(WRITE);
    expect(settled).toEqual([{ points: 1, met: null, quota: null }]);
  });

  it('a call that the pace holds up for a moment is made then; for longer, its lane waits and nothing was spent', async () => {
    const pace = createPace();
    pace.told(WRITE.endpoint, 2);
    const begun = now;
    expect((await create(pace).call(WRITE)).ok).toBe(true);
    expect((await create(pace).call(WRITE)).ok).toBe(true);
    expect(now).toBeGreaterThan(begun);
    expect(now).toBeLessThanOrEqual(begun + 1_000);
    pace.slowDown(WRITE.endpoint, now);
    pace.slowDown(WRITE.endpoint, now);
    expect(await create(pace).call(WRITE)).toMatchObject({ ok: false, failure: { scope: 'endpoint' } });
    expect(seen).toHaveLength(2);
    expect(settled.at(-1)).toEqual({ points: 0, met: null, quota: null });
  });

  it('a limit met while a call waits for its moment holds it back', async () => {
    const pace = createPace();
    pace.told(WRITE.endpoint, 2);
    await create(pace).call(WRITE);
    const limit = { kind: 'rate-limited', scope: 'app', retryAt: now + 60_000 } as const;
    onSleep = () => app.close('', limit);
    expect(await create(pace).call(WRITE)).toEqual({ ok: false, failure: limit });
    expect(seen).toHaveLength(1);
  });

  it('a write whose lane is lost while it waits for its moment is not sent, and costs nothing', async () => {
    const pace = createPace();
    pace.told(WRITE.endpoint, 2);
    let ours = true;
    const write = { ...WRITE, isOurs: () => ours };
    expect((await create(pace).call(write)).ok).toBe(true);
    onSleep = () => {
      ours = false;
    };
    expect(await create(pace).call(write)).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect([seen.length, records.length]).toEqual([1, 1]);
    expect(settled.at(-1)).toEqual({ points: 0, met: null, quota: null });
  });
});

describe('a signature that is out of date', () => {
  /** A transport with signatures one after another, of which the first good one is `good`. */
  const clientOf = (good: number, last: number, refusedFor: Failure | null = null) => {
    let current = 1;
    const sent: string[] = [];
    const plain = plainTransport(baseUrl(), '');
    answer = (request, response) => {
      const isGood = request.headers.authorization === `signature ${good}`;
      json(isGood ? { value: 1 } : {}, isGood ? 200 : 401)(request, response);
    };
    const transport: ClientParts['transport'] = {
      ...plain,
      async authorize() {
        if (refusedFor !== null && current > 1) return fail(refusedFor);
        return succeed({ Authorization: `signature ${current}` });
      },
      async refused({ Authorization }) {
        sent.push(Authorization);
        if (current >= last) return 'over';
        current += 1;
        return 'again';
      },
    };
    return { client: createClient(baseUrl(), undefined, {}, transport), sent };
  };

  it.each([
    ['a read', READ],
    ['a write, which a 401 did not carry out', WRITE],
  ])('is renewed once for %s', async (_name, request) => {
    const { client, sent } = clientOf(2, 2);
    expect(await client.call(request)).toEqual(succeed({ value: 1 }));
    expect(sent).toEqual(['signature 1']);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['signature 1', 'signature 2']);
    expect(seen[1]?.body).toBe(seen[0]?.body);
    expect(records).toHaveLength(1);
  });

  it('is renewed, but a write whose lane is lost meanwhile is not sent again', async () => {
    const { client } = clientOf(2, 2);
    expect(await client.call({ ...WRITE, isOurs: () => seen.length === 0 })).toMatchObject({ failure: { kind: 'unavailable' } });
    expect(seen).toHaveLength(1);
  });

  it('is refused when there is no newer one', async () => {
    const { client } = clientOf(2, 1);
    expect(await client.call(READ)).toEqual(fail({ kind: 'unauthorized' }));
    expect(seen).toHaveLength(1);
  });

  it('is not renewed for ever', async () => {
    const { client, sent } = clientOf(9, 9);
    expect(await client.call(READ)).toEqual(fail({ kind: 'unauthorized' }));
    expect([seen.length, sent.length]).toEqual([2, 1]);
  });

  it('that cannot be made says why, and nothing is sent', async () => {
    const { client } = clientOf(2, 2, { kind: 'unavailable', detail: 'no token could be had' });
    expect(await client.call(READ)).toEqual(fail({ kind: 'unavailable', detail: 'no token could be had' }));
    expect(seen).toHaveLength(1);
  });
});

describe('a site that takes us for nobody', () => {
  it('shows what anybody may see, which is not believed', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-ausername': 'anonymous' }).end('{"value":1}');
    };
    expect(await createClient().call(READ)).toEqual(fail({ kind: 'unauthorized' }));
    // What it did, it did.
    expect(await createClient().call(WRITE)).toEqual(succeed({ value: 1 }));
  });
});
