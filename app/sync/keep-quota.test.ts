import { beforeEach, describe, expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createMemoryQuotaStore } from '../../lab/memory/memory-quota-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { emptyTables } from '../../lab/memory/tables.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { ConnectionId, TenantId } from '../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP_POINTS_PER_HOUR, NO_POINTS, type Work } from '../core/spend-points.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createQuota, type KeptQuota } from './keep-quota.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { PricedCall, QuotaNews, QuotaStore } from './ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP } from './quota-accounts.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createReadQuota } from './read-quota.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const ACME = 'tenant-acme' as TenantId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const GLOBEX = 'tenant-globex' as TenantId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const INITECH = 'tenant-initech' as TenantId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const connectionOf = (tenantId: TenantId): ConnectionId => `connection of ${tenantId}` as ConnectionId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const START = Date.UTC(2026, 10, 22, 10);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const HOUR_MS = 3_600_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let now: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let store: QuotaStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let first: KeptQuota;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let second: KeptQuota;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let errors: unknown[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const clock = { now: () => now, sleepUntil: async () => undefined };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const createProcess = (): KeptQuota => createQuota({ store, clock, onError: (error) => void errors.push(error) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
beforeEach(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  now = START;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  errors = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  store = createMemoryQuotaStore(emptyTables(), { now: () => now });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await store.resize(APP.tenantId, APP.connectionId, APP_POINTS_PER_HOUR);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [first, second] = [createProcess(), createProcess()];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const call = (site: TenantId, given: { payer?: TenantId; work?: Work; points?: number; endpoint?: string } = {}): PricedCall => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  siteTenantId: site,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  connectionId: connectionOf(site),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  endpoint: given.endpoint ?? 'PUT /issue/{id}',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  purpose: { payer: given.payer ?? site, work: given.work ?? 'edit' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  points: given.points ?? 1,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Makes a call, if it may be made. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const spend = async (
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  quota: KeptQuota,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  priced: PricedCall,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  news: Partial<QuotaNews> = {},
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
): Promise<'made' | { scope: string; until: number }> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const taken = await quota.take(priced);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (!taken.ok) return { scope: taken.failure.scope, until: taken.failure.retryAt };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await taken.value.settle({ points: priced.points, met: null, quota: null, ...news });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return 'made';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A process writes and reads once, as it does every second. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const exchange = async (quota: KeptQuota): Promise<void> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const one = new AbortController();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const running = quota.run(one.signal);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  one.abort();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await running;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const later = async (ms: number): Promise<void> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  now += ms;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  for (const quota of [first, second]) await exchange(quota);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('two processes', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q1] spend no more together than there is, once each knows of the other', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { points: 40_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(GLOBEX, { points: 24_999 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const quota of [first, second]) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect(await spend(quota, call(INITECH))).toEqual({ scope: 'app', until: START + HOUR_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    now = START + HOUR_MS;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const quota of [first, second]) expect(await spend(quota, call(INITECH))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q1] count calls that are under way', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const taken = await first.take(call(ACME, { points: APP_POINTS_PER_HOUR }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME))).toEqual({ scope: 'app', until: START + HOUR_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(taken.ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q1] take what a call cost in the end, not what it was thought to', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { points: 10 }), { points: APP_POINTS_PER_HOUR - 1 })).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME))).not.toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q4] share out among the tenants that both have seen', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { points: 45_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(GLOBEX))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(ACME, { points: 10_000 }))).toEqual({ scope: 'app', until: expect.any(Number) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(GLOBEX, { points: 15_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q4] charge the owner of a synchronization for its calls to the other site', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(GLOBEX, { payer: ACME, points: 45_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(INITECH))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(GLOBEX, { payer: ACME, points: 10_000 }))).not.toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(GLOBEX, { points: 10_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('a limit that Jira tells', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const met = (scope: 'app' | 'site' | 'endpoint' | 'item') => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    points: 0,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    met: { kind: 'rate-limited', scope, retryAt: START + 60_000 } as const,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const closed = { scope: expect.any(String), until: START + 60_000 };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it.each([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['app', [closed, closed, closed]],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['site', [closed, closed, 'made']],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['endpoint', [closed, 'made', 'made']],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['item', ['made', 'made', 'made']],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ] as const)('[Q6] of scope %s is kept to by both, and by nobody whom it does not concern', async (scope, expected) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME), met(scope));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const quota of [first, second]) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const calls = [call(ACME), call(ACME, { endpoint: 'GET /issue/{id}' }), call(GLOBEX)];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await spend(quota, calls[0] ?? call(ACME)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await spend(quota, calls[1] ?? call(ACME)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await spend(quota, call(GLOBEX)),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ]).toEqual(expected);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    now = START + 60_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const quota of [first, second]) expect(await spend(quota, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q6] a site out of its own quota sleeps until the hour, another one works on', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME), { quota: { of: 'site', pointsPerHour: 100 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(GLOBEX), { quota: { of: 'site', pointsPerHour: 100 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME, { points: 98 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(60_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const quota of [first, second]) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect(await spend(quota, call(ACME))).toEqual({ scope: 'site', until: START + HOUR_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect(await spend(quota, call(GLOBEX))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await store.readGates('all')).toEqual([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect.objectContaining({ tenantId: ACME, holdsFrom: 'edit', until: START + HOUR_MS }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    now = START + HOUR_MS;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q6] work that is held back holds back no more urgent work of the tenant, and is not claimed meanwhile', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME, { points: 39_000 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const held = await spend(first, call(ACME, { work: 'backfill', points: 3_000 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(held).toEqual({ scope: 'app', until: expect.any(Number) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { work: 'repair' }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await store.readGates('all')).toEqual([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect.objectContaining({ tenantId: ACME, scope: 'held', holdsFrom: 'backfill' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('goes back to the app for all sites when Jira says so', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME), { quota: { of: 'site', pointsPerHour: 100 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME), { quota: { of: 'app', pointsPerHour: 1_000 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await store.readSizes()).toEqual([{ ...APP, pointsPerHour: 1_000 }]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { points: 1_000 }))).toEqual({ scope: 'app', until: START + HOUR_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('where Jira never told of a quota', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  beforeEach(() => store.resize(APP.tenantId, APP.connectionId, null));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q1] there is none to keep to, and what is spent is counted', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 3; n += 1) expect(await spend(first, call(ACME, { work: 'check', points: 50_000 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await createReadQuota({ store, clock })(ACME, connectionOf(ACME))).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      budget: null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      spent: { check: 150_000 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('[Q6] a first refusal for the quota of the app says that there is one', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME, { points: 30_000 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME), { met: { kind: 'rate-limited', scope: 'app', retryAt: START + HOUR_MS } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await store.readSizes()).toEqual([{ ...APP, pointsPerHour: APP_POINTS_PER_HOUR }]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(second, call(GLOBEX))).toEqual({ scope: 'app', until: START + HOUR_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('while the store is away', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('goes on by what is known, and writes down later what was spent', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await spend(first, call(ACME, { points: 10 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const { add } = store;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    store.add = () => Promise.reject(new Error('away'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    now += 5_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await spend(first, call(ACME, { points: 7 }))).toBe('made');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await exchange(first);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(errors).not.toEqual([]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    store.add = add;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await exchange(first);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(await store.read(ACME, START / HOUR_MS)).toContainEqual(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      expect.objectContaining({ account: `site ${connectionOf(ACME)}`, points: { ...NO_POINTS, edit: 17 } }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('what is shown of a quota is what all processes spent, and what is closed', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await spend(first, call(ACME, { points: 100 }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await spend(second, call(GLOBEX, { payer: ACME, work: 'backfill', points: 50 }), {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    points: 50,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    met: { kind: 'rate-limited', scope: 'site', retryAt: START + 90_000 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await later(1_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const readQuota = createReadQuota({ store, clock });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await readQuota(GLOBEX, connectionOf(GLOBEX))).toEqual({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pool: 'app',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    budget: APP_POINTS_PER_HOUR,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    spent: { ...NO_POINTS, edit: 100, backfill: 50 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    spentHere: { ...NO_POINTS, backfill: 50 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    paid: NO_POINTS,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    resetsAt: START + HOUR_MS,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    closed: [{ endpoint: null, reason: 'site', work: null, until: START + 90_000 }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(await readQuota(ACME, connectionOf(ACME))).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    spentHere: { edit: 100, backfill: 0 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    paid: { edit: 100, backfill: 50 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    closed: [],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
