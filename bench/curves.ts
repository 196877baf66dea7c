import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Curve, drawCurve } from './draw-curve.ts';
import type { Cost, Run } from './scenario.ts';

/** Of the first size. */
const MOST_GROWTH = 1.2;
const LEAST_SPEED_UP = 3.5;

const costCurve = (title: string, xName: string, costs: readonly Cost[]): Curve => ({
  title,
  xName,
  yName: 'ms of CPU',
  note: 'CPU of Postgres and of the store for one change, without Jira, one after the other',
  limit: { y: (costs[0]?.cpu ?? 0) * MOST_GROWTH, name: `limit: ${MOST_GROWTH} × the first` },
  points: costs.map(({ size, cpu }) => ({ x: size, y: cpu })),
  byFactors: true,
});

async function curvesOf(run: Run): Promise<Readonly<Record<string, Curve>>> {
  const workers = await run.workers();
  const [first] = workers;
  const goal = (first?.changesPerSecond ?? 0) * LEAST_SPEED_UP;
  return {
    'growth-pairs': costCurve('What a change costs, by the number of pairs', 'pairs', await run.pairs()),
    'growth-tenants': costCurve(
      'What a change costs, by the number of tenants',
      'tenants, each with a synchronization',
      await run.tenants(),
    ),
    'growth-workers': {
      title: 'Changes a second, by the number of workers',
      xName: 'worker processes',
      yName: 'changes/s',
      note: 'Each takes four turns at a time, Jira answers after 100 ms, all on one machine of two cores',
      limit: { y: goal, name: `goal for four: ${LEAST_SPEED_UP} × one` },
      points: workers.map((point) => ({ x: point.workers, y: point.changesPerSecond })),
      byFactors: false,
    },
  };
}

/** Writes each curve into a folder, as numbers (JSON) and as a picture (SVG) drawn from them. */
export async function keepCurves(run: Run, folder: string): Promise<void> {
  for (const [name, curve] of Object.entries(await curvesOf(run))) {
    writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(curve, null, 2)}\n`);
    writeFileSync(path.join(folder, `${name}.svg`), drawCurve(curve));
  }
}
