import type { Clock } from '../app/platform/clock.ts';
import type { VirtualClock } from '../simulator/transport/virtual-clock.ts';
import type { Fate } from './fate.ts';

/** The clock of one process of the app, in virtual time. Sleepers of a dead process never wake, those of one that stands still late. */
export interface ProcessClock extends Clock {
  /** Something is going on in this process: whoever sleeps longer than asked for sleeps as asked for again. */
  stir(): void;
}

interface Sleeper {
  /** When it wanted to be woken. */
  readonly at: number;
  rearm(at: number): void;
  callOff(): void;
}

/** Sleeps as short as these only look whether there is work: a worker and a scanner at rest. */
const LOOKING_MS = 5_000;
/** After so long without a stir a process is at rest. */
const REST_MS = 10_000;

export interface Rest {
  /** A process at rest looks for work this seldom, so that a quiet day takes a moment. Null: as often as it wants to. */
  lookEveryMs: number | null;
}

export function createProcessClock(clock: VirtualClock, fate: Fate, rest: Rest): ProcessClock {
  const sleepers = new Set<Sleeper>();
  let stirredAt = clock.now();
  fate.whenDead(() => {
    for (const sleeper of sleepers) sleeper.callOff();
    sleepers.clear();
  });

  const stretched = (from: number, at: number): number => {
    const isLooking = at - from <= LOOKING_MS && clock.now() - stirredAt > REST_MS;
    return isLooking && rest.lookEveryMs !== null ? Math.max(at, from + rest.lookEveryMs) : at;
  };

  return {
    now: () => clock.now(),
    stir() {
      stirredAt = clock.now();
      for (const sleeper of sleepers) sleeper.rearm(sleeper.at);
    },
    sleepUntil(at, signal) {
      const from = clock.now();
      if (signal?.aborted === true || at <= from) return fate.awake();
      return new Promise((resolve) => {
        let callOff = (): void => undefined;
        let until = stretched(from, at);
        const finish = (): void => {
          callOff();
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', finish);
          void fate.awake().then(resolve);
        };
        const sleeper: Sleeper = {
          at,
          callOff: () => callOff(),
          rearm(wanted) {
            if (until <= wanted) return;
            until = wanted;
            callOff();
            callOff = clock.after(wanted - clock.now(), finish);
          },
        };
        callOff = clock.after(until - from, finish);
        sleepers.add(sleeper);
        signal?.addEventListener('abort', finish, { once: true });
      });
    },
  };
}
