import { describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('tells epoch milliseconds', () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  it('wakes at the time it was told, not before', async () => {
    const at = systemClock.now() + 20;
    await systemClock.sleepUntil(at);
    expect(systemClock.now()).toBeGreaterThanOrEqual(at);
  });

  it('does not sleep for a time that has passed', async () => {
    await systemClock.sleepUntil(0);
    await systemClock.sleepUntil(Number.NEGATIVE_INFINITY);
  });

  it('wakes when it is aborted, even from a sleep longer than a timer can be', async () => {
    const abort = new AbortController();
    const sleep = systemClock.sleepUntil(systemClock.now() + 1e12, abort.signal);
    abort.abort();
    await sleep;
    await systemClock.sleepUntil(Number.POSITIVE_INFINITY, abort.signal);
  });
});
