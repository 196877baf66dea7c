import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryQuotaStore } from '../../lab/memory/memory-quota-store.ts';
import { emptyTables } from '../../lab/memory/tables.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { APP, APP_POINTS_PER_HOUR, NO_POINTS, type Work } from '../core/spend-points.ts';
import { createQuota, type KeptQuota } from './keep-quota.ts';
import type { PricedCall, QuotaNews, QuotaStore } from './quota-ports.ts';
import { createReadQuota } from './read-quota.ts';

const ACME = 'tenant-acme' as TenantId;
const GLOBEX = 'tenant-globex' as TenantId;
const INITECH = 'tenant-initech' as TenantId;
const connectionOf = (tenantId: TenantId): ConnectionId => `connection of ${tenantId}` as ConnectionId;
const START = Date.UTC(2026, 10, 22, 10);
const HOUR_MS = 3_600_000;

let now: number;
let store: QuotaStore;
let first: KeptQuota;
let second: KeptQuota;
let errors: unknown[];

const clock = { now: () => now, sleepUntil: async () => undefined };
const createProcess = (): KeptQuota => createQuota({ store, clock, onError: (error) => void errors.push(error) });

beforeEach(async () => {
  now = START;
  errors = [];
  store = createMemoryQuotaStore(emptyTables(), { now: () => now });
  await store.resize(APP.tenantId, APP.connectionId, APP_POINTS_PER_HOUR);
  [first, second] = [createProcess(), createProcess()];
});

const call = (
  site: TenantId,
  given: { payer?: TenantId; work?: Work; points?: number; endpoint?: string; hasApp?: boolean } = {},
): PricedCall => ({
  siteTenantId: site,
  connectionId: connectionOf(site),
  hasApp: given.hasApp ?? true,
  endpoint: given.endpoint ?? 'PUT /issue/{id}',
  purpose: { payer: given.payer ?? site, work: given.work ?? 'edit' },
  points: given.points ?? 1,
});
/** Makes a call, if it may be made. */
const spend = async (
  quota: KeptQuota,
  priced: PricedCall,
  news: Partial<QuotaNews> = {},
): Promise<'made' | { scope: string; until: number }> => {
  const taken = await quota.take(priced);
  if (!taken.ok) return { scope: taken.failure.scope, until: taken.failure.retryAt };
  await taken.value.settle({ points: priced.points, met: null, quota: null, ...news });
  return 'made';
};
/** A process writes and reads once, as it does every second. */
const exchange = async (quota: KeptQuota): Promise<void> => {
  const one = new AbortController();
  const running = quota.run(one.signal);
  one.abort();
  await running;
};
const later = async (ms: number): Promise<void> => {
  now += ms;
  for (const quota of [first, second]) await exchange(quota);
};

const toldLeft = (points: number, resetsInMs: number | null): NonNullable<QuotaNews['quota']> => ({
  of: 'app',
  pointsPerHour: APP_POINTS_PER_HOUR,
  left: { points, resetsInMs },
});

describe('two processes', () => {
  it('[Q1] spend no more together than there is, once each knows of the other', async () => {
    expect(await spend(first, call(ACME, { points: 40_000 }))).toBe('made');
    await later(1_000);
    expect(await spend(second, call(GLOBEX, { points: 24_999 }))).toBe('made');
    await later(1_000);
    expect(await spend(first, call(ACME))).toBe('made');
    await later(1_000);
    for (const quota of [first, second]) {
      expect(await spend(quota, call(INITECH))).toEqual({ scope: 'app', until: START + HOUR_MS });
    }
    now = START + HOUR_MS;
    for (const quota of [first, second]) expect(await spend(quota, call(INITECH))).toBe('made');
  });

  it('[Q1] count calls that are under way', async () => {
    const taken = await first.take(call(ACME, { points: APP_POINTS_PER_HOUR }));
    expect(await spend(first, call(ACME))).toEqual({ scope: 'app', until: START + HOUR_MS });
    expect(taken.ok).toBe(true);
  });

  it('[Q1] take what a call cost in the end, not what it was thought to', async () => {
    expect(await spend(first, call(ACME, { points: 10 }), { points: APP_POINTS_PER_HOUR - 1 })).toBe('made');
    expect(await spend(first, call(ACME))).toBe('made');
    expect(await spend(first, call(ACME))).not.toBe('made');
  });

  it('[Q1] believe Jira when it says that more is spent than was written down', async () => {
    const quota = toldLeft(10, HOUR_MS);
    expect(await spend(first, call(ACME), { quota })).toBe('made');
    expect(await spend(first, call(ACME, { points: 11 }))).not.toBe('made');
    for (let n = 0; n < 10; n += 1) expect(await spend(first, call(ACME))).toBe('made');
    expect(await spend(first, call(ACME))).toEqual({ scope: 'app', until: START + HOUR_MS });
    now = START + HOUR_MS;
    expect(await spend(first, call(ACME, { points: 11 }))).toBe('made');
  });

  it('[Q4] share out among the tenants that both have seen', async () => {
    expect(await spend(first, call(ACME, { points: 45_000 }))).toBe('made');
    expect(await spend(second, call(GLOBEX))).toBe('made');
    expect(await spend(second, call(ACME))).toBe('made');
    await later(1_000);
    await later(1_000);
    expect(await spend(second, call(ACME, { points: 10_000 }))).toEqual({ scope: 'app', until: expect.any(Number) });
    expect(await spend(first, call(GLOBEX, { points: 15_000 }))).toBe('made');
  });

  it('[Q4] charge the owner of a synchronization for its calls to the other site', async () => {
    expect(await spend(first, call(GLOBEX, { payer: ACME, points: 45_000 }))).toBe('made');
    expect(await spend(first, call(INITECH))).toBe('made');
    await later(1_000);
    await later(1_000);
    expect(await spend(first, call(GLOBEX, { payer: ACME, points: 10_000 }))).not.toBe('made');
    expect(await spend(first, call(GLOBEX, { points: 10_000 }))).toBe('made');
  });
});

