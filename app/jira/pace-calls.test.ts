import { describe, expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import fc from 'fast-check';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPointsQuota } from '../../simulator/limits/points-quota.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { ALL_LIMITS, createRateLimits } from '../../simulator/limits/rate-limits.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createVirtualClock } from '../../simulator/transport/virtual-clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPace, type Pace } from './pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const NOW = 1_800_000_000_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const PUT = 'PUT /issue/{id}';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const limitedPace = (): Pace => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const pace = createPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  pace.told('GET /project/search', null);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return pace;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** How many of that many calls may go at `now`. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const passed = (pace: Pace, endpoint: string, now: number, times = 300, issueId: string | null = null): number => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let count = 0;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  for (let n = 0; n < times; n += 1) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const taken = pace.take({ endpoint, issueId }, now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (taken.ok && taken.value === now) count += 1;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    else break;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return count;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('a site that never told of a limit is called as fast as can be', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  expect(passed(createPace(), PUT, NOW, 5_000, '10001')).toBe(5_000);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('bursts', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it.each([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['GET /project/search', 90],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['GET /issue/{id}', 135],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['POST /issue', 90],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    [PUT, 45],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['DELETE /issue/{id}/comment/{id}', 45],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ])('%s: %i at once, nearly as many again a second later, and each endpoint by itself', (endpoint, rate) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = limitedPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, endpoint, NOW)).toBe(rate);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, 'GET /other', NOW)).toBe(90);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, endpoint, NOW + 1_000)).toBe(rate - 1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('goes by what the site itself says an endpoint takes', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = createPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pace.told(PUT, 10);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, PUT, NOW)).toBe(9);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('queues calls behind one another for a second, and sends more of them back to their lanes', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = createPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pace.told(PUT, 10);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const taken = Array.from({ length: 20 }, () => pace.take({ endpoint: PUT, issueId: null }, NOW));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const times = taken.filter((one) => one.ok).map((one) => one.value - NOW);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(times).toEqual([...new Array<number>(9).fill(0), 112, 223, 334, 445, 556, 667, 778, 889, 1000]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(taken.at(-1)).toEqual({ ok: false, failure: { kind: 'rate-limited', scope: 'endpoint', retryAt: NOW + 1_112 } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('takes half as much after a 429, of that endpoint alone, and all of it again within a minute', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = createPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    pace.slowDown('POST /issue', NOW);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, 'POST /issue', NOW)).toBe(0);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, 'POST /issue', NOW + 1_000)).toBeLessThan(50);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, PUT, NOW + 1_000)).toBe(45);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, 'POST /issue', NOW + 60_000)).toBe(90);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('never stops for good, however often it is slowed down', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = createPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 50; n += 1) pace.slowDown('POST /issue', NOW);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, 'POST /issue', NOW + 2_000)).toBeGreaterThan(0);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('writes to one item', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('wait for its own window and leave other items alone', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const pace = limitedPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(passed(pace, PUT, NOW, 18, '10001')).toBe(18);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(pace.take({ endpoint: PUT, issueId: '10001' }, NOW + 100)).toEqual({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ok: false,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      failure: { kind: 'rate-limited', scope: 'item', retryAt: NOW + 2_000 },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(pace.take({ endpoint: PUT, issueId: '10001' }, NOW + 1_000)).toEqual({ ok: true, value: NOW + 2_000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(pace.take({ endpoint: PUT, issueId: '10002' }, NOW + 1_000)).toEqual({ ok: true, value: NOW + 1_000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
it('a site that keeps all of Jira’s limits refuses nothing, whatever is called and when', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const calls = fc.array(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), times: fc.integer({ min: 1, max: 120 }), item: fc.nat(2) }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      minLength: 1,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      maxLength: 40,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  fc.assert(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fc.asyncProperty(calls, async (given) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const clock = createVirtualClock(NOW);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const settings = { ...ALL_LIMITS, points: 'off' as const };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const site = createRateLimits({ siteName: 'acme', clock, quota: createPointsQuota(), users: () => 1, settings });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const pace = limitedPace();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const going: { at: number; item: number }[] = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      let now = NOW;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      for (const { waitMs, times, item } of given) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        now += waitMs;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        for (let n = 0; n < times; n += 1) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          const taken = pace.take({ endpoint: PUT, issueId: String(item) }, now);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          if (taken.ok) going.push({ at: taken.value, item });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      for (const { at, item } of going.toSorted((a, b) => a.at - b.at)) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await clock.advance(at - clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        const seen = { method: 'PUT', path: '/rest/api/3/issue/{issueIdOrKey}', appKey: 'app', writesTo: String(item) };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        expect(site.admit(seen).allowed).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
