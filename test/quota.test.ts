import { afterEach, describe, expect, it } from '@jest/globals';
import { type Rig, startRig } from '../lab/rig.ts';
import { type Couple, issuesIn, type Place } from '../lab/sites.ts';
import type { LimitSettings } from '../simulator/limits/rate-limits.ts';
import { personAt } from './people.ts';

/** The whole app in two processes and virtual time, against sites that keep Jira's limits. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A process at rest looks this seldom, so that an hour passes in a moment. */
const LOOK_EVERY_MS = 20_000;

let rig: Rig;
afterEach(() => rig.close());

const start = async (twoTenants: boolean, settings: readonly Partial<LimitSettings>[]): Promise<readonly Couple[]> => {
  rig = await startRig({ seed: 4, twoTenants, limits: true, travelMs: 20, processes: 2 });
  rig.ground.rest.lookEveryMs = LOOK_EVERY_MS;
  for (const [n, { A, B }] of rig.couples.entries()) for (const { site } of [A, B]) site.limits.change(settings[n] ?? {});
  await toFullHour();
  return rig.couples;
};
const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += SECOND_MS) await rig.clock.advance(SECOND_MS);
};
const toFullHour = (): Promise<void> => rig.clock.advance(HOUR_MS - (rig.clock.now() % HOUR_MS));

const create = ({ site, project }: Place, summary: string): void => void personAt(site).create(project.key, { summary });
const arrived = ({ B }: Couple): number => issuesIn(B).filter(({ summary }) => summary.startsWith('New')).length;
const usedOn = ({ A }: Couple): number => A.site.limits.quotaOf(rig.ground.config.appKey).used;
const callsTo = ({ A, B }: Couple): number =>
  rig.ground.calls.filter(({ origin }) => [A, B].some(({ site }) => site.url === origin)).length;
const refusals = (): number => rig.ground.calls.filter(({ status }) => status === 429).length;

describe('the hourly points of the app', () => {
  it('are kept to by two processes together; what does not cross in this hour crosses in the next', async () => {
    const [couple] = await start(false, [{ pointsPerHour: 100 }]);
    if (couple === undefined) throw new Error('The rig has no couple.');
    for (let n = 0; n < 120; n += 1) {
      create(couple.A, `New ${n}`);
      if (n % 3 === 2) await pass(SECOND_MS);
    }
    await pass(10 * MINUTE_MS);
    expect(usedOn(couple)).toBeGreaterThan(90);
    expect(usedOn(couple)).toBeLessThanOrEqual(104);
    expect(refusals()).toBeLessThanOrEqual(8);
    expect(arrived(couple)).toBeLessThan(100);
    const asked = callsTo(couple);
    await pass(10 * MINUTE_MS);
    expect(callsTo(couple)).toBe(asked);
    await toFullHour();
    await pass(10 * MINUTE_MS);
    expect(arrived(couple)).toBeGreaterThan(110);
  }, 60_000);
});

describe('a site with a quota of its own', () => {
  it('sleeps when it has none left, until the full hour, while another tenant works', async () => {
    const own = { points: 'tenant' as const };
    const [poor, rich] = await start(true, [
      { ...own, pointsPerHour: 40 },
      { ...own, pointsPerHour: 100_000 },
    ]);
    if (poor === undefined || rich === undefined) throw new Error('The rig has not two couples.');
    for (let n = 0; n < 60; n += 1) {
      create(poor.A, `New ${n}`);
      create(rich.A, `New ${n}`);
      if (n % 3 === 2) await pass(SECOND_MS);
    }
    await pass(5 * MINUTE_MS);
    expect(arrived(rich)).toBe(60);
    expect(arrived(poor)).toBeLessThan(50);
    const asked = callsTo(poor);
    create(rich.A, 'New and late');
    await pass(5 * MINUTE_MS);
    expect(arrived(rich)).toBe(61);
    expect(callsTo(poor)).toBe(asked);
    for (let hour = 0; hour < 3; hour += 1) {
      await toFullHour();
      await pass(5 * MINUTE_MS);
    }
    expect(arrived(poor)).toBe(60);
  }, 60_000);
});
