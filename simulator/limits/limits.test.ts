import { describe, expect, it } from '@jest/globals';
import { createVirtualClock, type VirtualClock } from '../transport/virtual-clock.ts';
import { burstRateOf, endpointOf } from './burst-rates.ts';
import { createPointsQuota, hourlyPoints } from './points-quota.ts';
import { ALL_LIMITS, createRateLimits, type LimitedCall, type LimitSettings, type RateLimits } from './rate-limits.ts';

/** Half an hour and half a second into an hour of UTC. */
const START = Date.UTC(2026, 10, 22, 10, 30, 0, 500);

const site = (
  settings: Partial<LimitSettings>,
  clock: VirtualClock = createVirtualClock(START),
  quota = createPointsQuota(),
) => ({
  clock,
  limits: createRateLimits({ siteName: 'acme', clock, quota, users: () => 5, settings }),
});

const call = (method: string, path: string, rest: Partial<LimitedCall> = {}): LimitedCall => ({
  method,
  path: `/rest/api/3${path}`,
  appKey: 'app',
  writesTo: null,
  ...rest,
});
const READ = call('GET', '/project/search');
const passed = (limits: RateLimits, given: LimitedCall, times: number): number =>
  Array.from({ length: times }, () => limits.admit(given)).filter(({ allowed }) => allowed).length;

describe('burst buckets', () => {
  it.each([
    ['GET', '/project/search', 100],
    ['POST', '/issue', 100],
    ['PUT', '/issue/{issueIdOrKey}', 50],
    ['DELETE', '/issue/{issueIdOrKey}', 50],
    ['GET', '/issue/{issueIdOrKey}', 150],
    ['GET', '/issue/{issueIdOrKey}/comment', 100],
    ['GET', '/issue/{issueIdOrKey}/changelog', 200],
    ['GET', '/attachment/content/{id}', 300],
    ['GET', '/user', 150],
    ['GET', '/user/search', 100],
    ['POST', '/search/approximate-count', 150],
    ['POST', '/search/jql', 100],
    ['PUT', '/component/{id}', 500],
  ])('%s %s: %i at once, not one more, and as many again a second later', async (method, path, rate) => {
    const { clock, limits } = site({ burst: true });
    const given = call(method, path);
    expect(burstRateOf(endpointOf(method, given.path))).toBe(rate);
    expect(passed(limits, given, rate + 10)).toBe(rate);
    await clock.advance(1000);
    expect(passed(limits, given, rate + 10)).toBe(rate);
  });

  it.each([
    [9, 0],
    [10, 1],
    [11, 1],
    [20, 2],
    [999, 99],
    [1000, 100],
    [60_000, 100],
  ])('an empty bucket of 100 a second lets through after %i ms: %i', async (ms, expected) => {
    const { clock, limits } = site({ burst: true });
    passed(limits, READ, 100);
    await clock.advance(ms);
    expect(passed(limits, READ, 200)).toBe(expected);
  });

  it('is one for each endpoint and method, whatever the version of the API and whoever calls', () => {
    const { limits } = site({ burst: true });
    expect(passed(limits, READ, 101)).toBe(100);
    expect(limits.admit({ ...READ, path: '/rest/api/2/project/search', appKey: null }).allowed).toBe(false);
    expect(limits.admit(call('GET', '/project/{projectIdOrKey}')).allowed).toBe(true);
    expect(limits.admit(call('POST', '/project/search')).allowed).toBe(true);
  });

  it('tells what is left, warns below a fifth, and says when to come back', () => {
    const { limits } = site({ burst: true });
    const answers = Array.from({ length: 101 }, () => limits.admit(READ).headers);
    expect(answers[0]).toEqual({
      'X-RateLimit-Limit': '100',
      'X-RateLimit-Remaining': '99',
      'Beta-RateLimit-Policy': '"jira-burst-based";q=100;w=1',
      'Beta-RateLimit': '"jira-burst-based";r=100;t=0',
    });
    expect(answers.map((headers) => headers['X-RateLimit-NearLimit']).indexOf('true')).toBe(80);
    expect(answers[100]).toMatchObject({
      'X-RateLimit-Limit': '100',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-NearLimit': 'true',
      'X-RateLimit-Reset': '2026-11-22T10:30:00.510Z',
      'RateLimit-Reason': 'jira-burst-based',
      'Retry-After': '1',
    });
  });
});

