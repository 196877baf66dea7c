import { describe, expect, it } from '@jest/globals';
import type { LaneKey } from '../core/ids.ts';
import { paceTurns } from './pace-turns.ts';
import type { Claim, Fenced, LaneEnd } from './ports.ts';

const buildClaim = (overrides: Partial<Claim> = {}): Claim => ({
  tenantId: 'tenant' as Claim['tenantId'],
  laneKey: 'lane-1' as LaneKey,
  subject: { synchronizationId: 's', side: 'A', issueId: '1' } as Claim['subject'],
  generation: 1,
  token: 1,
  work: 'edit',
  attempts: 0,
  leaseUntil: 0,
  told: [],
  ...overrides,
});

/** A worker's turns on a clock that the test moves. Answers: taken, or put off until when. */
const createPaced = ({ writes = 'written' as Fenced, turnMs = 0, wrote = true } = {}) => {
  let now = 10_000;
  const ends: LaneEnd[] = [];
  const take = paceTurns(
    async () => {
      now += turnMs;
      return { kind: 'recorded', end: { kind: 'done' }, wrote };
    },
    {
      clock: { now: () => now },
      turns: {
        async complete(_claim, { end }) {
          ends.push(end);
          return writes;
        },
      },
    },
  );
  return {
    ends,
    async at(ms: number, claim = buildClaim()): Promise<'taken' | number | 'fenced'> {
      now = 10_000 + ms;
      const result = await take(claim, () => true);
      if (result.kind === 'fenced') return 'fenced';
      return result.end.kind === 'again' ? result.end.at - 10_000 : 'taken';
    },
  };
};

describe('the pace of turns', () => {
  it('L17 lets two changes cross at once, then rests longer and longer', async () => {
    const paced = createPaced();
    expect([await paced.at(0), await paced.at(10)]).toEqual(['taken', 'taken']);
    expect([await paced.at(20), await paced.at(260)]).toEqual([260, 'taken']);
    expect([await paced.at(270), await paced.at(1_260)]).toEqual([1_260, 'taken']);
    expect([await paced.at(1_270), await paced.at(3_260)]).toEqual([3_260, 'taken']);
    expect([await paced.at(3_270), await paced.at(5_260)]).toEqual([5_260, 'taken']);
  });

  it('L17 lets looks that write nothing come as they like', async () => {
    const paced = createPaced({ wrote: false });
    for (let ms = 0; ms < 100; ms += 10) expect(await paced.at(ms)).toBe('taken');
  });

  it('L17 puts off without counting it as a failure', async () => {
    const paced = createPaced();
    for (const ms of [0, 1, 2]) await paced.at(ms);
    expect(paced.ends).toEqual([{ kind: 'again', at: 10_251, attempt: false }]);
  });

  it('L17 makes at most ten turns of a hundred edits in ten seconds, and one of them after the last', async () => {
    const paced = createPaced({ turnMs: 15 });
    const turns: number[] = [];
    let waitsUntil = 0;
    let isDirty = false;
    for (let ms = 0; ms < 20_000; ms += 10) {
      if (ms < 10_000 && ms % 100 === 0) isDirty = true;
      if (!isDirty || ms < waitsUntil) continue;
      const outcome = await paced.at(ms);
      if (outcome === 'taken') {
        turns.push(ms);
        isDirty = false;
      } else if (outcome !== 'fenced') waitsUntil = outcome;
    }
    expect(turns.length).toBeLessThanOrEqual(10);
    expect(turns.at(-1)).toBeGreaterThanOrEqual(9_900);
  });

  it('L17 begins anew after a quiet while', async () => {
    const paced = createPaced();
    for (const ms of [0, 1, 300, 1_400]) await paced.at(ms);
    expect([await paced.at(4_400), await paced.at(4_401)]).toEqual(['taken', 'taken']);
  });

  it('L17 holds nobody back for another item', async () => {
    const paced = createPaced();
    for (const ms of [0, 1]) await paced.at(ms);
    expect(await paced.at(2, buildClaim({ laneKey: 'lane-2' as LaneKey }))).toBe('taken');
  });

  it('does not put off what has waited after a failure already', async () => {
    const paced = createPaced();
    for (const ms of [0, 1]) await paced.at(ms);
    expect(await paced.at(2, buildClaim({ attempts: 1 }))).toBe('taken');
  });

  it('says when the lane is in other hands', async () => {
    const paced = createPaced({ writes: 'fenced' });
    for (const ms of [0, 1]) await paced.at(ms);
    expect(await paced.at(2)).toBe('fenced');
  });
});
