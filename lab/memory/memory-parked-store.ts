import type { PieceKey, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import { MASS_CHANGE_CAUSES, RISK_KINDS, type RiskKind } from '../../app/core/mass-change.ts';
import { AWAY_PIECE, type PieceBase } from '../../app/core/piece.ts';
import { SIDES } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { ParkedOne, ParkedStore } from '../../app/sync/healing-ports.ts';
import type { LaneSubject, Pair } from '../../app/sync/ports.ts';
import { nameOf, pairName, pairOfItem, type Tables } from './tables.ts';

/** What is parked together: a field by its name, all comments, the status. */
const kindOf = (piece: PieceKey): string => (piece.startsWith('field:') ? piece : (piece.split(':')[0] ?? piece));

interface Parked {
  readonly cause: string;
  readonly kind: string;
  readonly one: ParkedOne;
}

const parkedPiece = (pair: Pair, key: PieceKey, { state }: PieceBase): Parked[] => {
  if (state.kind !== 'parked') return [];
  const { synchronizationId, originSide: side, issueIds, pairId } = pair;
  const subject = { synchronizationId, side, issueId: issueIds[side] };
  return [{ cause: state.cause, kind: kindOf(key), one: { subject, piece: { pairId, key }, since: state.since } }];
};

const inOrder = (a: ParkedOne, b: ParkedOne): number =>
  a.since - b.since || compare(a.piece?.key ?? '', b.piece?.key ?? '') || compare(a.subject.issueId, b.subject.issueId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Its lane is not clean, and it has no twin yet. */
const isWorkedOn = (tables: Tables, tenantId: TenantId, { synchronizationId, side, issueId }: LaneSubject): boolean => {
  const lane = tables.lanes.get(nameOf(tenantId, `${synchronizationId}:${side}:${issueId}`));
  return lane !== undefined && lane.dueAt !== null && pairOfItem(tables, tenantId, synchronizationId, side, issueId) === null;
};

const isOverlooked = ({ state }: PieceBase, stopped: readonly RiskKind[]): boolean =>
  state.kind === 'parked' && RISK_KINDS.some((kind) => MASS_CHANGE_CAUSES[kind] === state.cause && !stopped.includes(kind));

/** What is parked, in memory. */
export const createMemoryParkedStore = (tables: Tables, clock: Pick<Clock, 'now'>): ParkedStore => {
  const parkedOf = (tenantId: TenantId, synchronizationId: SynchronizationId): Parked[] => {
    const pairs = [...tables.pairs.values()].filter(
      (pair) => pair.tenantId === tenantId && pair.synchronizationId === synchronizationId,
    );
    const pieces = pairs.flatMap((pair) =>
      [...(tables.pieces.get(pairName(tenantId, pair.pairId)) ?? [])].flatMap(([key, base]) => parkedPiece(pair, key, base)),
    );
    const lanes = [...tables.lanes.values()].flatMap(({ tenantId: of, subject, state, cause, parkedAt }): Parked[] =>
      of === tenantId && subject.synchronizationId === synchronizationId && state === 'parked' && cause !== null
        ? [{ cause, kind: 'item', one: { subject, piece: null, since: parkedAt ?? 0 } }]
        : [],
    );
    return [...pieces, ...lanes];
  };
  return {
    async claimDue(limit, leaseMs) {
      const now = clock.now();
      const due = [...tables.retryWatches].filter(
        ([name, { dueAt }]) => dueAt <= now && tables.synchronizations.get(name)?.state === 'running',
      );
      return due
        .sort(([, a], [, b]) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .flatMap(([name, row]) => {
          tables.retryWatches.set(name, { ...row, dueAt: now + leaseMs });
          const synchronization = tables.synchronizations.get(name);
          if (synchronization === undefined) return [];
          const { tenantId, synchronizationId } = synchronization;
          return [{ tenantId, synchronizationId, paceMs: row.paceMs, probes: row.probes }];
        });
    },
    async end({ tenantId, synchronizationId, paceMs, probes }, afterMs) {
      const name = nameOf(tenantId, synchronizationId);
      if (tables.retryWatches.has(name)) tables.retryWatches.set(name, { dueAt: clock.now() + afterMs, paceMs, probes });
    },
    async listGroups(tenantId, synchronizationId) {
      const groups = Map.groupBy(parkedOf(tenantId, synchronizationId), ({ cause, kind }) => nameOf(cause, kind));
      return [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, [first, ...others]]) => {
          if (first === undefined) return [];
          const oldestSince = Math.min(first.one.since, ...others.map(({ one }) => one.since));
          return [{ cause: first.cause, kind: first.kind, oldestSince }];
        });
    },
    async list(tenantId, synchronizationId, group, { before, limit, after }) {
      const ones = parkedOf(tenantId, synchronizationId)
        .filter(({ cause, kind, one }) => cause === group.cause && kind === group.kind && one.since < before)
        .map(({ one }) => one)
        .sort(inOrder);
      return (after === undefined ? ones : ones.filter((one) => inOrder(one, after) > 0)).slice(0, limit);
    },
    async read(tenantId, { subject, piece }) {
      const same = parkedOf(tenantId, subject.synchronizationId).find(({ one }) =>
        piece === null
          ? one.piece === null && one.subject.side === subject.side && one.subject.issueId === subject.issueId
          : one.piece?.pairId === piece.pairId && one.piece.key === piece.key,
      );
      if (same !== undefined) return { cause: same.cause, since: same.one.since };
      return piece === null && isWorkedOn(tables, tenantId, subject) ? 'undecided' : null;
    },
    async endRest(tenantId, ones, since) {
      for (const { piece } of ones) {
        if (piece === null) continue;
        const name = pairName(tenantId, piece.pairId);
        const pieces = tables.pieces.get(name);
        const base = pieces?.get(piece.key);
        if (pieces === undefined || base?.state.kind !== 'parked') continue;
        const state = Object.freeze({ ...base.state, since: Math.min(base.state.since - 1, since) });
        tables.pieces.set(name, new Map(pieces).set(piece.key, Object.freeze({ ...base, state })));
      }
    },
    async listOverlooked(tenantId, synchronizationId, limit) {
      const stopped = RISK_KINDS.filter((kind) => tables.brakes.has(nameOf(tenantId, synchronizationId, kind)));
      return [...tables.pairs.values()]
        .filter((pair) => pair.tenantId === tenantId && pair.synchronizationId === synchronizationId)
        .filter((pair) => {
          const pieces = tables.pieces.get(pairName(tenantId, pair.pairId));
          return pieces?.has(AWAY_PIECE) === false && [...pieces.values()].some((base) => isOverlooked(base, stopped));
        })
        .slice(0, limit)
        .flatMap(({ issueIds }) => SIDES.map((side) => ({ synchronizationId, side, issueId: issueIds[side] })));
    },
  };
};
