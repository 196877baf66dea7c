import { fail, succeed } from '../../app/core/failure.ts';
import type { AccountId, ApplicationLinkId, ConnectionId, ProjectId, TenantId } from '../../app/core/ids.ts';
import type {
  ApplicationLink,
  ApplicationLinks,
  Authenticated,
  AuthenticationRefusalCode,
  ConsentAnswer,
  ProbedSite,
} from '../../app/sync/authentication-ports.ts';
import type { RegisteredWebhook, RemoteConnection, RightStanding, SiteCare, SyncUser } from '../../app/sync/connection-ports.ts';
import type { ConnectionSetUpPorts } from '../../app/sync/connection-set-up-ports.ts';
import type { Caller, TokenScope } from '../../app/sync/set-up-ports.ts';
import { createMemoryAudit, type MemoryAudit } from './memory-audit.ts';
import { createMemoryAuthenticationLinks } from './memory-authentication-links.ts';
import { createMemoryConnectionStore, type MemoryConnectionStore } from './memory-connection-store.ts';
import { createSetUpWorld, type SetUpWorld } from './set-up-world.ts';

/** A Jira site without the app: who may come in by which code or token. */
export interface FarSite extends ProbedSite {
  /** Codes of consents that were given, and by whom; each is good once. */
  readonly codes: Map<string, SyncUser>;
  /** Personal tokens, API tokens and passwords. */
  readonly secrets: Map<string, SyncUser>;
  readonly rights: Map<string, readonly RightStanding[]>;
  readonly removedWebhooks: string[];
  /** What everything answers instead. */
  failure: AuthenticationRefusalCode | null;
}

export interface ConnectionWorld {
  readonly setUp: SetUpWorld;
  ports: ConnectionSetUpPorts;
  readonly connections: MemoryConnectionStore;
  readonly audit: MemoryAudit;
  readonly time: { now: number };
  readonly cloud: FarSite;
  readonly dataCenter: FarSite;
  /** Synchronizations whose lanes were told to go on. */
  readonly resumed: string[];
  /** ann administers SUP, cora too, root the site of acme; ben is of globex. */
  readonly ann: Caller;
  readonly cora: Caller;
  readonly root: Caller;
  readonly ben: Caller;
  program(...scopes: readonly TokenScope[]): Caller;
}

export const SYNC: SyncUser = { accountId: 'JIRAUSER10100' as AccountId, name: 'Sync User' };
export const OTHER: SyncUser = { accountId: 'JIRAUSER10101' as AccountId, name: 'Olaf Jansen' };

const farSite = (probed: ProbedSite): FarSite => ({
  ...probed,
  codes: new Map(),
  secrets: new Map([
    ['good token', SYNC],
    ['token of another', OTHER],
  ]),
  rights: new Map(),
  removedWebhooks: [],
  failure: null,
});

const refuse = (code: AuthenticationRefusalCode) => fail({ code, detail: null });

function createApplicationLinks(connections: MemoryConnectionStore, makeId: () => string): ApplicationLinks {
  const links = new Map<string, { link: ApplicationLink; secret: string }>();
  const keyOf = (tenantId: TenantId, id: ApplicationLinkId): string => `${tenantId} ${id}`;
  return {
    read: async (tenantId, id) => links.get(keyOf(tenantId, id))?.link ?? null,
    list: async (tenantId, siteUrl) =>
      [...links.values()]
        .map(({ link }) => link)
        .filter((link) => link.tenantId === tenantId && (siteUrl === undefined || link.siteUrl === siteUrl))
        .reverse(),
    async add(tenantId, wanted) {
      const applicationLinkId = makeId() as ApplicationLinkId;
      const { siteUrl, name } = wanted;
      const link: ApplicationLink =
        wanted.kind === 'oauth2'
          ? {
              tenantId,
              applicationLinkId,
              siteUrl,
              kind: 'oauth2',
              name,
              clientId: wanted.clientId,
              publicKey: null,
              scope: wanted.scope,
              createdAt: 0,
            }
          : {
              tenantId,
              applicationLinkId,
              siteUrl,
              kind: 'oauth1',
              name,
              clientId: 'tandem-key',
              publicKey: 'PUBLIC KEY',
              scope: null,
              createdAt: 0,
            };
      links.set(keyOf(tenantId, applicationLinkId), { link, secret: wanted.kind === 'oauth2' ? wanted.clientSecret : 'PRIVATE' });
      return link;
    },
    async change(tenantId, id, { clientSecret, ...change }) {
      const found = links.get(keyOf(tenantId, id));
      if (found === undefined) return false;
      links.set(keyOf(tenantId, id), { link: { ...found.link, ...change }, secret: clientSecret ?? found.secret });
      return true;
    },
    async remove(tenantId, id) {
      const used = (await connections.list(tenantId)).some(({ applicationLinkId }) => applicationLinkId === id);
      if (used) return 'in-use';
      links.delete(keyOf(tenantId, id));
      return 'removed';
    },
  };
}

