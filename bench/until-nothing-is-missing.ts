import { setTimeout as delay } from 'node:timers/promises';

/** Longer than anything takes that is measured here: a dead worker's lease, and all that waited for it. */
const PATIENCE_MS = 60_000;

/** Looks again and again until nothing is missing. `look` says what still is; after a minute that fails the run. */
export async function untilNothingIsMissing(look: () => Promise<string | null>, everyMs = 50): Promise<void> {
  const limit = performance.now() + PATIENCE_MS;
  for (let missing = await look(); missing !== null; missing = await look()) {
    if (performance.now() > limit) throw new Error(`After ${PATIENCE_MS / 1000} s: ${missing}.`);
    await delay(everyMs);
  }
}
