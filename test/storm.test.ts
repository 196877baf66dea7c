import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { Issue } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { environmentOf, type StartedProcess, startProcess } from './child-process.ts';
import { showItem, twinsOn } from './compare-sides.ts';
import { documentOf, type Person, personAt } from './people.ts';
import { startTwoSites, type TwoSites, until } from './two-sites.ts';

/** Half of them were made on either side. */
const ITEMS = 500;
const WORKERS = 2;
const KILLS = 10;
/** Minutes on a machine that has other things to do as well. */
const TIMEOUT_MS = 900_000;

/** A group of worker processes of which one is killed now and then, and replaced. */
class Crew {
  private readonly environment: Readonly<Record<string, string>>;
  private readonly members: StartedProcess[] = [];

  constructor(environment: Readonly<Record<string, string>>) {
    this.environment = { ...environment, ROLE: 'worker', LOG_LEVEL: 'warn' };
    for (let n = 0; n < WORKERS; n += 1) this.hire();
  }

  private hire(): void {
    this.members.push(startProcess(this.environment));
  }

  /** The longest serving one dies in the middle of whatever it does; another takes its place. */
  async killOne(): Promise<void> {
    const victim = this.members.shift();
    victim?.kill('SIGKILL');
    this.hire();
    expect(await victim?.ended).toBe('SIGKILL');
  }

  /** Resolves to their exit codes and all that they printed. */
  async dismiss(): Promise<{ codes: (number | string)[]; output: string }> {
    for (const member of this.members) member.kill('SIGTERM');
    const codes = await Promise.all(this.members.map(({ ended }) => ended));
    return { codes, output: this.members.map((member) => member.output()).join('') };
  }
}

/** More than ten events a side: what a person does to one item while the partner's people do the same to its twin. */
function editWildly(person: Person, issue: Issue, n: number, side: string): void {
  const word = `${side}${n}`;
  person.edit(issue, { summary: `${word} first` });
  person.edit(issue, { description: documentOf(`${word} described`) });
  person.edit(issue, { summary: `${word} second` });
  person.edit(issue, { labels: [...issue.labels, `label-${side}`] });
  const comment = person.comment(issue, `${word} comment`);
  person.edit(issue, { priority: { id: String(1 + ((n + side.length) % 5)) } });
  person.edit(issue, { duedate: `2027-01-${String(1 + (n % 28)).padStart(2, '0')}` });
  person.editComment(issue, comment, `${word} comment edited`);
  person.move(issue, n % 2 === 0 ? 'In Progress' : 'Done');
  person.edit(issue, { summary: `${word} last`, labels: [...issue.labels, `label-${n % 7}`] });
  person.edit(issue, {
    description: documentOf(`${word} described again`),
    duedate: `2027-02-${String(1 + (n % 28)).padStart(2, '0')}`,
  });
}

const spaceIssues = ({ heart }: SimulatedSite, projectKey: string): Issue[] =>
  [...heart.issues.values()].filter((issue) => issue.key.startsWith(`${projectKey}-`));

/** So many values at once that both sides had changed are not overwritten before a person agrees (SPEC M5). */
async function agreeToAll(two: TwoSites): Promise<void> {
  const path = `/synchronizations/${two.synchronizationId}`;
  for (let answers = 0; answers < 10; answers += 1) {
    const { brakes } = await two.support<SynchronizationDetail>('GET', path);
    if (brakes.length === 0) return;
    for (const { kind } of brakes) await two.support('POST', `${path}/brake/release`, { kind, answer: 'carry-out' });
    await two.settle();
  }
  throw new Error('Asked again and again.');
}

