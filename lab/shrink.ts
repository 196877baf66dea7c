import type { LabPlan } from './plan.ts';

/** The parts of a plan that can be left out one by one. */
const LISTS = ['faults', 'deaths', 'suspensions', 'outages', 'acts'] as const;

const MOST_RUNS = 200;

/** Whether a plan still fails as the whole one did. */
export type StillFails = (plan: LabPlan) => Promise<boolean>;

/** Leaves out of a failing plan whatever it fails without: halves first, then quarters, down to single parts. */
export async function shrink(plan: LabPlan, stillFails: StillFails): Promise<LabPlan> {
  let smallest = plan;
  let runs = 0;
  // What was left out later can make the same plan again; the same plan makes the same run.
  const tried = new Set([JSON.stringify(plan)]);
  const attempt = async (smaller: LabPlan): Promise<boolean> => {
    const written = JSON.stringify(smaller);
    if (runs >= MOST_RUNS || tried.has(written)) return false;
    tried.add(written);
    runs += 1;
    if (!(await stillFails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  for (const simpler of [{ limits: false }, { travelMs: 0 }, { quietMs: 0 }]) await attempt({ ...smallest, ...simpler });
  for (let before = -1; before !== sizeOf(smallest) && runs < MOST_RUNS; ) {
    before = sizeOf(smallest);
    for (const list of LISTS) await shrinkList(list, () => smallest, attempt);
  }
  return smallest;
}

const sizeOf = (plan: LabPlan): number => LISTS.reduce((sum, list) => sum + plan[list].length, 0);

async function shrinkList(
  list: (typeof LISTS)[number],
  now: () => LabPlan,
  attempt: (smaller: LabPlan) => Promise<boolean>,
): Promise<void> {
  for (let chunk = now()[list].length; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let from = 0; from < now()[list].length; ) {
      const without = now()[list].filter((_, place) => place < from || place >= from + chunk);
      if (!(await attempt({ ...now(), [list]: without }))) from += chunk;
    }
  }
}
