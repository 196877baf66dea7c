import process from 'node:process';
import type { Clock, Timers } from './heart/clock.ts';

/** The machine's own time: the one place in the simulator that asks for it. */
export const systemClock: Clock = { now: () => Date.now() };

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves when everything that was ready to run in this process has run: one turn of the event loop, whatever time it is. */
export const turnOfTheLoop = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Calls `run` after so many turns of the event loop that nothing in this process waits for another; what it throws goes to `fail`. */
export function onceNobodyWaits(run: () => void, fail: (error: unknown) => void): void {
  setImmediate(() => {
    if (process.getActiveResourcesInfo().includes('Immediate')) {
      onceNobodyWaits(run, fail);
      return;
    }
    try {
      run();
    } catch (error) {
      fail(error);
    }
  });
}
