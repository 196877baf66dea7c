import { createHandOffers } from './offer-hands.ts';
import type { Claim, Lanes } from './ports.ts';
import type { TurnResult } from './take-turn.ts';

/** How long a worker may be silent before others take over its lanes: they go on within 15 s. Renewed well before. */
const LEASE_MS = 12_000;
const RENEW_EVERY_MS = 4_000;
/** After a failed claim (the database is away) there is no point in pressing it. */
const DATABASE_WAIT_MS = 2_000;

/** Of no meaning to anybody; without a reason the signal makes an error with a stack. */
const NUDGED = 'nudged';

export interface WorkerPorts {
  readonly lanes: Lanes;
  readonly takeTurn: (claim: Claim, isOurs: () => boolean) => Promise<TurnResult>;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { error(fields: object, message: string): void };
  /** Turns at the same time. */
  readonly concurrency: number;
}

export interface Worker {
  /** Works until `signal` aborts, then finishes the turns in hand. */
  run(signal: AbortSignal): Promise<void>;
  /** Something became due in this process: look now instead of at the next poll. */
  nudge(): void;
}

/** A turn in hand. */
interface Held {
  readonly claim: Claim;
  /** By this process's own clock, from before the lease was asked for: the lease in the database ends no earlier. */
  until: number;
}

/** One process's worker: claims due lanes, takes their turns side by side, and renews the leases of the turns in hand. */
export function createWorker(ports: WorkerPorts): Worker {
  const running = new Map<Promise<void>, Held>();
  const offers = createHandOffers(ports.concurrency);
  let wakeUp = new AbortController();
  const wake = (): void => wakeUp.abort(NUDGED);

  const start = (held: Held): void => {
    const { claim } = held;
    const begun = ports.clock.now();
    const turn = ports
      .takeTurn(claim, () => ports.clock.now() < held.until)
      .catch((error: unknown) => {
        // A bug, or the database went away in mid-turn. The lease runs out and the lane is taken again.
        ports.logger.error({ error: describe(error), laneKey: claim.laneKey, attempts: claim.attempts }, 'A turn was broken off');
      })
      .then(() => {
        running.delete(turn);
        ports.lanes.turnTook(claim.tenantId, ports.clock.now() - begun);
        wake();
      });
    running.set(turn, held);
  };

  /** Whether there may be more due for hands that are free. */
  const claimSome = async (): Promise<boolean> => {
    const begun = ports.clock.now();
    const tenants = [...running.values()].map(({ claim }) => claim.tenantId);
    const look = offers.look(tenants, begun);
    if (look === null) return false;
    const claims = await ports.lanes.claim(look.hands, LEASE_MS, look.kept);
    for (const claim of claims) start({ claim, until: begun + LEASE_MS });
    offers.looked(begun, ports.clock.now(), claims.length);
    return claims.length === look.hands;
  };

  const rest = async (): Promise<void> => {
    const now = ports.clock.now();
    await ports.clock.sleepUntil(now + offers.restMs(now), wakeUp.signal);
  };

  const claimForever = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        // Replaced before the look, so that a nudge during the look is not lost.
        if (wakeUp.signal.aborted) wakeUp = new AbortController();
        if (!(await claimSome())) await rest();
      } catch (error) {
        ports.logger.error({ error: describe(error) }, 'Lanes could not be claimed');
        await ports.clock.sleepUntil(ports.clock.now() + DATABASE_WAIT_MS, signal);
      }
    }
    await Promise.all(running.keys());
  };

  /** Goes on until the last turn is done, also after `signal`: those turns still need their lanes. */
  const renewForever = async (done: AbortSignal): Promise<void> => {
    while (!done.aborted) {
      await ports.clock.sleepUntil(ports.clock.now() + RENEW_EVERY_MS, done);
      if (running.size === 0 || done.aborted) continue;
      await renewLeases(ports.lanes, ports.clock.now() + LEASE_MS, [...running.values()]).catch((error: unknown) => {
        ports.logger.error({ error: describe(error) }, 'Leases could not be renewed');
      });
    }
  };

  return {
    nudge() {
      offers.news();
      wake();
    },
    async run(signal) {
      const done = new AbortController();
      const renewing = renewForever(done.signal);
      signal.addEventListener('abort', wake, { once: true });
      await claimForever(signal);
      signal.removeEventListener('abort', wake);
      done.abort();
      await renewing;
    },
  };
}

/** @param until where the leases then end at the earliest, by this process's own clock */
async function renewLeases(lanes: Lanes, until: number, held: readonly Held[]): Promise<void> {
  const claims = held.map(({ claim }) => claim);
  const renewed = new Set(await lanes.renew(claims, LEASE_MS));
  for (const one of held) if (renewed.has(one.claim)) one.until = until;
}

/** Name and place of an error. Its message could quote content. */
const describe = (error: unknown): { name: string; stack: string[] } =>
  error instanceof Error
    ? {
        name: error.name,
        stack: (error.stack ?? '')
          .split('\n')
          .filter((line) => line.trimStart().startsWith('at '))
          .slice(0, 6),
      }
    : { name: typeof error, stack: [] };
