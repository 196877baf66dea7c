import type { SignedTransport } from '../app/connections/transport.ts';
import type { ProjectId } from '../app/core/ids.ts';
import { type Agents, createAgents } from '../app/jira/agents.ts';
import { createJiraClient, createJiraHttp, type JiraClient } from '../app/jira/client.ts';
import { createAdminWebhookCalls, createDynamicWebhookCalls } from '../app/jira/cloud/webhooks.ts';
import { createDataCenterWebhookCalls } from '../app/jira/datacenter/webhooks.ts';
import { createPace } from '../app/jira/pace-calls.ts';
import { createRateGate } from '../app/jira/rate-gate.ts';
import type { WebhookCalls } from '../app/jira/webhook-wish.ts';
import { systemClock } from '../app/platform/clock.ts';
import type { Product, RemoteKind } from '../app/sync/connection-ports.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import type { User } from '../simulator/heart/site.ts';
import { makePersonalToken } from '../simulator/identity/personal-tokens.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { plainTransport } from './fakes/plain-transport.ts';

/** A webhook as the simulated site has it, whatever its kind. */
export interface SeenWebhook {
  readonly id: number;
  readonly url: string;
  readonly filter: string;
  readonly events: readonly string[];
  readonly secret: string | null;
}

/** One kind of site reached without the app. */
export interface RemoteWay {
  readonly name: string;
  readonly kind: RemoteKind;
  readonly product: Product;
  readonly version: string | null;
  readonly site: SimulatedSite;
  /** Two for Cloud, one for Data Center; of the first one the name too. */
  readonly spaces: readonly [ProjectId, ...ProjectId[]];
  readonly spaceKey: string;
  /** As an administrator of the site, and as somebody who is none. */
  readonly calls: WebhookCalls;
  readonly callsOfOther: WebhookCalls;
  seen(): readonly SeenWebhook[];
  /** An administrator takes all webhooks away. */
  lose(): void;
}

export interface RemoteWays {
  readonly ways: ReadonlyMap<string, RemoteWay>;
  /** What Tandem's own app of OAuth 2.0 has at Atlassian. */
  readonly clientSecret: string;
  way(name: string): RemoteWay;
  idle(): Promise<void>;
  close(): Promise<void>;
}

export const WAY_NAMES = ['3LO', 'API token', 'Data Center 9.12', 'Data Center 10.3', 'Data Center 11.3'] as const;

const CLIENT_ID = 'tandem-app';
const CLIENT_SECRET = 'secret-of-tandem-at-atlassian';
const AN_HOUR = 3_600_000;

/** Every kind of site that has not installed the app, with the newest and the older lines of Data Center. */
export async function startRemoteWays(): Promise<RemoteWays> {
  const older = await startSimulator({ indexLagMs: 0, identity: {}, dataCenter: { initech: { version: '10.3' }, umbrella: {} } });
  const newer = await startSimulator({ indexLagMs: 0, dataCenter: { initech: { version: '11.3' } } });
  const agents = createAgents({ connectTimeoutMs: 5_000 });
  const { acme, globex } = older.sites;
  const all = [
    dynamicWay(older, acme, agents),
    adminWay(globex, agents),
    dataCenterWay(siteOf(older, 'umbrella'), '9.12.15', agents),
    dataCenterWay(siteOf(older, 'initech'), '10.3.3', agents),
    dataCenterWay(siteOf(newer, 'initech'), '11.3.0', agents),
  ];
  const ways = new Map(all.map((way) => [way.name, way]));
  return {
    ways,
    clientSecret: CLIENT_SECRET,
    way(name) {
      const way = ways.get(name);
      if (way === undefined) throw new Error(`There is no way ${name}.`);
      return way;
    },
    async idle() {
      await older.idle();
      await newer.idle();
    },
    async close() {
      agents.close();
      await older.close();
      await newer.close();
    },
  };
}

const siteOf = ({ dataCenter }: Simulator, name: 'initech' | 'umbrella'): DataCenterSite => {
  const site = dataCenter[name];
  if (site === undefined) throw new Error(`${name} was not started.`);
  return site;
};

const clientFor = (transport: SignedTransport, agents: Agents): JiraClient =>
  createJiraClient({
    transport,
    http: createJiraHttp(agents),
    clock: systemClock,
    gates: { connection: createRateGate(), app: createRateGate() },
    pace: createPace(),
    budget: null,
    record: () => undefined,
  });

