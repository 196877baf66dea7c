import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Agents, createAgents } from '../app/jira/agents.ts';
import { createJiraClient, createJiraHttp, type JiraClient, type JiraRequest } from '../app/jira/client.ts';
import { createPace } from '../app/jira/pace-calls.ts';
import { createRateGate } from '../app/jira/rate-gate.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type MemoryWorld, startMemoryWorld } from '../simulator/transport/memory-world.ts';
import { plainTransport } from './fakes/plain-transport.ts';

/** The app's own HTTP client speaks with a simulated site without sockets, and takes every fault for what it is. */

let world: MemoryWorld;
let agents: Agents;
let acme: SimulatedSite;
let client: JiraClient;

beforeEach(async () => {
  world = await startMemoryWorld();
  agents = createAgents({ connectTimeoutMs: 1000 });
  [acme] = world.sites;
  const http = createJiraHttp(agents);
  http.instance.defaults.adapter = world.network.axiosAdapter;
  const [user] = acme.heart.users.values();
  const Authorization = `Basic ${Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64')}`;
  client = createJiraClient({
    transport: plainTransport(acme.url, Authorization),
    http,
    clock: { now: () => world.clock.now(), sleepUntil: async () => undefined },
    gates: { connection: createRateGate(), app: createRateGate() },
    pace: createPace(),
    budget: null,
    record: () => undefined,
  });
});

afterEach(async () => {
  agents.close();
  await world.simulator.close();
});

const READ: JiraRequest<{ fields: { summary: string } }> = {
  endpoint: 'GET /issue/{id}',
  method: 'GET',
  path: '/rest/api/3/issue/SUP-1?fields=summary',
  intent: 'read',
  schema: z.object({ fields: z.object({ summary: z.string() }) }),
};
const WRITE: JiraRequest<null> = {
  endpoint: 'PUT /issue/{id}',
  method: 'PUT',
  path: '/rest/api/3/issue/SUP-1',
  intent: 'write',
  body: { fields: { summary: 'Grün ✓' } },
  schema: z.null(),
};

it('reads and writes', async () => {
  expect(await client.call(WRITE)).toEqual({ ok: true, value: null });
  expect(await client.call(READ)).toEqual({ ok: true, value: { fields: { summary: 'Grün ✓' } } });
  expect(acme.heart.ledger.entries.map(({ method, status }) => [method, status])).toEqual([
    ['PUT', 204],
    ['GET', 200],
  ]);
});

it.each([
  ['cut before the work', { when: 'before', status: null }, 'uncertain', false],
  ['cut after the work', { when: 'after', status: null }, 'uncertain', true],
  ['silence after the work', { when: 'after', status: null, shape: 'silence' }, 'uncertain', true],
  ['a web page with 502', { when: 'before', status: 502, shape: 'html' }, 'uncertain', false],
  ['a conflict', { when: 'before', status: 409 }, 'contended', false],
  ['a burst', { when: 'before', status: 429, retryAfterSeconds: 3, reason: 'jira-burst-based' }, 'rate-limited', false],
] as const)('%s', async (_name, fault, kind, done) => {
  acme.faults.add({ ...fault, times: 1 });
  const called = client.call(WRITE);
  await world.clock.runUntilIdle();
  expect(await called).toMatchObject({ ok: false, failure: { kind } });
  expect(acme.heart.issues.get('10000')?.summary === 'Grün ✓').toBe(done);
});

it('a site that is gone has not done anything', async () => {
  await world.simulator.close();
  expect(await client.call(WRITE)).toMatchObject({
    ok: false,
    failure: { kind: 'unavailable', detail: 'no answer (ECONNREFUSED)' },
  });
});
