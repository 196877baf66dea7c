import { z } from 'zod';
import type { Twins } from './arrival.ts';
import { burstChanges, steadyChanges } from './load.ts';
import { startAnnouncing } from './processes.ts';
import { CHANGES_PER_SECOND, ITEMS, type Measure, type Scenario, setJiraLatency } from './scenario.ts';
import { startSites } from './stand.ts';

const ratio = (name: string, value: number, atMost: number | null): Measure => ({
  name,
  value,
  unit: '×',
  target: atMost === null ? null : { atMost },
});

async function measureFloor(seconds: number) {
  const sites = await startSites();
  const { acme, globex } = sites;
  const items = Array.from({ length: ITEMS }, (_, n) => ({ summary: `Load ${n}` }));
  const sources = await acme.create('SUP', items);
  const targets = await globex.create('ENG', items);
  const twins: Twins = new Map(sources.map((id, n) => [id, targets[n] ?? '']));
  const idOffset = String(Number(targets[0]) - Number(sources[0]));
  const { part, announced } = await startAnnouncing({
    script: 'bench/floor-process.ts',
    args: [globex.url, globex.authorization, idOffset],
  });
  const { baseUrl } = z.object({ baseUrl: z.string() }).parse(announced);
  await acme.control('POST', '/apps', { descriptorUrl: `${baseUrl}/descriptor` });
  try {
    const latency = await steadyChanges(sites, twins, { perSecond: CHANGES_PER_SECOND, seconds });
    const burst0 = await burstChanges(sites, twins);
    await setJiraLatency(sites, 100);
    const burst100 = await burstChanges(sites, twins);
    return { latency, burst0, burst100 };
  } finally {
    await part.stop();
    await sites.close();
  }
}

/** A bare receive-and-PUT loop under the same load in the same run, and how far Tandem is from it. */
export const floor: Scenario = {
  name: 'floor',
  async measure(run): Promise<readonly Measure[]> {
    const bare = await measureFloor(run.seconds);
    const tandem = {
      latency: await run.latency(0),
      burst0: (await run.throughput(0)).changesPerSecond,
      burst100: (await run.throughput(100)).changesPerSecond,
    };
    return [
      {
        name: `floor: change → target write, ${CHANGES_PER_SECOND}/s, Jira 0 ms: p50`,
        value: bare.latency.p50,
        unit: 'ms',
        target: null,
      },
      { name: 'floor: changes/s, Jira 0 ms', value: bare.burst0, unit: '1/s', target: null },
      { name: 'floor: changes/s, Jira 100 ms', value: bare.burst100, unit: '1/s', target: null },
      ratio('Tandem ÷ floor: p50', tandem.latency.p50 / bare.latency.p50, 3),
      ratio('floor ÷ Tandem: changes/s, Jira 0 ms', bare.burst0 / tandem.burst0, null),
      ratio('floor ÷ Tandem: changes/s, Jira 100 ms', bare.burst100 / tandem.burst100, null),
    ];
  },
};
