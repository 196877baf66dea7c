import type { Difference } from '../core/describe-difference.ts';
import { describeDifference } from '../core/describe-difference.ts';
import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, SynchronizationId, TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import { findVisible, type Visible } from './find-visible.ts';
import type { Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';
import type { ItemCounts, StandingTerms, TermsStore, Version } from './terms-ports.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface ShowTermsPorts extends SetUpPorts {
  readonly counts: { reach(tenantId: TenantId, connectionId: ConnectionId): Promise<ItemCounts | null> };
}

/** A difference, and how many items it concerns; null where Jira did not say. */
export interface PricedDifference {
  readonly difference: Difference;
  readonly items: number | null;
}

export interface ShownTerms extends Visible {
  readonly standing: StandingTerms;
  /** What the open draft would change; null: there is none. */
  readonly changes: readonly PricedDifference[] | null;
}

/** What is agreed, what each side offers, and what waits with its effect. */
export async function showTerms(
  ports: ShowTermsPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<ShownTerms> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { synchronization } = visible.value;
  const standing = await ports.terms.read(synchronization.tenantId, synchronizationId);
  if (standing === null) return fail({ code: 'synchronization-not-found' });
  const { draft } = standing;
  if (draft === null) return succeed({ ...visible.value, standing, changes: null });
  const differences = describeDifference(
    { configuration: standing.agreed, mode: standing.mode },
    { configuration: draft.agreed, mode: draft.mode },
  );
  return succeed({ ...visible.value, standing, changes: await priced(ports, synchronization, differences) });
}

/** Every version there was, the newest first. */
export async function listVersions(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<readonly Version[]> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  return succeed(await ports.terms.listVersions(visible.value.synchronization.tenantId, synchronizationId));
}

/** What left the caller's side in the last 24 hours, by part. */
export async function listLeft(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Awaited<ReturnType<TermsStore['countLeft']>>> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { synchronization, side } = visible.value;
  return succeed(await ports.terms.countLeft(synchronization.tenantId, synchronizationId, side, ports.clock.now() - DAY_MS));
}

/**
 * How many items each difference concerns. What holds for every item concerns every pair; of a work type or a status Jira is asked, on
 * both sides.
 */
async function priced(
  ports: ShowTermsPorts,
  synchronization: Synchronization,
  differences: readonly Difference[],
): Promise<readonly PricedDifference[]> {
  const pairs = await ports.terms.countPairs(synchronization.tenantId, synchronization.synchronizationId);
  const prices: PricedDifference[] = [];
  for (const difference of differences) {
    prices.push({ difference, items: await itemsOf(ports, synchronization, difference, pairs) });
  }
  return prices;
}

async function itemsOf(
  { counts }: ShowTermsPorts,
  { sides }: Synchronization,
  difference: Difference,
  pairs: number,
): Promise<number | null> {
  if (difference.kind === 'mode') return 0;
  if (difference.kind !== 'type' && difference.kind !== 'status-pair') return pairs;
  let items = 0;
  for (const side of SIDES) {
    const { siteTenantId, connectionId, projectId } = sides[side];
    const jira = await counts.reach(siteTenantId, connectionId);
    const counted = await jira?.count(
      projectId,
      difference.kind === 'type'
        ? { kind: 'type', typeId: difference.types[side].id }
        : { kind: 'status', name: difference.names[side] },
    );
    if (counted == null) return null;
    items += counted;
  }
  return items;
}
