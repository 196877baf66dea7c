import { drawFaultPlan, NAMED_FAULTS, type PlannedFault } from '../simulator/faults/fault-plan.ts';
import { type Random, seededRandom } from '../simulator/heart/random.ts';
import { CONTENT_KINDS } from './content-kinds.ts';
import type { Death } from './fate.ts';
import type { CoupleSide } from './sites.ts';

/** Somebody does something. Times in a plan are milliseconds after its beginning. */
export interface Act {
  readonly nth: number;
  readonly at: number;
  readonly couple: number;
  readonly side: CoupleSide;
  readonly kind: string;
  /** What the act draws by. */
  readonly seed: number;
}

/** A process stands still, as in a long pause or on a suspended machine, and goes on. */
export interface Suspension {
  readonly process: number;
  readonly from: number;
  /** It goes on until the answer of the so-many-th call to Jira from then on is there. */
  readonly calls: number;
  readonly forMs: number;
}

export interface Outage {
  readonly from: number;
  readonly forMs: number;
}

/** All that happens in a run. Plain data: any part can be left out to see whether the run still fails. */
export interface LabPlan {
  readonly seed: number;
  readonly twoTenants: boolean;
  readonly limits: boolean;
  readonly travelMs: number;
  /** Processes of the app. */
  readonly processes: number;
  /** For how long nothing may be written once all is at rest. */
  readonly quietMs: number;
  /** How long people act and things go wrong. */
  readonly spanMs: number;
  readonly acts: readonly Act[];
  /** Of the first couple's sites. */
  readonly faults: readonly PlannedFault[];
  readonly deaths: readonly Death[];
  readonly suspensions: readonly Suspension[];
  readonly outages: readonly Outage[];
}

/**
 * A site whose clock is ten minutes behind sends tokens that have run out, so that its events are lost, and dates changes before the
 * start, by which alone an item that was to be left is told from a new one (docs/lab.md).
 */
const UNDRAWN = new Set(['clock-behind']);

const PROCESSES = 2;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FEWEST_ACTS = 12;
const MORE_ACTS = 36;
const MOST_FAULTS = 10;
const MOST_DEATHS = 4;
const MOST_SUSPENSIONS = 8;
const MOST_OUTAGES = 2;
/** Longer than a lease. */
const LONGEST_SUSPENSION_MS = 60_000;
const MOST_CALLS_TO_PAUSE = 6;
const LONGEST_OUTAGE_MS = 90_000;
const MOST_STEPS_TO_DEATH = 40;
const LONGEST_GONE_MS = 30_000;
/** Somebody on the other side does the same thing a moment later. */
const DUEL = 0.3;
const DUEL_MS = 4_000;
const SECOND_TENANT = 0.25;
const LIMITED = 0.3;
const SEEDS = 2 ** 31;

const whole = (random: Random, below: number): number => Math.floor(random.next() * below);

/** Each run knows about half of what can go wrong: a fault that always covers another one up would never let it be found. */
const swarm = <T>(random: Random, all: readonly T[]): T[] => all.filter(() => random.chance(0.5));

function drawKind(random: Random): string {
  let left = random.next() * CONTENT_KINDS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of CONTENT_KINDS) {
    left -= weight;
    if (left < 0) return name;
  }
  return 'summary';
}

/** What people do in that time. */
export function drawActs(random: Random, couples: number, spanMs: number): Act[] {
  const acts: Omit<Act, 'nth'>[] = [];
  const count = FEWEST_ACTS + whole(random, MORE_ACTS);
  while (acts.length < count) {
    const side = random.chance(0.5) ? 'A' : 'B';
    const act = {
      at: whole(random, spanMs),
      couple: whole(random, couples),
      side,
      kind: drawKind(random),
      seed: whole(random, SEEDS),
    } as const;
    acts.push(act);
    if (random.chance(DUEL))
      acts.push({
        ...act,
        at: Math.min(spanMs, act.at + whole(random, DUEL_MS)),
        side: side === 'A' ? 'B' : 'A',
        seed: whole(random, SEEDS),
      });
  }
  return acts.toSorted((left, right) => left.at - right.at).map((act, nth) => ({ ...act, nth }));
}

const several = <T>(random: Random, most: number, draw: () => T): T[] => Array.from({ length: whole(random, most + 1) }, draw);

/** The run of that seed. */
export function drawPlan(seed: number): LabPlan {
  const random = seededRandom(seed);
  const twoTenants = random.chance(SECOND_TENANT);
  const spanMs = (5 + whole(random, 16)) * MINUTE_MS;
  const among = swarm(
    random,
    NAMED_FAULTS.map(({ name }) => name).filter((name) => !UNDRAWN.has(name)),
  );
  const [dies, stands, away] = [random.chance(0.5), random.chance(0.5), random.chance(0.5)];
  const process = (): number => whole(random, PROCESSES);
  const from = (): number => whole(random, spanMs);
  return {
    seed,
    twoTenants,
    limits: random.chance(LIMITED),
    travelMs: random.chance(0.8) ? 1 + whole(random, 400) : 0,
    processes: PROCESSES,
    quietMs: DAY_MS,
    spanMs,
    acts: drawActs(random, twoTenants ? 2 : 1, spanMs),
    faults:
      among.length === 0
        ? []
        : drawFaultPlan({
            seed: whole(random, SEEDS),
            sites: ['acme', 'globex'],
            count: whole(random, MOST_FAULTS + 1),
            spanMs,
            among,
          }).faults,
    deaths: dies
      ? several(random, MOST_DEATHS, () => ({
          process: process(),
          from: from(),
          steps: whole(random, MOST_STEPS_TO_DEATH),
          when: random.chance(0.5) ? 'before' : 'after',
          goneMs: whole(random, LONGEST_GONE_MS),
        }))
      : [],
    suspensions: stands
      ? several(random, MOST_SUSPENSIONS, () => ({
          process: process(),
          from: from(),
          calls: 1 + whole(random, MOST_CALLS_TO_PAUSE),
          forMs: whole(random, LONGEST_SUSPENSION_MS),
        }))
      : [],
    outages: away ? several(random, MOST_OUTAGES, () => ({ from: from(), forMs: whole(random, LONGEST_OUTAGE_MS) })) : [],
  };
}
