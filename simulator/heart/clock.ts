/** What the heart knows of time: epoch milliseconds, given from outside so that a world can be replayed. */
export interface Clock {
  now(): number;
}

/** Runs something later. Belongs to the same time as the {@link Clock} it is given with. */
export interface Timers {
  /** Calls `run` once after `ms`; the returned function calls it off. */
  after(ms: number, run: () => void): () => void;
}
