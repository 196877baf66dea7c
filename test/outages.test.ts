import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING, synchronizeSpaces } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { aMomentLater, writesTo } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { type ScansByHand, scansByHand } from './scans-by-hand.ts';
import { type Scene, startScene } from './scene.ts';
import type { TurnsByHand } from './turns-by-hand.ts';
import { startInstalledSites, type TwoSites, until } from './two-sites.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let scans: ScansByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  scene = await startScene({ simulator: { indexLagMs: 0 } });
  ({ two, hand, priya, noah } = scene);
  scans = scansByHand(two, hand);
});
afterAll(() => scene.close());
afterEach(() => {
  for (const { webhooks } of Object.values(two.world.sites)) webhooks.change({ dropRate: 0 });
});

const PUT = 'PUT /issue/{issueIdOrKey}';

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was', description: plain('Before') });
  await hand.workOff();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** Everybody goes on working: the summary in A ten times, the due date in B ten times, one comment. */
function goOn({ a, b }: { a: Issue; b: Issue }): void {
  for (let n = 1; n <= 10; n += 1) {
    priya.edit(a, { summary: `Title ${n}` });
    noah.edit(b, { duedate: `2027-02-${String(n).padStart(2, '0')}` });
  }
  priya.comment(a, plain('Still there?'));
}

const shown = ({ a, b }: { a: Issue; b: Issue }) =>
  [a, b].map(({ summary, dueDate, comments }) => [
    summary,
    dueDate,
    comments.map(({ body }) => wordsOf(body).split('\n').at(-1)),
  ]);
const FINAL = ['Title 10', '2027-02-10', ['Still there?']];

/** What the app writes to both sites while `doing` happens. */
async function writesOf(doing: () => Promise<unknown>): Promise<string[][]> {
  const { acme, globex } = two.world.sites;
  for (const { heart } of [acme, globex]) heart.ledger.reset();
  await doing();
  return [acme, globex].map((site) => [...writesTo(site)].sort());
}

/** For two pairs: each item got one write with all that changed, and B's items the comment. */
const ONCE = [
  [PUT, PUT],
  ['POST /issue/{issueIdOrKey}/comment', 'POST /issue/{issueIdOrKey}/comment', PUT, PUT],
];

describe('catching up writes the final state once per item', () => {
  it('after the workers were away and webhooks piled up', async () => {
    const pairs = [await aPair(), await aPair()];
    const writes = await writesOf(async () => {
      pairs.forEach(goOn);
      await hand.workOff();
    });
    expect([...pairs.map(shown), writes]).toEqual([[FINAL, FINAL], [FINAL, FINAL], ONCE]);
  });

  it('after everybody was away and Jira gave up its webhooks', async () => {
    const pairs = [await aPair(), await aPair()];
    await scans.beat();
    await scans.takeDue();
    for (const { webhooks } of Object.values(two.world.sites)) webhooks.change({ dropRate: 1 });
    pairs.forEach(goOn);
    expect([await scans.beat(), await scans.takeDue()]).toEqual([false, []]);
    await two.database.execute("UPDATE heartbeat SET beat_at = beat_at - interval '10 minutes'", []);
    const writes = await writesOf(async () => {
      expect(await scans.beat()).toBe(true);
      expect(await scans.takeDue()).toHaveLength(2);
      await hand.workOff();
    });
    expect([...pairs.map(shown), writes]).toEqual([[FINAL, FINAL], [FINAL, FINAL], ONCE]);
  });

  it('after the synchronization stood still', async () => {
    const pairs = [await aPair(), await aPair()];
    await scans.takeDue();
    const path = `/synchronizations/${two.synchronizationId}`;
    await two.support('POST', `${path}/stop`);
    pairs.forEach(goOn);
    await two.world.idle();
    expect(await scans.takeDue()).toEqual([]);
    const writes = await writesOf(async () => {
      await two.engineering('POST', `${path}/start`, { existingItems: 'leave' });
      expect(await scans.takeDue()).toHaveLength(2);
      await hand.workOff();
    });
    expect([...pairs.map(shown), writes]).toEqual([[FINAL, FINAL], [FINAL, FINAL], ONCE]);
  });
});

it('a start that leaves existing items alone leaves those alone that changed just before it', async () => {
  const fresh = await startInstalledSites({ simulator: { indexLagMs: 0 } });
  try {
    const { acme, globex } = fresh.world.sites;
    const someone = personOn(acme, 'Priya Raman');
    someone.create('SUP', 'Task', { summary: 'Made a moment before' });
    await aMomentLater(acme);
    const partner = { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' };
    const request = { partner, name: 'Anew', description: '', content: EVERYTHING };
    await synchronizeSpaces(fresh.support, fresh.engineering, request, 'leave');
    await aMomentLater(acme);
    someone.create('SUP', 'Task', { summary: 'Made a moment after' });
    const twins = () => [...globex.heart.issues.values()].map(({ summary }) => summary).filter((one) => one.startsWith('Made'));
    await until(() => twins().length > 0);
    await fresh.settle();
    expect(twins()).toEqual(['Made a moment after']);
  } finally {
    await fresh.close();
  }
});