describe('writes to one issue', () => {
  const write = call('PUT', '/issue/{issueIdOrKey}', { writesTo: '10000' });

  it('20 within 2 seconds, the 21st waits until the first is 2 seconds old', async () => {
    const { clock, limits } = site({ issueWrites: true });
    expect(passed(limits, write, 1)).toBe(1);
    await clock.advance(500);
    expect(passed(limits, write, 25)).toBe(19);
    expect(limits.admit(write).headers).toMatchObject({
      'X-RateLimit-Limit': '20',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '2026-11-22T10:30:02.500Z',
      'RateLimit-Reason': 'jira-per-issue-on-write',
      'Retry-After': '2',
    });
    await clock.advance(1499);
    expect(passed(limits, write, 2)).toBe(0);
    await clock.advance(1);
    expect(passed(limits, write, 2)).toBe(1);
    await clock.advance(500);
    expect(passed(limits, write, 25)).toBe(19);
  });

  it('100 within 30 seconds', async () => {
    const { clock, limits } = site({ issueWrites: true });
    for (let round = 0; round < 5; round += 1) {
      expect(passed(limits, write, 20)).toBe(20);
      await clock.advance(2000);
    }
    expect(limits.admit(write)).toMatchObject({
      allowed: false,
      headers: { 'X-RateLimit-Limit': '100', 'Retry-After': '20', 'X-RateLimit-Reset': '2026-11-22T10:30:30.500Z' },
    });
    await clock.advance(19_999);
    expect(passed(limits, write, 1)).toBe(0);
    await clock.advance(1);
    expect(passed(limits, write, 30)).toBe(20);
  });

  it('leaves reads and other issues alone', () => {
    const { limits } = site({ issueWrites: true });
    expect(passed(limits, write, 30)).toBe(20);
    expect(limits.admit({ ...write, writesTo: '10001' }).allowed).toBe(true);
    expect(passed(limits, call('GET', '/issue/{issueIdOrKey}'), 300)).toBe(300);
  });
});

describe('the hourly points of an app', () => {
  it('are 65,000 for all sites together, and come back at the full hour', async () => {
    const [clock, quota] = [createVirtualClock(START), createPointsQuota()];
    const acme = site({ points: 'global' }, clock, quota).limits;
    const globex = createRateLimits({ siteName: 'globex', clock, quota, users: () => 5, settings: { points: 'global' } });
    acme.charge('app', 40_000);
    globex.charge('app', 24_999);
    expect([acme.quotaOf('app'), acme.admit(READ).allowed]).toEqual([{ used: 64_999, limit: 65_000 }, true]);
    globex.charge('app', 1);
    for (const limits of [acme, globex]) {
      expect(limits.admit(READ)).toEqual({
        allowed: false,
        headers: {
          'X-RateLimit-Limit': '65000',
          'X-RateLimit-Remaining': '0',
          'X-RateLimit-NearLimit': 'true',
          'X-RateLimit-Reset': '2026-11-22T11:00:00.000Z',
          'RateLimit-Reason': 'jira-quota-global-based',
          'Retry-After': '1800',
          'Beta-RateLimit-Policy': '"global-app-quota";q=65000;w=3600',
          'Beta-RateLimit': '"global-app-quota";r=0;t=1800',
        },
      });
    }
    await clock.advance(30 * 60_000 - 501);
    expect(acme.admit(READ).allowed).toBe(false);
    await clock.advance(1);
    expect([acme.admit(READ).allowed, globex.quotaOf('app').used]).toEqual([true, 0]);
  });

  it('concern no API token and no other app', () => {
    const { limits } = site({ points: 'global', pointsPerHour: 10 });
    limits.charge('app', 10);
    limits.charge(null, 500);
    expect([READ, { ...READ, appKey: null }, { ...READ, appKey: 'other' }].map((given) => limits.admit(given).allowed)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('by tenant: each site has its own', () => {
    const [clock, quota] = [createVirtualClock(START), createPointsQuota()];
    const acme = site({ points: 'tenant', plan: 'premium' }, clock, quota).limits;
    const globex = createRateLimits({ siteName: 'globex', clock, quota, users: () => 5, settings: { points: 'tenant' } });
    acme.charge('app', 130_100);
    expect(acme.admit(READ).headers).toMatchObject({
      'RateLimit-Reason': 'jira-quota-tenant-based',
      'Beta-RateLimit-Policy': '"tenant-app-quota";q=130100;w=3600',
    });
    expect(globex.admit(READ).allowed).toBe(true);
  });

  it.each([
    ['global', 'enterprise', 9_999, 65_000],
    ['tenant', 'standard', 0, 100_000],
    ['tenant', 'standard', 100, 101_000],
    ['tenant', 'premium', 100, 132_000],
    ['tenant', 'enterprise', 100, 153_000],
    ['tenant', 'enterprise', 50_000, 500_000],
  ] as const)('%s, %s, %i users: %i', (kind, plan, users, points) => {
    expect(hourlyPoints(kind, plan, users)).toBe(points);
  });
});

it('a call that one limit refuses is not counted by the others', async () => {
  const { clock, limits } = site({ ...ALL_LIMITS, pointsPerHour: 1000 });
  const write = call('PUT', '/issue/{issueIdOrKey}', { writesTo: '10000' });
  expect(passed(limits, write, 200)).toBe(20);
  expect(passed(limits, { ...write, writesTo: '10001' }, 200)).toBe(20);
  expect(passed(limits, { ...write, writesTo: '10002' }, 200)).toBe(10);
  await clock.advance(1000);
  expect(passed(limits, { ...write, writesTo: '10002' }, 200)).toBe(10);
});

it('without limits nothing is refused and nothing is told', () => {
  const { limits } = site({});
  limits.charge('app', 1_000_000);
  expect(limits.active()).toBe(false);
  expect(limits.admit(READ)).toEqual({ allowed: true, headers: {} });
});
