import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../simulator/heart/site.ts';
import { historyOf, writesTo } from './ledgers.ts';
import { type Person, twinOf } from './person.ts';
import { type Scene, startScene } from './scene.ts';
import type { TurnsByHand } from './turns-by-hand.ts';
import type { TwoSites } from './two-sites.ts';

let scene: Scene;
let two: TwoSites;
/** So that nobody waits for a lane's rest. */
let hand: TurnsByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  scene = await startScene();
  ({ two, hand, priya, noah } = scene);
});
afterAll(() => scene.close());

const twin = (a: Issue): Issue => twinOf(two.world.sites.globex, a);

async function aPair(): Promise<Issue> {
  const a = priya.create('SUP', 'Task', { summary: 'An item', duedate: '2026-12-31', labels: ['old'] });
  await hand.workOff();
  return a;
}

/**
 * An automation on each side that sets the field back whenever it is changed to something else. They react to what they see, until
 * nobody has anything left to do; how often they did.
 */
async function fight(a: Issue, field: 'duedate' | 'labels', wants: { A: unknown; B: unknown }): Promise<number> {
  const shows = async (person: Person, item: Issue): Promise<string> => JSON.stringify((await person.look(item))?.[field]);
  let reactions = 0;
  for (let quiet = 0; quiet < 2; ) {
    quiet++;
    for (const [person, item, wanted] of [
      [noah, twin(a), wants.B],
      [priya, a, wants.A],
    ] as const) {
      if ((await shows(person, item)) === JSON.stringify(wanted)) continue;
      if (++reactions > 40) throw new Error('They never come to rest.');
      person.edit(item, { [field]: wanted });
      await hand.workOff();
      quiet = 0;
    }
  }
  return reactions;
}

describe('two automations that undo each other', () => {
  it.each([
    { field: 'duedate', wants: { A: '2027-01-01', B: '2027-02-02' } },
    { field: 'labels', wants: { A: ['ours'], B: ['theirs'] } },
  ] as const)('come to rest on $field within seconds, it is said, and the rest of the item goes on', async ({ field, wants }) => {
    const a = await aPair();
    const reactions = await fight(a, field, wants);
    expect(reactions).toBeLessThanOrEqual(8);
    const lines = await historyOf(two, a);
    expect(lines.filter((line) => line.startsWith(`parked field:${field}`))).toEqual([
      expect.stringMatching(new RegExp(`^parked field:${field} [AB] ping-pong$`)),
    ]);
    const { acme, globex } = two.world.sites;
    for (const { heart } of [acme, globex]) heart.ledger.reset();
    noah.edit(twin(a), { summary: 'Still in step' });
    await hand.workOff();
    expect(a.summary).toBe('Still in step');
    expect([writesTo(acme).length, writesTo(globex).length]).toEqual([1, 0]);
  });

  it('are let go when a person makes both sides the same', async () => {
    const a = await aPair();
    await fight(a, 'duedate', { A: '2027-01-01', B: '2027-02-02' });
    noah.edit(twin(a), { duedate: '2027-01-01' });
    await hand.workOff();
    priya.edit(a, { duedate: '2027-03-03' });
    await hand.workOff();
    expect(twin(a).dueDate).toBe('2027-03-03');
  });

  it('and a person who changes her mind twice is left alone', async () => {
    const a = await aPair();
    for (const duedate of ['2027-01-01', '2027-02-02', '2027-01-01', '2027-02-02', '2027-01-01']) {
      priya.edit(a, { duedate });
      await hand.workOff();
      expect(twin(a).dueDate).toBe(duedate);
    }
  });
});

describe('a frozen piece', () => {
  const WANTS = { A: '2027-01-01', B: '2027-02-02' };

  it('goes on by itself after an hour, not before', async () => {
    const a = await aPair();
    await fight(a, 'duedate', WANTS);
    for (let tens = 1; tens < 6; tens++) {
      await hand.passTime();
      await hand.workOff();
      expect([tens, a.dueDate, twin(a).dueDate]).toEqual([tens, WANTS.A, WANTS.B]);
    }
    await hand.passTime();
    await hand.workOff();
    expect(a.dueDate).toBe(twin(a).dueDate);
  });

  it('goes on at once when a person asks to try what is parked', async () => {
    const a = await aPair();
    await fight(a, 'duedate', WANTS);
    await two.support('POST', `/synchronizations/${two.synchronizationId}/retry`);
    await hand.workOff();
    expect(a.dueDate).toBe(twin(a).dueDate);
  });
});
