import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { historyOf } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

let two: TwoSites;
let priya: Person;

beforeAll(async () => {
  two = await startTwoSites();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
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
