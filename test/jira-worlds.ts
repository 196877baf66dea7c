import { createAgents } from '../app/jira/agents.ts';
import { createJiraClient, createJiraHttp, type JiraClient, type RequestRecord } from '../app/jira/client.ts';
import { createCloudJira } from '../app/jira/cloud/cloud-jira.ts';
import { createDataCenterJira } from '../app/jira/datacenter/data-center-jira.ts';
import { createPace } from '../app/jira/pace-calls.ts';
import { createRateGate } from '../app/jira/rate-gate.ts';
import { systemClock } from '../app/platform/clock.ts';
import type { Product } from '../app/sync/connection-ports.ts';
import type { Jira } from '../app/sync/ports.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import type { DataCenterVersion } from '../simulator/datacenter/dialect.ts';
import type { Actor, User } from '../simulator/heart/site.ts';
import { makePersonalToken } from '../simulator/identity/personal-tokens.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { plainTransport } from './fakes/plain-transport.ts';

/** A simulated site of either product, and the way to it as its administrator. */
export interface JiraWorld {
  readonly product: Product;
  readonly site: SimulatedSite;
  /** The administrator, who is the sync user too. */
  readonly actor: Actor;
  readonly spaceKey: string;
  readonly client: JiraClient;
  readonly jira: Jira;
  /** The same site for whoever these headers say. */
  as(authorization: string): Jira;
  /** What was called since the start. */
  readonly records: RequestRecord[];
  close(): Promise<void>;
}

export type JiraWorldName = 'Cloud' | `Data Center ${DataCenterVersion}`;
export const JIRA_WORLDS: readonly JiraWorldName[] = ['Cloud', 'Data Center 9.12', 'Data Center 10.3', 'Data Center 11.3'];

const administratorOf = ({ heart }: SimulatedSite): User => {
  const admin = [...heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error('The seed world has an administrator.');
  return admin;
};

const basic = (user: string, secret: string): string => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

/** Basic authentication, and a personal access token where a line of Data Center takes none by default. */
function authorizationOf(site: SimulatedSite | DataCenterSite, admin: User): string {
  if (!('dialect' in site)) return basic(admin.emailAddress, admin.apiToken);
  if (site.dialect.basicAuthentication) return basic(admin.userName ?? admin.accountId, admin.apiToken);
  const token = makePersonalToken(site.heart, site.access, admin, 'tandem', null);
  return `Bearer ${token?.token ?? ''}`;
}

export async function openJiraWorld(name: JiraWorldName, { indexLagMs = 0 } = {}): Promise<JiraWorld> {
  const version = name === 'Cloud' ? null : (name.slice('Data Center '.length) as DataCenterVersion);
  const simulator = await startSimulator({
    indexLagMs,
    webhooks: { paused: true },
    ...(version === null ? {} : { dataCenter: { initech: { version } } }),
  });
  const site = version === null ? simulator.sites.acme : simulator.dataCenter.initech;
  if (site === undefined) throw new Error('It was asked for.');
  const product = version === null ? 'cloud' : 'data-center';
  const agents = createAgents({ connectTimeoutMs: 5_000 });
  const admin = administratorOf(site);
  const records: RequestRecord[] = [];
  const clientOf = (authorization: string): JiraClient =>
    createJiraClient({
      transport: plainTransport(site.url, authorization, product),
      http: createJiraHttp(agents),
      clock: systemClock,
      gates: { connection: createRateGate(), app: createRateGate() },
      pace: createPace(),
      budget: null,
      record: (request) => records.push(request),
    });
  const as = (authorization: string): Jira =>
    product === 'cloud' ? createCloudJira(clientOf(authorization)) : createDataCenterJira(clientOf(authorization));
  const authorization = authorizationOf(site, admin);
  return {
    product,
    site,
    actor: { user: admin, through: { kind: 'person' }, trace: null },
    spaceKey: version === null ? 'SUP' : 'PLAT',
    client: clientOf(authorization),
    jira: as(authorization),
    as,
    records,
    async close() {
      agents.close();
      await simulator.close();
    },
  };
}
