/** So many calls at once, filled up again at so many a second. */
export interface TokenBucket {
  /** Whole tokens that are there at `now`. */
  left(now: number): number;
  take(now: number): void;
  /** Epoch milliseconds at which one token will be there. */
  nextAt(now: number): number;
}

/** A full bucket that holds one second's worth. */
export function createTokenBucket(perSecond: number, start: number): TokenBucket {
  // Counted in thousandths of a token, so that a millisecond's worth is a whole number and nothing is lost to rounding.
  let thousandths = perSecond * 1000;
  let filledAt = start;
  const fill = (now: number): void => {
    if (now <= filledAt) return;
    thousandths = Math.min(perSecond * 1000, thousandths + (now - filledAt) * perSecond);
    filledAt = now;
  };
  return {
    left(now) {
      fill(now);
      return Math.floor(thousandths / 1000);
    },
    take(now) {
      fill(now);
      thousandths -= 1000;
    },
    nextAt(now) {
      fill(now);
      return now + Math.ceil(Math.max(0, 1000 - thousandths) / perSecond);
    },
  };
}
