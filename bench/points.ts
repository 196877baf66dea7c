import { z } from 'zod';
import type { LedgerEntry, RemoteSite } from './remote-site.ts';
import type { Measure, Scenario } from './scenario.ts';
import type { Stand } from './stand.ts';

/** Each kind of change is made this often, one after the other, and the points divided by it. */
const TIMES = 10;

/** Points of app calls on both sites while `work` was done and settled. */
async function pointsOf(stand: Stand, work: () => Promise<unknown>): Promise<number> {
  const { acme, globex } = stand.sites;
  const sites = [acme, globex];
  const before = await Promise.all(sites.map(async (site) => (await site.ledger(0)).length));
  await work();
  await stand.settle();
  const calls = await Promise.all(sites.map((site, n) => site.ledger(before[n] ?? 0)));
  return pointsIn(calls.flat()) / TIMES;
}

export const pointsIn = (calls: readonly LedgerEntry[]): number =>
  calls.filter((call) => call.who === 'app').reduce((sum, call) => sum + call.points, 0);

async function repeat(stand: Stand, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < TIMES; n += 1) {
    await work(n);
    await stand.settle();
  }
}

const paragraph = (text: string) => ({
  version: 1,
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** What follows our own write: the ledger of both sites after the write, when its webhook has come and been dealt with. */
async function echoPoints(stand: Stand, items: readonly string[]): Promise<number> {
  const { acme, globex } = stand.sites;
  let points = 0;
  await repeat(stand, async (n) => {
    const before = (await globex.ledger(0)).length;
    const before2 = (await acme.ledger(0)).length;
    await acme.edit([{ issue: items[n] ?? '', fields: { summary: `Echo ${n}` } }]);
    await stand.settle();
    const calls = (await globex.ledger(before)).filter((call) => call.who === 'app');
    const write = calls.findIndex((call) => call.method === 'PUT');
    const writtenAt = calls[write]?.at ?? Number.POSITIVE_INFINITY;
    points += pointsIn([...calls.slice(write + 1), ...(await acme.ledger(before2)).filter((call) => call.at > writtenAt)]);
  });
  return points / TIMES;
}

const create = (site: RemoteSite, n: number) => site.create('SUP', [{ summary: `Created for points ${n}` }]);

const named = z.object({ id: z.string() });
const transitions = z.object({ transitions: z.array(z.object({ id: z.string(), to: named })) });
const statusOf = z.object({ fields: z.object({ status: named }) });

/** Through the first transition to another status: a workflow offers also the one to where the item is, and nothing would cross. */
async function moveOn(site: RemoteSite, issue: string): Promise<void> {
  const { status } = statusOf.parse(await site.rest('GET', `/issue/${issue}?fields=status`)).fields;
  const offered = transitions.parse(await site.rest('GET', `/issue/${issue}/transitions`)).transitions;
  const next = offered.find(({ to }) => to.id !== status.id);
  if (next === undefined) throw new Error(`${issue} has no transition to another status.`);
  await site.rest('POST', `/issue/${issue}/transitions`, { transition: { id: next.id } });
}

/**
 * Everything that was called since the stand began (set-up, scans, creations, all that was looked at again), for each thing that
 * arrived: nothing is left out.
 */
async function pointsOverAll({ sites: { acme, globex } }: Stand): Promise<number> {
  const calls = (await Promise.all([acme.ledger(0), globex.ledger(0)])).flat().filter(({ who }) => who === 'app');
  return pointsIn(calls) / pointsIn(calls.filter(isWrite));
}

/** Each thing that is written is a point by itself, so the points of the writes are the things that arrived, also of a bulk creation. */
const isWrite = ({ method, path, status }: LedgerEntry): boolean =>
  status < 300 && (method === 'PUT' || (method === 'POST' && !/search|jql|changelog|bulkfetch|webhook|permissions/.test(path)));

/** Jira's points per thing carried over, from the ledgers of both sites. */
export const points: Scenario = {
  name: 'points',
  async measure(run): Promise<readonly Measure[]> {
    const stand = await run.stand();
    const { acme } = stand.sites;
    // Another item each time: what changes all the time is carried over less often, and would be cheaper.
    const items = [...(await run.twins()).keys()];
    const item = (n: number): string => items[n] ?? '';
    const field = await pointsOf(stand, () =>
      repeat(stand, (n) => acme.edit([{ issue: item(n), fields: { summary: `Points ${n}` } }])),
    );
    const status = await pointsOf(stand, () => repeat(stand, (n) => moveOn(acme, item(n + TIMES))));
    const created = await pointsOf(stand, () => repeat(stand, (n) => create(acme, n)));
    const together = await pointsOf(stand, () =>
      acme.create(
        'SUP',
        Array.from({ length: TIMES }, (_, n) => ({ summary: `At once ${n}` })),
      ),
    );
    const comment = await pointsOf(stand, () =>
      repeat(stand, (n) => acme.rest('POST', `/issue/${item(n)}/comment`, { body: paragraph(`Comment ${n}`) })),
    );
    const echo = await echoPoints(stand, items.slice(2 * TIMES));
    return [
      { name: 'points per plain field change', value: field, unit: 'points', target: { atMost: 1.2 } },
      { name: 'points per status change', value: status, unit: 'points', target: null },
      { name: 'points per created item, one by one', value: created, unit: 'points', target: { atMost: 1.1 } },
      { name: `points per created item, ${TIMES} at once`, value: together, unit: 'points', target: { atMost: 1.1 } },
      { name: 'points per comment', value: comment, unit: 'points', target: null },
      { name: 'points per echo', value: echo, unit: 'points', target: { atMost: 0 } },
      {
        name: 'points of everything so far ÷ things carried over',
        value: await pointsOverAll(stand),
        unit: 'points',
        target: null,
      },
    ];
  },
};
