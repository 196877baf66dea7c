import { describe, expect, it } from '@jest/globals';
import { drawFaultPlan, runFaultPlan } from './faults/fault-plan.ts';
import { addComment } from './heart/comments.ts';
import { createIssue } from './heart/create-issue.ts';
import { availableTransitions, editIssue, transitionIssue } from './heart/edit-issue.ts';
import { type Random, seededRandom } from './heart/random.ts';
import { fromWikiText } from './heart/wiki-text.ts';
import { ALL_LIMITS } from './limits/rate-limits.ts';
import type { SimulatedSite } from './simulated-site.ts';
import { type LittleApp, startLittleApp } from './transport/little-app.ts';
import { type MemoryWorld, startMemoryWorld } from './transport/memory-world.ts';

const HOUR_MS = 3_600_000;
const EDITS = 150;

const drawn = <T>(random: Random, all: readonly T[]): T => {
  const one = all[Math.floor(random.next() * all.length)];
  if (one === undefined) throw new Error('Nothing to draw from');
  return one;
};

/** Somebody does something. A refusal is part of life: permissions and people come and go. */
function act({ heart: site }: SimulatedSite, random: Random, nth: number): void {
  const user = drawn(
    random,
    [...site.users.values()].filter(({ accountType }) => accountType === 'atlassian'),
  );
  const actor = { user, through: { kind: 'person' as const }, trace: null };
  const issue = drawn(random, [...site.issues.values()]);
  const nothing = { update: {}, properties: [] };
  const what = random.next();
  if (what < 0.1) {
    const [key] = [...site.projects.values()].map((project) => project.key);
    createIssue(
      site,
      actor,
      { fields: { project: { key }, issuetype: { name: 'Task' }, summary: `New ${nth}` }, ...nothing },
      'adf',
    );
  } else if (what < 0.3) addComment(site, actor, issue, { body: fromWikiText(`Remark ${nth}`) }, 'adf');
  else if (what < 0.5) {
    const ways = availableTransitions(site, issue, user);
    if (ways.length > 0) transitionIssue(site, actor, issue, drawn(random, ways).id, { fields: {}, update: {} }, 'adf');
  } else editIssue(site, actor, issue, { fields: { summary: `Title ${nth}`, labels: [`l${nth % 7}`] }, ...nothing }, 'adf');
}

/** Copies summaries of the items that both sites have by the same id, so that calls and webhooks go both ways. */
function mirror(app: LittleApp, { sites }: MemoryWorld): void {
  app.onWebhook = ({ site, trace, body: { issue } }) => {
    const [from, to] = sites[0].url === site ? sites : [sites[1], sites[0]];
    if (issue === undefined || trace !== undefined) return;
    const path = `/rest/api/3/issue/${issue.id}`;
    void app.call(from, 'GET', `${path}?fields=summary`).then((read) => {
      const { fields } = (read.body ?? {}) as { fields?: { summary: string } };
      if (read.status !== 200 || fields === undefined) return;
      return app.call(to, 'PUT', path, { fields }, { 'X-Atlassian-Webhook-Trace': 'mirror' });
    });
  };
}

/** An hour of two sites, an app, people and misfortune. */
async function anHour(seed: number): Promise<{ ledgers: string; app: string; seen: readonly number[] }> {
  const travel = seededRandom(seed + 1);
  const world = await startMemoryWorld({
    seed,
    travelMs: () => Math.floor(travel.next() * 200),
    limits: ALL_LIMITS,
    webhooks: { dropRate: 0.02, duplicateRate: 0.05, reorderMs: 3_000 },
  });
  const installing = startLittleApp(world);
  await world.clock.runUntilIdle();
  const app = await installing;
  mirror(app, world);
  const random = seededRandom(seed + 2);
  for (let nth = 0; nth < EDITS; nth += 1)
    world.clock.after(random.next() * HOUR_MS, () => act(drawn(random, world.sites), random, nth));
  const plan = runFaultPlan(
    drawFaultPlan({ seed, sites: ['acme', 'globex'], count: 12, spanMs: HOUR_MS }),
    world.sites,
    world.clock,
  );
  await world.clock.runUntilIdle();
  await plan.stop();
  const entries = world.sites.flatMap(({ heart }) => heart.ledger.entries);
  await world.simulator.close();
  return {
    ledgers: JSON.stringify(world.sites.map(({ heart }) => heart.ledger.entries)),
    app: JSON.stringify(app.received),
    seen: [...new Set(entries.map(({ status }) => status))],
  };
}

describe('the same seed', () => {
  it.each([1, 2])('%i: the same bytes of ledger and of webhooks', async (seed) => {
    const [first, second] = [await anHour(seed), await anHour(seed)];
    expect(first.ledgers.length).toBeGreaterThan(10_000);
    expect(first.ledgers === second.ledgers).toBe(true);
    expect(first.app === second.app).toBe(true);
    // The hour was one worth comparing.
    expect(first.seen).toEqual(expect.arrayContaining([200, 204]));
    expect(first.seen.length).toBeGreaterThan(2);
  });

  it('and another seed: other bytes', async () => {
    expect((await anHour(3)).ledgers).not.toEqual((await anHour(4)).ledgers);
  });
});
