import type { PieceKey, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { ParkedOne, ParkedStore } from '../../app/sync/healing-ports.ts';
import type { Pair } from '../../app/sync/ports.ts';
import { nameOf, pairName, type Tables } from './tables.ts';

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
    list: async (tenantId, synchronizationId, group, before, limit) =>
      parkedOf(tenantId, synchronizationId)
        .filter(({ cause, kind, one }) => cause === group.cause && kind === group.kind && one.since < before)
        .map(({ one }) => one)
        .sort((a, b) => a.since - b.since || ((a.piece?.key ?? a.subject.issueId) < (b.piece?.key ?? b.subject.issueId) ? -1 : 1))
        .slice(0, limit),
    async read(tenantId, { subject, piece }) {
      const same = parkedOf(tenantId, subject.synchronizationId).find(({ one }) =>
        piece === null
          ? one.piece === null && one.subject.side === subject.side && one.subject.issueId === subject.issueId
          : one.piece?.pairId === piece.pairId && one.piece.key === piece.key,
      );
      return same === undefined ? null : { cause: same.cause, since: same.one.since };
    },
    async endRest(tenantId, ones, since) {
      for (const { piece } of ones) {
        if (piece === null) continue;
        const name = pairName(tenantId, piece.pairId);
        const pieces = tables.pieces.get(name);
        const base = pieces?.get(piece.key);
        if (pieces === undefined || base?.state.kind !== 'parked') continue;
        const state = Object.freeze({ ...base.state, since: Math.min(base.state.since, since) });
        tables.pieces.set(name, new Map(pieces).set(piece.key, Object.freeze({ ...base, state })));
      }
    },
  };
};
