import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { historyOf, spentOn } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

/** The whole house takes part; a busy machine may be slow. */
jest.setTimeout(60_000);

let two: TwoSites;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

const twin = (a: Issue): Issue => twinOf(two.world.sites.globex, a);

async function pairs(count: number, fields: Readonly<Record<string, unknown>>): Promise<readonly Issue[]> {
  const made = Array.from({ length: count }, (_, n) => priya.create('SUP', 'Task', { summary: `Item ${n}`, ...fields }));
  await two.settle();
  return made;
}

const detail = (): Promise<SynchronizationDetail> =>
  two.engineering<SynchronizationDetail>('GET', `/synchronizations/${two.synchronizationId}`);
const answer = (kind: string, given: string): Promise<SynchronizationDetail> =>
  two.support('POST', `/synchronizations/${two.synchronizationId}/brake/release`, { kind, answer: given });
/** What the history says of the synchronization as a whole. */
const linesAbout = async (cause: string): Promise<readonly string[]> => {
  const line = z.object({ outcome: z.string() });
  const sql = 'SELECT outcome FROM history WHERE pair_id IS NULL AND cause = $1 ORDER BY at';
  return (await two.database.rows(sql, [cause], line)).map(({ outcome }) => outcome);
};

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
      await two.settle();
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
    const [a] = await pairs(1, { duedate: '2026-12-31', labels: ['old'] });
    if (a === undefined) throw new Error('Nothing was made.');
    const reactions = await fight(a, field, wants);
    expect(reactions).toBeLessThanOrEqual(8);
    const lines = await historyOf(two, a);
    expect(lines.filter((line) => line.startsWith(`parked field:${field}`))).toEqual([
      expect.stringMatching(new RegExp(`^parked field:${field} [AB] ping-pong$`)),
    ]);
    const spent = await spentOn(two, () => noah.edit(twin(a), { summary: 'Still in step' }));
    expect(a.summary).toBe('Still in step');
    expect([spent.acme.length, spent.globex.length]).toEqual([1, 0]);
  });

  it('are let go when a person makes both sides the same', async () => {
    const [a] = await pairs(1, { duedate: '2026-12-31' });
    if (a === undefined) throw new Error('Nothing was made.');
    await fight(a, 'duedate', { A: '2027-01-01', B: '2027-02-02' });
    noah.edit(twin(a), { duedate: '2027-01-01' });
    await two.settle();
    priya.edit(a, { duedate: '2027-03-03' });
    await two.settle();
    expect(twin(a).dueDate).toBe('2027-03-03');
  });

  it('and a person who changes her mind twice is left alone', async () => {
    const [a] = await pairs(1, { duedate: '2026-12-31' });
    if (a === undefined) throw new Error('Nothing was made.');
    for (const duedate of ['2027-01-01', '2027-02-02', '2027-01-01', '2027-02-02', '2027-01-01']) {
      priya.edit(a, { duedate });
      await two.settle();
      expect(twin(a).dueDate).toBe(duedate);
    }
  });
});

describe('a script that empties a hundred due dates', () => {
  it('stops after the limit; other edits go on; a person lets it finish', async () => {
    const items = await pairs(100, { duedate: '2026-12-31' });
    for (const item of items) priya.edit(item, { duedate: null });
    await two.settle();
    const emptied = () => items.filter((item) => twin(item).dueDate === null).length;
    expect(emptied()).toBe(20);
    expect((await detail()).brakes).toEqual([
      { kind: 'clear', since: expect.any(String), counted: expect.any(Number), waiting: 80 },
    ]);
    expect(await linesAbout('mass-clear')).toEqual(['braked']);

    const held = items.filter((item) => twin(item).dueDate !== null);
    const [one, restored] = held;
    if (one === undefined || restored === undefined) throw new Error('Nothing waits.');
    priya.edit(one, { summary: 'Edited meanwhile', labels: ['new'] });
    priya.edit(restored, { duedate: '2026-12-31' });
    await two.settle();
    expect([twin(one).summary, twin(one).labels, twin(one).dueDate]).toEqual(['Edited meanwhile', ['new'], '2026-12-31']);
    expect((await detail()).brakes).toMatchObject([{ kind: 'clear', waiting: 79 }]);

    await answer('clear', 'carry-out');
    await two.settle();
    expect(emptied()).toBe(99);
    expect((await detail()).brakes).toEqual([]);
    expect((await historyOf(two, one)).at(-1)).toBe('applied field:duedate A');
    expect(await linesAbout('mass-clear')).toEqual(['braked', 'released']);
    // It is counted anew: the next twenty would pass, and one does.
    priya.edit(restored, { duedate: null });
    await two.settle();
    expect(emptied()).toBe(100);
  });
});

describe('many deleted comments', () => {
  it('that are taken back stand on both sides again, and what a person deletes then crosses', async () => {
    const [a] = await pairs(1, {});
    if (a === undefined) throw new Error('Nothing was made.');
    for (let n = 0; n < 25; n++) priya.comment(a, plain(`Comment ${n}`));
    await two.settle();
    const admin = personOn(two.world.sites.acme);
    for (const { id } of [...a.comments]) admin.deleteComment(a, id);
    await two.settle();
    // One turn sees many of them: a kind is held as a whole, so that never more than the limit crosses.
    const waiting = twin(a).comments.length;
    expect(waiting).toBeGreaterThanOrEqual(5);
    expect((await detail()).brakes).toMatchObject([{ kind: 'deletion', waiting }]);

    await answer('deletion', 'take-back');
    await two.settle();
    expect([a.comments.length, twin(a).comments.length]).toEqual([waiting, waiting]);
    const words = (item: Issue) => item.comments.map(({ body }) => wordsOf(body).replace(/^.*:\n/, '')).sort();
    expect(words(a)).toEqual(words(twin(a)));
    expect((await detail()).brakes).toEqual([]);

    admin.deleteComment(a, a.comments[0]?.id ?? '');
    await two.settle();
    expect(twin(a).comments).toHaveLength(waiting - 1);
  });
});
