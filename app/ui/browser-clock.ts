/** Time as the page sees it. An argument everywhere else, so that what depends on time can be tested without waiting. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, action: () => void): () => void;
  /** Calls every `ms`; the returned function stops it. */
  every(ms: number, action: () => void): () => void;
}

/** The only place in the page that reads the real time. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, action) => {
    const timer = setInterval(action, ms);
    return () => clearInterval(timer);
  },
};
