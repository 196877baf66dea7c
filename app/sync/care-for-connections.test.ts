import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildSynchronization } from '../../test/contract/ledger-world.ts';
import { buildConnection } from '../../test/factories/connections.ts';
import { createMemoryAudit, type MemoryAudit } from '../../test/fakes/memory-audit.ts';
import { createMemoryConnectionStore, type MemoryConnectionStore } from '../../test/fakes/memory-connection-store.ts';
import { type Failure, fail, succeed } from '../core/failure.ts';
import type { AccountId, ProjectId, SynchronizationId } from '../core/ids.ts';
import { lookAfterDue } from './care-for-connections.ts';
import type { RegisteredWebhook, RemoteConnection, SiteCare, WantedWebhook } from './connection-ports.ts';
import type { Synchronization } from './ports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;
const OURS = buildConnection();
const SILENT = (registered: RegisteredWebhook | null) => ({ kind: 'polling', because: 'silent', registered }) as const;

/** A site of one connection: what it has registered of us, and how it answers. */
interface FakeSite {
  webhook: { id: string; wanted: WantedWebhook; endsAt: number } | null;
  version: string;
  failure: Failure | null;
  webhookFailure: Failure | null;
  isReachable: boolean;
  calls: string[];
}

let time: { now: number };
let site: FakeSite;
let connections: MemoryConnectionStore;
let running: Synchronization[];
let audit: MemoryAudit;
let hastened: string[];

beforeEach(async () => {
  time = { now: NOW };
  site = { webhook: null, version: '10.3.1', failure: null, webhookFailure: null, isReachable: true, calls: [] };
  connections = createMemoryConnectionStore({ now: () => time.now });
  audit = createMemoryAudit();
  running = [];
  hastened = [];
  await connections.insert(OURS);
});

/** What a dialect of that version does there. */
const careOf = (version: string): SiteCare => {
  const register = async (wanted: WantedWebhook) => {
    site.calls.push(`register ${version}`);
    if (site.webhookFailure !== null) return fail(site.webhookFailure);
    site.webhook = { id: site.webhook?.id ?? '7', wanted, endsAt: time.now + 30 * DAY };
    const { id, endsAt } = site.webhook;
    const isProven = Number.parseInt(version, 10) >= 10;
    return succeed<RegisteredWebhook>({
      kind: 'registered',
      remoteId: id,
      expiresAt: endsAt,
      projectIds: wanted.projectIds,
      isProven,
    });
  };
  return {
    readServer: async () => succeed({ product: 'data-center', version: site.version }),
    whoAmI: async () =>
      site.failure === null ? succeed({ accountId: 'JIRAUSER10100' as AccountId, name: 'Sync User' }) : fail(site.failure),
    readRights: async () => succeed([]),
    registerWebhook: register,
    renewWebhook: async (_registered, wanted) => register(wanted),
    async removeWebhook() {
      site.calls.push('remove');
      if (site.webhookFailure !== null) return fail(site.webhookFailure);
      site.webhook = null;
      return succeed(null);
    },
  };
};

const look = () =>
  lookAfterDue({
    connections,
    audit,
    schedule: {
      async hasten(_tenantId, connectionId) {
        hastened.push(connectionId);
      },
    },
    synchronizations: { listOfSite: async () => running },
    cares: {
      reach: async (tenantId, connectionId) =>
        site.isReachable ? careOf(connections.now({ tenantId, connectionId }).version ?? '') : null,
    },
    addresses: {
      addressOf: ({ connectionId }) => `https://tandem.example/webhooks/connection/${connectionId}`,
      secretOf: ({ connectionId }) => `secret of ${connectionId}`,
      read: () => null,
    },
    clock: { now: () => time.now },
    logger: { info: () => undefined, error: () => undefined },
  });

/** Looks as time passes, and says how many looks were taken. */
const lookLater = async (ms: number): Promise<number> => {
  time.now += ms;
  return look();
};

let count = 0;
/** A synchronization of that space of the connection's site, on side B. */
const synchronizationOf = (projectId: string, state: Synchronization['state'] = 'running'): Synchronization => {
  const { sides } = buildSynchronization();
  count += 1;
  return buildSynchronization({
    synchronizationId: `synchronization-${count}` as SynchronizationId,
    state,
    sides: { A: sides.A, B: { ...sides.B, connectionId: OURS.connectionId, projectId: projectId as ProjectId } },
  });
};

const now = (): RemoteConnection => connections.now(OURS);
const actions = (): readonly (string | null)[] =>
  audit.lines.map(({ action, detail }) => (detail === null ? action : `${action}: ${detail}`));

