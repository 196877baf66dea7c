import type { LaneKey, TenantId } from '../../app/core/ids.ts';
import { SIDES } from '../../app/core/side.ts';
import { WORKS } from '../../app/core/spend-points.ts';
import type { Claim, LaneEnd, LaneSubject, SealedTold, WokenSubject } from '../../app/sync/ports.ts';
import { type LaneRow, laneName, pairOfItem, type Tables } from './tables.ts';

/** What happens to single lanes: the statements of app/lanes/lane-statements.ts on plain rows. Rules: app/lanes/README.md. */

/** What a live change gets. */
export const LIVE = 0;
/** What scans and starts get. */
export const LATER = 1;

/** Tells a turn to look at both sides. A claim leaves it in the row as its guard, should its turn die. */
const LOOK_AT_BOTH: readonly SealedTold[] = SIDES.map((side) => Object.freeze({ side, sealed: null }));
const MOST_TOLD = 32;
/** After so many failed turns only where to look is told again. */
const MOST_ATTEMPTS_TOLD = 20;

/** All, or, where they are too many, the first two (they may be a guard) and a look that covers the dropped ones. */
const bounded = (told: readonly SealedTold[]): readonly SealedTold[] =>
  told.length < MOST_TOLD ? told : [...told.slice(0, LOOK_AT_BOTH.length), ...LOOK_AT_BOTH];

const toldAgain = ({ told, attempts }: Claim): readonly SealedTold[] =>
  attempts < MOST_ATTEMPTS_TOLD ? told : told.map(({ side }) => ({ side, sealed: null }));

const withoutGuard = (told: readonly SealedTold[]): readonly SealedTold[] => told.slice(LOOK_AT_BOTH.length);

/** Inserts or replaces a lane. */
export const writeLane = (tables: Tables, row: LaneRow): void => {
  const name = laneName(row.tenantId, row.laneKey);
  // Lanes of one time are taken in the order in which they got it, so the newest stands last.
  if (tables.lanes.get(name)?.dueAt !== row.dueAt) tables.lanes.delete(name);
  tables.lanes.set(name, Object.freeze(row));
};

const laneKeyOf = ({ synchronizationId, side, issueId }: LaneSubject): LaneKey =>
  `${synchronizationId}:${side}:${issueId}` as LaneKey;

/** Whose lane the events of an item belong to: the pair's item of origin [L12]. */
export const laneSubjectOf = (
  tables: Tables,
  tenantId: TenantId,
  { synchronizationId, side, issueId }: LaneSubject,
): LaneSubject => {
  const pair = pairOfItem(tables, tenantId, synchronizationId, side, issueId);
  return pair === null
    ? { synchronizationId, side, issueId }
    : { synchronizationId, side: pair.originSide, issueId: pair.issueIds[pair.originSide] };
};

interface Waking {
  readonly tenantId: TenantId;
  readonly subject: LaneSubject;
  /** The place of its work in `WORKS`. */
  readonly priority: number;
  readonly told: readonly SealedTold[];
  readonly now: number;
}

/** An event or a wake-up [L6] [L9] [L10]. */
export const dirtyLane = (tables: Tables, { tenantId, subject, priority, told, now }: Waking): void => {
  const laneKey = laneKeyOf(subject);
  const before = tables.lanes.get(laneName(tenantId, laneKey));
  if (before === undefined) {
    const never = { doneGeneration: 0, leaseUntil: null, token: 0, attempts: 0, yields: false, cause: null };
    writeLane(tables, { tenantId, laneKey, subject, generation: 1, dueAt: now, state: 'open', priority, told, ...never });
    return;
  }
  const isClean = before.dueAt === null || before.state === 'watching';
  const isHeldBack = before.leaseUntil === null && before.yields && priority < before.priority;
  writeLane(tables, {
    ...before,
    generation: before.generation + 1,
    told: bounded([...before.told, ...told]),
    dueAt: isClean || isHeldBack ? Math.min(before.dueAt ?? now, now) : before.dueAt,
    attempts: before.state === 'parked' ? 0 : before.attempts,
    state: 'open',
    cause: null,
    priority: isClean ? priority : Math.min(before.priority, priority),
  });
};

/** Outside of a delivery: by a scan, or by the turn of another lane. Each lane once, told to look at the given sides, or what a list showed. */
export const wakeLanes = (
  tables: Tables,
  tenantId: TenantId,
  subjects: readonly WokenSubject[],
  { priority, now }: Pick<Waking, 'priority' | 'now'>,
): void => {
  const lanes = new Map<LaneKey, { readonly subject: LaneSubject; readonly told: Map<string, SealedTold> }>();
  for (const { sealed = null, ...one } of subjects) {
    const subject = laneSubjectOf(tables, tenantId, one);
    const lane = lanes.get(laneKeyOf(subject)) ?? { subject, told: new Map() };
    lane.told.set(`${one.side}:${sealed ?? 'look'}`, { side: one.side, sealed });
    lanes.set(laneKeyOf(subject), lane);
  }
  for (const { subject, told } of lanes.values()) {
    const inOrder = [...told].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    dirtyLane(tables, { tenantId, subject, priority, told: inOrder, now });
  }
};

/** The synchronization starts again: what waits or is parked becomes due, behind live changes. */
export const resumedLane = (row: LaneRow, now: number): LaneRow => ({
  ...row,
  generation: row.generation + 1,
  attempts: 0,
  state: 'open',
  cause: null,
  told: bounded([...row.told, ...LOOK_AT_BOTH]),
  ...(row.leaseUntil === null ? { dueAt: now, priority: LATER } : {}),
});

/**
 * Takes out what the lane was told and leaves the guard. The token is at least the time in microseconds, so that a claim of a lane that
 * was removed means nothing to one that is made anew.
 */
export const takeLane = (
  tables: Tables,
  row: LaneRow,
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): Claim => {
  const { tenantId, laneKey, subject, generation, attempts, told } = row;
  const token = Math.max(row.token + 1, Math.floor(now * 1000));
  const leaseUntil = now + leaseMs;
  writeLane(tables, { ...row, state: 'open', told: LOOK_AT_BOTH, token, leaseUntil, dueAt: leaseUntil });
  const work = WORKS[row.priority] ?? 'edit';
  return { tenantId, laneKey, subject, generation, token, work, attempts, leaseUntil, told };
};

/** The lane after a turn that ends thus. */
export const endedLane = (row: LaneRow, claim: Claim, end: LaneEnd, now: number): LaneRow => {
  const told = withoutGuard(row.told);
  const ended = { ...row, doneGeneration: claim.generation, attempts: 0, leaseUntil: null, told };
  const isNewer = row.generation > claim.generation;
  switch (end.kind) {
    case 'done':
      return { ...ended, dueAt: isNewer ? now : null };
    case 'watch':
      return isNewer ? { ...ended, dueAt: now } : { ...ended, dueAt: end.at, state: 'watching', priority: LATER };
    case 'parked':
      return isNewer ? { ...ended, dueAt: now } : { ...ended, dueAt: null, state: 'parked', cause: end.cause, parkedAt: now };
    case 'again': {
      const attempts = row.attempts + (end.attempt ? 1 : 0);
      const waiting = { attempts, yields: end.yields ?? false, leaseUntil: null, dueAt: end.at };
      return { ...row, ...waiting, told: bounded([...toldAgain(claim), ...told]) };
    }
    case 'continue':
      return row;
  }
};
