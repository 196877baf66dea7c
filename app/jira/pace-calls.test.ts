import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPointsQuota } from '../../simulator/limits/points-quota.ts';
import { ALL_LIMITS, createRateLimits } from '../../simulator/limits/rate-limits.ts';
import { createVirtualClock } from '../../simulator/transport/virtual-clock.ts';
import { runs } from '../../test/property-runs.ts';
import { createPace, type Pace } from './pace-calls.ts';

const NOW = 1_800_000_000_000;
const PUT = 'PUT /issue/{id}';
const limitedPace = (): Pace => {
  const pace = createPace();
  pace.told('GET /project/search', null);
  return pace;
};
/** How many of that many calls may go at `now`. */
const passed = (pace: Pace, endpoint: string, now: number, times = 300, issueId: string | null = null): number => {
  let count = 0;
  for (let n = 0; n < times; n += 1) {
    const taken = pace.take({ endpoint, issueId }, now);
    if (taken.ok && taken.value === now) count += 1;
    else break;
  }
  return count;
};

it('a site that never told of a limit is called as fast as can be', () => {
  expect(passed(createPace(), PUT, NOW, 5_000, '10001')).toBe(5_000);
});

describe('bursts', () => {
  it.each([
    ['GET /project/search', 90],
    ['GET /issue/{id}', 135],
    ['POST /issue', 90],
    [PUT, 45],
    ['DELETE /issue/{id}/comment/{id}', 45],
  ])('%s: %i at once, nearly as many again a second later, and each endpoint by itself', (endpoint, rate) => {
    const pace = limitedPace();
    expect(passed(pace, endpoint, NOW)).toBe(rate);
    expect(passed(pace, 'GET /other', NOW)).toBe(90);
    expect(passed(pace, endpoint, NOW + 1_000)).toBe(rate - 1);
  });

  it('goes by what the site itself says an endpoint takes', () => {
    const pace = createPace();
    pace.told(PUT, 10);
    expect(passed(pace, PUT, NOW)).toBe(9);
  });

  it('queues calls behind one another for a second, and sends more of them back to their lanes', () => {
    const pace = createPace();
    pace.told(PUT, 10);
    const taken = Array.from({ length: 20 }, () => pace.take({ endpoint: PUT, issueId: null }, NOW));
    const times = taken.filter((one) => one.ok).map((one) => one.value - NOW);
    expect(times).toEqual([...new Array<number>(9).fill(0), 112, 223, 334, 445, 556, 667, 778, 889, 1000]);
    expect(taken.at(-1)).toEqual({ ok: false, failure: { kind: 'rate-limited', scope: 'endpoint', retryAt: NOW + 1_112 } });
  });

  it('takes half as much after a 429, of that endpoint alone, and all of it again within a minute', () => {
    const pace = createPace();
    pace.slowDown('POST /issue', NOW);
    expect(passed(pace, 'POST /issue', NOW)).toBe(0);
    expect(passed(pace, 'POST /issue', NOW + 1_000)).toBeLessThan(50);
    expect(passed(pace, PUT, NOW + 1_000)).toBe(45);
    expect(passed(pace, 'POST /issue', NOW + 60_000)).toBe(90);
  });

  it('never stops for good, however often it is slowed down', () => {
    const pace = createPace();
    for (let n = 0; n < 50; n += 1) pace.slowDown('POST /issue', NOW);
    expect(passed(pace, 'POST /issue', NOW + 2_000)).toBeGreaterThan(0);
  });
});

describe('writes to one item', () => {
  it('wait for its own window and leave other items alone', () => {
    const pace = limitedPace();
    expect(passed(pace, PUT, NOW, 18, '10001')).toBe(18);
    expect(pace.take({ endpoint: PUT, issueId: '10001' }, NOW + 100)).toEqual({
      ok: false,
      failure: { kind: 'rate-limited', scope: 'item', retryAt: NOW + 2_000 },
    });
    expect(pace.take({ endpoint: PUT, issueId: '10001' }, NOW + 1_000)).toEqual({ ok: true, value: NOW + 2_000 });
    expect(pace.take({ endpoint: PUT, issueId: '10002' }, NOW + 1_000)).toEqual({ ok: true, value: NOW + 1_000 });
  });
});

it('calls that wait for their item keep their place at the endpoint', () => {
  const pace = limitedPace();
  expect(passed(pace, PUT, NOW, 18, '10001')).toBe(18);
  for (let n = 0; n < 17; n += 1)
    expect(pace.take({ endpoint: PUT, issueId: '10001' }, NOW + 1_000)).toEqual({ ok: true, value: NOW + 2_000 });
  expect(passed(pace, PUT, NOW + 2_000)).toBe(45 - 17);
});

it('a site that keeps all of Jira’s limits refuses nothing, whatever is called and when', async () => {
  const calls = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), times: fc.integer({ min: 1, max: 120 }), item: fc.nat(2) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(calls, async (given) => {
      const clock = createVirtualClock(NOW);
      const settings = { ...ALL_LIMITS, points: 'off' as const };
      const site = createRateLimits({ siteName: 'acme', clock, quota: createPointsQuota(), users: () => 1, settings });
      const pace = limitedPace();
      const going: { at: number; item: number }[] = [];
      let now = NOW;
      for (const { waitMs, times, item } of given) {
        now += waitMs;
        for (let n = 0; n < times; n += 1) {
          const taken = pace.take({ endpoint: PUT, issueId: String(item) }, now);
          if (taken.ok) going.push({ at: taken.value, item });
        }
      }
      for (const { at, item } of going.toSorted((a, b) => a.at - b.at)) {
        await clock.advance(at - clock.now());
        const seen = { method: 'PUT', path: '/rest/api/3/issue/{issueIdOrKey}', appKey: 'app', writesTo: String(item) };
        expect(site.admit(seen).allowed).toBe(true);
      }
    }),
    runs(100),
  );
});
