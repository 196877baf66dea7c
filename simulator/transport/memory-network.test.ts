import type http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import express from 'express';
import { systemTimers, turnOfTheLoop } from '../system-clock.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts';
import type { Endpoint, Network } from './network.ts';
import { socketNetwork } from './socket-network.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A server with every way of answering, and of not answering. */
function faces(hungUp: () => void): http.RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.post('/echo', express.json(), (request, response) => {
    const { authorization, host, 'content-type': type } = request.headers;
    const hosted = host?.startsWith('localhost:') === true;
    response.status(201).set('X-Own', 'ä').json({ body: request.body, query: request.query, authorization, type, hosted });
  });
  app.get('/cookies', (_request, response) => {
    response.cookie('a', '1').cookie('b', '2').status(204).end();
  });
  app.get('/pieces', (_request, response) => {
    response.type('text/plain');
    response.write('one ');
    response.write('two');
    response.end();
  });
  app.get('/bytes', (_request, response) => void response.type('image/png').send(Buffer.from([0, 255, 10])));
  app.get('/missing', (_request, response) => void response.status(404).json({ errorMessages: ['no'] }));
  app.get('/elsewhere', (_request, response) => void response.redirect(303, '/missing'));
  app.get('/cut', (request) => void request.socket.destroy());
  app.get('/half', (_request, response) => {
    response.set('Content-Length', '100');
    response.write('{"half":', () => response.socket?.destroy());
  });
  app.get('/silence', (_request, response) => {
    response.once('close', hungUp);
  });
  app.get('/wrong', () => {
    throw new Error('wrong');
  });
  // Express tells the console of errors unless something handles them.
  const failing: express.ErrorRequestHandler = (_error, _request, response, _next) => void response.status(500).send('Oops');
  app.use(failing);
  return app;
}

interface Way {
  readonly network: Network;
  readonly client: AxiosInstance;
  readonly endpoint: Endpoint;
  readonly clock: VirtualClock;
}

let hungUp = 0;
const ways: Partial<Record<'memory' | 'sockets', Way>> = {};

async function openWay(network: Network, settings: object, clock: VirtualClock): Promise<Way> {
  const endpoint = await network.open();
  endpoint.serve(faces(() => (hungUp += 1)));
  const client = axios.create({ baseURL: endpoint.url, maxRedirects: 0, validateStatus: () => true, proxy: false, ...settings });
  return { network, client, endpoint, clock };
}

beforeEach(async () => {
  hungUp = 0;
  const clock = createVirtualClock(1_800_000_000_000);
  const memory = createMemoryNetwork({ clock, timers: clock });
  ways.memory = await openWay(memory, { adapter: memory.axiosAdapter }, clock);
  ways.sockets = await openWay(socketNetwork, {}, clock);
});

afterEach(async () => {
  await ways.memory?.endpoint.close();
  await ways.sockets?.endpoint.close();
});

const wayOf = (name: 'memory' | 'sockets'): Way => {
  const way = ways[name];
  if (way === undefined) throw new Error('beforeEach opens both');
  return way;
};

