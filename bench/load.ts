import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerEntry, RemoteSite } from './remote-site.ts';

/** Item of the source → its twin at the target. */
export type Twins = ReadonlyMap<string, string>;

export interface Latencies {
  readonly changes: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A site's clock is the same for both: they live in one process. */
interface Sites {
  readonly acme: RemoteSite;
  readonly globex: RemoteSite;
}

export const isFieldWrite = (entry: LedgerEntry): boolean =>
  entry.method === 'PUT' && /\/issue\/\{[^/]+\}$/.test(entry.path) && entry.status < 300;

/** Reads what a target was written (to some items of it), a piece at a time, until there are `count` writes. */
export async function collectWrites(
  target: RemoteSite,
  from: number,
  count: number,
  items: ReadonlySet<string> | null = null,
): Promise<LedgerEntry[]> {
  const writes: LedgerEntry[] = [];
  let read = from;
  do {
    const entries = await target.ledger(read);
    read += entries.length;
    writes.push(...entries.filter((entry) => isFieldWrite(entry) && (items === null || items.has(entry.issueId ?? ''))));
    if (writes.length < count) await delay(200);
  } while (writes.length < count);
  return writes;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

export const percentiles = (values: readonly number[]): Latencies => {
  const sorted = values.toSorted((a, b) => a - b);
  return { changes: sorted.length, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
};

export interface Change {
  readonly issue: string;
  /** When it was done at the source (epoch ms, the site's clock). */
  readonly at: number;
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
    changes.push(acme.edit([{ issue, fields: { summary: `Steady ${began.toFixed(0)} ${n}` } }]).then((at) => ({ issue, at })));
  }
  return Promise.all(changes);
}

/** Changes at a steady pace; each is timed from the change to the write at the target. */
export async function steadyChanges({ acme, globex }: Sites, twins: Twins, pace: Pace): Promise<Latencies> {
  const before = (await globex.ledger(0)).length;
  const made = await startChanges({ acme }, twins, pace);
  const targets = new Set(twins.values());
  const writes = await collectWrites(globex, before, made.length, targets);
  const writtenAt = Map.groupBy(writes, (write) => write.issueId ?? '');
  return percentiles(made.map(({ issue, at }) => nextAfter(writtenAt.get(twins.get(issue) ?? '') ?? [], at) - at));
}

const nextAfter = (writes: readonly LedgerEntry[], at: number): number =>
  writes.find((write) => write.at >= at)?.at ?? Number.POSITIVE_INFINITY;

/** An item that changes again sooner may be made to wait: it changes all the time (app/sync/pace-turns.ts). */
const REST_MS = 3_500;

/** Changes every item in one moment, and again when all are written, for about so long. Changes written per second. */
export async function burstChanges({ acme, globex }: Sites, twins: Twins, rounds: number): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await delay(REST_MS);
    const before = (await globex.ledger(0)).length;
    const name = `Burst ${performance.now().toFixed(0)}`;
    const at = await acme.edit([...twins.keys()].map((issue) => ({ issue, fields: { summary: `${name} ${issue}` } })));
    const writes = await collectWrites(globex, before, twins.size);
    rates.push(twins.size / ((Math.max(...writes.map((write) => write.at)) - at) / 1000));
  }
  return rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? Number.NaN;
}
