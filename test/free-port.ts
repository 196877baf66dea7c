import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports that no system hands out by itself (Linux does from 32768 on, others from 49152), so that nobody is given one of them between
 * the look and its use, and that no browser refuses (the last of those is 10080).
 */
const FIRST = 12_000;
const PAST_LAST = 30_000;

/** Test files that run at the same time begin somewhere else, and go on from there. */
let next = randomInt(FIRST, PAST_LAST);

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });

/** A port on which nobody listens, and which nobody else is given soon. */
export async function freePort(): Promise<number> {
  for (let looks = FIRST; looks < PAST_LAST; looks += 1) {
    const port = next;
    next = port + 1 < PAST_LAST ? port + 1 : FIRST;
    if (await isFree(port)) return port;
  }
  throw new Error('Every port is taken.');
}
