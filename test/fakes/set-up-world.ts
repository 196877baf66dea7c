import { type Failure, fail, type Result, succeed } from '../../app/core/failure.ts';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../../app/core/ids.ts';
import type { SpaceShape } from '../../app/core/item.ts';
import type { AuditEntry } from '../../app/sync/audit-ports.ts';
import type { RemoteConnection } from '../../app/sync/connection-ports.ts';
import { createAttemptLimit, OF_PARTNER_SPACES } from '../../app/sync/limit-attempts.ts';
import type { SiteAddress, SiteGroup } from '../../app/sync/ports.ts';
import type { SetUpFlowPorts, SpaceCaller, SpaceSites, TokenCaller } from '../../app/sync/set-up-ports.ts';
import { createMemorySetUpStore } from '../../lab/memory/memory-set-up-store.ts';
import { createMemorySynchronizationStore } from '../../lab/memory/memory-synchronization-store.ts';
import { createMemoryTermsStore } from '../../lab/memory/memory-terms-store.ts';
import { emptyTables } from '../../lab/memory/tables.ts';

interface SetUpGroup extends SiteGroup {
  readonly members: ReadonlySet<string>;
}

/** A Jira site as far as set-up goes: spaces, who administers and who sees them, and whether it answers. */
export interface SetUpSite {
  readonly address: SiteAddress;
  /** What else leads to it: a site can have a name of its own. */
  readonly otherUrls: string[];
  readonly spaces: Map<string, { shape: SpaceShape; admins: Set<string>; seenBy: Set<string> | 'everybody' }>;
  /** Who administers the site. */
  readonly admins: Set<string>;
  readonly groups: SetUpGroup[];
  /** Off: the app is disabled or gone there. */
  installed: boolean;
  /** What every call answers instead. */
  failure: Failure | null;
  /** Calls so far. */
  calls: number;
}

export interface SetUpWorld {
  readonly ports: SetUpFlowPorts;
  readonly time: { now: number };
  /** What was written into the audit logs, the oldest first. */
  readonly noted: { tenantId: TenantId; entry: AuditEntry }[];
  /** The connections that are to be looked after at once (care-for-connections.ts). */
  readonly looksDue: Set<ConnectionId>;
  /** Connections to sites without the app, all of acme's tenant, and the sites that they lead to. */
  readonly remote: Map<ConnectionId, { connection: RemoteConnection; site: SetUpSite }>;
  /** The groups that may configure, of both tenants. */
  readonly settings: { configuringGroups: SiteGroup[] };
  readonly acme: SetUpSite;
  readonly globex: SetUpSite;
  /** A program of that site's tenant. */
  program(site: SetUpSite, ...scopes: TokenCaller['scopes']): TokenCaller;
  /** A connection of acme's tenant, made by ann, to a site without the app that has no spaces yet. */
  connect(
    number: number,
    siteUrl: string,
    overrides?: Partial<RemoteConnection>,
  ): { connection: RemoteConnection; site: SetUpSite };
  /** A person opening Tandem in a space. */
  caller(site: SetUpSite, projectKey: string, accountId: string): SpaceCaller;
}

const TYPES: readonly (readonly [name: string, statuses: readonly string[]])[] = [
  ['Bug', ['To Do', 'Done']],
  ['Task', ['To Do', 'In Progress', 'Done']],
];

export const buildShape = (id: number, projectKey: string, projectName: string, types = TYPES): SpaceShape => ({
  projectId: String(id) as ProjectId,
  projectKey,
  projectName,
  types: types.map(([name, statuses], at) => ({
    id: `${id}${at}`,
    name,
    subtask: false,
    statuses: statuses.map((status) => ({ id: `${id}-${status}`, name: status })),
  })),
  priorities: [],
});

const buildSite = (number: number, siteUrl: string): SetUpSite => ({
  address: {
    siteTenantId: `00000000-0000-4000-8000-00000000000${number}` as TenantId,
    connectionId: `00000000-0000-4000-9000-00000000000${number}` as ConnectionId,
    siteUrl,
  },
  otherUrls: [],
  spaces: new Map(),
  admins: new Set(),
  groups: [],
  installed: true,
  failure: null,
  calls: 0,
});

const buildConnection = (
  tenantId: TenantId,
  connectionId: ConnectionId,
  siteUrl: string,
  overrides: Partial<RemoteConnection>,
): RemoteConnection => ({
  tenantId,
  connectionId,
  kind: 'oauth2-data-center',
  siteUrl,
  apiUrl: siteUrl,
  product: 'data-center',
  version: '10.3.1',
  state: 'working',
  since: 0,
  cause: null,
  syncUser: null,
  applicationLinkId: null,
  createdBy: 'ann' as AccountId,
  createdAt: 0,
  credentialsEndAt: null,
  webhook: { kind: 'none' },
  lastCallAt: null,
  lastEventAt: null,
  ...overrides,
});

export const addSpace = (site: SetUpSite, shape: SpaceShape, ...admins: string[]): void => {
  site.spaces.set(shape.projectKey, { shape, admins: new Set(admins), seenBy: 'everybody' });
};

type Calls = NonNullable<Awaited<ReturnType<SpaceSites['reach']>>>;

