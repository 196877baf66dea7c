import type { TenantId } from '../core/ids.ts';
import type { Work } from '../core/spend-points.ts';
import type { KeptHands } from '../sync/ports.ts';

/** Work that is due: at least one lane of that tenant and kind. */
export interface DueWork {
  readonly tenantId: TenantId;
  readonly work: Work;
}

/** How many lanes of that tenant and kind to claim. */
export interface TurnShare extends DueWork {
  readonly lanes: number;
}

/**
 * Who gets the free hands of a worker: deficit round robin between tenants, by the time that their turns take. A tenant whose turns take
 * five times as long gets a fifth as many, and however many lanes wait, each tenant gets its part before anybody gets more.
 */
export interface TurnShares {
  /**
   * Shares out up to `hands` turns over what is due. Give `due` in the order in which tenants come round, from behind `last`. Of the
   * hands the `kept` ones are the last, and go one by one to tenants that have few in hand, with what they got here.
   */
  allot(hands: number, due: readonly DueWork[], kept?: KeptHands): readonly TurnShare[];
  /** The tenant that got the last turn. */
  last(): TenantId | null;
  /** A turn of that tenant took so long. */
  took(tenantId: TenantId, ms: number): void;
}

interface Standing {
  /** Milliseconds of a hand that the tenant may still use. Hardly more than a turn of its: what is not used is not saved up. */
  credit: number;
  /** What a turn of its takes, as far as seen: the mean of the last few. */
  cost: number;
  /** Turns it got, for {@link pick}. */
  turns: number;
}

/** Before any turn was seen: three calls to a Jira that answers in 100 ms. */
const UNKNOWN_COST_MS = 300;
/** The weight of the newest turn in the mean. */
const NEWEST = 0.2;
/** With so many tenants remembered, those not seen for longest are forgotten: 2 MB. */
const MOST_TENANTS = 10_000;
/** Rounding must not keep a hand idle. */
const EPSILON = 1e-6;

/**
 * Within a tenant the most urgent work goes first. Of 32 turns two are offered to repairs, one to backfill and one to checks, so
 * that these go on, slowly, however many edits wait.
 */
const PREFERRED: Readonly<Record<number, Work>> = { 7: 'repair', 15: 'backfill', 23: 'repair', 31: 'check' };
const CYCLE = 32;

const NOTHING_KEPT: KeptHands = { hands: 0, all: 0, inHand: new Map() };

/** What is kept once those claims are in hand too. */
export function keptAfter({ hands, all, inHand }: KeptHands, claims: readonly { readonly tenantId: TenantId }[]): KeptHands {
  const counts = new Map(inHand);
  for (const { tenantId } of claims) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
  return { hands, all, inHand: counts };
}

/** Nothing is known of any tenant yet. */
export function createTurnShares(): TurnShares {
  const standings = new Map<TenantId, Standing>();
  let last: TenantId | null = null;
  const standingOf = (tenantId: TenantId): Standing => {
    const standing = standings.get(tenantId) ?? { credit: 0, cost: UNKNOWN_COST_MS, turns: 0 };
    // Last in the map is who was seen last.
    standings.delete(tenantId);
    standings.set(tenantId, standing);
    return standing;
  };
  const forgetSome = (): void => {
    for (const tenantId of standings.keys()) {
      if (standings.size <= MOST_TENANTS) return;
      standings.delete(tenantId);
    }
  };
  return {
    allot(hands, due, kept = NOTHING_KEPT) {
      const tenants = [...Map.groupBy(due, ({ tenantId }) => tenantId)].map(([tenantId, of]) => ({
        tenantId,
        works: of.map(({ work }) => work),
        standing: standingOf(tenantId),
        inHand: kept.inHand.get(tenantId) ?? 0,
      }));
      forgetSome();
      const lanes = new Map<string, TurnShare>();
      for (const tenant of takeTurns(hands, tenants, kept)) {
        const { tenantId, works, standing } = tenant;
        const work = pick(works, standing.turns);
        standing.turns += 1;
        tenant.inHand += 1;
        last = tenantId;
        const key = `${tenantId} ${work}`;
        lanes.set(key, { tenantId, work, lanes: (lanes.get(key)?.lanes ?? 0) + 1 });
      }
      return [...lanes.values()];
    },
    last: () => last,
    took(tenantId, ms) {
      const standing = standingOf(tenantId);
      standing.cost = Math.max(1, standing.cost + NEWEST * (ms - standing.cost));
    },
  };
}

interface Candidate {
  readonly tenantId: TenantId;
  readonly standing: Standing;
  /** Counted up by the caller. */
  readonly inHand: number;
}

/** Who gets the hands, one after the other: first those that are free to all, then the kept ones. */
function* takeTurns<Tenant extends Candidate>(hands: number, tenants: readonly Tenant[], kept: KeptHands): Generator<Tenant> {
  const open = Math.max(0, hands - kept.hands);
  yield* roundRobin(open, tenants);
  const concerned = new Set([...kept.inHand.keys(), ...tenants.map(({ tenantId }) => tenantId)]);
  /** An equal part, were there one tenant more: that one may come any moment. */
  const enough = Math.floor(kept.all / (concerned.size + 1));
  for (let free = hands - open; free > 0; ) {
    const few = tenants.filter(({ inHand }) => inHand < enough).slice(0, free);
    if (few.length === 0) return;
    for (const tenant of few) {
      // More than the kept hands once over is not paid back: else who is served by them for long would later wait as long.
      tenant.standing.credit = Math.max(-kept.hands * tenant.standing.cost, tenant.standing.credit - tenant.standing.cost);
      yield tenant;
    }
    free -= few.length;
  }
}

/** One tenant after the other, as often as hands are free; each pays for its turn. */
function* roundRobin<Tenant extends { readonly standing: Standing }>(
  hands: number,
  tenants: readonly Tenant[],
): Generator<Tenant> {
  if (tenants.length === 0) return;
  const quantum = Math.min(...tenants.map(({ standing }) => standing.cost));
  let free = hands;
  while (free > 0) {
    const before = free;
    for (const tenant of tenants) {
      if (free === 0) return;
      if (!pay(tenant.standing, quantum)) continue;
      free -= 1;
      yield tenant;
    }
    if (free === before) skipRounds(tenants, quantum);
  }
}

/** A round's income, and a turn if that is enough. */
function pay(standing: Standing, income: number): boolean {
  standing.credit = Math.min(standing.cost + income, standing.credit + income);
  if (standing.credit + EPSILON < standing.cost) return false;
  standing.credit -= standing.cost;
  return true;
}

/** The rounds in which nobody could pay, at once. */
function skipRounds(tenants: readonly { readonly standing: Standing }[], quantum: number): void {
  const rounds = Math.min(...tenants.map(({ standing: { cost, credit } }) => Math.floor((cost - credit) / quantum - EPSILON)));
  for (const { standing } of tenants) standing.credit += Math.max(0, rounds) * quantum;
}

/** The kind of work that a tenant's turn goes to. `due` has the most urgent one first. */
const pick = (due: readonly Work[], turn: number): Work => {
  const preferred = PREFERRED[turn % CYCLE];
  return preferred !== undefined && due.includes(preferred) ? preferred : (due[0] ?? 'edit');
};
