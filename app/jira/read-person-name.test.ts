import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { plainTransport } from '../../test/fakes/plain-transport.ts';
import { fail, succeed } from '../core/failure.ts';
import type { AccountId, ConnectionId, TenantId } from '../core/ids.ts';
import { systemClock } from '../platform/clock.ts';
import { type Agents, createAgents } from './agents.ts';
import { createJiraHttp } from './client.ts';
import { createClients } from './reach-clients.ts';
import { createReadPersonName } from './read-person-name.ts';

let simulator: Simulator;
let agents: Agents;
beforeAll(async () => {
  simulator = await startSimulator();
  agents = createAgents({ connectTimeoutMs: 5_000 });
});
afterAll(async () => {
  agents.close();
  await simulator.close();
});

const [TENANT, CONNECTION] = ['t' as TenantId, 'c' as ConnectionId];

function reading(isThere: boolean) {
  const site = simulator.sites.acme;
  const [person] = site.heart.users.values();
  if (person === undefined) throw new Error('The site has people.');
  const signed = `Basic ${Buffer.from(`${person.emailAddress}:${person.apiToken}`).toString('base64')}`;
  const transport = plainTransport(site.url, signed, 'cloud');
  const http = createJiraHttp(agents);
  const transports = { reach: async () => (isThere ? succeed(transport) : fail('gone' as const)) };
  const clients = createClients({ transports, http, givenHttp: http, clock: systemClock, quota: null, record: () => undefined });
  return { person, readPersonName: createReadPersonName(clients) };
}

it('tells what a person is called on their site', async () => {
  const { person, readPersonName } = reading(true);
  expect(await readPersonName(TENANT, CONNECTION, person.accountId as AccountId)).toBe(person.displayName);
});

it('tells nothing of somebody whom the site does not know, or of a site that is gone', async () => {
  expect(await reading(true).readPersonName(TENANT, CONNECTION, 'nobody & nobody=else' as AccountId)).toBeNull();
  const { person, readPersonName } = reading(false);
  expect(await readPersonName(TENANT, CONNECTION, person.accountId as AccountId)).toBeNull();
});
