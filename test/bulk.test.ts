import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EVERYTHING, synchronizeSpaces } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { showItem, twinsOn } from './compare-sides.ts';
import { documentOf, personAt } from './people.ts';
import { type InstalledSites, startInstalledSites, until } from './two-sites.ts';

/** Points an item may cost each site. The bench says 1.02 and 1.01; here the few items of the space, their comments and texts weigh more. */
const MOST_POINTS = 1.25;
const A_DAY_MS = 86_400_000;
const TIMEOUT_MS = 60_000;

let sites: InstalledSites;

afterEach(() => sites.close(), TIMEOUT_MS);

const request = () => ({
  partner: { kind: 'other-site' as const, siteUrl: sites.world.sites.globex.url, projectKey: 'ENG' },
  name: 'Support and Engineering',
  description: '',
  content: EVERYTHING,
});

const counted = z.object({ n: z.coerce.number() });
const count = async (sql: string): Promise<number> => (await sites.database.rows(sql, [], counted))[0]?.n ?? Number.NaN;

/** The app's calls of one kind to a site. */
const calls = ({ heart }: SimulatedSite, path: string) =>
  heart.ledger.entries.filter(
    (entry) => entry.who === 'app' && entry.path.endsWith(path) && entry.method.toUpperCase() === 'POST',
  );

/** What the app paid a site for items: setting up is not counted. */
const pointsFor = ({ heart }: SimulatedSite, without = 'createmeta'): number =>
  heart.ledger.entries
    .filter(
      ({ who, path }) =>
        who === 'app' && /\/(issue|search)(\/|$)/.test(path) && !/createmeta/.test(path) && !path.includes(without),
    )
    .reduce((sum, { points }) => sum + points, 0);

/** Each of them has one twin that shows the same. */
function expectCarried(items: readonly Issue[]): void {
  const { acme, globex } = sites.world.sites;
  const twins = Map.groupBy(twinsOn(globex.heart, 'ENG'), ([originId]) => originId);
  for (const item of items) {
    const of = twins.get(item.id) ?? [];
    expect(of).toHaveLength(1);
    const [, twin] = of[0] ?? [];
    expect(twin === undefined ? null : showItem(globex.heart, twin)).toEqual(showItem(acme.heart, item));
  }
}

/** All is carried over, and each twin was seen. */
async function untilPairs(pairs: number): Promise<void> {
  await until(async () => (await count('SELECT count(*) AS n FROM pair')) >= pairs);
  await sites.settle();
  await until(async () => (await count('SELECT count(*) AS n FROM lane WHERE due_at IS NOT NULL')) === 0);
}

/** Nothing is under way, nothing open, nothing parked. */
async function expectAtRest(): Promise<void> {
  expect(await count("SELECT count(*) AS n FROM effect WHERE state = 'intended'")).toBe(0);
  expect(await count("SELECT count(*) AS n FROM lane WHERE state <> 'open' OR due_at IS NOT NULL")).toBe(0);
}

describe('many items at once', () => {
  it(
    'a backfill lists each item once, makes each twin by a share of a call, and reads nothing besides',
    async () => {
      const ITEMS = 300;
      sites = await startInstalledSites({ simulator: { indexLagMs: 0 } });
      const { acme, globex } = sites.world.sites;
      acme.control.skewMs = -A_DAY_MS;
      const mia = personAt(acme);
      const olds = Array.from({ length: ITEMS }, (_, n) =>
        mia.create('SUP', { summary: `Old ${n}`, description: documentOf(`Told ${n}`), labels: [`label-${n % 5}`] }),
      );
      await sites.settle();
      acme.control.skewMs = 0;
      for (const { heart } of [acme, globex]) heart.ledger.reset();
      await synchronizeSpaces(sites.support, sites.engineering, request(), 'synchronize');
      await untilPairs(ITEMS);
      const made = calls(globex, '/issue/bulk');
      expect(made.length).toBeLessThan(ITEMS / 5);
      const pairs = await count('SELECT count(*) AS n FROM pair');
      expect(pointsFor(acme) / pairs).toBeLessThanOrEqual(MOST_POINTS);
      // An overlap scan lists what it finds, whoever made it.
      expect(pointsFor(globex, 'search') / pairs).toBeLessThanOrEqual(MOST_POINTS);
      expectCarried(olds);
      await expectAtRest();
    },
    TIMEOUT_MS,
  );

  it(
    'a storm of new items is made by shares of a few calls and told, not read; nobody is made twice when half of the answers are lost',
    async () => {
      const ITEMS = 50;
      sites = await startInstalledSites();
      const { acme, globex } = sites.world.sites;
      await synchronizeSpaces(sites.support, sites.engineering, request(), 'leave');
      // The scans that come with a start are paid apart.
      await sites.settle();
      const mia = personAt(acme);
      const storm = async (word: string): Promise<Issue[]> => {
        acme.webhooks.change({ paused: true });
        const items = Array.from({ length: ITEMS }, (_, n) => mia.create('SUP', { summary: `${word} ${n}` }));
        for (const { heart } of [acme, globex]) heart.ledger.reset();
        acme.webhooks.change({ paused: false });
        return items;
      };
      const news = await storm('New');
      await untilPairs(ITEMS);
      expectCarried(news);
      expect(pointsFor(acme)).toBe(0);
      expect(pointsFor(globex) / ITEMS).toBeLessThanOrEqual(MOST_POINTS);
      expect(calls(globex, '/issue/bulk').length).toBeGreaterThan(0);
      expect(calls(globex, '/issue/bulk').length + calls(globex, '/issue').length).toBeLessThan(ITEMS / 2);

      globex.faults.add({ method: 'POST', path: '/rest/api/3/issue/bulk', when: 'after', status: null, times: 2 });
      const again = await storm('Lost');
      await untilPairs(2 * ITEMS);
      expectCarried([...news, ...again]);
      await expectAtRest();
    },
    TIMEOUT_MS,
  );
});
