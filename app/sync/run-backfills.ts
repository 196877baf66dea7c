import { type Failure, staysRefused } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import { planCreation } from '../core/plan-creation.ts';
import { otherSide, type Side } from '../core/side.ts';
import { askedFields } from './asked-fields.ts';
import type { Backfill, Backfills } from './backfill-ports.ts';
import type { ScanMemory } from './healing-ports.ts';
import type { Jira, Lanes, ListedItem, Sites, Synchronization, SynchronizationStore, WokenSubject } from './ports.ts';

export interface BackfillPorts {
  readonly backfills: Backfills;
  readonly synchronizations: SynchronizationStore;
  readonly scans: Pick<ScanMemory, 'recall'>;
  readonly lanes: Pick<Lanes, 'wake'>;
  readonly sites: Sites;
  /** An item as it was listed, sealed for its site; null when it is too large to be kept: then its turn looks. */
  readonly sealItem: (siteTenantId: TenantId, item: Item) => string | null;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { error(fields: object, message: string): void };
}

const AT_ONCE = 4;
/** A page takes a call and a few statements; after this, another process goes on with the side. */
const LEASE_MS = 2 * 60_000;
const LOOK_EVERY_MS = 1_000;
/** So many lanes of a tenant may wait before more of its items are listed: a minute's work, and a few hundred KB. */
const MOST_WAITING = 300;
const FULL_REST_MS = 500;
const UNREACHABLE_REST_MS = 60_000;
/** Many of the synchronization come back in minutes, having failed: what is listed may fail like them, and would be read again. */
const STUCK_REST_MS = 60_000;
const FAILED_REST_MS = 15_000;

/** Lists existing items until `signal` aborts. Any number of processes may run it: each side is taken by one, page by page. */
export async function runBackfills(ports: BackfillPorts, signal: AbortSignal): Promise<void> {
  const { backfills, clock } = ports;
  const running = new Set<Promise<void>>();
  const start = (first: Backfill): void => {
    const one = listWhileDue(first, ports, signal)
      .catch((error: unknown) => noteError(ports, error))
      .then(() => void running.delete(one));
    running.add(one);
  };
  while (!signal.aborted) {
    try {
      const free = AT_ONCE - running.size;
      for (const one of free === 0 ? [] : await backfills.claimDue(free, LEASE_MS)) start(one);
    } catch (error) {
      noteError(ports, error);
    }
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS, signal);
  }
  await Promise.all(running);
}

/** Page after page of whatever is due, one at a time: a site that does not answer holds up one hand, and nobody else. */
async function listWhileDue(first: Backfill, ports: BackfillPorts, signal: AbortSignal): Promise<void> {
  let next: Backfill | undefined = first;
  while (next !== undefined && (await backfillPage(next, ports)) && !signal.aborted)
    [next] = await ports.backfills.claimDue(1, LEASE_MS);
}

const noteError = ({ logger }: Pick<BackfillPorts, 'logger'>, error: unknown): void =>
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Existing items could not be listed');

/**
 * Lists the next page of a side's existing items and sends each one that needs a twin to its lane, with all that the list showed, so that
 * it is not read again (SPEC E1–E3). True: there may be more to list at once.
 */
export async function backfillPage(backfill: Backfill, ports: BackfillPorts): Promise<boolean> {
  const { backfills, clock } = ports;
  const { tenantId, pageToken, side, begunAt } = backfill;
  const rest = async (afterMs: number, token = pageToken): Promise<false> => {
    await backfills.advance(backfill, { pageToken: token, listed: 0 }, afterMs);
    return false;
  };
  const synchronization = await ports.synchronizations.read(tenantId, backfill.synchronizationId);
  if (synchronization?.state !== 'running') return rest(UNREACHABLE_REST_MS);
  const { soon, later } = await backfills.countWaiting(backfill, MOST_WAITING);
  if (soon >= MOST_WAITING) return rest(FULL_REST_MS);
  const isStuck = later >= MOST_WAITING;
  const reach = ({ siteTenantId, connectionId }: Synchronization['sides'][Side]): Promise<Jira | null> =>
    ports.sites.reach(siteTenantId, connectionId, { payer: tenantId, work: 'backfill' });
  const { projectId } = synchronization.sides[side];
  const jira = await reach(synchronization.sides[side]);
  // Where no twin can be made, what is listed would be read again by then.
  if (jira === null || (await reach(synchronization.sides[otherSide(side)])) === null) return rest(UNREACHABLE_REST_MS);
  const page = await jira.listMade({ projectId, until: begunAt, fields: askedFields(synchronization.configuration), pageToken });
  // Jira may have forgotten the page token, or the space is gone for now.
  if (!page.ok) return rest(restAfter(page.failure, clock.now()), staysRefused(page.failure) ? null : pageToken);
  const { items, nextPageToken } = page.value;
  await wakeAll(backfill, synchronization, items, ports);
  // After the wake: should we die in between, the page is listed again, and nothing forgotten.
  if (nextPageToken === null) await backfills.finish(backfill);
  else await backfills.advance(backfill, { pageToken: nextPageToken, listed: items.length }, isStuck ? STUCK_REST_MS : 0);
  return !isStuck;
}

const restAfter = (failure: Failure, now: number): number =>
  failure.kind === 'rate-limited'
    ? Math.max(0, failure.retryAt - now)
    : staysRefused(failure)
      ? UNREACHABLE_REST_MS
      : FAILED_REST_MS;

/** What has a pair, would get no twin, or is being worked on already is left alone. */
async function wakeAll(
  { tenantId, synchronizationId, side }: Backfill,
  { configuration, sides }: Synchronization,
  items: readonly ListedItem[],
  { scans, lanes, sealItem }: BackfillPorts,
): Promise<void> {
  const ids = items.map(({ issueId }) => issueId);
  const remembered = await scans.recall(tenantId, synchronizationId, side, ids);
  const subjects = items.flatMap(({ issueId, item }): WokenSubject[] => {
    const known = remembered.get(issueId);
    if ((known?.pair ?? null) !== null || known?.lane === 'busy') return [];
    if (item !== null && planCreation(configuration, item, side).kind === 'decline') return [];
    const sealed = item === null ? null : sealItem(sides[side].siteTenantId, item);
    return [{ synchronizationId, side, issueId, sealed }];
  });
  await lanes.wake(tenantId, subjects, 'backfill');
}
