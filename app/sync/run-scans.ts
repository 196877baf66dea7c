import { isHeard, OVERLAP_MS, planScan, QUICKEST_PACE_MS, reachBack } from '../core/plan-scan.ts';
import type { ConnectionStore, RemoteConnection } from './connection-ports.ts';
import type { ScanSchedule, SiteScan } from './healing-ports.ts';
import { type ScanPorts, type ScanWay, type SiteScanned, scanSite } from './scan-site.ts';

/** How often this process asks whether a scan is due. */
const LOOK_EVERY_MS = 2_000;
/** Renewed at each page; after it, others take over the scan of a process that died. */
const SCAN_LEASE_MS = 2 * 60_000;
const SCANS_AT_ONCE = 4;
const MINUTE_MS = 60_000;
/** How old what is known of a site's last answer may be: a poll every fifteen seconds is not to be a write every fifteen seconds. */
const NOTE_CALLS_MS = 5 * MINUTE_MS;
/** The app is disabled on the site: people may change that, in minutes. */
const UNREACHABLE_REST_MS = 5 * 60_000;
/** How often the app says that it is at work, and after what silence it was away: a restart is over in seconds. */
const BEAT_EVERY_MS = 20_000;
const AWAY_MS = 90_000;

export interface ScanRunnerPorts extends ScanPorts {
  readonly schedule: ScanSchedule;
  /** Of sites without the app; any other site is not found there. */
  readonly connections: Pick<ConnectionStore, 'read' | 'change' | 'endLook'>;
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
  const remote = await ports.connections.read(scan.siteTenantId, scan.connectionId);
  const way = wayOf(scan, remote, startedAt);
  const scanned = await scanSite(scan, ports, () => ports.schedule.renew(scan, SCAN_LEASE_MS), way);
  if (remote !== null) await tellCare(remote, scanned, startedAt, ports);
  if (scanned === null) return ports.schedule.forget(scan);
  // Somebody else has it, and will end it.
  if (scanned.broken === 'taken') return;
  const complete = scanned.broken === null;
  const isPolled = remote !== null && !isHeard({ ...hearing(scan, remote), foundLate: scanned.foundLate });
  // Events came, and have stopped: the site may have lost its webhook. Once, until they come again.
  if (isPolled && !way.isPolled && scan.paceMs >= QUICKEST_PACE_MS)
    await ports.connections.endLook(scan.siteTenantId, scan.connectionId, 0);
  const { afterMs, paceMs } = planScan(
    {
      ...{ ...scanned, complete, isPolled, paceMs: scan.paceMs },
      unreadMs: startedAt - (scan.lastAt === null ? scan.askedSince : scan.lastAt + scan.paceMs),
      isTriedOnce: remote?.product === 'data-center',
      isFirst: scan.lastAt === null || scanned.isStart,
    },
    ports.random(),
  );
  const asked = typeof scanned.broken === 'object' && scanned.broken?.kind === 'rate-limited' ? scanned.broken.retryAt : 0;
  const { givenUpUntil } = scanned;
  const isFull = complete && way.overlapMs === OVERLAP_MS;
  await ports.schedule.end(
    scan,
    { paceMs, givenUpUntil, lastAt: complete ? startedAt : scan.lastAt, fullAt: isFull ? startedAt : scan.fullAt },
    scanned.broken === 'unreachable' ? UNREACHABLE_REST_MS : Math.max(afterMs, asked - ports.clock.now()),
  );
  say(scan, scanned, { paceMs, isPolled }, ports);
}

const hearing = ({ lastAt }: SiteScan, { webhook, lastEventAt }: RemoteConnection) => ({
  webhook: webhook.kind,
  lastEventAt,
  lastScanAt: lastAt,
});

const wayOf = (scan: SiteScan, remote: RemoteConnection | null, now: number): ScanWay => {
  const isPolled = remote !== null && !isHeard({ ...hearing(scan, remote), foundLate: 0 });
  return { hasApp: remote === null, isPolled, overlapMs: reachBack(isPolled, scan.fullAt, now) };
};

/**
 * What a scan means for the webhook of a remote site (care-for-connections.ts): where synchronizations start or none runs any more, it is
 * looked after at once; where it has brought nothing although there was something to tell, it is not relied on.
 */
async function tellCare(
  { tenantId, connectionId, webhook, lastEventAt, lastCallAt }: RemoteConnection,
  scanned: SiteScanned | null,
  at: number,
  { connections }: Pick<ScanRunnerPorts, 'connections'>,
): Promise<void> {
  if (scanned?.broken === null && at - (lastCallAt ?? 0) > NOTE_CALLS_MS)
    await connections.change(tenantId, connectionId, { lastCallAt: Math.floor(at / MINUTE_MS) * MINUTE_MS });
  const covered: readonly string[] = webhook.kind === 'registered' ? webhook.projectIds : [];
  const isUncovered = scanned?.isStart === true && !scanned.spaces.every((space) => covered.includes(space));
  const isLeft = scanned === null && webhook.kind !== 'none';
  const wants = webhook.kind === 'none' || webhook.kind === 'registered';
  if (isLeft || (isUncovered && wants)) await connections.endLook(tenantId, connectionId, 0);
  if (webhook.kind !== 'registered' || lastEventAt !== null || scanned === null || scanned.foundLate === 0) return;
  const now = await connections.read(tenantId, connectionId);
  if (now?.lastEventAt === null && now.webhook.kind === 'registered')
    await connections.change(tenantId, connectionId, {
      webhook: { kind: 'polling', because: 'silent', registered: now.webhook },
    });
}

function say(
  { siteTenantId, connectionId }: SiteScan,
  scanned: SiteScanned,
  { paceMs, isPolled }: { readonly paceMs: number; readonly isPolled: boolean },
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
  if (!isPolled && foundLate + givenUp > 0)
    logger.info({ ...site, foundLate, givenUp, listed, points, paceMs }, 'A scan found changes that no webhook told of');
}

const noteError = ({ logger }: Pick<ScanRunnerPorts, 'logger'>, error: unknown, message: string): void =>
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, message);
