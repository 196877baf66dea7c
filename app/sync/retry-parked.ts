import { awaitsItem } from '../core/await-item.ts';
import { PARKED_REST_MS } from '../core/piece.ts';
import { DAILY_MS, type ParkedGroup, type Probe, planRetries, retryClassOf, retryClassOfGroup } from '../core/plan-retries.ts';
import type { ParkedOne, ParkedStore, RetryProbe, RetryWatch } from './healing-ports.ts';
import type { Lanes } from './ports.ts';

/** How often this process asks whether a look is due. */
const LOOK_EVERY_MS = 15_000;
/** Far longer than a look takes: a few statements and no call to Jira. */
const LOOK_LEASE_MS = 60_000;
const LOOKS_AT_ONCE = 20;
/** Woken in one go; the next look takes the rest. */
const MOST_AT_ONCE = 1000;

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
      for (const watch of await ports.parked.claimDue(LOOKS_AT_ONCE, LOOK_LEASE_MS)) {
        const tried = await retryDue(watch, ports);
        const { tenantId, synchronizationId } = watch;
        if (tried > 0) ports.logger.info({ tenantId, synchronizationId, tried }, 'Parked pieces are tried again');
      }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      ports.logger.error({ error: name }, 'Parked pieces could not be looked after');
    }
    await ports.clock.sleepUntil(ports.clock.now() + LOOK_EVERY_MS, signal);
  }
}

/** Whatever was tried at any time: the clocks of processes differ a little. */
const whenever = (now: number): number => now + DAILY_MS;

/** One look after what is parked in a synchronization (SPEC R9–R11). Answers how many pieces are being tried. */
export async function retryDue(watch: RetryWatch, ports: RetryPorts): Promise<number> {
  const { tenantId, synchronizationId } = watch;
  const now = ports.clock.now();
  const groups = await ports.parked.listGroups(tenantId, synchronizationId);
  const judged = await Promise.all(watch.probes.map(async (probe) => ({ probe, ...(await judgeProbe(watch, probe, ports)) })));
  const plan = planRetries(groups, judged, watch.paceMs);
  const list = (group: ParkedGroup, before: number, limit: number): Promise<readonly ParkedOne[]> =>
    ports.parked.list(tenantId, synchronizationId, group, before, limit);
  const freed = await Promise.all(plan.all.map((group) => list(group, whenever(now), MOST_AT_ONCE)));
  const probes = await Promise.all(
    plan.one.map(async (group) => ({ cause: group.cause, kind: group.kind, one: (await list(group, whenever(now), 1))[0] })),
  );
  const old = groups.filter((group) => !['person', 'item'].includes(retryClassOfGroup(group)));
  const daily = await Promise.all(old.map((group) => list(group, now - DAILY_MS, MOST_AT_ONCE)));
  const tried = [...freed.flat(), ...probes.flatMap(({ one }) => one ?? []), ...daily.flat()];
  await tryNow(watch, tried, ports);
  const isTriedAnew = ({ cause, kind }: Probe): boolean => plan.one.some((group) => group.cause === cause && group.kind === kind);
  const waiting = judged.filter((one) => one.outcome === 'waiting' && !isTriedAnew(one)).map(({ probe }) => probe);
  const begun = probes.flatMap(({ cause, kind, one }): RetryProbe[] => (one === undefined ? [] : [{ cause, kind, one }]));
  await ports.parked.end({ ...watch, paceMs: plan.afterMs, probes: [...waiting, ...begun] }, plan.afterMs);
  return tried.length;
}

/** A piece that was tried was parked anew, for whatever cause, or is not parked any more. */
async function judgeProbe({ tenantId }: RetryWatch, { cause, kind, one }: RetryProbe, { parked }: RetryPorts): Promise<Probe> {
  const now = await parked.read(tenantId, one);
  // Its item is not there (SPEC R13): whether the cause is, another one has to tell.
  if (now !== null && now.cause !== cause && awaitsItem(now.cause)) return { cause, kind, outcome: 'parked' };
  if (now === null || now.cause !== cause) return { cause, kind, outcome: 'free' };
  return { cause, kind, outcome: now.since > one.since ? 'parked' : 'waiting' };
}

/** First the rest ends, then the lane is woken: should we die in between, the next turn of the lane tries them all the same. */
async function tryNow(
  { tenantId }: Pick<RetryWatch, 'tenantId'>,
  ones: readonly ParkedOne[],
  { parked, lanes, clock }: RetryPorts,
): Promise<void> {
  if (ones.length === 0) return;
  await parked.endRest(tenantId, ones, clock.now() - PARKED_REST_MS);
  await lanes.wake(
    tenantId,
    ones.map(({ subject }) => subject),
  );
}

/** A person asks for it: all that is parked is tried now, but for what waits for a person's answer. Answers how many. */
export async function retryAll(watch: Pick<RetryWatch, 'tenantId' | 'synchronizationId'>, ports: RetryPorts): Promise<number> {
  const { tenantId, synchronizationId } = watch;
  const now = ports.clock.now();
  let tried = 0;
  for (const group of await ports.parked.listGroups(tenantId, synchronizationId)) {
    if (retryClassOf(group.cause) === 'person') continue;
    const ones = await ports.parked.list(tenantId, synchronizationId, group, whenever(now), MOST_AT_ONCE);
    await tryNow(watch, ones, ports);
    tried += ones.length;
  }
  return tried;
}
