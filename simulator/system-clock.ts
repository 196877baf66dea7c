import type { Clock, Timers } from './heart/clock.ts';

/** The machine's own time: the one place in the simulator that asks for it. */
export const systemClock: Clock = { now: () => Date.now() };

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