/** A site of acme with the app (createSetUpWorld), and two sites without it. */
export function createConnectionWorld(): ConnectionWorld {
  const setUp = createSetUpWorld();
  const { time, acme, globex } = setUp;
  acme.spaces.get('SUP')?.admins.add('cora');
  for (const space of acme.spaces.values()) space.admins.add('root');
  acme.admins.add('root');
  const connections = createMemoryConnectionStore({ now: () => time.now });
  const audit = createMemoryAudit();
  const resumed: string[] = [];
  const cloud = farSite({
    siteUrl: 'https://hooli.atlassian.net',
    product: 'cloud',
    version: null,
    cloudId: 'cloud-1',
    kinds: ['oauth2-cloud', 'api-token'],
  });
  const dataCenter = farSite({
    siteUrl: 'https://jira.initech.example/jira',
    product: 'data-center',
    version: '10.3.1',
    cloudId: null,
    kinds: ['oauth2-data-center', 'personal-token', 'oauth1', 'password'],
  });
  const siteOf = ({ siteUrl }: Pick<RemoteConnection, 'siteUrl'>): FarSite => (siteUrl === cloud.siteUrl ? cloud : dataCenter);

  const letIn = async (connection: RemoteConnection, user: SyncUser): Promise<Authenticated> => {
    const { tenantId, connectionId } = connection;
    await connections.change(tenantId, connectionId, { state: 'working', since: time.now, cause: null, syncUser: user });
    const former = connection.syncUser?.accountId === user.accountId ? null : connection.syncUser;
    return { connection: connections.now(connection), formerSyncUser: former };
  };
  const complete = async (connection: RemoteConnection, sealed: string, { code, error }: ConsentAnswer) => {
    const site = siteOf(connection);
    if (site.failure !== null) return refuse(site.failure);
    if (sealed !== `sealed for ${connection.connectionId}`) throw new Error('This was sealed for another connection.');
    if (error !== null) return refuse('consent-denied');
    const user = site.codes.get(code ?? '');
    if (user === undefined) return refuse('code-refused');
    site.codes.delete(code ?? '');
    return succeed(await letIn(connection, user));
  };
  const careOf = (connection: RemoteConnection): SiteCare => {
    const site = siteOf(connection);
    return {
      readServer: async () => succeed({ product: site.product, version: site.version }),
      whoAmI: async () => (site.failure === null ? succeed(connection.syncUser ?? SYNC) : fail({ kind: 'unauthorized' })),
      readRights: async (projectId) => succeed(site.rights.get(projectId) ?? []),
      registerWebhook: async () => fail({ kind: 'forbidden' }),
      renewWebhook: async () => fail({ kind: 'forbidden' }),
      async removeWebhook({ remoteId }: RegisteredWebhook) {
        site.removedWebhooks.push(remoteId);
        return succeed(null);
      },
    };
  };

  let secrets = 0;
  const ports: ConnectionSetUpPorts = {
    ...setUp.ports,
    sites: {
      async reach(tenantId, connectionId) {
        const own = await setUp.ports.sites.reach(tenantId, connectionId);
        const connection = await connections.read(tenantId, connectionId);
        if (own !== null || connection?.state !== 'working') return own;
        const unasked = () => Promise.reject(new Error('Nobody asks this of a site without the app.'));
        const [projectId, projectKey, name] = ['10100' as ProjectId, 'PLAT', 'Platform'];
        return {
          listSpaces: async () => succeed([{ projectId, projectKey, name }]),
          ...{ readSpaceShape: unasked, readAdminRights: unasked, listGroupsOf: unasked, findGroup: unasked },
        };
      },
    },
    connections,
    applicationLinks: createApplicationLinks(connections, setUp.ports.makeId),
    authenticationLinks: createMemoryAuthenticationLinks(connections),
    providers: {
      begin: async (connection, state) =>
        siteOf(connection).failure === null
          ? succeed({
              url: `${connection.siteUrl}/authorize?state=${state}`,
              sealed: `sealed for ${connection.connectionId}`,
              until: time.now + 600_000,
            })
          : refuse(siteOf(connection).failure ?? 'provider-unavailable'),
      complete,
    },
    typed: {
      async enter(connection, credentials) {
        const user = siteOf(connection).secrets.get(credentials.kind === 'password' ? credentials.password : credentials.token);
        return user === undefined ? refuse('credentials-refused') : succeed(await letIn(connection, user));
      },
    },
    probe: {
      async probe(typed) {
        const site = [cloud, dataCenter].find(({ siteUrl }) => typed.startsWith(siteUrl));
        return site === undefined ? refuse('not-jira') : succeed(site);
      },
    },
    cares: {
      async reach(tenantId, connectionId) {
        const connection = await connections.read(tenantId, connectionId);
        return connection?.state === 'working' ? careOf(connection) : null;
      },
    },
    lanes: {
      async resume(_tenantId, synchronizationId) {
        resumed.push(synchronizationId);
      },
    },
    audit,
    readQuota: async () => ({
      pool: 'site',
      budget: null,
      spent: { edit: 1, repair: 0, backfill: 0, check: 2 },
      spentHere: { edit: 1, repair: 0, backfill: 0, check: 2 },
      paid: { edit: 0, repair: 0, backfill: 0, check: 0 },
      resetsAt: time.now + 3_600_000,
      closed: [],
    }),
    readPersonName: async (_tenantId, _connectionId, accountId) => (accountId === 'ann' ? 'Ann Arbor' : null),
    makeSecret: () => {
      secrets += 1;
      return Buffer.alloc(32, secrets).toString('base64url');
    },
    publicUrl: 'https://tandem.example',
  };
  return {
    setUp,
    ports,
    connections,
    audit,
    time,
    cloud,
    dataCenter,
    resumed,
    ann: setUp.caller(acme, 'SUP', 'ann'),
    cora: setUp.caller(acme, 'SUP', 'cora'),
    root: setUp.caller(acme, 'SUP', 'root'),
    ben: setUp.caller(globex, 'ENG', 'ben'),
    program: (...scopes) => setUp.program(acme, ...scopes),
  };
}

/** A connection id that names nothing. */
export const NO_CONNECTION = '00000000-0000-4000-9000-000000000000' as ConnectionId;
