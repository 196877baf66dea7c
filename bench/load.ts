import { setTimeout as delay } from 'node:timers/promises';
import { type Change, type Twins, untilShown, untilWritten } from './arrival.ts';
import { medianOfWholeMs, type Percentiles, percentiles } from './percentiles.ts';
import type { RemoteSite } from './remote-site.ts';

/** A site's clock is the same for both: they live in one process. */
interface Sites {
  readonly acme: RemoteSite;
  readonly globex: RemoteSite;
}

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Changes summaries at a steady pace, evenly over the items. */
export async function startChanges(
  { acme }: { readonly acme: Pick<RemoteSite, 'edit'> },
  twins: Twins,
  { perSecond, seconds }: Pace,
): Promise<readonly Change[]> {
  const items = [...twins.keys()];
  const began = performance.now();
  const changes: Promise<Change>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    await delay(Math.max(0, began + (n * 1000) / perSecond - performance.now()));
    const issue = items[n % items.length] ?? '';
    const summary = `Steady ${began.toFixed(0)} ${n}`;
    changes.push(acme.edit([{ issue, fields: { summary } }]).then((at) => ({ issue, summary, at })));
  }
  return Promise.all(changes);
}

/** Changes at a steady pace; each is timed from the change to the write at the target. */
export async function steadyChanges({ acme, globex }: Sites, twins: Twins, pace: Pace): Promise<Percentiles> {
  const before = (await globex.ledger(0)).length;
  const changes = await startChanges({ acme }, twins, pace);
  const waits = await untilWritten(globex, before, changes, twins);
  await untilShown(globex, changes, twins);
  return { ...percentiles(waits), p50: medianOfWholeMs(waits) };
}

/** An item that changes again sooner may be made to wait: it changes all the time (app/sync/pace-turns.ts). */
const REST_MS = 3_500;
/** An odd number, so that one of them is the median. */
export const BURSTS = 3;

/** Changes every item in one moment, and again when all are written. Changes written per second until all are; the median. */
export async function burstChanges({ acme, globex }: Sites, twins: Twins): Promise<number> {
  const rates: number[] = [];
  let changes: readonly Change[] = [];
  for (let round = 0; round < BURSTS; round += 1) {
    if (round > 0) await delay(REST_MS);
    const before = (await globex.ledger(0)).length;
    const name = `Burst ${performance.now().toFixed(0)}`;
    const edits = [...twins.keys()].map((issue) => ({ issue, summary: `${name} ${issue}` }));
    const at = await acme.edit(edits.map(({ issue, summary }) => ({ issue, fields: { summary } })));
    changes = edits.map((edit) => ({ ...edit, at }));
    const waits = await untilWritten(globex, before, changes, twins);
    rates.push(twins.size / (Math.max(...waits) / 1000));
  }
  await untilShown(globex, changes, twins);
  return percentiles(rates).p50;
}
