import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { plainTransport } from '../../test/fakes/plain-transport.ts';
import { succeed } from '../core/failure.ts';
import type { ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import { systemClock } from '../platform/clock.ts';
import { type Agents, createAgents } from './agents.ts';
import { createJiraHttp } from './client.ts';
import { createItemCounts } from './count-items.ts';
import { createClients } from './reach-clients.ts';

let simulator: Simulator;
let agents: Agents;
beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {} } });
  agents = createAgents({ connectTimeoutMs: 5_000 });
});
afterAll(async () => {
  agents.close();
  await simulator.close();
});

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** How many items of each type and status the first space of a site has, by the site and by itself. */
const compare = async (of: 'acme' | 'initech'): Promise<void> => {
  const site = of === 'acme' ? simulator.sites.acme : simulator.dataCenter.initech;
  if (site === undefined) throw new Error(`${of} is simulated`);
  const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error('The site has an administrator.');
  const signed = of === 'acme' ? basic(admin.emailAddress, admin.apiToken) : basic(admin.userName ?? '', admin.apiToken);
  const http = createJiraHttp(agents);
  const transport = plainTransport(site.url, signed, of === 'acme' ? 'cloud' : 'data-center');
  const counts = createItemCounts(
    createClients({
      ...{ transports: { reach: async () => succeed(transport) }, http, givenHttp: http },
      ...{ clock: systemClock, quota: null, record: () => undefined },
    }),
  );
  const reached = await counts.reach('t' as TenantId, 'c' as ConnectionId);
  const [project] = site.heart.projects.values();
  const issues = [...site.heart.issues.values()].filter((issue) => issue.projectId === project?.id);
  const [first] = issues;
  if (project === undefined || first === undefined) throw new Error('The space has items.');
  const projectId = project.id as ProjectId;
  const { typeId, statusId } = first;
  const name = site.heart.statuses.get(statusId)?.name ?? '';
  expect(await reached?.count(projectId, { kind: 'type', typeId })).toBe(
    issues.filter((issue) => issue.typeId === typeId).length,
  );
  expect(await reached?.count(projectId, { kind: 'status', name })).toBe(
    issues.filter((issue) => issue.statusId === statusId).length,
  );
  expect(await reached?.count(projectId, { kind: 'status', name: 'No "such" status' })).toBeNull();
};

it.each(['acme', 'initech'] as const)('counts the items of a space by work type and by status on %s', compare);