describe('10,000 webhooks at once, and workers that die', () => {
  let two: TwoSites;
  let crew: Crew;

  beforeAll(async () => {
    two = await startTwoSites({ role: 'web', simulator: { webhooks: { concurrent: 100, maxRetries: 0 } } });
    crew = new Crew(environmentOf(two.config));
  }, TIMEOUT_MS);

  afterAll(async () => {
    await crew?.dismiss();
    await two?.close();
  }, TIMEOUT_MS);

  const count = async (sql: string): Promise<number> => {
    const [row] = await two.database.rows(sql, [], z.object({ n: z.coerce.number() }));
    return row?.n ?? Number.NaN;
  };

  const appWrites = (): number =>
    [two.world.sites.acme, two.world.sites.globex]
      .flatMap(({ heart }) => heart.ledger.entries)
      .filter((entry) => entry.who === 'app' && entry.method !== 'GET').length;

  it(
    'leaves both sides equal, every item with one twin, and nothing undone',
    async () => {
      const { acme, globex } = two.world.sites;
      const seeds = new Set([...spaceIssues(acme, 'SUP'), ...spaceIssues(globex, 'ENG')]);
      const [mia, elif] = [personAt(acme), personAt(globex)];
      for (let n = 0; n < ITEMS / 2; n += 1) {
        mia.create('SUP', { summary: `SUP ${n}` });
        elif.create('ENG', { summary: `ENG ${n}` });
      }
      await two.settle();
      const news = (site: SimulatedSite, projectKey: string) =>
        spaceIssues(site, projectKey).filter((issue) => !seeds.has(issue));
      const [supports, engineerings] = [news(acme, 'SUP'), news(globex, 'ENG')];
      expect([supports.length, engineerings.length]).toEqual([ITEMS, ITEMS]);

      // Nothing is sent while people edit, then all of it at once.
      for (const { webhooks } of [acme, globex]) webhooks.change({ paused: true });
      for (const [n, issue] of supports.entries()) editWildly(mia, issue, n, 'a');
      for (const [n, issue] of engineerings.entries()) editWildly(elif, issue, n, 'bb');
      const waiting = acme.webhooks.counts().waiting + globex.webhooks.counts().waiting;
      expect(waiting).toBeGreaterThanOrEqual(10_000);
      for (const { webhooks } of [acme, globex]) webhooks.change({ paused: false });

      const step = ITEMS / KILLS;
      for (let kills = 0, start = appWrites(); kills < KILLS; kills += 1) {
        await until(() => appWrites() - start >= (kills + 1) * step);
        await crew.killOne();
      }
      await two.settle();
      await agreeToAll(two);

      for (const { webhooks } of [acme, globex])
        expect(webhooks.counts()).toMatchObject({ waiting: 0, refused: 0, failed: 0, dropped: 0 });

      const twins = [
        ...twinsOn(globex.heart, 'ENG').map(([originId, twin]) => [acme.heart.issues.get(originId), twin] as const),
        ...twinsOn(acme.heart, 'SUP').map(([originId, twin]) => [twin, globex.heart.issues.get(originId)] as const),
      ];
      expect(twins).toHaveLength(ITEMS);
      expect(new Set(twins.map(([support]) => support))).toEqual(new Set(supports));
      expect(new Set(twins.map(([, engineering]) => engineering))).toEqual(new Set(engineerings));
      const shown = twins.map(([support, engineering]) => ({
        key: support?.key,
        support: support === undefined ? null : showItem(acme.heart, support),
        engineering: engineering === undefined ? null : showItem(globex.heart, engineering),
      }));
      const unequal = shown.filter((pair) => JSON.stringify(pair.support) !== JSON.stringify(pair.engineering));
      expect(unequal).toEqual([]);
      expect(new Set(supports.map((issue) => issue.comments.length))).toEqual(new Set([2]));

      expect(await count("SELECT count(*) AS n FROM effect WHERE state = 'intended'")).toBe(0);
      expect(await count("SELECT count(*) AS n FROM lane WHERE state = 'parked' OR due_at IS NOT NULL")).toBe(0);
      expect(await count('SELECT count(*) AS n FROM piece WHERE parked_cause IS NOT NULL')).toBe(0);
      expect(await count('SELECT count(*) AS n FROM pair')).toBe(ITEMS);
      expect(await crew.dismiss()).toEqual({ codes: [0, 0], output: '' });
    },
    TIMEOUT_MS,
  );
});
