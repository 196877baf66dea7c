import { type Random, seededRandom } from '../simulator/heart/random.ts';
import { drawActs, drawPlan, type LabPlan } from './plan.ts';

/** A process of the app is killed on the spot; another takes its place. */
interface Kill {
  readonly at: number;
  /** Workers are the first seats of the crew, the web process has the last one. */
  readonly seat: number;
}

/** A site answers nobody for a while, and sends nothing. */
interface SiteOutage {
  readonly from: number;
  readonly forMs: number;
  readonly site: 'acme' | 'globex';
  /** With what calls are answered; null: they are cut off. */
  readonly status: 503 | null;
}

/** All that happens in a run on the real thing. Times are milliseconds after its beginning. */
export interface RealPlan {
  /** The people, as the properties of the laboratory want them. */
  readonly people: LabPlan;
  readonly kills: readonly Kill[];
  readonly database: { readonly at: number; readonly signal: 'SIGQUIT' | 'SIGKILL' };
  readonly outage: SiteOutage;
}

export const WORKERS = 2;
const SPAN_MS = 20_000;
const FEWEST_KILLS = 2;
/** Nobody breaks anything before there is something to lose. */
const CALM_MS = 1_500;

/** The run of that seed: people, two or three dead workers, a dead web process, a dead Postgres, and a site that is away. */
export function drawRealPlan(seed: number, outageMs: number): RealPlan {
  const random = seededRandom(seed);
  const spanMs = Math.max(SPAN_MS, outageMs + 2 * CALM_MS);
  const whole = (below: number): number => Math.floor(random.next() * below);
  const moment = (before = spanMs): number => CALM_MS + whole(before - CALM_MS);
  const kills = Array.from({ length: FEWEST_KILLS + whole(2) }, () => ({ at: moment(), seat: whole(WORKERS) }));
  return {
    people: drawPeople(random, seed, spanMs),
    kills: [...kills, { at: moment(), seat: WORKERS }].toSorted((left, right) => left.at - right.at),
    database: { at: moment(), signal: random.chance(0.5) ? 'SIGQUIT' : 'SIGKILL' },
    outage: {
      from: moment(spanMs - outageMs),
      forMs: outageMs,
      site: random.chance(0.5) ? 'acme' : 'globex',
      status: random.chance(0.5) ? 503 : null,
    },
  };
}

const drawPeople = (random: Random, seed: number, spanMs: number): LabPlan => ({
  ...drawPlan(seed),
  twoTenants: false,
  limits: false,
  spanMs,
  acts: drawActs(random, 1, spanMs),
  faults: [],
  deaths: [],
  suspensions: [],
  outages: [],
});

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What is broken, for whoever reads a report. */
export const describeRealPlan = ({ people, kills, database, outage }: RealPlan): string =>
  [
    `${people.acts.length} acts in ${seconds(people.spanMs)}`,
    ...kills.map(({ at, seat }) => `kill -9 of ${seat === WORKERS ? 'the web process' : `worker ${seat}`} at ${seconds(at)}`),
    `Postgres ends by ${database.signal} at ${seconds(database.at)}`,
    `${outage.site} ${outage.status === null ? 'cuts everybody off' : `answers ${outage.status}`} from ${seconds(outage.from)} for ${seconds(outage.forMs)}`,
  ].join('; ');