describe('[H8] the webhook of a site without the app', () => {
  it('is registered when a synchronization runs, for its space', async () => {
    running = [synchronizationOf('100'), synchronizationOf('200', 'stopped')];
    await look();
    expect(site.webhook?.wanted).toEqual({
      address: `https://tandem.example/webhooks/connection/${OURS.connectionId}`,
      secret: `secret of ${OURS.connectionId}`,
      projectIds: ['100'],
    });
    expect(now().webhook).toMatchObject({ kind: 'registered', remoteId: '7', projectIds: ['100'] });
    expect(actions()).toEqual(['webhook.registered']);
  });

  it('is not, as long as none does', async () => {
    running = [synchronizationOf('100', 'stopped')];
    await look();
    expect([site.calls, now().webhook.kind]).toEqual([[], 'none']);
  });

  it('follows the synchronizations: exactly their spaces, and none without them', async () => {
    running = [synchronizationOf('200'), synchronizationOf('100')];
    await look();
    expect(site.webhook?.wanted.projectIds).toEqual(['100', '200']);
    running = [synchronizationOf('200'), synchronizationOf('200')];
    await lookLater(HOUR);
    expect(site.webhook?.wanted.projectIds).toEqual(['200']);
    running = [];
    await lookLater(HOUR);
    expect([site.webhook, now().webhook]).toEqual([null, { kind: 'none' }]);
    expect(actions()).toEqual(['webhook.registered', 'webhook.removed']);
  });

  it('that the site lost is registered anew within the hour', async () => {
    running = [synchronizationOf('100')];
    await look();
    site.webhook = null;
    expect(await lookLater(HOUR - 1)).toBe(0);
    expect(await lookLater(1)).toBe(1);
    expect(site.webhook).not.toBeNull();
  });

  it('that ends is moved on long before', async () => {
    running = [synchronizationOf('100')];
    for (let hours = 0; hours < 24 * 40; hours += 12) await lookLater(12 * HOUR);
    expect(site.webhook?.endsAt).toBeGreaterThan(time.now + 29 * DAY);
    expect(now().webhook).toMatchObject({ expiresAt: site.webhook?.endsAt });
  });

  it.each<[string, Failure, string]>([
    ['the sync user may not', { kind: 'forbidden' }, 'forbidden'],
    ['the consent does not cover it', { kind: 'unauthorized' }, 'forbidden'],
    ['the site wants no more of them', { kind: 'rejected', fields: [], detail: '' }, 'refused'],
    ['the site knows no webhooks', { kind: 'missing' }, 'refused'],
  ])('is left to a person where %s, until the site takes it or events come', async (_name, failure, because) => {
    running = [synchronizationOf('100')];
    site.webhookFailure = failure;
    await look();
    expect(now().webhook).toEqual({ kind: 'manual', because });
    expect(actions()).toEqual([`webhook.left-to-a-person: ${because}`]);
    await lookLater(HOUR);
    expect([now().webhook, actions().length]).toEqual([{ kind: 'manual', because }, 1]);
    site.webhookFailure = null;
    await connections.change(OURS.tenantId, OURS.connectionId, { lastEventAt: time.now });
    await lookLater(HOUR);
    expect([now().webhook.kind, site.webhook]).toEqual(['manual', null]);
    await connections.change(OURS.tenantId, OURS.connectionId, { lastEventAt: null });
    await lookLater(HOUR);
    expect(now().webhook.kind).toBe('registered');
  });

  it.each<[string, Failure, number]>([
    ['does not answer', { kind: 'unavailable', detail: '' }, 2 * MINUTE],
    ['gave no readable answer', { kind: 'uncertain', detail: '' }, 2 * MINUTE],
    ['asks to wait', { kind: 'rate-limited', scope: 'site', retryAt: NOW + 9 * MINUTE }, 9 * MINUTE],
  ])('is tried again where the site %s', async (_name, failure, afterMs) => {
    running = [synchronizationOf('100')];
    site.webhookFailure = failure;
    await look();
    expect(now().webhook).toEqual({ kind: 'none' });
    site.webhookFailure = null;
    expect(await lookLater(afterMs - 1)).toBe(0);
    await lookLater(1);
    expect(now().webhook.kind).toBe('registered');
  });

  it.each([
    ['to register it by hand', { kind: 'manual', because: 'chosen' }],
    ['that the site is polled', { kind: 'polling', because: 'chosen', registered: null }],
  ] as const)('is not touched where a person chose %s', async (_name, webhook) => {
    running = [synchronizationOf('100')];
    await connections.change(OURS.tenantId, OURS.connectionId, { webhook });
    await look();
    running = [];
    await lookLater(HOUR);
    expect([site.calls, now().webhook]).toEqual([[], webhook]);
  });

  it('gives way to what a person chooses while it is being registered', async () => {
    running = [synchronizationOf('100')];
    const chosen = { kind: 'manual', because: 'chosen' } as const;
    site.webhookFailure = null;
    const { change } = connections;
    let changed = false;
    connections.change = async (tenantId, connectionId, news) => {
      if (!changed) {
        changed = true;
        await change(tenantId, connectionId, { webhook: chosen });
      }
      return change(tenantId, connectionId, news);
    };
    await look();
    expect(now().webhook).toEqual(chosen);
  });

  it('that was silent is kept up, and relied on once something came', async () => {
    running = [synchronizationOf('100')];
    await look();
    const { webhook: registered } = now();
    if (registered.kind !== 'registered') throw new Error('It was registered.');
    await connections.change(OURS.tenantId, OURS.connectionId, { webhook: SILENT(registered) });
    running = [synchronizationOf('100'), synchronizationOf('200')];
    await lookLater(HOUR);
    expect(now().webhook).toMatchObject({ kind: 'polling', because: 'silent', registered: { projectIds: ['100', '200'] } });
    await connections.change(OURS.tenantId, OURS.connectionId, { lastEventAt: time.now });
    await lookLater(HOUR);
    expect(now().webhook).toMatchObject({ kind: 'registered', projectIds: ['100', '200'] });
    await connections.change(OURS.tenantId, OURS.connectionId, { webhook: SILENT(registered) });
    running = [];
    await lookLater(HOUR);
    expect([site.webhook, now().webhook.kind]).toEqual([null, 'none']);
  });

  it('is removed although the site lets us no longer: there is nothing more to do', async () => {
    running = [synchronizationOf('100')];
    await look();
    running = [];
    site.webhookFailure = { kind: 'forbidden' };
    await lookLater(HOUR);
    expect(now().webhook).toEqual({ kind: 'none' });
  });

  it('is removed later where the site does not answer', async () => {
    running = [synchronizationOf('100')];
    await look();
    running = [];
    site.webhookFailure = { kind: 'unavailable', detail: '' };
    await lookLater(HOUR);
    expect(now().webhook.kind).toBe('registered');
    site.webhookFailure = null;
    await lookLater(2 * MINUTE);
    expect([site.webhook, now().webhook.kind]).toEqual([null, 'none']);
  });

  it('gets its secret once the site was upgraded: in the dialect of the new version, at the same look', async () => {
    await connections.change(OURS.tenantId, OURS.connectionId, { version: '9.12.15' });
    site.version = '9.12.15';
    running = [synchronizationOf('100')];
    await look();
    expect(now().webhook).toMatchObject({ isProven: false });
    site.version = '10.3.1';
    await lookLater(HOUR);
    expect([now().version, site.calls.at(-1)]).toEqual(['10.3.1', 'register 10.3.1']);
    expect(now().webhook).toMatchObject({ isProven: true });
  });
});

