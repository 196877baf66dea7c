import { type Result, succeed } from '../core/failure.ts';
import type { IssueId, IssueKey } from '../core/ids.ts';
import type { Jira } from '../sync/ports.ts';
import { readMarks } from './map-item.ts';

/** An item with the properties asked for. */
export interface MarkedItem {
  readonly id: string;
  readonly key: string;
  readonly properties?: Readonly<Record<string, unknown>> | null | undefined;
}

/** How a site is searched for a twin. */
export interface TwinReads {
  /** The highest number that the search index knows; 0: none. */
  readonly newestNumber: (projectKey: string) => Promise<Result<number>>;
  /** Those of the items with these keys that are there and visible to us. */
  readonly readWindow: (keys: readonly string[]) => Promise<Result<readonly MarkedItem[]>>;
  /** How many keys make one window. */
  readonly window: number;
}

/**
 * Reads the items numbered after `afterNumber` window by window until the mark turns up.
 *
 * How far: Jira numbers the items of a space one after another. The search index says which number is the newest it knows;
 * it lags, so the true newest is that or later. Hence the rule: go on while a window lies at or below the newest number known
 * (from the index or from the items met), and past it until one whole window is empty. Missing that way would take as many
 * items in a row created within the index's lag and all deleted or hidden from us. Hidden items are read as absent, but ours
 * was made by us in a space that we see. A moved item is found under its old key as well.
 */
export async function findTwin(
  { newestNumber, readWindow, window }: TwinReads,
  { projectKey, afterNumber, effectId }: Parameters<Jira['findTwin']>[0],
): ReturnType<Jira['findTwin']> {
  const indexed = await newestNumber(projectKey);
  if (!indexed.ok) return indexed;
  let newest = Math.max(indexed.value, afterNumber);
  for (let first = afterNumber + 1; ; first += window) {
    const keys = Array.from({ length: window }, (_, offset) => `${projectKey}-${first + offset}`);
    const found = await readWindow(keys);
    if (!found.ok) return found;
    const twin = found.value.find(({ properties }) => readMarks(properties ?? {}).some((mark) => mark.effectId === effectId));
    if (twin !== undefined) return succeed({ issueId: twin.id as IssueId, issueKey: twin.key as IssueKey });
    if (found.value.length > 0) newest = Math.max(newest, first + window - 1);
    else if (first > newest) return succeed(null);
  }
}

/** The number in the key of the first item of an answer; 0 when there is none. */
export function numberOfFirst({ issues }: { readonly issues: readonly { readonly key: string }[] }): number {
  const key = issues[0]?.key ?? '';
  const number = Number(key.slice(key.lastIndexOf('-') + 1));
  return Number.isInteger(number) ? number : 0;
}
