import type { PieceKey } from '../core/ids.ts';
import {
  countKinds,
  holdBack,
  isMassChange,
  MASS_CHANGE_LIMITS,
  pairsThatMatter,
  type RiskKind,
  riskyPieces,
} from '../core/mass-change.ts';
import type { Plan } from '../core/plan.ts';
import type { Brakes } from './brake-ports.ts';
import type { Ground } from './ground.ts';
import type { Effect, Pair } from './ports.ts';
import type { Turn } from './turn.ts';

export interface Braked {
  /** What may be carried out now. */
  readonly plan: Plan;
  /** Counted, so to be given back if it is not made after all. */
  readonly counted: ReadonlyMap<PieceKey, RiskKind>;
  /** What waits for a person instead. */
  readonly held: ReadonlyMap<PieceKey, RiskKind>;
  /** When it was counted: it is given back where it was, however long the writes took. */
  readonly at: number;
}

/**
 * Counts what in a plan would destroy something at the target, and holds back kinds of which there are too many (SPEC M5–M7). A plan
 * without any, like almost every plan, costs nothing.
 */
export async function brakeChanges({ ports, claim }: Turn, { pair, bases }: Ground, plan: Plan): Promise<Braked> {
  const risky = riskyPieces(plan, bases, ports.fingerprinter(claim.tenantId));
  const now = ports.clock.now();
  const stopped = new Set<RiskKind>();
  for (const [kind, changes] of countKinds(risky)) if (await isTooMany(ports.brakes, pair, kind, changes, now)) stopped.add(kind);
  const held = new Map([...risky].filter(([, kind]) => stopped.has(kind)));
  return {
    plan: holdBack(plan, held, bases, now),
    counted: new Map([...risky].filter(([, kind]) => !stopped.has(kind))),
    held,
    at: now,
  };
}

async function isTooMany(brakes: Brakes, pair: Pair, kind: RiskKind, changes: number, now: number): Promise<boolean> {
  const { tenantId, synchronizationId } = pair;
  const limit = MASS_CHANGE_LIMITS[kind];
  const count = await brakes.count(tenantId, synchronizationId, kind, changes, now);
  if (count.kind === 'stopped') return true;
  if (count.counted <= limit.free) return false;
  const pairs = await brakes.countPairs(tenantId, synchronizationId, pairsThatMatter(limit));
  if (!isMassChange(limit, count.counted, pairs)) return false;
  await brakes.stop(tenantId, synchronizationId, kind, count.counted, now);
  return true;
}

/**
 * Gives back what was counted for pieces that were not written after all: they come again, and would be counted at every try of an
 * outage. One whose answer was lost may have been written; it is not counted then.
 */
export async function giveBackUnmade(
  { ports }: Turn,
  { tenantId, synchronizationId }: Pair,
  { counted, at }: Pick<Braked, 'counted' | 'at'>,
  effects: readonly Effect[],
): Promise<void> {
  const made = new Set(effects.flatMap(({ state, pieces }) => (state === 'confirmed' ? pieces : [])));
  const unmade = new Map([...counted].filter(([piece]) => !made.has(piece)));
  for (const [kind, changes] of countKinds(unmade)) await ports.brakes.giveBack(tenantId, synchronizationId, kind, changes, at);
}
