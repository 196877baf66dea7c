import { burstChanges } from './load.ts';
import { ITEMS, type Measure, type Scenario, setJiraLatency, type WorkersPoint } from './scenario.ts';
import { startStand } from './stand.ts';

const JIRA_MS = 100;
/** So few that a worker waits for Jira most of the time: all share the cores of one machine, and more turns each would fill these. */
const TURNS_AT_ONCE = 4;
const ITEMS_EACH = 60;
const WORKERS = [1, 2, 3, 4];

async function measureWorkers(workers: number): Promise<number> {
  const stand = await startStand({ workers, concurrency: TURNS_AT_ONCE });
  try {
    const twins = await stand.makeTwins(Math.min(ITEMS, ITEMS_EACH * workers));
    await setJiraLatency(stand.sites, JIRA_MS);
    return await burstChanges(stand.sites, twins);
  } finally {
    await stand.close();
  }
}

/** Changes a second by the number of worker processes, measured one number after the other. */
export async function growthOfWorkers(): Promise<readonly WorkersPoint[]> {
  const points: WorkersPoint[] = [];
  for (const workers of WORKERS) points.push({ workers, changesPerSecond: await measureWorkers(workers) });
  return points;
}

/** More worker processes carry more: Jira's answers are what is waited for, not each other. */
export const workers: Scenario = {
  name: 'workers',
  async measure(run): Promise<readonly Measure[]> {
    const points = await run.workers();
    const of = (count: number): number => points.find((point) => point.workers === count)?.changesPerSecond ?? Number.NaN;
    return [
      ...points.map((point) => ({
        name: `${point.workers} workers of ${TURNS_AT_ONCE} turns, Jira ${JIRA_MS} ms: changes/s`,
        value: point.changesPerSecond,
        unit: '1/s',
        target: null,
      })),
      { name: '4 workers ÷ 1 worker', value: of(4) / of(1), unit: '×', target: { atLeast: 3.5 } },
    ];
  },
};
