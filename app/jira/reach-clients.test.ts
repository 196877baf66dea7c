import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { plainTransport } from '../../test/fakes/plain-transport.ts';
import { succeed } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { createAddressRule } from '../platform/given-address.ts';
import { createGuardedAgents, type GuardedAgents } from '../platform/guarded-agents.ts';
import type { PricedCall } from '../sync/quota-ports.ts';
import { type Agents, createAgents } from './agents.ts';
import { createJiraHttp } from './client.ts';
import { createClients } from './reach-clients.ts';

let server: Server;
let calls: number;
let agents: Agents;
let guarded: GuardedAgents;
let allowed: string[];
let status: number;
let taken: PricedCall[];

beforeEach(async () => {
  calls = 0;
  allowed = [];
  status = 200;
  taken = [];
  server = createServer((_request, response) => {
    calls += 1;
    const limit = { 'retry-after': '3600', 'ratelimit-reason': 'jira-quota-global-based' };
    response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 ? limit : {}) }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  agents = createAgents({ connectTimeoutMs: 5000 });
});

afterEach(async () => {
  agents.close();
  guarded.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

type Address = 'vouched' | 'given';

/** What comes of a call to the server on this machine, by an address that is vouched for or that a person typed. */
const call = (address: Address) => createCaller()(address);

/** The same, by one process that remembers. */
function createCaller() {
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the server has no port');
  const rule = createAddressRule({ http: 'localhost-too', allowed });
  guarded = createGuardedAgents({ rule, resolve: async () => ['127.0.0.1'], connectTimeoutMs: 5000 });
  const transport = plainTransport(`http://127.0.0.1:${at.port}`, 'JWT test');
  const clients = createClients({
    transports: {
      reach: async (_tenantId, connectionId) =>
        succeed({ ...transport, address: connectionId === 'given' ? ('given' as const) : ('vouched' as const) }),
    },
    http: createJiraHttp(agents),
    givenHttp: createJiraHttp(guarded),
    clock: { now: () => 0, sleepUntil: async () => undefined },
    quota: {
      async take(priced) {
        taken.push(priced);
        return succeed({ settle: async () => undefined });
      },
    },
    record: () => undefined,
  });
  const request = {
    endpoint: 'POST /issue',
    method: 'POST',
    path: '/rest/api/3/issue',
    intent: 'write',
    schema: z.unknown(),
  } as const;
  return async (address: Address) => {
    const reached = await clients.reach('tenant' as TenantId, address as string as ConnectionId);
    if (reached === null) throw new Error('There is a way.');
    return reached.client.call(request);
  };
}

describe('a site whose address a person typed', () => {
  it('is not called where it may not be, and nothing is written', async () => {
    const refused = await call('given');
    expect(refused).toEqual({ ok: false, failure: { kind: 'unavailable', detail: 'no answer (ADDRESS_NOT_ALLOWED)' } });
    expect(calls).toBe(0);
  });

  it('is called where that was allowed', async () => {
    allowed = ['127.0.0.0/8'];
    expect(await call('given')).toEqual({ ok: true, value: {} });
  });

  it('speaks for itself when it tells of a limit of the app: others go on', async () => {
    allowed = ['127.0.0.0/8'];
    const caller = createCaller();
    status = 429;
    await caller('given');
    status = 200;
    expect(await caller('given')).toMatchObject({ ok: false, failure: { kind: 'rate-limited' } });
    expect(await caller('vouched')).toEqual({ ok: true, value: {} });
  });

  it('spends no points of the app', async () => {
    allowed = ['127.0.0.0/8'];
    const caller = createCaller();
    await caller('given');
    await caller('vouched');
    expect(taken).toEqual([expect.objectContaining({ connectionId: 'vouched', hasApp: true })]);
  });

  it('is called without a guard where Atlassian vouches for it', async () => {
    expect(await call('vouched')).toEqual({ ok: true, value: {} });
    expect(calls).toBe(1);
  });
});