describe('a word of Jira at the full hour', () => {
  it.each([
    ['that the old hour, which ends a moment later there, has nothing left', 1_000],
    ['that nothing is left, of no hour', null],
  ])('[Q7] %s closes nothing but for that moment', async (_title, resetsInMs) => {
    await spend(first, call(ACME, { points: APP_POINTS_PER_HOUR }));
    now = START + HOUR_MS + 300;
    const met = { kind: 'rate-limited', scope: 'app', retryAt: now + 1_000 } as const;
    await spend(first, call(ACME), { points: 0, met, quota: toldLeft(0, resetsInMs) });
    await later(1_000);
    for (const quota of [first, second]) expect(await spend(quota, call(GLOBEX))).toBe('made');
    expect(await store.readGates('all')).toEqual([]);
  });

  it('[Q7] of the new hour counts', async () => {
    now = START + 300;
    await spend(first, call(ACME), { quota: toldLeft(0, HOUR_MS) });
    expect(await spend(first, call(ACME))).toEqual({ scope: 'app', until: START + HOUR_MS });
  });
});

it('[Q1] a call that is too dear for the rest of the hour leaves it to cheaper ones', async () => {
  await spend(first, call(ACME, { points: APP_POINTS_PER_HOUR - 50 }));
  expect(await spend(first, call(ACME, { points: 101 }))).toEqual({ scope: 'app', until: START + HOUR_MS });
  expect(await spend(first, call(ACME))).toBe('made');
  expect(await store.readGates('all')).toEqual([]);
});

describe('a limit that Jira tells', () => {
  const met = (scope: 'app' | 'site' | 'endpoint' | 'item') => ({
    points: 0,
    met: { kind: 'rate-limited', scope, retryAt: START + 60_000 } as const,
  });
  const closed = { scope: expect.any(String), until: START + 60_000 };

  it.each([
    ['app', [closed, closed, closed]],
    ['site', [closed, closed, 'made']],
    ['endpoint', [closed, 'made', 'made']],
    ['item', ['made', 'made', 'made']],
  ] as const)('[Q6] of scope %s is kept to by both, and by nobody whom it does not concern', async (scope, expected) => {
    await spend(first, call(ACME), met(scope));
    await later(1_000);
    for (const quota of [first, second]) {
      const calls = [call(ACME), call(ACME, { endpoint: 'GET /issue/{id}' }), call(GLOBEX)];
      expect([
        await spend(quota, calls[0] ?? call(ACME)),
        await spend(quota, calls[1] ?? call(ACME)),
        await spend(quota, call(GLOBEX)),
      ]).toEqual(expected);
    }
    now = START + 60_000;
    for (const quota of [first, second]) expect(await spend(quota, call(ACME))).toBe('made');
  });

  it('[Q6] a site out of its own quota sleeps until the hour, another one works on', async () => {
    await spend(first, call(ACME), { quota: { of: 'site', pointsPerHour: 100, left: null } });
    await spend(first, call(GLOBEX), { quota: { of: 'site', pointsPerHour: 100, left: null } });
    await spend(first, call(ACME, { points: 98 }));
    await later(60_000);
    await spend(first, call(ACME));
    await later(1_000);
    for (const quota of [first, second]) {
      expect(await spend(quota, call(ACME))).toEqual({ scope: 'site', until: START + HOUR_MS });
      expect(await spend(quota, call(GLOBEX))).toBe('made');
    }
    expect(await store.readGates('all')).toEqual([
      expect.objectContaining({ tenantId: ACME, holdsFrom: 'edit', until: START + HOUR_MS }),
    ]);
    now = START + HOUR_MS;
    expect(await spend(second, call(ACME))).toBe('made');
  });

  it.each([
    ['says so', met('site'), START + 60_000],
    ['has nothing left of its own quota', { quota: { of: 'site', pointsPerHour: 1, left: null } }, START + HOUR_MS],
  ] as const)('[Q6] a site without the app that %s holds up its own lanes, and claiming nobody', async (_title, news, until) => {
    await spend(first, call(ACME, { hasApp: false }), news);
    await spend(first, call(ACME, { hasApp: false }));
    await later(1_000);
    for (const quota of [first, second])
      expect(await spend(quota, call(ACME, { hasApp: false }))).toEqual({ scope: 'site', until });
    expect(await store.readGates('all')).toEqual([expect.objectContaining({ tenantId: ACME, holdsFrom: null, until })]);
  });

  it('[Q6] what is held back in the quota of a site without the app holds back no other work of the tenant', async () => {
    await spend(first, call(ACME, { hasApp: false }), { quota: { of: 'site', pointsPerHour: 100, left: null } });
    await spend(first, call(ACME, { hasApp: false, points: 70 }));
    const held = await spend(first, call(ACME, { hasApp: false, work: 'backfill', points: 20 }));
    expect(held).toEqual({ scope: 'site', until: expect.any(Number) });
    expect(await store.readGates('all')).toEqual([]);
  });

  it('[Q6] work that is held back holds back no more urgent work of the tenant, and is not claimed meanwhile', async () => {
    await spend(first, call(ACME, { points: 39_000 }));
    const held = await spend(first, call(ACME, { work: 'backfill', points: 3_000 }));
    expect(held).toEqual({ scope: 'app', until: expect.any(Number) });
    expect(await spend(first, call(ACME))).toBe('made');
    expect(await spend(first, call(ACME, { work: 'repair' }))).toBe('made');
    expect(await store.readGates('all')).toEqual([
      expect.objectContaining({ tenantId: ACME, scope: 'held', holdsFrom: 'backfill' }),
    ]);
  });

  it('goes back to the app for all sites when Jira says so', async () => {
    await spend(first, call(ACME), { quota: { of: 'site', pointsPerHour: 100, left: null } });
    await spend(first, call(ACME), { quota: { of: 'app', pointsPerHour: 1_000, left: null } });
    expect(await store.readSizes()).toEqual([{ ...APP, pointsPerHour: 1_000 }]);
    expect(await spend(first, call(ACME, { points: 1_000 }))).toEqual({ scope: 'app', until: START + HOUR_MS });
  });
});

