import { type Failure, fail, type Result, succeed } from '../../app/core/failure.ts';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../../app/core/ids.ts';
import type { SpaceShape } from '../../app/core/item.ts';
import type { SiteAddress, SiteGroup } from '../../app/sync/ports.ts';
import type { SetUpPorts, SpaceCaller, SpaceSites } from '../../app/sync/set-up-ports.ts';
import { createMemorySynchronizationStore } from '../../lab/memory/memory-synchronization-store.ts';
import { emptyTables } from '../../lab/memory/tables.ts';

interface SetUpGroup extends SiteGroup {
  readonly members: ReadonlySet<string>;
}

/** A Jira site as far as set-up goes: spaces, who administers and who sees them, and whether it answers. */
export interface SetUpSite {
  readonly address: SiteAddress;
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
  readonly ports: SetUpPorts;
  readonly time: { now: number };
  readonly acme: SetUpSite;
  readonly globex: SetUpSite;
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
  spaces: new Map(),
  admins: new Set(),
  groups: [],
  installed: true,
  failure: null,
  calls: 0,
});

const addSpace = (site: SetUpSite, shape: SpaceShape, ...admins: string[]): void => {
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
  const ports: SetUpPorts = {
    sites: {
      reach: async (siteTenantId, connectionId) => {
        const site = sites.find(({ address }) => address.siteTenantId === siteTenantId && address.connectionId === connectionId);
        return site?.installed === true ? callsOf(site) : null;
      },
    },
    directory: {
      findByUrl: async (siteUrl) =>
        sites.find(({ address, installed }) => installed && address.siteUrl === siteUrl)?.address ?? null,
      read: async (siteTenantId) => sites.find(({ address }) => address.siteTenantId === siteTenantId)?.address ?? null,
    },
    synchronizations: createMemorySynchronizationStore(emptyTables(), { now: () => time.now }),
    lanes: { resume: async () => undefined },
    clock: { now: () => time.now, sleepUntil: async () => undefined },
    makeId: () => {
      made += 1;
      return `00000000-0000-4000-a000-${String(made).padStart(12, '0')}`;
    },
  };
  return {
    ports,
    time,
    acme,
    globex,
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
