import { z } from 'zod';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import { createLanes } from '../app/lanes/lanes.ts';
import { systemClock } from '../app/platform/clock.ts';
import { seededRandom } from '../simulator/heart/random.ts';
import { systemTimers } from '../simulator/system-clock.ts';
import { CONTENT_KINDS, sceneOf } from './content-kinds.ts';
import type { Breach } from './judge.ts';
import { judgeReal } from './real-judge.ts';
import { drawRealPlan, type RealPlan } from './real-plan.ts';
import { openRealWorld, type RealWorld, within } from './real-world.ts';
import { watchSites } from './witness.ts';

/** What came of a run on the real thing. */
export interface RealReport {
  readonly plan: RealPlan;
  readonly breaches: readonly Breach[];
  readonly people: number;
  readonly writes: number;
}

/** What is due is worked off within this, dead workers' leases and the pauses after an outage included. */
const REST_WITHIN_MS = 120_000;
/** Once at rest, nothing is written for so long. */
const QUIET_MS = 5_000;
/** A scan, and what it finds, may park something that the next round tries again. */
const ROUNDS = 2;
const MOST_ANSWERS = 10;

/** Runs the plan of that seed in real time. @param onOpen is told how to end it early */
export async function runReal(seed: number, outageMs: number, onOpen: (close: () => Promise<void>) => void): Promise<RealReport> {
  const plan = drawRealPlan(seed, outageMs);
  const world = await openRealWorld(seed, onOpen);
  try {
    const { deeds } = watchSites([world.couple], systemClock);
    await live(world, plan);
    const isRest = await comeToRest(world);
    const written = deeds.length;
    await systemClock.sleepUntil(systemClock.now() + QUIET_MS);
    const late = deeds.length - written;
    const breaches = await judgeReal(world, plan, deeds);
    const amiss = await world.crew.dismiss();
    const own: Breach[] = [
      ...(isRest ? [] : [{ property: 'no-loops', detail: `not at rest after ${REST_WITHIN_MS / 1000} s` }]),
      ...(late === 0 ? [] : [{ property: 'no-loops', detail: `${late} writes after all was at rest` }]),
      ...amiss.map((detail) => ({ property: 'liveness', detail })),
    ];
    const by = (who: 'person' | 'app'): number => deeds.filter((deed) => deed.by === who).length;
    return { plan, breaches: [...own, ...breaches], people: by('person'), writes: by('app') };
  } finally {
    await world.close();
  }
}

/** People act and things break; resolves when all of it is over and what was broken is put right. */
async function live(world: RealWorld, { people, kills, database, outage }: RealPlan): Promise<void> {
  const { couple, crew, postgres, simulator } = world;
  const happenings: Promise<void>[] = [];
  const at = (ms: number, happen: () => void | Promise<void>): void => {
    happenings.push(
      new Promise<void>((resolve, reject) => {
        systemTimers.after(ms, () => void Promise.resolve().then(happen).then(resolve, reject));
      }),
    );
  };
  for (const act of people.acts)
    at(act.at, () => {
      const kind = CONTENT_KINDS.find(({ name }) => name === act.kind);
      kind?.act(sceneOf(couple, act.side, act.nth), seededRandom(act.seed));
    });
  for (const { at: moment, seat } of kills) at(moment, () => crew.kill(seat));
  at(database.at, () => postgres.restart(database.signal));
  const { faults, webhooks } = simulator.sites[outage.site];
  at(outage.from, async () => {
    const end = faults.add({ when: 'before', status: outage.status, times: Number.POSITIVE_INFINITY });
    webhooks.change({ paused: true });
    await systemClock.sleepUntil(systemClock.now() + outage.forMs);
    webhooks.change({ paused: false });
    end();
  });
  await Promise.all(happenings);
}

/** Until all is worked off, scans included, and nobody has anything to ask; whether it came to that. */
async function comeToRest(world: RealWorld): Promise<boolean> {
  if (!(await isQuietWithin(world))) return false;
  for (let round = 0; round < ROUNDS; round += 1) {
    await world.database.execute('UPDATE site_scan SET due_at = now() WHERE due_at > now()', []);
    await world.database.execute('UPDATE retry_watch SET due_at = now()', []);
    if (!(await within(REST_WITHIN_MS, () => areScansDone(world)))) return false;
    if (!(await isQuietWithin(world))) return false;
  }
  return agreeToAll(world);
}

const NOT_SCANNED = "SELECT 1 AS n FROM site_scan WHERE due_at <= now() OR due_at = 'infinity' OR lease_until IS NOT NULL";

const areScansDone = async ({ database }: RealWorld): Promise<boolean> =>
  (await database.rows(NOT_SCANNED, [], z.object({ n: z.number() }))).length === 0;

/** Asked twice: a turn that ended while the webhooks were looked at may have caused others. */
function isQuietWithin({ database, couple }: RealWorld): Promise<boolean> {
  const lanes = createLanes({ database, onWake: () => undefined });
  const areLanesQuiet = async (): Promise<boolean> => {
    const { due, leased, waiting } = await lanes.count();
    return due + leased + waiting === 0;
  };
  const areWebhooksOut = (): boolean =>
    [couple.A, couple.B].every(({ site }) => {
      const { waiting, sending } = site.webhooks.counts();
      return waiting + sending === 0;
    });
  return within(REST_WITHIN_MS, async () => (await areLanesQuiet()) && areWebhooksOut() && (await areLanesQuiet()));
}

/** So many values at once that both sides had changed are not overwritten before a person agrees (SPEC M5). */
async function agreeToAll(world: RealWorld): Promise<boolean> {
  const path = `/synchronizations/${world.couple.synchronizationId}`;
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const { brakes } = await world.support<SynchronizationDetail>('GET', path);
    if (brakes.length === 0) return true;
    for (const { kind } of brakes) await world.support('POST', `${path}/brake/release`, { kind, answer: 'carry-out' });
    if (!(await isQuietWithin(world))) return false;
  }
  return false;
}
