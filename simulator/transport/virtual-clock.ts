import type { Clock, Timers } from '../heart/clock.ts';
import { stepWhileNobodyWaits, turnOfTheLoop } from '../system-clock.ts';

/** Time that passes when it is told to: the {@link Clock} and the {@link Timers} of a world in one. */
export interface VirtualClock extends Clock, Timers {
  /** Lets `ms` pass: every timer due by then runs at its own moment, and what it sets going is worked off before the next. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until no timer is left. Throws after `mostTimers` of them, for something that sets itself up for ever. */
  runUntilIdle(mostTimers?: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  /** Timers of one moment run in the order in which they were set. */
  readonly order: number;
  readonly run: () => void;
  calledOff: boolean;
}

const DEFAULT_MOST_TIMERS = 1_000_000;
/**
 * So many turns of the event loop in a row without a timer set or called off mean that what was begun is done, or waits for time.
 * Every call through the in-memory network that may time out sets a timer and calls it off; between the two it takes a turn or two.
 */
const QUIET_TURNS = 8;

const isBefore = (left: Timer, right: Timer): boolean => left.at < right.at || (left.at === right.at && left.order < right.order);

/** A binary heap: the earliest timer first. */
function createHeap(): { push(timer: Timer): void; pop(): Timer | undefined; peek(): Timer | undefined } {
  const heap: Timer[] = [];
  const swap = (a: number, b: number): void => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };
  const earlier = (a: number, b: number): boolean => {
    const [first, second] = [heap[a], heap[b]];
    return first !== undefined && second !== undefined && isBefore(first, second);
  };
  const rise = (from: number): void => {
    let at = from;
    for (let parent = (at - 1) >> 1; at > 0 && earlier(at, parent); parent = (at - 1) >> 1) {
      swap(at, parent);
      at = parent;
    }
  };
  const sink = (): void => {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const smaller = earlier(left + 1, left) ? left + 1 : left;
      if (!earlier(smaller, at)) return;
      swap(smaller, at);
      at = smaller;
    }
  };
  return {
    push(timer) {
      heap.push(timer);
      rise(heap.length - 1);
    },
    peek: () => heap[0],
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first !== undefined && last !== undefined && heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}

const restless = (mostTimers: number, waiting: number): Error =>
  new Error(`${mostTimers} timers have run and ${waiting} still wait: this never comes to rest.`);

export interface VirtualClockOptions {
  /**
   * Nothing that happens in this time is left to threads of the machine (signatures are), nor is there another such clock at the same
   * time: then what was begun is done as soon as nothing waits for a turn of the event loop.
   */
  readonly withoutThreads?: boolean;
}

/** @param start epoch milliseconds at which the time begins. */
export function createVirtualClock(start: number, { withoutThreads = false }: VirtualClockOptions = {}): VirtualClock {
  const heap = createHeap();
  let now = start;
  let order = 0;
  let waiting = 0;
  let activity = 0;

  /** Takes out the earliest timer due by `until`, at whose moment it is from then on. */
  const takeDue = (until: number): Timer | null => {
    for (let next = heap.peek(); next !== undefined && next.at <= until; next = heap.peek()) {
      heap.pop();
      if (next.calledOff) continue;
      next.calledOff = true;
      waiting -= 1;
      now = Math.max(now, next.at);
      return next;
    }
    return null;
  };

  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      const before = activity;
      await turnOfTheLoop();
      if (activity !== before) quiet = -1;
    }
  };
  const runWithThreads = async (until: number, mostTimers: number): Promise<void> => {
    await settle();
    let ran = 0;
    for (let next = takeDue(until); next !== null; next = takeDue(until)) {
      next.run();
      await settle();
      ran += 1;
      if (ran >= mostTimers) throw restless(mostTimers, waiting);
    }
  };
  /** The same without promises for each timer: a quiet day has ten thousand of them. */
  const runWithoutThreads = (until: number, mostTimers: number): Promise<void> => {
    let ran = 0;
    return stepWhileNobodyWaits(() => {
      const next = takeDue(until);
      if (next === null) return 'done';
      next.run();
      ran += 1;
      if (ran >= mostTimers) throw restless(mostTimers, waiting);
      return 'go-on';
    });
  };
  const run = withoutThreads ? runWithoutThreads : runWithThreads;

  return {
    now: () => now,
    after(ms, run) {
      // Whole milliseconds, as the machine's timers take them.
      const timer: Timer = { at: now + Math.max(0, Math.trunc(ms)), order, run, calledOff: false };
      order += 1;
      activity += 1;
      waiting += 1;
      heap.push(timer);
      return () => {
        if (timer.calledOff) return;
        timer.calledOff = true;
        activity += 1;
        waiting -= 1;
      };
    },
    async advance(ms) {
      const until = now + ms;
      await run(until, Number.POSITIVE_INFINITY);
      now = Math.max(now, until);
    },
    runUntilIdle: (mostTimers = DEFAULT_MOST_TIMERS) => run(Number.POSITIVE_INFINITY, mostTimers),
    pending: () => waiting,
  };
}