/** Headers that belong to the connection. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'date', 'transfer-encoding'];

async function told(name: 'memory' | 'sockets', ask: (way: Way) => Promise<unknown>): Promise<unknown> {
  try {
    const response = (await ask(wayOf(name))) as { status: number; statusText: string; headers: object; data: unknown };
    const headers = Object.fromEntries(Object.entries(response.headers).filter(([key]) => !OF_THE_CONNECTION.includes(key)));
    return { status: response.status, statusText: response.statusText, headers, data: response.data };
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    const cause = error.cause;
    const syscall = cause !== undefined && 'syscall' in cause ? cause.syscall : undefined;
    return { code: error.code, name: error.name, status: error.response?.status, syscall, aboutSockets: error.message };
  }
}

describe('the same over sockets and in memory', () => {
  const body = { text: 'ä€', nested: { list: [1, null] } };
  it.each<[string, (way: Way) => Promise<unknown>]>([
    [
      'a JSON body, headers and a query',
      ({ client }) => client.post('/echo?a=1&a=2', body, { headers: { Authorization: 'x' }, params: { b: 'ö' } }),
    ],
    ['basic authentication', ({ client }) => client.post('/echo', body, { auth: { username: 'me', password: 'pw' } })],
    ['a body that is not JSON', ({ client }) => client.post('/echo', '{', { headers: { 'Content-Type': 'application/json' } })],
    ['cookies and an empty answer', ({ client }) => client.get('/cookies')],
    ['a body written in pieces', ({ client }) => client.get('/pieces')],
    ['bytes', ({ client }) => client.get('/bytes', { responseType: 'arraybuffer' })],
    ['HEAD', ({ client }) => client.head('/missing')],
    [
      'text as text',
      ({ client }) => client.get('/missing', { responseType: 'text', transformResponse: (data: unknown) => data }),
    ],
    ['a redirect, not followed', ({ client }) => client.get('/elsewhere')],
    ['a status that counts as an error', ({ client }) => client.get('/missing', { validateStatus: (status) => status < 400 })],
    ['an error in the server', ({ client }) => client.get('/wrong')],
    ['an unknown path', ({ client }) => client.get('/nothing')],
    ['a connection cut before the answer', ({ client }) => client.get('/cut')],
    ['a connection cut within the body', ({ client }) => client.get('/half')],
    ['too large an answer', ({ client }) => client.get('/pieces', { maxContentLength: 3 })],
    ['an abort', ({ client }) => client.get('/silence', { signal: AbortSignal.abort() })],
  ])('%s', async (_name, ask) => {
    const overSockets = await told('sockets', ask);
    expect(await told('memory', ask)).toEqual(overSockets);
  });

  it('nobody there', async () => {
    for (const name of ['sockets', 'memory'] as const) await wayOf(name).endpoint.close();
    const outcomes = await Promise.all(
      (['sockets', 'memory'] as const).map((name) => told(name, ({ client }) => client.get('/'))),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each<[string, string]>([
    ['/missing', 'answer'],
    ['/cut', 'none'],
    ['/half', 'none'],
  ])('a call without axios: %s', async (path, kind) => {
    const call = ({ network, endpoint }: Way) => network.call({ method: 'GET', url: `${endpoint.url}${path}`, timeoutMs: 5000 });
    const [sockets, memory] = [await call(wayOf('sockets')), await call(wayOf('memory'))];
    expect(memory).toEqual(sockets);
    expect(memory.status === null ? 'none' : 'answer').toBe(kind);
  });
});

describe('time in memory', () => {
  it('a time-out passes in the world’s time, and the server sees the caller go', async () => {
    const { client, clock, network, endpoint } = wayOf('memory');
    const asked = client
      .get('/silence', { timeout: 30_000 })
      .catch((error: unknown) => (isAxiosError(error) ? error.code : 'other'));
    const called = network.call({ method: 'GET', url: `${endpoint.url}/silence`, timeoutMs: 10_000 });
    await clock.advance(9_999);
    expect(hungUp).toBe(0);
    await clock.advance(1);
    expect([await called, hungUp]).toEqual([{ status: null, detail: 'No answer within 10000 ms' }, 1]);
    await clock.advance(20_000);
    expect([await asked, hungUp, clock.pending()]).toEqual(['ECONNABORTED', 2, 0]);
  });

  it('requests and answers are on their way for as long as was drawn', async () => {
    const clock = createVirtualClock(0);
    const network: MemoryNetwork = createMemoryNetwork({ clock, timers: clock, travelMs: () => 40 });
    const endpoint = await network.open(8080);
    const arrivals: number[] = [];
    endpoint.serve((_request, response) => {
      arrivals.push(clock.now());
      response.end('ok');
    });
    expect(endpoint.url).toBe('http://localhost:8080');
    const answered = network.call({ method: 'GET', url: `${endpoint.url}/`, timeoutMs: 1000 }).then(() => clock.now());
    expect(network.underWay()).toBe(1);
    await clock.runUntilIdle();
    expect([arrivals, await answered, network.underWay()]).toEqual([[40], 80, 0]);
  });

  it('an address that is open and not yet served keeps its caller waiting, as a socket does', async () => {
    const clock = createVirtualClock(0);
    const network = createMemoryNetwork({ clock, timers: clock });
    const { url } = await network.open();
    const called = network.call({ method: 'GET', url, timeoutMs: 500 });
    await clock.runUntilIdle();
    expect([await called, clock.now()]).toEqual([{ status: null, detail: 'No answer within 500 ms' }, 500]);
  });

  it('a chain of calls that takes no time is over before time goes on, however long it is', async () => {
    const clock = createVirtualClock(0);
    const network = createMemoryNetwork({ clock, timers: clock });
    const { url, serve } = await network.open();
    const deferred = async (response: http.ServerResponse): Promise<void> => {
      for (let turn = 0; turn < 5; turn += 1) await turnOfTheLoop();
      response.end('ok');
    };
    serve((_request, response) => void deferred(response));
    const moments: number[] = [];
    const chain = async (): Promise<void> => {
      for (let n = 0; n < 30; n += 1) {
        await network.call({ method: 'GET', url, timeoutMs: 60_000 });
        moments.push(clock.now());
      }
    };
    clock.after(10, () => void chain());
    clock.after(11, () => undefined);
    await clock.runUntilIdle();
    expect([moments.length, new Set(moments)]).toEqual([30, new Set([10])]);
  });

  it('a port is taken once', async () => {
    const network = createMemoryNetwork({ clock: createVirtualClock(0), timers: systemTimers });
    await network.open(8080);
    expect(() => network.open(8080)).toThrow('the port 8080 is taken');
  });
});
