import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { lastOf, untilWritten } from './arrival.ts';
import { startChanges } from './load.ts';
import { compareMade, type Made, madeItems } from './made-items.ts';
import type { RemoteSite } from './remote-site.ts';
import { ITEMS, type Measure, type Scenario, setJiraLatency } from './scenario.ts';
import { type Stand, startStand } from './stand.ts';
import { untilNothingIsMissing } from './until-nothing-is-missing.ts';

const JIRA_MS = 50;
const PER_SECOND = 50;
const SECONDS_BEFORE = 3;
/** Longer than a lease, so that what the dead worker held is taken over under load. */
const SECONDS_AFTER = 17;
/** Being made when the worker dies. */
const CREATED = 200;
/** In one call. */
const TOGETHER = 50;
const CREATED_NAME = 'Made while a worker died';
/** In the hands of both workers together when one dies: more than one of them has for a tenant, so that each holds some. */
const IN_HAND = 80;
const LOOK_EVERY_MS = 5;
/** A living worker renews its leases every 4 s, and they last 12 s (app/sync/work-lanes.ts): what is as it was so much later is a dead one's. */
const ORPHANED_AFTER_MS = 6_000;

const lease = z.object({ lease: z.string() });

const leasesOf = async ({ database }: Stand): Promise<ReadonlySet<string>> => {
  const sql = `SELECT lane_key || ' ' || lease_token || ' ' || lease_until AS lease FROM lane WHERE lease_until IS NOT NULL`;
  return new Set((await database.rows(sql, [], lease)).map((row) => row.lease));
};

/** Kills a worker when much is in hand. How many lanes it held, and after how many ms the last of them was taken over. */
async function killOne(stand: Stand): Promise<{ readonly held: number; readonly takenOverAfter: number }> {
  const [, victim] = stand.parts;
  await untilNothingIsMissing(async () => {
    const { size } = await leasesOf(stand);
    return size >= IN_HAND ? null : `only ${size} lanes are in hand`;
  }, LOOK_EVERY_MS);
  await victim?.kill();
  const killedAt = performance.now();
  const inHand = await leasesOf(stand);
  const stillThere = async (): Promise<number> => [...(await leasesOf(stand))].filter((one) => inHand.has(one)).length;
  await delay(ORPHANED_AFTER_MS);
  const held = await stillThere();
  if (held === 0) throw new Error('The killed worker had nothing in hand.');
  await untilNothingIsMissing(async () => {
    const left = await stillThere();
    return left === 0 ? null : `${left} lanes of the killed worker were not taken over`;
  });
  return { held, takenOverAfter: performance.now() - killedAt };
}

/** In as many calls as Jira needs for so many, all in one moment. */
const createTogether = (site: RemoteSite, summaries: readonly string[]): Promise<unknown> =>
  Promise.all(
    Array.from({ length: Math.ceil(summaries.length / TOGETHER) }, (_, n) =>
      site.create(
        'SUP',
        summaries.slice(n * TOGETHER, (n + 1) * TOGETHER).map((summary) => ({ summary })),
      ),
    ),
  );

/** The longest that an item waited for its twin, in ms; one that has none waits for ever. */
function longestCreation(sources: readonly Made[], twins: readonly Made[]): number {
  const waits = sources.map(({ summary, at }) => {
    const made = twins.filter((twin) => twin.summary === summary).map((twin) => twin.at);
    return Math.min(...made) - at;
  });
  return Math.max(...waits);
}

async function countLost(
  { sites: { acme, globex } }: Stand,
  last: ReadonlyMap<string, string>,
  twins: ReadonlyMap<string, string>,
) {
  const [sources, targets] = [await acme.summaries(twins.keys()), await globex.summaries(twins.values())];
  return [...last].filter(([issue, summary]) => sources.get(issue) !== summary || targets.get(twins.get(issue) ?? '') !== summary)
    .length;
}

async function measureKill(stand: Stand): Promise<readonly Measure[]> {
  const { acme, globex } = stand.sites;
  const twins = await stand.makeTwins(ITEMS);
  await setJiraLatency(stand.sites, JIRA_MS);
  const before = (await globex.ledger(0)).length;
  const load = startChanges(stand.sites, twins, { perSecond: PER_SECOND, seconds: SECONDS_BEFORE + SECONDS_AFTER });
  await delay(SECONDS_BEFORE * 1000);
  const summaries = Array.from({ length: CREATED }, (_, n) => `${CREATED_NAME} ${n}`);
  const [{ held, takenOverAfter }] = await Promise.all([killOne(stand), createTogether(acme, summaries)]);
  const changes = await load;
  const waits = await untilWritten(globex, before, changes, twins);
  await stand.settle();
  await setJiraLatency(stand.sites, 0);
  const [sources, made] = [await madeItems(acme, 'SUP', CREATED_NAME), await madeItems(globex, 'ENG', CREATED_NAME)];
  const { lost, doubled } = compareMade(summaries, made);
  const name = 'SIGKILL of a worker';
  const seconds = (ms: number): number => ms / 1000;
  return [
    { name: `${name}: lanes it held`, value: held, unit: '', target: null },
    { name: `${name}: until the last was taken over`, value: seconds(takenOverAfter), unit: 's', target: { atMost: 15 } },
    { name: `${name}: longest wait of a change`, value: seconds(Math.max(...waits)), unit: 's', target: { atMost: 15 } },
    {
      name: `${name}: longest wait of a creation`,
      value: seconds(longestCreation(sources, made)),
      unit: 's',
      target: { atMost: 15 },
    },
    { name: 'SIGKILL: changes lost', value: await countLost(stand, lastOf(changes), twins), unit: '', target: { exactly: 0 } },
    { name: `SIGKILL: of ${CREATED} created items lost`, value: lost, unit: '', target: { exactly: 0 } },
    { name: `SIGKILL: of ${CREATED} created items doubled`, value: doubled, unit: '', target: { exactly: 0 } },
  ];
}

/** A worker dies at once, in the middle of writes and creations; the other one goes on. */
export const kill: Scenario = {
  name: 'kill',
  async measure(): Promise<readonly Measure[]> {
    const stand = await startStand({ workers: 2 });
    try {
      return await measureKill(stand);
    } finally {
      await stand.close();
    }
  },
};