describe('how a connection is', () => {
  it('writes down who the sync user is now, and when the site answered, to the minute', async () => {
    await connections.change(OURS.tenantId, OURS.connectionId, {
      syncUser: { accountId: 'JIRAUSER10100' as AccountId, name: 'Before' },
    });
    time.now = NOW + 30_000;
    await look();
    expect(now().syncUser).toEqual({ accountId: 'JIRAUSER10100', name: 'Sync User' });
    expect(now().lastCallAt).toBe(Math.floor(time.now / MINUTE) * MINUTE);
  });

  it('has what changed meanwhile looked for at once, when it was let in anew', async () => {
    await look();
    hastened = [];
    await lookLater(HOUR * 12);
    expect(hastened).toEqual([]);
    await connections.change(OURS.tenantId, OURS.connectionId, { since: time.now + 1 });
    await lookLater(HOUR * 12);
    expect(hastened).toEqual([OURS.connectionId]);
  });

  it('is asked again soon where the site is away, and nothing is changed', async () => {
    running = [synchronizationOf('100')];
    site.failure = { kind: 'unavailable', detail: '' };
    await look();
    expect([now().lastCallAt, site.calls]).toEqual([null, []]);
    site.failure = null;
    expect(await lookLater(2 * MINUTE)).toBe(1);
    expect(now().webhook.kind).toBe('registered');
  });

  it.each<[string, Partial<FakeSite>]>([
    ['nobody can reach the site before somebody authenticates', { isReachable: false }],
    ['the site knows us no longer', { failure: { kind: 'unauthorized' } }],
  ])('waits where %s: the webhook stays as it is', async (_name, happened) => {
    running = [synchronizationOf('100')];
    await look();
    const before = now();
    Object.assign(site, happened);
    await lookLater(HOUR);
    expect(now()).toEqual(before);
    expect(site.webhook).not.toBeNull();
  });

  it('is looked at by one process at a time', async () => {
    running = [synchronizationOf('100')];
    expect((await Promise.all([look(), look()])).toSorted()).toEqual([0, 1]);
  });
});
