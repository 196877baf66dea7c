import { describe, expect, it } from '@jest/globals';
import { gather } from './gather.ts';

/** Work whose calls end when the test says so. */
const createHeldWork = () => {
  const calls: { asks: readonly number[]; answer: (answers: readonly string[]) => void; fail: (error: Error) => void }[] = [];
  const work = (asks: readonly number[]): Promise<readonly string[]> =>
    new Promise((answer, fail) => {
      calls.push({ asks, answer, fail });
    });
  const call = (n: number) => {
    const found = calls[n];
    if (found === undefined) throw new Error(`There was no call ${n}.`);
    return found;
  };
  return { calls, call, work };
};

const named = (asks: readonly number[]): readonly string[] => asks.map((ask) => `answer ${ask}`);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('gather', () => {
  it('asks at once for who comes alone, and gathers who comes during a call', async () => {
    const { calls, call, work } = createHeldWork();
    const ask = gather({ groupOf: () => 'one', work, most: 10 });
    const first = ask(1);
    await turn();
    const later = [ask(2), ask(3)];
    expect(calls.map(({ asks }) => asks)).toEqual([[1]]);
    call(0).answer(named([1]));
    await expect(first).resolves.toBe('answer 1');
    await turn();
    expect(calls.map(({ asks }) => asks)).toEqual([[1], [2, 3]]);
    call(1).answer(named([2, 3]));
    await expect(Promise.all(later)).resolves.toEqual(['answer 2', 'answer 3']);
  });

  it('makes one call of what is asked in one go', async () => {
    const { calls, work } = createHeldWork();
    const ask = gather({ groupOf: () => 'one', work, most: 10 });
    for (const n of [1, 2, 3]) void ask(n);
    await turn();
    expect(calls.map(({ asks }) => asks)).toEqual([[1, 2, 3]]);
  });

  it('makes a call no larger than allowed', async () => {
    const asked: (readonly number[])[] = [];
    const work = async (asks: readonly number[]) => {
      asked.push(asks);
      return named(asks);
    };
    const ask = gather({ groupOf: () => 'one', work, most: 2 });
    await expect(Promise.all([1, 2, 3, 4, 5, 6].map(ask))).resolves.toEqual(named([1, 2, 3, 4, 5, 6]));
    expect(asked).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('keeps groups apart: none waits for another', async () => {
    const { calls, work } = createHeldWork();
    const ask = gather({ groupOf: (n: number) => (n % 2 === 0 ? 'even' : 'odd'), work, most: 10 });
    void ask(1);
    void ask(2);
    void ask(3);
    await turn();
    expect(calls.map(({ asks }) => asks)).toEqual([[1, 3], [2]]);
  });

  it('lets one ask at fault spoil no other', async () => {
    const work = async (asks: readonly number[]) => {
      if (asks.includes(3)) throw new Error('3 cannot be done');
      return named(asks);
    };
    const ask = gather({ groupOf: () => 'one', work, most: 10 });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not press a database that is away', async () => {
    let calls = 0;
    const work = async (): Promise<readonly string[]> => {
      calls += 1;
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    };
    const ask = gather({ groupOf: () => 'one', work, most: 10 });
    const outcomes = await Promise.allSettled([1, 2, 3].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toBe(1);
  });

  it('takes fewer answers than asks for a bug, not for an answer', async () => {
    const ask = gather({ groupOf: () => 'one', work: async () => [], most: 10 });
    await expect(ask(1)).rejects.toThrow('1 asks got 0 answers');
  });

  it('begins anew after it has come to rest', async () => {
    const { calls, call, work } = createHeldWork();
    const ask = gather({ groupOf: () => 'one', work, most: 10 });
    const first = ask(1);
    await turn();
    call(0).answer(named([1]));
    await first;
    await turn();
    void ask(2);
    await turn();
    expect(calls.map(({ asks }) => asks)).toEqual([[1], [2]]);
  });
});
