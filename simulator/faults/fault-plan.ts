import type { Timers } from '../heart/clock.ts';
import { type Random, seededRandom } from '../heart/random.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { CALL_FAULTS } from './call-faults.ts';
import { draw, type NamedFault, type Undo } from './named-fault.ts';
import { STATE_FAULTS } from './state-faults.ts';
import { WEBHOOK_FAULTS } from './webhook-faults.ts';

/** Everything that can go wrong by name. */
export const NAMED_FAULTS: readonly NamedFault[] = [...WEBHOOK_FAULTS, ...CALL_FAULTS, ...STATE_FAULTS];

/** One fault of a plan. Times are in ms from the plan's beginning. */
export interface PlannedFault {
  readonly fault: string;
  /** The name of the site it hits. */
  readonly site: string;
  readonly from: number;
  readonly until: number;
  /** What the fault draws by: the same again hits the same. */
  readonly seed: number;
}

/** What goes wrong in a run, and when. Plain data: printed with a failed run, it repeats it. */
export interface FaultPlan {
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
}

export interface DrawOptions {
  readonly seed: number;
  /** Names of sites. */
  readonly sites: readonly string[];
  readonly count: number;
  /** All faults begin and end within so many ms. */
  readonly spanMs: number;
  /** Names of the faults to draw from; all unless given. */
  readonly among?: readonly string[];
}

const SEEDS = 2 ** 31;

const clashes = (left: PlannedFault, right: PlannedFault): boolean =>
  left.fault === right.fault && left.site === right.site && left.from <= right.until && right.from <= left.until;
/** How often a fault that clashes with one before it is drawn anew, on the average, before the plan is left short. */
const MOST_TRIES = 20;

/**
 * A plan drawn from a seed: the same options give the same plan. The same fault never hits the same site twice at a time, since
 * its first end would end both; a short span may hence hold fewer faults than asked for.
 */
export function drawFaultPlan({ seed, sites, count, spanMs, among }: DrawOptions): FaultPlan {
  const random = seededRandom(seed);
  const names = among ?? NAMED_FAULTS.map(({ name }) => name);
  const faults: PlannedFault[] = [];
  for (let tries = 0; faults.length < count && tries < count * MOST_TRIES; tries += 1) {
    const [fault, site] = [draw(random, names), draw(random, sites)];
    const [one, other] = [Math.floor(random.next() * spanMs), Math.floor(random.next() * spanMs)];
    if (fault === null || site === null) throw new Error('A plan is drawn from at least one fault and one site');
    const times = { from: Math.min(one, other), until: Math.max(one, other) };
    const drawn = { fault, site, ...times, seed: Math.floor(random.next() * SEEDS) };
    if (!faults.some((before) => clashes(before, drawn))) faults.push(drawn);
  }
  return { seed, faults: faults.sort((left, right) => left.from - right.from) };
}

/** Makes one named fault happen; null where the site has nothing that it could hit. Throws for a name that there is not. */
export async function applyFault(name: string, site: SimulatedSite, random: Random): Promise<Undo | null> {
  const fault = NAMED_FAULTS.find((candidate) => candidate.name === name);
  if (fault === undefined) throw new Error(`No fault is called ${name}`);
  return await fault.apply(site, random);
}

/** A plan at work. */
export interface RunningPlan {
  /** Ends the faults that have begun, and begins no more; resolves when all is put right. */
  stop(): Promise<void>;
}

/** Works off a plan in the time that the timers belong to. The faults of one moment, and the ends, come in the plan's order. */
export function runFaultPlan(plan: FaultPlan, sites: readonly SimulatedSite[], timers: Timers): RunningPlan {
  const callOffs: (() => void)[] = [];
  const ends = new Set<() => Promise<void>>();
  let work = Promise.resolve();
  const inTurn = (step: () => Promise<void>): void => {
    work = work.then(step);
  };
  for (const planned of plan.faults) {
    const site = sites.find(({ heart }) => heart.name === planned.site);
    if (site === undefined) throw new Error(`The plan names the site ${planned.site}, which is not there`);
    let undo: Undo | null = null;
    const end = async (): Promise<void> => {
      ends.delete(end);
      await undo?.();
    };
    const begin = async (): Promise<void> => {
      undo = await applyFault(planned.fault, site, seededRandom(planned.seed));
      if (undo !== null) ends.add(end);
    };
    callOffs.push(timers.after(planned.from, () => inTurn(begin)));
    callOffs.push(timers.after(planned.until, () => inTurn(end)));
  }
  return {
    async stop() {
      for (const callOff of callOffs) callOff();
      await work;
      for (const end of [...ends]) await end();
    },
  };
}
