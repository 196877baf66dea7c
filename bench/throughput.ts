import { ITEMS, type Measure, type Scenario } from './scenario.ts';

/** Every item is changed in one moment; how many a second arrive at the target until all have. The median of some bursts. */
export const throughput: Scenario = {
  name: 'throughput',
  async measure(run): Promise<readonly Measure[]> {
    const measures: Measure[] = [];
    for (const [jiraMs, atLeast] of [
      [0, 400],
      [100, 200],
    ] as const) {
      const name = `changes/s, ${ITEMS} items at once, Jira ${jiraMs} ms`;
      const { changesPerSecond, cpu } = await run.throughput(jiraMs);
      measures.push({ name, value: changesPerSecond, unit: '1/s', target: { atLeast } });
      for (const [part, ms] of Object.entries(cpu ?? {})) {
        measures.push({ name: `CPU of ${part} per change, Jira ${jiraMs} ms`, value: ms, unit: 'ms', target: null });
      }
    }
    return measures;
  },
};
