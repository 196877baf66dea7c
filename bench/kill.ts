import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { collectWrites, startChanges } from './load.ts';
import { ITEMS, type Measure, type Scenario, setJiraLatency } from './scenario.ts';
import { type Stand, startStand } from './stand.ts';

const JIRA_MS = 50;
const PER_SECOND = 50;
const SECONDS_BEFORE = 3;
/** Longer than a lease, so that what the dead worker held is taken over under load. */
const SECONDS_AFTER = 17;
/** Being made when the worker dies. */
const CREATED = 100;

const page = z.object({
  issues: z.array(z.object({ fields: z.object({ summary: z.string() }) })),
  nextPageToken: z.string().nullish(),
});

/** How many items of ENG have a summary that begins so. Asks until the search index has come up with all that was made. */
async function countMade(stand: Stand, prefix: string): Promise<number> {
  const { globex } = stand.sites;
  const token = (value: string | null | undefined): string =>
    value === null || value === undefined ? '' : `&nextPageToken=${value}`;
  let count = 0;
  let next: string | null | undefined;
  do {
    const path = `/search/jql?jql=${encodeURIComponent('project = ENG ORDER BY created DESC')}&fields=summary&maxResults=1000${token(next)}`;
    const { issues, nextPageToken } = page.parse(await globex.rest('GET', path));
    count += issues.filter(({ fields }) => fields.summary.startsWith(prefix)).length;
    next = nextPageToken;
  } while (next !== null && next !== undefined);
  return count;
}

async function measureKill(stand: Stand): Promise<readonly Measure[]> {
  const { acme, globex } = stand.sites;
  const [, victim] = stand.parts;
  const twins = await stand.makeTwins(ITEMS);
  await setJiraLatency(stand.sites, JIRA_MS);
  const before = (await globex.ledger(0)).length;
  const load = startChanges(stand.sites, twins, { perSecond: PER_SECOND, seconds: SECONDS_BEFORE + SECONDS_AFTER });
  await delay(SECONDS_BEFORE * 1000);
  const creations = acme.create(
    'SUP',
    Array.from({ length: CREATED }, (_, n) => ({ summary: `Made while a worker died ${n}` })),
  );
  await delay(400);
  await victim?.kill();
  await creations;
  const changes = await load;
  await stand.settle();
  await setJiraLatency(stand.sites, 0);
  const writes = await collectWrites(globex, before, 0);
  const writtenAt = Map.groupBy(writes, ({ issueId }) => issueId ?? '');
  const waits = changes.map(({ issue, at }) => {
    const write = writtenAt.get(twins.get(issue) ?? '')?.find((one) => one.at >= at);
    return write === undefined ? Number.POSITIVE_INFINITY : write.at - at;
  });
  const [sources, targets] = [await acme.summaries(twins.keys()), await globex.summaries(twins.values())];
  const lost = [...twins].filter(([source, target]) => sources.get(source) !== targets.get(target)).length;
  const made = await countMade(stand, 'Made while a worker died');
  return [
    {
      name: 'SIGKILL of one of two workers: longest wait of a change',
      value: Math.max(...waits) / 1000,
      unit: 's',
      target: { atMost: 15 },
    },
    { name: 'SIGKILL: changes lost', value: lost, unit: '', target: { atMost: 0 } },
    { name: `SIGKILL: of ${CREATED} created items lost`, value: Math.max(0, CREATED - made), unit: '', target: { atMost: 0 } },
    { name: `SIGKILL: of ${CREATED} created items doubled`, value: Math.max(0, made - CREATED), unit: '', target: { atMost: 0 } },
  ];
}

/** A worker dies at once, in the middle of writes and creations; the other one goes on. */
export const kill: Scenario = {
  name: 'kill',
  async measure(): Promise<readonly Measure[]> {
    const stand = await startStand({ workers: 2 });
    try {
      return await measureKill(stand);
    } finally {
      await stand.close();
    }
  },
};
