import { planScan } from '../core/plan-scan.ts';
import type { ScanSchedule, SiteScan } from './healing-ports.ts';
import { type ScanPorts, type SiteScanned, scanSite } from './scan-site.ts';

/** How often this process asks whether a scan is due. */
const LOOK_EVERY_MS = 2_000;
/** Renewed at each page; after it, others take over the scan of a process that died. */
const SCAN_LEASE_MS = 2 * 60_000;
const SCANS_AT_ONCE = 4;
/** The app is disabled on the site: people may change that, in minutes. */
const UNREACHABLE_REST_MS = 5 * 60_000;
/** How often the app says that it is at work, and after what silence it was away: a restart is over in seconds. */
const BEAT_EVERY_MS = 20_000;
const AWAY_MS = 90_000;

export interface ScanRunnerPorts extends ScanPorts {
  readonly schedule: ScanSchedule;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Carries out due scans until `signal` aborts. Any number of processes may run it: each scan is taken by one. */
export async function runScans(ports: ScanRunnerPorts, signal: AbortSignal): Promise<void> {
  const running = new Set<Promise<void>>();
  const start = (scan: SiteScan): void => {
    const one = carryOutScan(scan, ports)
      .catch((error: unknown) => noteError(ports, error, 'A scan was broken off'))
      .then(() => void running.delete(one));
    running.add(one);
  };
  let beatAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (ports.clock.now() >= beatAt + BEAT_EVERY_MS) {
        beatAt = ports.clock.now();
        await beat(ports);
      }
      const free = SCANS_AT_ONCE - running.size;
      for (const scan of free === 0 ? [] : await ports.schedule.claimDue(free, SCAN_LEASE_MS)) start(scan);
    } catch (error) {
      noteError(ports, error, 'Scans could not be carried out');
    }
    await ports.clock.sleepUntil(ports.clock.now() + LOOK_EVERY_MS, signal);
  }
  await Promise.all(running);
}

/** While nobody was at work Jira may have given up deliveries: every site is looked at (SPEC H6). */
async function beat({ schedule, logger }: ScanRunnerPorts): Promise<void> {
  if (await schedule.beat(AWAY_MS)) logger.info({}, 'Nobody was at work for a while: all sites are scanned');
}

/** One scan, and when the next one is to be. */
export async function carryOutScan(scan: SiteScan, ports: Omit<ScanRunnerPorts, 'clock'> & ScanPorts): Promise<void> {
  const startedAt = ports.clock.now();
  const scanned = await scanSite(scan, ports, () => ports.schedule.renew(scan, SCAN_LEASE_MS));
  if (scanned === null) return ports.schedule.forget(scan);
  // Somebody else has it, and will end it.
  if (scanned.broken === 'taken') return;
  const complete = scanned.broken === null;
  const { afterMs, paceMs } = planScan({ ...scanned, complete, paceMs: scan.paceMs }, ports.random());
  const asked = typeof scanned.broken === 'object' && scanned.broken?.kind === 'rate-limited' ? scanned.broken.retryAt : 0;
  const { givenUpUntil } = scanned;
  await ports.schedule.end(
    scan,
    { paceMs, givenUpUntil, lastAt: complete ? startedAt : scan.lastAt },
    scanned.broken === 'unreachable' ? UNREACHABLE_REST_MS : Math.max(afterMs, asked - ports.clock.now()),
  );
  say(scan, scanned, paceMs, ports);
}

function say(
  { siteTenantId, connectionId }: SiteScan,
  scanned: SiteScanned,
  paceMs: number,
  { logger }: Pick<ScanRunnerPorts, 'logger'>,
): void {
  const { broken, hidden, foundLate, givenUp, listed, points } = scanned;
  const site = { siteTenantId, connectionId };
  if (broken !== null)
    logger.info(
      { ...site, broken: typeof broken === 'string' ? broken : broken.kind },
      'A scan could not read a site; it is tried again',
    );
  if (hidden.length > 0) logger.info({ ...site, hidden }, 'Spaces of running synchronizations cannot be listed');
  if (foundLate + givenUp > 0)
    logger.info({ ...site, foundLate, givenUp, listed, points, paceMs }, 'A scan found changes that no webhook told of');
}

const noteError = ({ logger }: Pick<ScanRunnerPorts, 'logger'>, error: unknown, message: string): void =>
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, message);
