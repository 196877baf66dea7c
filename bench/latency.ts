import { CHANGES_PER_SECOND, type Measure, type Scenario } from './scenario.ts';

/**
 * From the moment a person's change is done at the source (its webhook leaves in that moment) to the moment the target has
 * worked on our write, both by the clock of the simulated sites.
 */
export const latency: Scenario = {
  name: 'latency',
  async measure(run): Promise<readonly Measure[]> {
    const measures: Measure[] = [];
    for (const jiraMs of [0, 50]) {
      const { p50, p95, p99 } = await run.latency(jiraMs);
      const name = `change → target write, ${CHANGES_PER_SECOND}/s, Jira ${jiraMs} ms`;
      const goal = (atMost: number) => (jiraMs === 0 ? { atMost } : null);
      measures.push(
        { name: `${name}: p50`, value: p50, unit: 'ms', target: goal(60) },
        { name: `${name}: p95`, value: p95, unit: 'ms', target: goal(200) },
        { name: `${name}: p99`, value: p99, unit: 'ms', target: goal(500) },
      );
    }
    return measures;
  },
};