const callsOf = (site: SetUpSite): Calls => {
  const answer = <T>(value: () => Result<T>): Promise<Result<T>> => {
    site.calls += 1;
    return Promise.resolve(site.failure === null ? value() : fail(site.failure));
  };
  const all = () => [...site.spaces.values()];
  const isSeen = (seenBy: Set<string> | 'everybody', by: AccountId | undefined): boolean =>
    by === undefined || seenBy === 'everybody' || seenBy.has(by);
  const groupsOf = (wanted: (group: SetUpGroup) => boolean): readonly SiteGroup[] =>
    site.groups.filter(wanted).map(({ groupId, name }) => ({ groupId, name }));
  return {
    listSpaces: (visibleTo) =>
      answer(() =>
        succeed(
          all()
            .filter(({ seenBy }) => isSeen(seenBy, visibleTo))
            .map(({ shape }) => ({ projectId: shape.projectId, projectKey: shape.projectKey, name: shape.projectName })),
        ),
      ),
    readSpaceShape: (idOrKey) =>
      answer(() => {
        const found = all().find(({ shape }) => shape.projectId === idOrKey || shape.projectKey === idOrKey);
        return found === undefined ? fail({ kind: 'missing' }) : succeed(found.shape);
      }),
    readAdminRights: (accountId, projectId) =>
      answer(() =>
        succeed({
          site: site.admins.has(accountId),
          space: all().some(({ shape, admins }) => shape.projectId === projectId && admins.has(accountId)),
        }),
      ),
    listGroupsOf: (accountId) => answer(() => succeed(groupsOf(({ members }) => members.has(accountId)))),
    findGroup: (name) => answer(() => succeed(groupsOf((group) => group.name === name)[0] ?? null)),
  };
};

/** acme with SUP (admin ann), LAB (admin ann) and HR (admin hanna, seen by her alone); globex with ENG (admin ben). */
export const createSetUpWorld = (): SetUpWorld => {
  const time = { now: 1_800_000_000_000 };
  const acme = buildSite(1, 'https://acme.atlassian.net');
  const globex = buildSite(2, 'https://globex.atlassian.net');
  addSpace(acme, buildShape(10_000, 'SUP', 'Support'), 'ann');
  addSpace(acme, buildShape(10_001, 'LAB', 'Laboratory'), 'ann');
  addSpace(acme, buildShape(10_002, 'HR', 'People'), 'hanna');
  const people = acme.spaces.get('HR');
  if (people !== undefined) people.seenBy = new Set(['hanna']);
  addSpace(globex, buildShape(20_000, 'ENG', 'Engineering'), 'ben');
  const sites = [acme, globex];
  let made = 0;
  const noted: SetUpWorld['noted'] = [];
  const looksDue: SetUpWorld['looksDue'] = new Set();
  const remote: SetUpWorld['remote'] = new Map();
  const settings: SetUpWorld['settings'] = { configuringGroups: [] };
  const remoteOf = (tenantId: TenantId, connectionId: ConnectionId) => {
    const found = remote.get(connectionId);
    return found?.connection.tenantId === tenantId ? found : undefined;
  };
  const synchronizations = createMemorySynchronizationStore(emptyTables(), { now: () => time.now });
  const ports: SetUpFlowPorts = {
    sites: {
      reach: async (siteTenantId, connectionId) => {
        const far = remoteOf(siteTenantId, connectionId);
        if (far !== undefined) return far.connection.state === 'working' ? callsOf(far.site) : null;
        const site = sites.find(({ address }) => address.siteTenantId === siteTenantId && address.connectionId === connectionId);
        return site?.installed === true ? callsOf(site) : null;
      },
    },
    directory: {
      findByUrl: async (siteUrl) =>
        sites.find(({ address, otherUrls, installed }) => installed && [address.siteUrl, ...otherUrls].includes(siteUrl))
          ?.address ?? null,
      async read(siteTenantId, connectionId) {
        const far = remoteOf(siteTenantId, connectionId)?.connection;
        if (far !== undefined) return { siteTenantId, connectionId, siteUrl: far.siteUrl };
        const own = sites.find(({ address }) => address.siteTenantId === siteTenantId)?.address;
        return own?.connectionId === connectionId ? own : null;
      },
      readOwn: async (tenantId) => sites.find(({ address }) => address.siteTenantId === tenantId)?.address ?? null,
    },
    connections: {
      read: async (tenantId, connectionId) => remoteOf(tenantId, connectionId)?.connection ?? null,
      async endLook(_tenantId, connectionId, afterMs) {
        if (afterMs === 0) looksDue.add(connectionId);
      },
    },
    settings: {
      read: async () => settings,
      async write(_tenantId, { configuringGroups }) {
        settings.configuringGroups = [...configuringGroups];
      },
    },
    audit: {
      async note(tenantId, entry) {
        noted.push({ tenantId, entry });
      },
    },
    setUps: createMemorySetUpStore(),
    synchronizations,
    terms: createMemoryTermsStore(synchronizations),
    lookups: createAttemptLimit({ now: () => time.now }, OF_PARTNER_SPACES),
    lanes: { resume: async () => undefined },
    takeEndpoints: async () => succeed({ letGo: async () => undefined }),
    clock: { now: () => time.now, sleepUntil: async () => undefined },
    makeId: () => {
      made += 1;
      return `00000000-0000-4000-a000-${String(made).padStart(12, '0')}`;
    },
  };
  return {
    ports,
    time,
    noted,
    looksDue,
    remote,
    settings,
    acme,
    globex,
    program: ({ address: { siteTenantId } }, ...scopes) => ({ kind: 'token', siteTenantId, tokenId: 'token-1', scopes }),
    connect(number, siteUrl, overrides = {}) {
      const { address, ...site } = buildSite(number, siteUrl);
      const connection = buildConnection(acme.address.siteTenantId, address.connectionId, siteUrl, overrides);
      remote.set(connection.connectionId, { connection, site: { address, ...site } });
      return { connection, site: { address, ...site } };
    },
    caller: ({ address, spaces }, projectKey, accountId) => ({
      kind: 'space',
      siteTenantId: address.siteTenantId,
      connectionId: address.connectionId,
      accountId: accountId as AccountId,
      projectId: spaces.get(projectKey)?.shape.projectId ?? ('0' as ProjectId),
      projectKey,
    }),
  };
};
