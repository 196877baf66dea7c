import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { spentOn } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

let two: TwoSites;
let priya: Person;
let noah: Person;
/** ENG and WEB, both on globex. */
let second: string;

beforeAll(async () => {
  two = await startTwoSites();
  const website = pageApiOf(two.world.sites.globex, 'WEB', two.url);
  const request = {
    partner: { kind: 'same-site' as const, projectKey: 'WEB' },
    name: 'Engineering and Website',
    description: '',
    content: EVERYTHING,
  };
  second = (await synchronizeSpaces(two.engineering, website, request, 'leave')).synchronizationId;
  await two.settle();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

const PUT = 'PUT /issue/{issueIdOrKey}';
/** One PUT that answers with the item: what was told needs no read. */
const TURN = 1;

/** An item in SUP, its twin in ENG, and that one's twin in WEB. */
async function aChain(): Promise<readonly [Issue, Issue, Issue]> {
  const first = priya.create('SUP', 'Task', { summary: 'As it was', labels: ['one'] });
  await two.settle();
  const { globex } = two.world.sites;
  const middle = twinOf(globex, first, two.synchronizationId);
  return [first, middle, twinOf(globex, middle, second)];
}

describe('two synchronizations that share a space (SUP–ENG on two sites, ENG–WEB on one)', () => {
  it('make one twin in each space, in as many writes', async () => {
    const spent = await spentOn(two, aChain);
    expect([spent.acme, spent.globex]).toEqual([[], ['POST /issue', 'POST /issue']]);
  });

  it('carry an edit from the first space to the third, then rest', async () => {
    const chain = await aChain();
    const spent = await spentOn(two, () => priya.edit(chain[0], { summary: 'Along the chain', duedate: '2027-04-01' }));
    expect(chain.map(({ summary, dueDate }) => [summary, dueDate])).toEqual(Array(3).fill(['Along the chain', '2027-04-01']));
    expect(spent).toEqual({ acme: [], globex: [PUT, PUT], points: 2 * TURN });
  });

  it('carry an edit from the third space to the first, then rest', async () => {
    const chain = await aChain();
    const spent = await spentOn(two, () => noah.edit(chain[2], { labels: ['two'] }));
    expect(chain.map(({ labels }) => labels)).toEqual(Array(3).fill(['two']));
    expect(spent).toEqual({ acme: [PUT], globex: [PUT], points: 2 * TURN });
  });

  it('carry a status and a comment once to each space', async () => {
    const chain = await aChain();
    const spent = await spentOn(two, () => {
      priya.setStatus(chain[0], 'Done');
      priya.comment(chain[0], plain('heard at the end'));
    });
    expect(
      await Promise.all(chain.map(async (issue, place) => (await (place === 0 ? priya : noah).look(issue))?.status)),
    ).toEqual(Array(3).fill('Done'));
    for (const { comments } of chain) {
      expect(comments).toHaveLength(1);
      expect(wordsOf(comments[0]?.body)).toContain('heard at the end');
    }
    expect([spent.acme.length, spent.globex.length]).toEqual([0, 4]);
  });

  it('settle on the newest when the ends change the same field at the same time', async () => {
    const chain = await aChain();
    await spentOn(two, () => {
      priya.edit(chain[0], { summary: 'From the first' });
      noah.edit(chain[2], { summary: 'From the third' });
    });
    expect(new Set(chain.map(({ summary }) => summary)).size).toBe(1);
  });
});

it('two automations at the two ends of the chain, each undoing the other, come to rest', async () => {
  const [first, middle, last] = await aChain();
  let reactions = 0;
  for (let quiet = false; !quiet; ) {
    quiet = true;
    for (const [person, item, wanted] of [
      [noah, last, '2027-02-02'],
      [priya, first, '2027-01-01'],
    ] as const) {
      if (item.dueDate === wanted) continue;
      quiet = false;
      if (++reactions > 40) throw new Error('They never come to rest.');
      person.edit(item, { duedate: wanted });
      await two.settle();
    }
  }
  expect(reactions).toBeLessThanOrEqual(8);
  // One of the two synchronizations froze it; the other end of that one stays as it was.
  expect([first.dueDate, last.dueDate]).toEqual(['2027-01-01', '2027-02-02']);
  expect(['2027-01-01', '2027-02-02']).toContain(middle.dueDate);
  priya.edit(first, { summary: 'Still in step' });
  await two.settle();
  expect(last.summary).toBe('Still in step');
});
