import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf, spentOn } from '../../test/ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from '../../test/person.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';

const PUT = 'PUT /issue/{issueIdOrKey}';
const POST = 'POST /issue';
const TRANSITION = 'POST /issue/{issueIdOrKey}/transitions';

const PUT_COMMENT = 'PUT /issue/{issueIdOrKey}/comment/{id}';
/** Of which an event's wiki markup shows other letters than we sent. */
const RICH = {
  type: 'doc',
  version: 1,
  content: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'See ' },
        { type: 'inlineCard', attrs: { url: 'https://example.com/runbook' } },
        { type: 'text', text: ' and ' },
        { type: 'text', text: 'deploy', marks: [{ type: 'code' }] },
      ],
    },
  ],
};

let two: TwoSites;
let priya: Person;
let noah: Person;
beforeAll(async () => {
  two = await startTwoSites();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
  // The first item of a space costs a search for where a lost twin would have to be looked for.
  await aPair();
});
afterAll(() => two.close());
afterEach(() => {
  for (const { webhooks } of Object.values(two.world.sites)) webhooks.change({ paused: false });
});

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was', labels: ['one'], duedate: '2027-01-01' });
  await two.settle();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

const transitionedRow = z.object({ transitioned: z.unknown() });
/** What is remembered of our last transition of its pair. */
async function transitionedOf({ id }: Issue): Promise<unknown> {
  const [row] = await two.database.rows('SELECT transitioned FROM pair WHERE a_issue_id = $1', [id], transitionedRow);
  return row?.transitioned ?? null;
}

/** While nothing is delivered: both sides change, and only then each hears of it. */
async function atOnce(doing: () => void): Promise<void> {
  const sites = Object.values(two.world.sites);
  for (const site of sites) site.webhooks.change({ paused: true });
  doing();
  for (const site of sites) site.webhooks.change({ paused: false });
  await two.settle();
}

describe('what it costs, by the ledgers of the sites', () => {
  it('[O8] a plain new item costs its creation alone', async () => {
    const spent = await spentOn(two, aPair);
    expect(spent).toEqual({ acme: [], globex: [POST], points: 1 });
  });

  it('[O8] one with a text is read once more', async () => {
    const spent = await spentOn(two, () => priya.create('SUP', 'Task', { summary: 'With a text', description: plain('Hello') }));
    expect(spent).toEqual({ acme: [], globex: [POST], points: 3 });
  });

  it('[O2] plain changes of one item, back and forth, cost a point each, and nothing is read', async () => {
    const { a, b } = await aPair();
    for (let round = 0; round < 3; round++) {
      const there = await spentOn(two, () => priya.edit(a, { summary: `Round ${round}`, labels: [`label-${round}`] }));
      const back = await spentOn(two, () => noah.edit(b, { duedate: `2027-02-${round + 10}` }));
      expect([there.points, back.points]).toEqual([1, 1]);
    }
    expect([b.summary, b.labels, a.dueDate]).toEqual(['Round 2', ['label-2'], '2027-02-12']);
  });

  const setStrict = (strict: boolean) =>
    two.database.execute(
      "UPDATE synchronization SET configuration = jsonb_set(configuration, '{strict}', to_jsonb($1::boolean))",
      [strict],
    );

  it.each([
    { title: 'a status change costs a look at the target and the transition', strict: false, points: 3 },
    { title: 'a strict one a look at the source, too', strict: true, points: 5 },
  ])('[O11] $title, and what comes back of it nothing, without a line in the history', async ({ strict, points }) => {
    const { a } = await aPair();
    const before = await historyOf(two, a);
    await setStrict(strict);
    const spent = await spentOn(two, () => priya.setStatus(a, 'In Progress'));
    await setStrict(false);
    expect(spent).toEqual({ acme: [], globex: [TRANSITION], points });
    expect((await historyOf(two, a)).slice(before.length)).toEqual(['applied status A']);
    expect(await transitionedOf(a)).toBeNull();
  });

  it.each([
    { title: 'an edited comment costs a look at both sides and the write', strict: false },
    { title: 'a strict one no more', strict: true },
  ])('[O11] $title, whatever is in it, and what comes back of it nothing, without a line', async ({ strict }) => {
    const { a } = await aPair();
    const comment = priya.comment(a, plain('As it was'));
    await two.settle();
    const before = await historyOf(two, a);
    await setStrict(strict);
    const spent = await spentOn(two, () => priya.editComment(a, comment.id, RICH));
    await setStrict(false);
    expect(spent).toEqual({ acme: [], globex: [PUT_COMMENT], points: 2 * 2 + 1 });
    expect((await historyOf(two, a)).slice(before.length)).toEqual([`applied comment:A:${comment.id} A`]);
  });

  it('[O9] both sides change different fields at once: each crosses, and one write each is enough', async () => {
    const { a, b } = await aPair();
    const spent = await spentOn(two, () =>
      atOnce(() => {
        priya.edit(a, { summary: 'From A' });
        noah.edit(b, { duedate: '2027-12-24' });
      }),
    );
    expect([a.summary, a.dueDate, b.summary, b.dueDate]).toEqual(['From A', '2027-12-24', 'From A', '2027-12-24']);
    expect([spent.acme, spent.globex]).toEqual([[PUT], [PUT]]);
  });

  it('[G5] both sides change the same labels at once: both changes stand, whoever is first', async () => {
    const { a, b } = await aPair();
    await atOnce(() => {
      priya.edit(a, { labels: ['one', 'from-a'] });
      noah.edit(b, { labels: ['from-b'] });
    });
    expect([a.labels.toSorted(), b.labels.toSorted()]).toEqual([
      ['from-a', 'from-b'],
      ['from-a', 'from-b'],
    ]);
  });
});

