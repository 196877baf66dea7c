import { awaitsItem } from '../core/await-item.ts';
import { PARKED_REST_MS } from '../core/piece.ts';
import { DAILY_MS, type ParkedGroup, type Probe, planRetries, retryClassOf, retryClassOfGroup } from '../core/plan-retries.ts';
import { SIDES } from '../core/side.ts';
import type { ParkedOne, ParkedStore, RetryProbe, RetryWatch } from './healing-ports.ts';
import type { Lanes } from './ports.ts';

/** How often this process asks whether a look is due. */
const LOOK_EVERY_MS = 15_000;
/** Far longer than a look takes: a few statements and no call to Jira. */
const LOOK_LEASE_MS = 60_000;
const LOOKS_AT_ONCE = 20;
/** Woken in one statement. */
const PAGE = 1000;

export interface RetryPorts {
  readonly parked: ParkedStore;
  readonly lanes: Pick<Lanes, 'wake'>;
  readonly clock: { now(): number };
}

export interface RetryRunnerPorts extends RetryPorts {
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Tries parked pieces again until `signal` aborts. Any number of processes may run it. */
export async function runRetries(ports: RetryRunnerPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const watch of await ports.parked.claimDue(LOOKS_AT_ONCE, LOOK_LEASE_MS)) await look(watch, ports);
    } catch (error) {
      noteError(ports, {}, error);
    }
    await ports.clock.sleepUntil(ports.clock.now() + LOOK_EVERY_MS, signal);
  }
}

/** What goes wrong with one is no other one's affair; its lease brings it back. */
async function look(watch: RetryWatch, ports: RetryRunnerPorts): Promise<void> {
  const { tenantId, synchronizationId } = watch;
  try {
    const tried = await retryDue(watch, ports);
    if (tried > 0) ports.logger.info({ tenantId, synchronizationId, tried }, 'Parked pieces are tried again');
  } catch (error) {
    noteError(ports, { tenantId, synchronizationId }, error);
  }
}

const noteError = ({ logger }: Pick<RetryRunnerPorts, 'logger'>, of: object, error: unknown): void =>
  logger.error({ ...of, error: error instanceof Error ? error.name : 'unknown' }, 'Parked pieces could not be looked after');

/** Whatever was tried at any time: the clocks of processes differ a little. */
const whenever = (now: number): number => now + DAILY_MS;

/** One look after what is parked in a synchronization (SPEC R9–R11, M7). Answers how many pieces are being tried. */
export async function retryDue(watch: RetryWatch, ports: RetryPorts): Promise<number> {
  const { tenantId, synchronizationId } = watch;
  const now = ports.clock.now();
  const groups = await ports.parked.listGroups(tenantId, synchronizationId);
  const judged = await Promise.all(watch.probes.map(async (probe) => ({ probe, ...(await judgeProbe(watch, probe, ports)) })));
  const plan = planRetries(groups, judged, watch.paceMs);
  const probes = (await Promise.all(plan.one.map((group) => oldestOf(watch, group, ports)))).flat();
  let tried = (await wakeOverlooked(watch, ports)) + probes.length;
  for (const group of plan.all) tried += await tryAll(watch, group, whenever(now), ports);
  const old = groups.filter((group) => !['person', 'item'].includes(retryClassOfGroup(group)));
  for (const group of old) tried += await tryAll(watch, group, now - DAILY_MS, ports);
  const ones = probes.map(({ one }) => one);
  await tryNow(watch, ones, ports);
  const isTriedAnew = ({ cause, kind }: Probe): boolean => plan.one.some((group) => group.cause === cause && group.kind === kind);
  const waiting = judged.filter((one) => one.outcome === 'waiting' && !isTriedAnew(one)).map(({ probe }) => probe);
  await ports.parked.end({ ...watch, paceMs: plan.afterMs, probes: [...waiting, ...probes] }, plan.afterMs);
  return tried;
}

type Watched = Pick<RetryWatch, 'tenantId' | 'synchronizationId'>;

/** The one of a group that waits longest, if it still has one. */
async function oldestOf(
  { tenantId, synchronizationId }: Watched,
  { cause, kind }: ParkedGroup,
  { parked, clock }: RetryPorts,
): Promise<readonly RetryProbe[]> {
  const page = { before: whenever(clock.now()), limit: 1 };
  const found = await parked.list(tenantId, synchronizationId, { cause, kind }, page);
  return found.map((one) => ({ cause, kind, one }));
}

/** A piece that was tried was parked anew, for whatever cause, or is not parked any more. */
async function judgeProbe({ tenantId }: RetryWatch, { cause, kind, one }: RetryProbe, { parked }: RetryPorts): Promise<Probe> {
  const now = await parked.read(tenantId, one);
  if (now === 'undecided') return { cause, kind, outcome: 'waiting' };
  // Its item is not there (SPEC R13): whether the cause is, another one has to tell.
  if (now !== null && now.cause !== cause && awaitsItem(now.cause)) return { cause, kind, outcome: 'parked' };
  if (now === null || now.cause !== cause) return { cause, kind, outcome: 'free' };
  return { cause, kind, outcome: now.since > one.since ? 'parked' : 'waiting' };
}

/** Tries those of a group that were last tried before then. Answers how many. */
async function tryAll(watch: Watched, group: ParkedGroup, before: number, ports: RetryPorts): Promise<number> {
  const { tenantId, synchronizationId } = watch;
  let tried = 0;
  let page: readonly ParkedOne[];
  let after: ParkedOne | undefined;
  do {
    // What is tried counts as last tried earlier than it was, so it does not come again behind the page.
    page = await ports.parked.list(tenantId, synchronizationId, group, { before, limit: PAGE, after });
    await tryNow(watch, page, ports);
    tried += page.length;
    after = page.at(-1);
  } while (page.length === PAGE);
  return tried;
}

/** First the rest ends, then the lane is woken: should we die in between, the next turn of the lane tries them all the same. */
async function tryNow({ tenantId }: Watched, ones: readonly ParkedOne[], { parked, lanes, clock }: RetryPorts): Promise<void> {
  if (ones.length === 0) return;
  await parked.endRest(tenantId, ones, clock.now() - PARKED_REST_MS);
  await lanes.wake(
    tenantId,
    ones.map(({ subject }) => subject),
  );
}

/** What the brake stopped, and of which nobody is asked any more, is counted anew (SPEC M7). Answers of how many pairs. */
async function wakeOverlooked({ tenantId, synchronizationId }: Watched, { parked, lanes }: RetryPorts): Promise<number> {
  const items = await parked.listOverlooked(tenantId, synchronizationId, PAGE);
  await lanes.wake(tenantId, items);
  return items.length / SIDES.length;
}

/** A person asks for it: all that is parked is tried now, but for what waits for a person's answer. Answers how many. */
export async function retryAll(watch: Watched, ports: RetryPorts): Promise<number> {
  const before = whenever(ports.clock.now());
  let tried = await wakeOverlooked(watch, ports);
  for (const group of await ports.parked.listGroups(watch.tenantId, watch.synchronizationId))
    if (retryClassOf(group.cause) !== 'person') tried += await tryAll(watch, group, before, ports);
  return tried;
}
