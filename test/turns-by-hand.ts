import { z } from 'zod';
import { compose } from '../app/compose.ts';
import type { Tandem } from '../app/compose-parts.ts';
import { createLogger } from '../app/platform/logger.ts';
import type { Claim, Jira } from '../app/sync/ports.ts';
import { type TurnResult, takeTurn } from '../app/sync/take-turn.ts';
import type { TurnPorts } from '../app/sync/turn.ts';
import type { TwoSites } from './two-sites.ts';

/** A second process of the app beside the web role, in which a test takes each turn itself and time passes when it says so. */
export interface TurnsByHand {
  readonly ports: TurnPorts;
  readonly tandem: Tandem;
  /** Takes the one lane that is due; throws when none or several are. */
  claim(): Promise<Claim>;
  /** Takes a lane that is due once this site has told all it has, though the other one's events are held up. */
  claimToldBy(site: 'acme' | 'globex'): Promise<Claim>;
  takeTurn(claim: Claim, ports?: TurnPorts): Promise<TurnResult>;
  /** Lets all leases run out and all waits end. */
  passTime(): Promise<void>;
  /** Takes turns, passing time wherever a lane waits, until all webhooks are in and all lanes are clean or parked. */
  workOff(): Promise<void>;
  /** How many effects nobody knows the outcome of. */
  openEffects(): Promise<number>;
  close(): Promise<void>;
}

/** Longer than any lease or wait after a failed turn. */
const A_WHILE_MS = 10 * 60_000;
/** Runs out when a test lets time pass, not before. */
const LEASE_MS = 60 * 60_000;
/** One claims so many lanes at most. */
const LANES_A_ROUND = 10;
const MOST_ROUNDS = 50;

export async function startTurnsByHand(two: TwoSites): Promise<TurnsByHand> {
  const tandem = await compose(two.config, createLogger('silent'));
  const { database } = two;
  let passed = 0;
  const clock = { now: () => tandem.turns.ports.clock.now() + passed };
  const ports: TurnPorts = { ...tandem.turns.ports, clock };

  const passTime = async (): Promise<void> => {
    passed += A_WHILE_MS;
    const past = "now() - interval '1 ms'";
    await database.execute(
      `UPDATE lane SET due_at = ${past}, lease_until = CASE WHEN lease_until IS NOT NULL THEN ${past} END WHERE due_at IS NOT NULL`,
      [],
    );
  };
  const turn = (claim: Claim, using = ports): Promise<TurnResult> => {
    const begun = passed;
    return takeTurn(claim, using, () => passed === begun);
  };
  const workOff = async (): Promise<void> => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await two.world.idle();
      const claims = await tandem.turns.lanes.claim(LANES_A_ROUND, LEASE_MS);
      for (const claim of claims) await turn(claim);
      if (claims.length > 0) continue;
      const { waiting, leased } = await tandem.turns.lanes.count();
      if (waiting + leased === 0) return;
      await passTime();
    }
    throw new Error(`Still at work after ${MOST_ROUNDS} rounds of up to ${LANES_A_ROUND} turns.`);
  };
  return {
    ports,
    tandem,
    async claim() {
      await two.world.idle();
      const claims = await tandem.turns.lanes.claim(2, LEASE_MS);
      const [claim] = claims;
      if (claim === undefined || claims.length > 1) throw new Error(`${claims.length} lanes are due.`);
      return claim;
    },
    async claimToldBy(site) {
      await two.world.sites[site].webhooks.idle();
      const [claim] = await tandem.turns.lanes.claim(1, LEASE_MS);
      if (claim === undefined) throw new Error('No lane is due.');
      return claim;
    },
    takeTurn: turn,
    passTime,
    workOff,
    async openEffects() {
      const counted = z.object({ open: z.coerce.number() });
      const [found] = await database.rows("SELECT count(*) AS open FROM effect WHERE state = 'intended'", [], counted);
      return found?.open ?? 0;
    },
    close: () => tandem.close(),
  };
}

/** A process was killed. */
export class Died extends Error {}

type Call = (...values: readonly unknown[]) => Promise<unknown>;
/** Sees each call of a port on its way; may let it happen, hold it up or fail. */
export type Observer = (name: string, call: () => Promise<unknown>) => Promise<unknown>;

/** The same ports, with every call to a site or to the store of turns going through `observe`. */
export function observed(ports: TurnPorts, observe: Observer): TurnPorts {
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || typeof name !== 'string') return method;
        const call: Call = (...values) => observe(name, () => Reflect.apply(method, target, values) as Promise<unknown>);
        return call;
      },
    });
  return {
    ...ports,
    turns: wrap(ports.turns),
    sites: {
      async reach(...to) {
        const jira: Jira | null = await ports.sites.reach(...to);
        return jira === null ? null : wrap(jira);
      },
    },
  };
}

/** Ports of a process that dies before or after its n-th call (0 is the first), and how many calls were begun. */
export function dyingPorts(ports: TurnPorts, at: number, when: 'before' | 'after'): { ports: TurnPorts; begun(): number } {
  let begun = 0;
  const dying = observed(ports, async (_name, call) => {
    const place = begun++;
    if (place > at || (place === at && when === 'before')) throw new Died();
    const answer = await call();
    if (place === at) throw new Died();
    return answer;
  });
  return { ports: dying, begun: () => begun };
}

/** Ports of which one call, the n-th or the first of that name, is held up before it begins or before its answer arrives. */
export function heldUpPorts(
  ports: TurnPorts,
  at: number | string,
  when: 'before' | 'after',
): { ports: TurnPorts; heldUp: Promise<void>; goOn(): void } {
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let begun = 0;
  const stalling = observed(ports, async (name, call) => {
    const isIt = begun++ === at || name === at;
    if (isIt && when === 'before') {
      held.resolve();
      await released.promise;
    }
    const answer = await call();
    if (isIt && when === 'after') {
      held.resolve();
      await released.promise;
    }
    return answer;
  });
  return { ports: stalling, heldUp: held.promise, goOn: released.resolve };
}
