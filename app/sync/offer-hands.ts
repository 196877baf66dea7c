import type { TenantId } from '../core/ids.ts';
import type { KeptHands } from './ports.ts';

/** How often an idle worker looks for lanes that other processes made dirty or that fell due. */
const POLL_MS = 500;
/** A look that found nothing costs a probe per tenant with waiting lanes; at most this part of the time goes into such looks. */
const LOOKING_SHARE = 0.2;
/** A claim costs about the same for one lane as for twenty, so a few free hands are waited for. */
const SMALLEST_CLAIM_SHARE = 0.25;
/**
 * This part of the hands is kept for tenants with few lanes in hand: the others may all be full of one that edits in bulk, each for as
 * long as its Jira takes to answer and as its call waits for its place.
 */
const KEPT_SHARE = 1 / 8;
/**
 * How often it is looked for such a tenant while something becomes due here all the time, and while nothing says so: it may be in
 * another process. So it costs some hundredths of the time, and no more than half of it where a look takes long.
 */
const LOOK_AT_NEWS_MS = 20;
const LOOK_FOR_FEW_MS = 100;

/** A look at what is due: for so many lanes at most, of which the kept ones are for tenants with few in hand. */
export interface Look {
  readonly hands: number;
  readonly kept: KeptHands;
}

/** When a worker looks for due lanes, and for whom. */
export interface HandOffers {
  /** Null: not now. `running`: the tenant of each turn in hand. */
  look(running: readonly TenantId[], now: number): Look | null;
  looked(begun: number, ended: number, found: number): void;
  /** Something became due since the last look began. */
  news(): void;
  /** How long to rest if nothing happens. */
  restMs(now: number): number;
}

/** @param concurrency hands of the worker */
export function createHandOffers(concurrency: number): HandOffers {
  const keptHands = Math.floor(concurrency * KEPT_SHARE);
  let isNews = false;
  /** When it may be looked again for tenants with few lanes, at news and without; and when by all hands, if nothing happens. */
  let next = { atNews: 0, forFew: 0, poll: 0 };

  return {
    look(running, now) {
      const idle = concurrency - running.length;
      const isForAll = idle - keptHands >= Math.max(1, concurrency * SMALLEST_CLAIM_SHARE);
      const isTime = now >= (isNews ? next.atNews : next.forFew);
      const hands = isForAll ? idle : isTime ? Math.min(idle, keptHands) : 0;
      if (hands === 0) return null;
      isNews = false;
      return { hands, kept: { hands: isForAll ? keptHands : hands, all: concurrency, inHand: countOf(running) } };
    },
    looked(begun, ended, found) {
      const took = ended - begun;
      next = {
        atNews: ended + Math.max(LOOK_AT_NEWS_MS, took),
        forFew: ended + Math.max(LOOK_FOR_FEW_MS, took),
        poll: found > 0 ? ended : ended + took / LOOKING_SHARE,
      };
    },
    news() {
      isNews = true;
    },
    restMs: (now) => (isNews && now < next.atNews ? next.atNews - now : Math.max(POLL_MS, next.poll - now)),
  };
}

const countOf = (running: readonly TenantId[]): ReadonlyMap<TenantId, number> =>
  new Map([...Map.groupBy(running, (tenantId) => tenantId)].map(([tenantId, turns]) => [tenantId, turns.length]));
