import { setTimeout as delay } from 'node:timers/promises';
import { isFieldWrite, type Twins } from './arrival.ts';
import { steadyChanges } from './load.ts';
import type { Percentiles } from './percentiles.ts';
import { type Measure, type Scenario, setJiraLatency } from './scenario.ts';
import { type Route, type Stand, startStand } from './stand.ts';

const JIRA_MS = 100;
const QUIET_ITEMS = 50;
const QUIET_PER_SECOND = 10;
/** Of the usual time: of a hundred changes the second slowest would be the p99. */
const LONGER = 2;
const NOISY_ITEMS = 500;
/** Ten times what the quiet tenant does, all at once; together no more than the machine carries, or nobody could be quick. */
const NOISE_AT_ONCE = 100;
const NOISE_EVERY_MS = 1_000;
/** Of the noise that was made, how much has to arrive while the quiet tenant is listened to: the last of it is still under way in the end. */
const LEAST_NOISE = 0.8;
const WARM_UP_SECONDS = 2;

/** Bulk edits of the noisy tenant, each of other items in one moment, until told to stop. Resolves to how many. */
async function makeNoise(stand: Stand, items: readonly string[], until: AbortSignal): Promise<number> {
  let changes = 0;
  for (let round = 0; !until.aborted; round += 1) {
    const from = (round * NOISE_AT_ONCE) % items.length;
    const some = items.slice(from, from + NOISE_AT_ONCE);
    await stand.sites.acme.edit(some.map((issue) => ({ issue, fields: { summary: `Noise ${round} ${issue}` } })));
    changes += some.length;
    await delay(NOISE_EVERY_MS);
  }
  return changes;
}

/** Does something beside the noise; also how much of it arrived in that time, a second. Throws where that was not what was to be heard. */
async function besideNoise<Heard>(stand: Stand, noisy: Twins, listen: () => Promise<Heard>) {
  const { globex } = stand.sites;
  const targets = new Set(noisy.values());
  const before = (await globex.ledger(0)).length;
  const began = performance.now();
  const stop = new AbortController();
  const noise = makeNoise(stand, [...noisy.keys()], stop.signal);
  const heard = await listen();
  const seconds = (performance.now() - began) / 1000;
  const written = (await globex.ledger(before)).filter((entry) => isFieldWrite(entry) && targets.has(entry.issueId ?? '')).length;
  stop.abort();
  const edited = await noise;
  if (written < edited * LEAST_NOISE) throw new Error(`Of ${edited} noisy changes only ${written} were written meanwhile.`);
  return { heard, noisePerSecond: written / seconds };
}

async function measureNoise(stand: Stand, usual: number): Promise<readonly Measure[]> {
  const { acme, globex } = stand.sites;
  const quietRoute: Route = { from: globex, space: 'WEB', to: acme, toSpace: 'OPS' };
  await stand.synchronize(quietRoute);
  const quiet = await stand.makeTwins(QUIET_ITEMS, quietRoute);
  const noisy = await stand.makeTwins(NOISY_ITEMS);
  await setJiraLatency(stand.sites, JIRA_MS);
  const listen = (seconds: number): Promise<Percentiles> =>
    steadyChanges({ acme: globex, globex: acme }, quiet, { perSecond: QUIET_PER_SECOND, seconds });
  await listen(WARM_UP_SECONDS);
  const alone = await listen(usual * LONGER);
  const { heard: beside, noisePerSecond } = await besideNoise(stand, noisy, () => listen(usual * LONGER));
  await stand.settle();
  const name = `quiet tenant, ${QUIET_PER_SECOND}/s, Jira ${JIRA_MS} ms`;
  return [
    { name: `${name}: alone, p50`, value: alone.p50, unit: 'ms', target: null },
    { name: `${name}: alone, p99`, value: alone.p99, unit: 'ms', target: null },
    { name: `${name}: beside noise, p50`, value: beside.p50, unit: 'ms', target: null },
    { name: `${name}: beside noise, p99`, value: beside.p99, unit: 'ms', target: null },
    { name: 'noise of the other tenant, written/s', value: noisePerSecond, unit: '1/s', target: null },
    { name: 'quiet tenant: p99 beside noise ÷ alone', value: beside.p99 / alone.p99, unit: '×', target: { atMost: 2 } },
  ];
}

/** Two tenants in one app: one edits a hundred items at once, every second; the other one's few changes must not wait behind them. */
export const noisy: Scenario = {
  name: 'noisy',
  async measure(run): Promise<readonly Measure[]> {
    const stand = await startStand();
    try {
      return await measureNoise(stand, run.seconds);
    } finally {
      await stand.close();
    }
  },
};
