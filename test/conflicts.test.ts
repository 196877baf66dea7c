import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import { EVERYTHING } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { aMomentLater, historyOf, type Spent, spentOn } from './ledgers.ts';
import { doc, type Person, paragraph, personOn, plain, text, twinOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

let two: TwoSites;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

const PUT = 'PUT /issue/{issueIdOrKey}';

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was', description: plain('Before'), labels: ['old'] });
  await two.settle();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** Everything in `edits` has happened on both sites before either has told of it. */
async function atTheSameTime(edits: () => Promise<void> | void): Promise<Spent> {
  const sites = Object.values(two.world.sites);
  return spentOn(two, async () => {
    for (const { webhooks } of sites) webhooks.change({ paused: true });
    await edits();
    for (const { webhooks } of sites) webhooks.change({ paused: false });
  });
}

const decideBy = (conflict: 'newest' | 'A' | 'B') =>
  two.support<SynchronizationDetail>('PATCH', `/synchronizations/${two.synchronizationId}`, {
    content: { ...EVERYTHING, fields: EVERYTHING.fields.map((field) => ({ ...field, conflict })) },
  });

describe('when both sides changed the same field before either change crossed', () => {
  it.each([
    { policy: 'newest', last: 'A', winner: 'A' },
    { policy: 'newest', last: 'B', winner: 'B' },
    { policy: 'A', last: 'B', winner: 'A' },
    { policy: 'B', last: 'A', winner: 'B' },
  ] as const)('by the rule "$policy" $winner wins when $last was last', async ({ policy, last, winner }) => {
    const { a, b } = await aPair();
    await decideBy(policy);
    const editOn = (side: 'A' | 'B') => (side === 'A' ? priya : noah).edit(side === 'A' ? a : b, { summary: `From ${side}` });
    const spent = await atTheSameTime(async () => {
      editOn(last === 'A' ? 'B' : 'A');
      await aMomentLater(two.world.sites.acme);
      editOn(last);
    });
    // An edit that our write replaced, and that wins, is put back first: two writes more at the most.
    expect(spent.acme.length + spent.globex.length).toBeLessThanOrEqual(3);
    expect([a.summary, b.summary]).toEqual([`From ${winner}`, `From ${winner}`]);
    expect((await historyOf(two, a)).join('\n')).toContain(`overwritten field:summary ${winner} conflict-lost`);
    await decideBy('newest');
  });

  it('nothing is written when both typed the same', async () => {
    const { a, b } = await aPair();
    const spent = await atTheSameTime(() => {
      priya.edit(a, { summary: 'The same', description: plain('Alike') });
      noah.edit(b, { summary: 'The same', description: plain('Alike') });
    });
    expect([spent.acme, spent.globex]).toEqual([[], []]);
    expect(await historyOf(two, a)).toContain('agreed field:summary');
  });

  it('both labels stay', async () => {
    const { a, b } = await aPair();
    const spent = await atTheSameTime(() => {
      priya.edit(a, { labels: ['old', 'from-a'] });
      noah.edit(b, { labels: ['from-b'] });
    });
    expect([spent.acme, spent.globex]).toEqual([[PUT], [PUT]]);
    expect([[...a.labels].sort(), [...b.labels].sort()]).toEqual([
      ['from-a', 'from-b'],
      ['from-a', 'from-b'],
    ]);
  });

  it('the newer status wins', async () => {
    const { a, b } = await aPair();
    await atTheSameTime(async () => {
      priya.setStatus(a, 'Done');
      await aMomentLater(two.world.sites.acme);
      noah.setStatus(b, 'In Progress');
    });
    expect([(await priya.look(a))?.status, (await noah.look(b))?.status]).toEqual(['In Progress', 'In Progress']);
  });

  it('the newer wording of a comment wins on both sides', async () => {
    const { a, b } = await aPair();
    const { id } = priya.comment(a, plain('First'));
    await two.settle();
    await atTheSameTime(async () => {
      personOn(two.world.sites.globex).editComment(
        b,
        b.comments[0]?.id ?? '',
        doc(paragraph(text('Priya Raman:', { type: 'strong' })), paragraph('From B')),
      );
      await aMomentLater(two.world.sites.acme);
      priya.editComment(a, id, plain('From A'));
    });
    expect([a, b].map(({ comments }) => comments.map(({ body }) => wordsOf(body)))).toEqual([
      ['From A'],
      ['Priya Raman:\nFrom A'],
    ]);
  });

  it('an edited comment outlives its deletion at the other side', async () => {
    const { a, b } = await aPair();
    const { id } = priya.comment(a, plain('First'));
    await two.settle();
    await atTheSameTime(() => {
      personOn(two.world.sites.globex).deleteComment(b, b.comments[0]?.id ?? '');
      priya.editComment(a, id, plain('Still needed'));
    });
    expect([a, b].map(({ comments }) => comments.map(({ body }) => wordsOf(body)))).toEqual([
      ['Still needed'],
      ['Priya Raman:\nStill needed'],
    ]);
  });
});

it('different fields changed on both sides both cross', async () => {
  const { a, b } = await aPair();
  const spent = await atTheSameTime(() => {
    priya.edit(a, { summary: 'From A' });
    noah.edit(b, { description: plain('From B') });
  });
  expect([spent.acme, spent.globex]).toEqual([[PUT], [PUT]]);
  expect([a, b].map(({ summary, description }) => [summary, wordsOf(description)])).toEqual([
    ['From A', 'From B'],
    ['From A', 'From B'],
  ]);
});

it('many edits in a row cost fewer writes than edits, and the last one stands', async () => {
  const { a, b } = await aPair();
  const spent = await atTheSameTime(() => {
    for (let n = 1; n <= 100; n++) priya.edit(a, { summary: `Edit ${n}` });
  });
  expect([a.summary, b.summary]).toEqual(['Edit 100', 'Edit 100']);
  expect(spent.acme).toEqual([]);
  expect(new Set(spent.globex)).toEqual(new Set([PUT]));
  expect(spent.globex.length).toBeLessThanOrEqual(10);
});
