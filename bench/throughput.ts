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
      measures.push({ name, value: await run.throughput(jiraMs), unit: '1/s', target: { atLeast } });
    }
    return measures;
  },
};
