import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { turnOfTheLoop } from '../system-clock.ts';
import { createVirtualClock } from './virtual-clock.ts';

describe('the virtual clock', () => {
  it('stands still until it is told to move', async () => {
    const clock = createVirtualClock(1000);
    const ran: number[] = [];
    clock.after(50, () => ran.push(clock.now()));
    await clock.advance(49);
    expect([clock.now(), ran]).toEqual([1049, []]);
    await clock.advance(1);
    expect([clock.now(), ran, clock.pending()]).toEqual([1050, [1050], 0]);
  });

  it('works off what a timer sets going before the next one runs', async () => {
    const clock = createVirtualClock(0);
    const log: string[] = [];
    clock.after(10, () => void Promise.resolve().then(() => clock.after(0, () => log.push(`follow-up at ${clock.now()}`))));
    clock.after(11, () => log.push(`second at ${clock.now()}`));
    await clock.advance(20);
    expect(log).toEqual(['follow-up at 10', 'second at 11']);
  });

  it('never runs a timer that was called off, and calling off twice is once', async () => {
    const clock = createVirtualClock(0);
    const callOff = clock.after(5, () => {
      throw new Error('called off');
    });
    clock.after(6, () => undefined);
    callOff();
    callOff();
    expect(clock.pending()).toBe(1);
    await clock.runUntilIdle();
    expect([clock.now(), clock.pending()]).toEqual([6, 0]);
  });

  it('says so when something never comes to rest', async () => {
    const clock = createVirtualClock(0);
    const again = (): void => void clock.after(1, again);
    again();
    await expect(clock.runUntilIdle(20)).rejects.toThrow('20 timers have run and 1 still wait');
  });

  it('waits for what takes many turns of the event loop, if nothing of it is left to threads', async () => {
    const clock = createVirtualClock(0, { withoutThreads: true });
    const log: string[] = [];
    const later = async (): Promise<void> => {
      for (let turns = 0; turns < 30; turns += 1) await turnOfTheLoop();
      log.push('done');
    };
    clock.after(10, () => void later());
    clock.after(10, () => log.push('next'));
    await clock.advance(10);
    expect(log).toEqual(['done', 'next']);
  });

  it('runs timers by their moment, and those of one moment in the order they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }), async (delays) => {
        const clock = createVirtualClock(0);
        const ran: { at: number; set: number }[] = [];
        for (const [set, ms] of delays.entries()) clock.after(ms, () => ran.push({ at: clock.now(), set }));
        await clock.runUntilIdle();
        const expected = delays.map((at, set) => ({ at, set })).sort((a, b) => a.at - b.at || a.set - b.set);
        expect(ran).toEqual(expected);
      }),
      runs(60),
    );
  });
});
