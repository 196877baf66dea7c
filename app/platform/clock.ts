/** Where time comes from. Everything outside this folder takes a clock as an argument. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves once `now()` has reached `at`, or as soon as `signal` aborts; never rejects. */
  sleepUntil(at: number, signal?: AbortSignal): Promise<void>;
}

/** Node keeps a timer's delay in a signed 32-bit number; a longer one fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

const waitAtMost = (delayMs: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal?.addEventListener('abort', finish, { once: true });
  });

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleepUntil(at, signal) {
    for (let left = at - Date.now(); left > 0 && signal?.aborted !== true; left = at - Date.now()) {
      await waitAtMost(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
};
