import http from 'node:http';
import { z } from 'zod';
import { startAnnouncing } from './processes.ts';
import type { Measure, Scenario } from './scenario.ts';

const SOCKETS = 32;
const WARM_UP_SECONDS = 1;

const small = z.object({ url: z.string(), authorization: z.string(), operations: z.number(), memoryCalls: z.number() });
const large = z.object({ items: z.number(), atStart: z.number(), allMade: z.number(), msToMakeAll: z.number() });

interface Target {
  readonly url: string;
  readonly authorization: string;
}

const get = ({ url, authorization }: Target, path: string, agent: http.Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    http
      .get(`${url}${path}`, { agent, headers: { authorization } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      })
      .once('error', reject);
  });

/** Requests a second over so many connections, each asking again as soon as it is answered. */
async function requestsPerSecond(target: Target, path: string, seconds: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS });
  const began = performance.now();
  const end = began + seconds * 1000;
  let answered = 0;
  const line = async (): Promise<void> => {
    while (performance.now() < end) {
      const status = await get(target, path, agent);
      if (status !== 200) throw new Error(`${path} was answered with ${status}`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: SOCKETS }, line));
  agent.destroy();
  return answered / ((performance.now() - began) / 1000);
}

async function measureSmall(seconds: number): Promise<readonly Measure[]> {
  const { part, announced } = await startAnnouncing({ script: 'bench/simulator-process.ts' });
  const site = small.parse(announced);
  try {
    const simple = '/rest/api/3/issue/SUP-1?fields=summary,status';
    await requestsPerSecond(site, simple, WARM_UP_SECONDS);
    return [
      {
        name: `simulator: GET of an item/s over HTTP, ${SOCKETS} connections`,
        value: await requestsPerSecond(site, simple, seconds),
        unit: '1/s',
        target: { atLeast: 2_000 },
      },
      { name: 'simulator: operations of the heart/s', value: site.operations, unit: '1/s', target: { atLeast: 50_000 } },
      { name: 'simulator: GET of an item/s without sockets', value: site.memoryCalls, unit: '1/s', target: null },
    ];
  } finally {
    await part.stop();
  }
}

async function measureLarge(): Promise<readonly Measure[]> {
  const { part, announced } = await startAnnouncing({ script: 'bench/simulator-process.ts', args: ['--large'] });
  const { items, atStart, allMade, msToMakeAll } = large.parse(announced);
  await part.stop();
  return [
    { name: `simulator: ${items} items, memory at the start`, value: atStart, unit: 'MB', target: { atMost: 1_000 } },
    { name: `simulator: ${items} items, memory with all of them made`, value: allMade, unit: 'MB', target: { atMost: 1_000 } },
    { name: `simulator: ${items} items, time to make all`, value: msToMakeAll, unit: 'ms', target: null },
  ];
}

/** The simulated world itself: when it is slow, everything measured with it is. */
export const simulator: Scenario = {
  name: 'simulator',
  measure: async ({ seconds }) => [...(await measureSmall(seconds)), ...(await measureLarge())],
};
