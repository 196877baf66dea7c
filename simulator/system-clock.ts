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

/**
 * So many looks are asked for at once: Node takes them in one turn of its loop, each when all promises are settled. A turn costs more
 * than all else that a timer of nothing but waiting does.
 */
const LOOKS_PER_TURN = 16;

const waitForTurns = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length;

/** Calls `step` again and again, whenever nothing in this process waits for another turn of the event loop, until it answers `done`. */
export function stepWhileNobodyWaits(step: () => 'go-on' | 'done'): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0;
    let isOver = false;
    const end = (settle: () => void): void => {
      isOver = true;
      settle();
    };
    const look = (): void => {
      asked -= 1;
      if (isOver) return;
      try {
        if (waitForTurns() === asked && step() === 'done') end(resolve);
      } catch (error) {
        end(() => reject(error));
      }
      if (asked === 0 && !isOver) ask();
    };
    const ask = (): void => {
      for (; asked < LOOKS_PER_TURN; asked += 1) setImmediate(look);
    };
    ask();
  });
}
