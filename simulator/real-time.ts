import type { Clock, Timers } from './heart/clock.ts';

/** The machine's own time: the one place in the simulator that asks for it. */
export const realClock: Clock = { now: () => Date.now() };

export const realTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
