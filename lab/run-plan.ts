import process from 'node:process';
import { runFaultPlan } from '../simulator/faults/fault-plan.ts';
import { seededRandom } from '../simulator/heart/random.ts';
import { CONTENT_KINDS, sceneOf } from './content-kinds.ts';
import { type Evidence, gatherEvidence, type Rest } from './evidence.ts';
import { type Breach, judge } from './judge.ts';
import type { Mutation } from './mutation.ts';
import type { LabPlan } from './plan.ts';
import { type Rig, startRig } from './rig.ts';

/** What came of a run. */
export interface Outcome {
  readonly breaches: readonly Breach[];
  /** Requests of the app, deeds of people and of the app, and virtual time until rest: how much a run was worth. */
  readonly counts: { readonly calls: number; readonly people: number; readonly writes: number; readonly restedAfterMs: number };
  readonly evidence: Evidence;
  /** The calls of the first process that was there when nothing was broken any more. */
  readonly trail: readonly string[];
  /** How many of them were made before anything happened. */
  readonly trailBegins: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * Long enough for a scan, which may rest for an hour before it finds what no event told (SPEC H5), for what waits ten minutes for a right to
 * come back, and for webhooks that Jira tries again.
 */
const LEAST_DRAIN_MS = 70 * MINUTE_MS;
/** What is parked for a cause that is over is tried again within this. */
const LONGEST_PARKED_MS = 4 * HOUR_MS;
const LOOK_EVERY_MS = 30_000;
/** People do less than a hundred things in a run; an app that writes so much will never come to rest. */
const MOST_DEEDS = 1_000;
/** On the quiet day that follows. A minute and a half of silence would count as having been away. */
const QUIET_LOOK_EVERY_MS = MINUTE_MS;

/** Runs a plan to its end, and judges it. */
export async function runPlan(plan: LabPlan, without?: Mutation): Promise<Outcome> {
  const rig = await startRig({ ...plan, without });
  const uncaught: string[] = [];
  const note = (error: unknown): void =>
    void uncaught.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', note);
  try {
    // What installed the app and began the synchronization is no part of the run.
    const trailBegins = rig.processes[0]?.fate.trail.length ?? 0;
    await live(rig, plan);
    const trail = [...(rig.processes[0]?.fate.trail ?? [])];
    const rest = await comeToRest(rig, plan);
    const evidence = gatherEvidence(rig, plan, rest, uncaught);
    return {
      breaches: judge(evidence),
      counts: {
        calls: evidence.calls.length,
        people: evidence.deeds.filter(({ by }) => by === 'person').length,
        writes: evidence.deeds.filter(({ by }) => by === 'app').length,
        restedAfterMs: rest.at - rest.healthyAt,
      },
      evidence,
      trail,
      trailBegins,
    };
  } finally {
    process.off('unhandledRejection', note);
    await rig.close();
  }
}

/** People act and things go wrong. */
async function live(rig: Rig, plan: LabPlan): Promise<void> {
  const { clock, couples } = rig;
  for (const act of plan.acts) {
    const couple = couples[act.couple];
    const kind = CONTENT_KINDS.find(({ name }) => name === act.kind);
    if (couple === undefined || kind === undefined) throw new Error(`Nobody can do ${act.kind} in couple ${act.couple}`);
    clock.after(act.at, () => kind.act(sceneOf(couple, act.side, act.nth), seededRandom(act.seed)));
  }
  const [first] = couples;
  const sites = first === undefined ? [] : [first.A.site, first.B.site];
  const faults = runFaultPlan({ seed: plan.seed, faults: plan.faults }, sites, clock);
  planMisfortune(rig, plan);
  await clock.advance(plan.spanMs);
  await rig.drive(faults.stop());
}

/** What befalls the app itself. Whoever is to die when a process is gone already, dies with the next one. */
function planMisfortune(rig: Rig, plan: LabPlan): void {
  const { clock, processes, ground } = rig;
  for (const { process, from, steps, when, goneMs } of plan.deaths)
    clock.after(from, () => {
      const fate = processes[process]?.fate;
      if (fate === undefined || fate.dead) return;
      fate.whenDead(() => void clock.after(goneMs, () => rig.revive(process)));
      fate.dieAt(fate.trail.length + steps, when);
    });
  for (const { process, from, calls, forMs } of plan.suspensions)
    clock.after(from, () => {
      const fate = processes[process]?.fate;
      fate?.pauseAt(calls, () => {
        fate.suspend();
        clock.after(forMs, () => fate.resume());
      });
    });
  for (const { from, forMs } of plan.outages)
    clock.after(from, () => {
      ground.shared.storeAway = true;
      clock.after(forMs, () => {
        ground.shared.storeAway = false;
      });
    });
}

/** Everything that was planned ends by itself within this, but for a process that came to stand still late, which goes on then. */
const AFTERMATH_MS = 2 * MINUTE_MS;

/** Lets the app work off what is left, and watches it for a day more. */
async function comeToRest(rig: Rig, plan: LabPlan): Promise<Rest> {
  const { clock, ground } = rig;
  await clock.advance(AFTERMATH_MS);
  for (const [nth, { fate }] of rig.processes.entries()) {
    fate.spare();
    fate.resume();
    if (fate.dead) rig.revive(nth);
  }
  await rig.putRight();
  const healthyAt = clock.now();
  ground.rest.lookEveryMs = LOOK_EVERY_MS;
  let oldestDueMs = 0;
  const isAmok = (): boolean => rig.witness.deeds.length > MOST_DEEDS;
  while (clock.now() < healthyAt + DAY_MS && !isAmok()) {
    await clock.advance(MINUTE_MS);
    oldestDueMs = Math.max(oldestDueMs, oldestDue(rig));
    const least = hasParked(rig) ? LONGEST_PARKED_MS : LEAST_DRAIN_MS;
    if (clock.now() - healthyAt >= least && isAtRest(rig)) break;
  }
  const rest = { healthyAt, at: clock.now(), isRest: isAtRest(rig) && !isAmok(), oldestDueMs };
  if (isAmok()) return rest;
  ground.rest.lookEveryMs = QUIET_LOOK_EVERY_MS;
  // One process is enough for a day on which nothing is to happen; the others are shut down as in a deployment.
  for (const process of rig.processes.splice(1)) await rig.drive(process.stop());
  await clock.advance(plan.quietMs);
  return rest;
}

function oldestDue({ ground: { tables }, clock }: Rig): number {
  const overdue = [...tables.lanes.values()].map(({ dueAt }) => (dueAt === null ? 0 : clock.now() - dueAt));
  return Math.max(0, ...overdue);
}

/** Something is parked that no setting of the laboratory keeps parked for good. */
const hasParked = ({ ground: { tables } }: Rig): boolean =>
  [...tables.pieces.values()].some((pieces) =>
    [...pieces.values()].some(({ state }) => state.kind === 'parked' && state.cause !== 'status-not-mapped'),
  ) || [...tables.lanes.values()].some(({ state }) => state === 'parked');

/** A lane that is watched is at rest. */
const isAtRest = (rig: Rig): boolean =>
  rig.webhooksUnderWay() === 0 &&
  [...rig.ground.tables.lanes.values()].every(({ dueAt, state }) => dueAt === null || state === 'watching');
