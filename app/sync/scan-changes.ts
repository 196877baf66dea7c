import { SIDES, type Side, type Sides } from '../core/side.ts';
import type { Lanes, Sites, Synchronization, SynchronizationStore, TurnStore } from './ports.ts';

/**
 * How far a scan reaches back behind what the last one proved seen. Covers Jira's search index, which lags by seconds, in bulk
 * edits by minutes, and clocks that differ.
 */
const OVERLAP_MS = 5 * 60_000;

export interface ScanPorts {
  readonly synchronizations: SynchronizationStore;
  readonly turns: TurnStore;
  readonly lanes: Lanes;
  readonly sites: Sites;
  readonly clock: { now(): number };
}

/** How many items a scan of one side looked at, and how many of them no webhook had told of. */
export interface ScanResult {
  readonly seen: number;
  readonly foundLate: number;
}

/**
 * Finds what no webhook told: the items of both spaces changed since the last scan, compared with what was last observed of
 * each; those that moved on are made dirty. A side's mark moves only when all its pages were read. Null: that side could not be
 * read now.
 */
export async function scanChanges(synchronization: Synchronization, ports: ScanPorts): Promise<Sides<ScanResult | null>> {
  const startedAt = ports.clock.now();
  const results: Record<Side, ScanResult | null> = { A: null, B: null };
  for (const side of SIDES) results[side] = await scanSide(synchronization, side, ports);
  const scannedUntil: Sides<number | null> = {
    A: results.A === null ? synchronization.scannedUntil.A : startedAt,
    B: results.B === null ? synchronization.scannedUntil.B : startedAt,
  };
  await ports.synchronizations.update(synchronization.tenantId, synchronization.synchronizationId, { scannedUntil });
  return results;
}

async function scanSide(synchronization: Synchronization, side: Side, ports: ScanPorts): Promise<ScanResult | null> {
  const { tenantId, synchronizationId } = synchronization;
  const { siteTenantId, connectionId, projectId } = synchronization.sides[side];
  const until = synchronization.scannedUntil[side];
  const jira = until === null ? null : await ports.sites.reach(siteTenantId, connectionId);
  if (jira === null || until === null) return null;
  const since = Math.max(0, until - OVERLAP_MS);
  let seen = 0;
  let foundLate = 0;
  let pageToken: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof jira.listChanged>> = await jira.listChanged({ projectId, since, pageToken });
    if (!page.ok) return null;
    const known = await ports.turns.seenAt(
      tenantId,
      synchronizationId,
      side,
      page.value.items.map((item) => item.issueId),
    );
    const late = page.value.items.filter((item) => item.updatedAt > (known.get(item.issueId) ?? -1));
    if (late.length > 0)
      await ports.lanes.wake(
        tenantId,
        late.map(({ issueId }) => ({ synchronizationId, side, issueId })),
      );
    seen += page.value.items.length;
    foundLate += late.length;
    pageToken = page.value.nextPageToken;
  } while (pageToken !== null);
  return { seen, foundLate };
}
