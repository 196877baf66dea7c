import type { CauseCode } from '../../app/core/causes.ts';
import type { PieceKey, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { OpenConflict, OpenConflicts } from '../../app/sync/conflict-ports.ts';
import type { Pair } from '../../app/sync/ports.ts';
import { LIVE, wakeLanes } from './lane-rows.ts';
import { answerPiece } from './piece-rows.ts';
import { pairName, type Tables } from './tables.ts';

export interface MemoryOpenConflictsParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWake: () => void;
}

const UNDECIDED: CauseCode = 'conflict-undecided';

const openOf = (pair: Pair, piece: PieceKey, base: PieceBase | undefined): OpenConflict | null => {
  if (base?.state.kind !== 'parked' || base.state.cause !== UNDECIDED) return null;
  return { pair, piece, since: base.state.since, decided: base.state.decided ?? null };
};

const latestFirst = (a: OpenConflict, b: OpenConflict): number =>
  b.since - a.since || `${a.pair.pairId} ${a.piece}`.localeCompare(`${b.pair.pairId} ${b.piece}`);

/** Conflicts that wait for a person, in memory: parked pieces like others. */
export const createMemoryOpenConflicts = ({ tables, clock, onWake }: MemoryOpenConflictsParts): OpenConflicts => {
  const pairsOf = (tenantId: TenantId, synchronizationId: SynchronizationId): Pair[] =>
    [...tables.pairs.values()].filter((pair) => pair.tenantId === tenantId && pair.synchronizationId === synchronizationId);
  const piecesOf = (pair: Pair) => tables.pieces.get(pairName(pair.tenantId, pair.pairId)) ?? new Map<PieceKey, PieceBase>();

  return {
    list: async (tenantId, synchronizationId, limit) =>
      pairsOf(tenantId, synchronizationId)
        .flatMap((pair) => [...piecesOf(pair)].flatMap(([piece, base]) => openOf(pair, piece, base) ?? []))
        .sort(latestFirst)
        .slice(0, limit),
    async read(tenantId, synchronizationId, pairId, piece) {
      const pair = tables.pairs.get(pairName(tenantId, pairId));
      return pair?.synchronizationId === synchronizationId ? openOf(pair, piece, piecesOf(pair).get(piece)) : null;
    },
    async decide(tenantId, { pair, piece, since }, winner) {
      const held = tables.pairs.get(pairName(tenantId, pair.pairId));
      const open = held === undefined ? null : openOf(held, piece, piecesOf(held).get(piece));
      if (held === undefined || open?.since !== since) return false;
      answerPiece(tables, held, piece, { decided: winner });
      const { synchronizationId, originSide, issueIds } = pair;
      const subject = { synchronizationId, side: originSide, issueId: issueIds[originSide] };
      wakeLanes(tables, tenantId, [subject], { priority: LIVE, now: clock.now() });
      onWake();
      return true;
    },
  };
};
