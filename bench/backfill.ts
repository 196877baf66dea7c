import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { memoryOf } from './cpu.ts';
import { pointsIn } from './points.ts';
import type { Measure, Scenario } from './scenario.ts';
import { type Route, type Stand, startStand } from './stand.ts';

const ITEMS = 2_000;
const LOOK_EVERY_MS = 100;
/** The simulated index lags by 2 s. */
const INDEXED_AFTER_MS = 3_000;
/** A backfill that makes no more pairs for so long is stuck. */
const PATIENCE_MS = 30_000;

const pairs = z.object({ pairs: z.coerce.number() });

const countPairs = async ({ database }: Stand): Promise<number> =>
  (await database.rows('SELECT count(*) AS pairs FROM pair', [], pairs))[0]?.pairs ?? 0;

/** Resolves when there are so many pairs, or no more come. */
async function untilPairs(stand: Stand, count: number): Promise<number> {
  let [made, since] = [0, performance.now()];
  while (made < count && performance.now() - since < PATIENCE_MS) {
    await delay(LOOK_EVERY_MS);
    const now = await countPairs(stand);
    if (now > made) [made, since] = [now, performance.now()];
  }
  return made;
}

async function measureBackfill(stand: Stand): Promise<readonly Measure[]> {
  const { acme, globex } = stand.sites;
  const [part] = stand.parts;
  const route: Route = { from: acme, space: 'OPS', to: globex, toSpace: 'WEB' };
  await acme.create(
    route.space,
    Array.from({ length: ITEMS }, (_, n) => ({ summary: `Old item ${n}`, description: null })),
  );
  await stand.settle();
  // Existing items are older than the lag of the search index (2 s): what is younger is found by a scan, minutes later.
  await delay(INDEXED_AFTER_MS);
  const before = await Promise.all([acme, globex].map(async (site) => (await site.ledger(0)).length));
  const already = await countPairs(stand);
  const began = performance.now();
  await stand.synchronize(route, 'synchronize');
  const half = (await untilPairs(stand, already + ITEMS / 2)) - already;
  const atHalf = memoryOf(part?.pid ?? 0);
  const made = (await untilPairs(stand, already + ITEMS)) - already;
  const seconds = (performance.now() - began) / 1000;
  const atEnd = memoryOf(part?.pid ?? 0);
  await stand.settle();
  const [source = 0, target = 0] = await Promise.all(
    [acme, globex].map(async (site, n) => pointsIn(await site.ledger(before[n] ?? 0)) / ITEMS),
  );
  const memory: Measure[] =
    atHalf === null || atEnd === null || half === 0
      ? []
      : [
          { name: 'backfill: memory of a process at most', value: atEnd.most, unit: 'MB', target: { atMost: 250 } },
          {
            name: 'backfill: memory at most, whole ÷ first half',
            value: atEnd.most / atHalf.most,
            unit: '×',
            target: { atMost: 1.1 },
          },
        ];
  return [
    { name: `backfill: of ${ITEMS} items not carried over`, value: Math.max(0, ITEMS - made), unit: '', target: { exactly: 0 } },
    { name: 'backfill: points per item at the source', value: source, unit: 'points', target: { atMost: 1.1 } },
    { name: 'backfill: points per item at the target', value: target, unit: 'points', target: { atMost: 1.1 } },
    { name: 'backfill: items/s', value: made / seconds, unit: '1/s', target: null },
    ...memory,
  ];
}

/** A synchronization starts with a space full of items. */
export const backfill: Scenario = {
  name: 'backfill',
  async measure(): Promise<readonly Measure[]> {
    const stand = await startStand();
    try {
      return await measureBackfill(stand);
    } finally {
      await stand.close();
    }
  },
};