const isPerson = ({ accountType }: User): boolean => accountType === 'atlassian';

const personOf = (site: SimulatedSite, isAdmin: boolean): User => {
  const user = [...site.heart.users.values()].find((one) => isPerson(one) && one.siteAdmin === isAdmin);
  if (user === undefined) throw new Error('The seed world has both.');
  return user;
};

const spacesOf = (site: SimulatedSite): { spaces: [ProjectId, ...ProjectId[]]; spaceKey: string } => {
  const [first, ...others] = [...site.heart.projects.values()];
  if (first === undefined) throw new Error('The seed world has spaces.');
  return { spaces: [first.id as ProjectId, ...others.map(({ id }) => id as ProjectId)], spaceKey: first.key };
};

function dynamicWay({ identity }: Simulator, site: SimulatedSite, agents: Agents): RemoteWay {
  if (identity === null) throw new Error('Accounts were asked for.');
  const scopes = ['read:jira-work', 'write:jira-work', 'manage:jira-webhook'];
  identity.state.apps.set(CLIENT_ID, {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    name: 'Tandem',
    redirectUris: [],
    scopes,
  });
  const callsOf = (user: User, granted: readonly string[]): WebhookCalls => {
    const token = `access-of-${user.accountId}`;
    identity.state.grants.set(token, {
      id: token,
      clientId: CLIENT_ID,
      cloudId: site.heart.cloudId,
      accountId: user.accountId,
      scopes: [...granted],
      accessTokens: [{ token, expiresAt: systemClock.now() + AN_HOUR }],
      refreshToken: null,
      spent: [],
    });
    const transport = plainTransport(`${identity.url}/ex/jira/${site.heart.cloudId}`, `Bearer ${token}`);
    return createDynamicWebhookCalls(clientFor(transport, agents));
  };
  const { dynamic } = site.webhooks;
  return {
    name: '3LO',
    kind: 'oauth2-cloud',
    product: 'cloud',
    version: null,
    site,
    ...spacesOf(site),
    calls: callsOf(personOf(site, true), scopes),
    callsOfOther: callsOf(personOf(site, false), ['read:jira-work']),
    seen: () =>
      [...dynamic.values()].map(({ id, url, jqlFilter, events }) => ({ id, url, filter: jqlFilter, events, secret: null })),
    lose: () => dynamic.clear(),
  };
}

function adminWay(site: SimulatedSite, agents: Agents): RemoteWay {
  const callsOf = ({ emailAddress, apiToken }: User): WebhookCalls => {
    const basic = Buffer.from(`${emailAddress}:${apiToken}`).toString('base64');
    return createAdminWebhookCalls(clientFor(plainTransport(site.url, `Basic ${basic}`), agents));
  };
  const { admin } = site.webhooks;
  return {
    name: 'API token',
    kind: 'api-token',
    product: 'cloud',
    version: null,
    site,
    ...spacesOf(site),
    calls: callsOf(personOf(site, true)),
    callsOfOther: callsOf(personOf(site, false)),
    seen: () => [...admin.values()].map(({ id, url, filter, events, secret }) => ({ id, url, filter, events, secret })),
    lose: () => admin.clear(),
  };
}

function dataCenterWay(site: DataCenterSite, version: string, agents: Agents): RemoteWay {
  const callsOf = (user: User): WebhookCalls => {
    const made = makePersonalToken(site.heart, site.access, user, 'Tandem', null);
    if (made === null) throw new Error('There is room for a token.');
    const transport = plainTransport(site.url, `Bearer ${made.token}`, 'data-center');
    return createDataCenterWebhookCalls(clientFor(transport, agents), version);
  };
  const { webhooks } = site.registry;
  return {
    name: `Data Center ${version.split('.').slice(0, 2).join('.')}`,
    kind: 'personal-token',
    product: 'data-center',
    version,
    site,
    ...spacesOf(site),
    calls: callsOf(personOf(site, true)),
    callsOfOther: callsOf(personOf(site, false)),
    seen: () => [...webhooks.values()].map(({ id, url, filter, events, secret }) => ({ id, url, filter, events, secret })),
    lose: () => webhooks.clear(),
  };
}