describe('an edit that slips in before our write, while its own event is late', () => {
  /** B is edited, and hears nothing of it; then A is edited, and that crosses. */
  async function slipIn(later: 'A' | 'B'): Promise<{ a: Issue; b: Issue }> {
    const { a, b } = await aPair();
    two.world.sites.globex.webhooks.change({ paused: true });
    if (later === 'A') noah.edit(b, { summary: 'From B' });
    two.world.sites.acme.webhooks.change({ paused: later === 'B' });
    if (later === 'A') await aMomentLater(two.world.sites.globex);
    priya.edit(a, { summary: 'From A' });
    if (later === 'B') {
      await aMomentLater(two.world.sites.acme);
      noah.edit(b, { summary: 'From B' });
    }
    two.world.sites.acme.webhooks.change({ paused: false });
    await two.world.sites.acme.webhooks.idle();
    two.world.sites.globex.webhooks.change({ paused: false });
    await two.settle();
    return { a, b };
  }

  it('[O7] loses to the newer one, is said to be overwritten and kept', async () => {
    const { a, b } = await slipIn('A');
    expect([a.summary, b.summary]).toEqual(['From A', 'From A']);
    expect(await historyOf(two, a)).toContain('overwritten field:summary A conflict-lost');
  });

  it('[O7] wins when it is the newer one: it is put back and crosses', async () => {
    const { a, b } = await slipIn('B');
    expect([a.summary, b.summary]).toEqual(['From B', 'From B']);
  });

  it('[O9] in another field is seen in the answer to our write', async () => {
    const { a, b } = await aPair();
    two.world.sites.globex.webhooks.change({ paused: true });
    noah.edit(b, { duedate: '2027-06-06' });
    noah.comment(b, plain('in between'));
    priya.edit(a, { summary: 'From A' });
    await two.world.sites.acme.webhooks.idle();
    two.world.sites.globex.webhooks.change({ paused: false });
    await two.settle();
    expect([a.dueDate, b.summary, wordsOf(a.comments.at(-1)?.body)]).toEqual([
      '2027-06-06',
      'From A',
      'Noah Becker:\nin between',
    ]);
  });
});
