import type { LedgerEntry, RemoteSite } from './remote-site.ts';
import { untilNothingIsMissing } from './until-nothing-is-missing.ts';

/** Item of the source → its twin at the target. */
export type Twins = ReadonlyMap<string, string>;

/** A summary that was set at the source. */
export interface Change {
  readonly issue: string;
  readonly summary: string;
  /** When it was done (epoch ms, the site's clock). */
  readonly at: number;
}

export const isFieldWrite = (entry: LedgerEntry): boolean =>
  entry.method === 'PUT' && /\/issue\/\{[^/]+\}$/.test(entry.path) && entry.status < 300;

const READ_EVERY_MS = 200;

/**
 * How long each change took to the next write of its twin, in ms. Ends when every change has one, however many writes that took: several
 * changes of an item may cross in one. `from`: the lines that the target's ledger had before.
 */
export async function untilWritten(
  target: RemoteSite,
  from: number,
  changes: readonly Change[],
  twins: Twins,
): Promise<readonly number[]> {
  const byTwin = Map.groupBy(changes, ({ issue }) => twins.get(issue) ?? '');
  const waits = new Map<Change, number>();
  let read = from;
  await untilNothingIsMissing(async () => {
    const entries = await target.ledger(read);
    read += entries.length;
    for (const { issueId, at } of entries.filter(isFieldWrite)) {
      const written = (byTwin.get(issueId ?? '') ?? []).filter((change) => change.at <= at && !waits.has(change));
      for (const change of written) waits.set(change, at - change.at);
    }
    const missing = changes.length - waits.size;
    return missing === 0 ? null : `${missing} of ${changes.length} changes were not written`;
  }, READ_EVERY_MS);
  return [...waits.values()];
}

/** By item, what was set last. */
export const lastOf = (changes: readonly Change[]): ReadonlyMap<string, string> =>
  new Map(changes.toSorted((one, other) => one.at - other.at).map(({ issue, summary }) => [issue, summary]));

/** Ends when every twin shows what its item was given last: a write could have carried something else. */
export async function untilShown(target: RemoteSite, changes: readonly Change[], twins: Twins): Promise<void> {
  const wanted = lastOf(changes);
  await untilNothingIsMissing(async () => {
    const shown = await target.summaries([...wanted.keys()].map((issue) => twins.get(issue) ?? ''));
    const wrong = [...wanted].filter(([issue, summary]) => shown.get(twins.get(issue) ?? '') !== summary).length;
    return wrong === 0 ? null : `${wrong} of ${wanted.size} twins do not show what was set last`;
  });
}
