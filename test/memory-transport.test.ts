import { afterEach, beforeEach, expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { z } from 'zod';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Agents, createAgents } from '../app/jira/agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraClient, createJiraHttp, type JiraClient, type JiraRequest } from '../app/jira/client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPace } from '../app/jira/pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createRateGate } from '../app/jira/rate-gate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { SimulatedSite } from '../simulator/simulated-site.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type MemoryWorld, startMemoryWorld } from '../simulator/transport/memory-world.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The app's own HTTP client speaks with a simulated site without sockets, and takes every fault for what it is. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let world: MemoryWorld;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let agents: Agents;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let acme: SimulatedSite;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let client: JiraClient;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
beforeEach(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  world = await startMemoryWorld();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  agents = createAgents({ connectTimeoutMs: 1000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [acme] = world.sites;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const http = createJiraHttp(agents);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  http.instance.defaults.adapter = world.network.axiosAdapter;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const [user] = acme.heart.users.values();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const Authorization = `Basic ${Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64')}`;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  client = createJiraClient({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    transport: { baseUrl: acme.url, authorize: () => ({ Authorization }) },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    http,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock: { now: () => world.clock.now(), sleepUntil: async () => undefined },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    gates: { connection: createRateGate(), app: createRateGate() },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pace: createPace(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    budget: null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    record: () => undefined,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
afterEach(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  agents.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await world.simulator.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const READ: JiraRequest<{ fields: { summary: string } }> = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  endpoint: 'GET /issue/{id}',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  method: 'GET',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  path: '/rest/api/3/issue/SUP-1?fields=summary',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  intent: 'read',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  schema: z.object({ fields: z.object({ summary: z.string() }) }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const WRITE: JiraRequest<null> = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  endpoint: 'PUT /issue/{id}',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  method: 'PUT',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  path: '/rest/api/3/issue/SUP-1',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  intent: 'write',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  body: { fields: { summary: 'Grün ✓' } },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  schema: z.null(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('reads and writes', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await client.call(WRITE)).toEqual({ ok: true, value: null });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await client.call(READ)).toEqual({ ok: true, value: { fields: { summary: 'Grün ✓' } } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(acme.heart.ledger.entries.map(({ method, status }) => [method, status])).toEqual([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['PUT', 204],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['GET', 200],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it.each([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['cut before the work', { when: 'before', status: null }, 'uncertain', false],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['cut after the work', { when: 'after', status: null }, 'uncertain', true],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['silence after the work', { when: 'after', status: null, shape: 'silence' }, 'uncertain', true],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['a web page with 502', { when: 'before', status: 502, shape: 'html' }, 'uncertain', false],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['a conflict', { when: 'before', status: 409 }, 'contended', false],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ['a burst', { when: 'before', status: 429, retryAfterSeconds: 3, reason: 'jira-burst-based' }, 'rate-limited', false],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
] as const)('%s', async (_name, fault, kind, done) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  acme.faults.add({ ...fault, times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const called = client.call(WRITE);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await world.clock.runUntilIdle();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await called).toMatchObject({ ok: false, failure: { kind } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(acme.heart.issues.get('10000')?.summary === 'Grün ✓').toBe(done);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('a site that is gone has not done anything', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await world.simulator.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await client.call(WRITE)).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ok: false,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    failure: { kind: 'unavailable', detail: 'no answer (ECONNREFUSED)' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
