import { z } from 'zod';
import { createPostgresConnectionStore } from '../app/connections/postgres-connection-store.ts';
import type { SynchronizationId, TenantId } from '../app/core/ids.ts';
import { id } from '../app/platform/columns.ts';
import { createLogger } from '../app/platform/logger.ts';
import { createParkedStore } from '../app/store/parked-store.ts';
import { createScanMemory } from '../app/store/scan-memory.ts';
import { createScanSchedule } from '../app/store/scan-schedule.ts';
import type { ScanMemory, SiteScan } from '../app/sync/healing-ports.ts';
import { retryDue } from '../app/sync/retry-parked.ts';
import { carryOutScan } from '../app/sync/run-scans.ts';
import { type ScanPorts, type ScanWay, type SiteScanned, scanSite } from '../app/sync/scan-site.ts';
import type { TurnsByHand } from './turns-by-hand.ts';
import type { TwoSites } from './two-sites.ts';

/** Scans and looks after parked pieces, taken when a test says so. */
export interface ScansByHand {
  readonly scans: ScanMemory;
  readonly ports: ScanPorts;
  /** Scans the site now, whenever its scan is due; the schedule learns nothing of it. */
  scan(name: 'acme' | 'globex', ports?: ScanPorts, way?: ScanWay): Promise<SiteScanned>;
  /** Says that somebody is at work, as a worker does; whether nobody was for a while. */
  beat(): Promise<boolean>;
  /** Takes the scans that are due as a worker would, and says of which sites they were. */
  takeDue(): Promise<readonly SiteScan[]>;
  /** Looks after the parked pieces as a worker would; how many are tried. */
  retry(): Promise<number>;
}

/** @param hand whose clock the scans go by */
export function scansByHand(two: TwoSites, hand: TurnsByHand): ScansByHand {
  const { database } = two;
  const { sites, clock, fingerprinter } = hand.ports;
  const { synchronizations, lanes } = hand.tandem.turns;
  const scans = createScanMemory(database);
  const schedule = createScanSchedule(database);
  const parked = createParkedStore(database);
  const connections = createPostgresConnectionStore(database);
  const ports: ScanPorts = { synchronizations, scans, lanes, sites, fingerprinter, clock };
  const siteOf = async (name: 'acme' | 'globex'): Promise<SiteScan> => {
    const [synchronization] = await synchronizationsOf(two, hand);
    if (synchronization === undefined) throw new Error('no synchronization');
    const { siteTenantId, connectionId } = synchronization.sides[name === 'acme' ? 'A' : 'B'];
    return { siteTenantId, connectionId, askedSince: 0, paceMs: 300_000, givenUpUntil: 0, lastAt: null, fullAt: null };
  };
  return {
    scans,
    ports,
    async scan(name, using = ports, way) {
      const scanned = await scanSite(await siteOf(name), using, () => Promise.resolve(true), way);
      if (scanned === null) throw new Error(`${name} has no running synchronization`);
      return scanned;
    },
    beat: () => schedule.beat(90_000),
    async takeDue() {
      const due = await schedule.claimDue(9, 60_000);
      const logger = createLogger('silent');
      for (const scan of due) await carryOutScan(scan, { ...ports, schedule, connections, logger, random: () => 1 });
      return due;
    },
    async retry() {
      await database.execute('UPDATE retry_watch SET due_at = now()', []);
      let tried = 0;
      for (const watch of await parked.claimDue(9, 60_000)) tried += await retryDue(watch, { parked, lanes, clock });
      return tried;
    },
  };
}

const ownerRow = z.object({ tenant_id: id<TenantId>(), synchronization_id: id<SynchronizationId>() });

const synchronizationsOf = async (two: TwoSites, { tandem }: TurnsByHand) => {
  const owners = await two.database.rows(
    'SELECT tenant_id, synchronization_id FROM synchronization ORDER BY created_at',
    [],
    ownerRow,
  );
  const found = await Promise.all(owners.map((row) => tandem.turns.synchronizations.read(row.tenant_id, row.synchronization_id)));
  return found.flatMap((one) => one ?? []);
};
