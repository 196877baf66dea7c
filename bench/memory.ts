import { memoryOf } from './cpu.ts';
import type { Measure, Scenario } from './scenario.ts';

/** After the load of `throughput` and `latency`: the most that the process ever had. */
export const memory: Scenario = {
  name: 'memory',
  async measure(run): Promise<readonly Measure[]> {
    const stand = await run.stand();
    await run.throughput(0);
    await run.throughput(100);
    const [part] = stand.parts;
    const used = part === undefined ? null : memoryOf(part.pid);
    if (used === null) return [];
    return [
      { name: 'memory of a process (web and worker), at most', value: used.most, unit: 'MB', target: { atMost: 250 } },
      { name: 'memory of a process (web and worker), in the end', value: used.now, unit: 'MB', target: null },
    ];
  },
};