describe('where Jira never told of a quota', () => {
  beforeEach(() => store.resize(APP.tenantId, APP.connectionId, null));

  it('[Q1] there is none to keep to, and what is spent is counted', async () => {
    for (let n = 0; n < 3; n += 1) expect(await spend(first, call(ACME, { work: 'check', points: 50_000 }))).toBe('made');
    await later(1_000);
    expect(await createReadQuota({ store, clock })(ACME, connectionOf(ACME))).toMatchObject({
      budget: null,
      spent: { check: 150_000 },
    });
  });

  it('[Q6] a first refusal for the quota of the app says that there is one', async () => {
    await spend(first, call(ACME, { points: 30_000 }));
    await spend(first, call(ACME), { met: { kind: 'rate-limited', scope: 'app', retryAt: START + HOUR_MS } });
    expect(await store.readSizes()).toEqual([{ ...APP, pointsPerHour: APP_POINTS_PER_HOUR }]);
    expect(await spend(second, call(GLOBEX))).toEqual({ scope: 'app', until: START + HOUR_MS });
  });
});

describe('while the store is away', () => {
  it('goes on by what is known, and writes down later what was spent', async () => {
    await spend(first, call(ACME, { points: 10 }));
    const { add } = store;
    store.add = () => Promise.reject(new Error('away'));
    now += 5_000;
    expect(await spend(first, call(ACME, { points: 7 }))).toBe('made');
    await exchange(first);
    expect(errors).not.toEqual([]);
    store.add = add;
    await exchange(first);
    expect(await store.read(ACME, START / HOUR_MS)).toContainEqual(
      expect.objectContaining({ account: `site ${connectionOf(ACME)}`, points: { ...NO_POINTS, edit: 17 } }),
    );
  });
});

it('what is shown of a quota is what all processes spent, and what is closed', async () => {
  await spend(first, call(ACME, { points: 100 }));
  await spend(second, call(GLOBEX, { payer: ACME, work: 'backfill', points: 50 }), {
    points: 50,
    met: { kind: 'rate-limited', scope: 'site', retryAt: START + 90_000 },
  });
  await later(1_000);
  const readQuota = createReadQuota({ store, clock });
  expect(await readQuota(GLOBEX, connectionOf(GLOBEX))).toEqual({
    pool: 'app',
    budget: APP_POINTS_PER_HOUR,
    spent: { ...NO_POINTS, edit: 100, backfill: 50 },
    spentHere: { ...NO_POINTS, backfill: 50 },
    paid: NO_POINTS,
    resetsAt: START + HOUR_MS,
    closed: [{ endpoint: null, reason: 'site', work: null, until: START + 90_000 }],
  });
  expect(await readQuota(ACME, connectionOf(ACME))).toMatchObject({
    spentHere: { edit: 100, backfill: 0 },
    paid: { edit: 100, backfill: 50 },
    closed: [],
  });
});
