import { z } from 'zod';
import { commentsAt, type Expected, expectAtBothSides, type ShownAt, statusAt, summaryAt } from './both-sides.ts';
import type { LedgerEntry, RemoteSite } from './remote-site.ts';
import type { Measure, Scenario } from './scenario.ts';
import type { Stand } from './stand.ts';

/** Each kind of change is made this often, one after the other, and the points divided by it. */
const TIMES = 10;

export const pointsIn = (calls: readonly LedgerEntry[]): number =>
  calls.filter((call) => call.who === 'app').reduce((sum, call) => sum + call.points, 0);

/** Points of app calls on both sites while `work` was done and settled, for each of its things. Throws unless all of them arrived. */
async function pointsOf(stand: Stand, shownAt: ShownAt, work: () => Promise<Expected>): Promise<number> {
  const { acme, globex } = stand.sites;
  const sites = [acme, globex];
  const before = await Promise.all(sites.map(async (site) => (await site.ledger(0)).length));
  const expected = await work();
  await stand.settle();
  const calls = await Promise.all(sites.map((site, n) => site.ledger(before[n] ?? 0)));
  await expectAtBothSides(stand, expected, shownAt);
  return pointsIn(calls.flat()) / expected.size;
}

/** Does something to each item, one after the other. `change` says what both sides show thereafter. */
async function oneByOne(
  stand: Stand,
  items: readonly string[],
  change: (item: string, n: number) => Promise<string>,
): Promise<Expected> {
  const expected = new Map<string, string>();
  for (const [n, item] of items.entries()) {
    expected.set(item, await change(item, n));
    await stand.settle();
  }
  return expected;
}

const paragraph = (text: string) => ({
  version: 1,
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

async function comment(site: RemoteSite, issue: string, text: string): Promise<string> {
  const before = Number(await commentsAt(site, issue));
  await site.rest('POST', `/issue/${issue}/comment`, { body: paragraph(text) });
  return String(before + 1);
}

async function nameAnew(site: RemoteSite, issue: string, summary: string): Promise<string> {
  await site.edit([{ issue, fields: { summary } }]);
  return summary;
}

const transitions = z.object({ transitions: z.array(z.object({ id: z.string(), to: z.object({ name: z.string() }) })) });

/** Through the first transition to another status: a workflow offers also the one to where the item is, and nothing would cross. */
async function moveOn(site: RemoteSite, issue: string): Promise<string> {
  const status = await statusAt(site, issue);
  const offered = transitions.parse(await site.rest('GET', `/issue/${issue}/transitions`)).transitions;
  const next = offered.find(({ to }) => to.name !== status);
  if (next === undefined) throw new Error(`${issue} has no transition to another status.`);
  await site.rest('POST', `/issue/${issue}/transitions`, { transition: { id: next.id } });
  return next.to.name;
}

const createdName = (n: number): string => `Created for points ${n}`;

async function createOneByOne(stand: Stand): Promise<Expected> {
  const expected = new Map<string, string>();
  for (let n = 0; n < TIMES; n += 1) {
    const [id = ''] = await stand.sites.acme.create('SUP', [{ summary: createdName(n) }]);
    expected.set(id, createdName(n));
    await stand.settle();
  }
  return expected;
}

async function createAtOnce(stand: Stand): Promise<Expected> {
  const summaries = Array.from({ length: TIMES }, (_, n) => `At once ${n}`);
  const ids = await stand.sites.acme.create(
    'SUP',
    summaries.map((summary) => ({ summary })),
  );
  return new Map(ids.map((id, n) => [id, summaries[n] ?? '']));
}

/** What follows our own write: the ledger of both sites after the write, when its webhook has come and been dealt with. */
async function pointsOfEcho({ sites: { acme, globex }, settle }: Stand, issue: string, summary: string): Promise<number> {
  const before = (await globex.ledger(0)).length;
  const before2 = (await acme.ledger(0)).length;
  await acme.edit([{ issue, fields: { summary } }]);
  await settle();
  const calls = (await globex.ledger(before)).filter((call) => call.who === 'app');
  const write = calls.findIndex((call) => call.method === 'PUT');
  const writtenAt = calls[write]?.at;
  if (writtenAt === undefined) throw new Error(`“${summary}” was not written, so nothing echoed.`);
  return pointsIn([...calls.slice(write + 1), ...(await acme.ledger(before2)).filter((call) => call.at > writtenAt)]);
}

async function echoPoints(stand: Stand, items: readonly string[]): Promise<number> {
  let points = 0;
  for (const [n, item] of items.entries()) points += await pointsOfEcho(stand, item, `Echo ${n}`);
  await expectAtBothSides(stand, new Map(items.map((item, n) => [item, `Echo ${n}`])), summaryAt);
  return points / items.length;
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
    // Other items each time: what changes all the time is carried over less often, and would be cheaper.
    const all = [...(await run.twins()).keys()];
    const some = (from: number): readonly string[] => all.slice(from, from + TIMES);
    const [first, second, third] = [some(0), some(TIMES), some(2 * TIMES)] as const;
    const field = await pointsOf(stand, summaryAt, () =>
      oneByOne(stand, first, (item, n) => nameAnew(acme, item, `Points ${n}`)),
    );
    const status = await pointsOf(stand, statusAt, () => oneByOne(stand, second, (item) => moveOn(acme, item)));
    const created = await pointsOf(stand, summaryAt, () => createOneByOne(stand));
    const together = await pointsOf(stand, summaryAt, () => createAtOnce(stand));
    const comments = await pointsOf(stand, commentsAt, () =>
      oneByOne(stand, first, (item, n) => comment(acme, item, `Comment ${n}`)),
    );
    const echo = await echoPoints(stand, third);
    const everything = await pointsOverAll(stand);
    return [
      { name: 'points per plain field change', value: field, unit: 'points', target: { atMost: 1.2 } },
      { name: 'points per status change', value: status, unit: 'points', target: null },
      { name: 'points per created item, one by one', value: created, unit: 'points', target: { atMost: 1.1 } },
      { name: `points per created item, ${TIMES} at once`, value: together, unit: 'points', target: { atMost: 1.1 } },
      { name: 'points per comment', value: comments, unit: 'points', target: null },
      { name: 'points per echo', value: echo, unit: 'points', target: { atMost: 0 } },
      { name: 'points of everything so far ÷ things carried over', value: everything, unit: 'points', target: null },
    ];
  },
};
