import type { PieceKey, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import { MASS_CHANGE_CAUSES, MASS_CHANGE_WINDOW_MS, type RiskKind } from '../../app/core/mass-change.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import { SIDES } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { MakeId } from '../../app/platform/ids.ts';
import type { Brakes } from '../../app/sync/brake-ports.ts';
import type { HistoryOutcome, Pair } from '../../app/sync/ports.ts';
import { LIVE, wakeLanes } from './lane-rows.ts';
import { answerPiece } from './piece-rows.ts';
import { frozenCopy, nameOf, pairName, type Tables } from './tables.ts';

export interface MemoryBrakesParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  readonly onWake: () => void;
}

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = MASS_CHANGE_WINDOW_MS / MINUTE_MS;
const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** The brake for mass changes, in memory. */
export const createMemoryBrakes = ({ tables, clock, makeId, onWake }: MemoryBrakesParts): Brakes => {
  const { brakes, riskyChanges } = tables;

  const pairsOf = (tenantId: TenantId, synchronizationId: SynchronizationId): Pair[] =>
    [...tables.pairs.values()].filter((pair) => pair.tenantId === tenantId && pair.synchronizationId === synchronizationId);

  const note = (
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    kind: RiskKind,
    outcome: HistoryOutcome,
    at: number,
  ): void => {
    const nothing = { pairId: null, issueKeys: { A: null, B: null }, piece: null, source: null };
    const line = { at, ...nothing, outcome, cause: MASS_CHANGE_CAUSES[kind] };
    tables.history.set(nameOf(tenantId, makeId()), frozenCopy({ tenantId, synchronizationId, place: 0, line }));
  };

  const wakeBoth = ({ tenantId, synchronizationId, issueIds }: Pair): void => {
    const subjects = SIDES.map((side) => ({ synchronizationId, side, issueId: issueIds[side] }));
    wakeLanes(tables, tenantId, subjects, { priority: LIVE, now: clock.now() });
  };

  const isWaiting = ({ state }: PieceBase, kind: RiskKind): boolean =>
    state.kind === 'parked' && state.cause === MASS_CHANGE_CAUSES[kind] && state.answer === undefined;

  const waitingOf = (pair: Pair, kind: RiskKind): PieceKey[] =>
    [...(tables.pieces.get(pairName(pair.tenantId, pair.pairId)) ?? [])].flatMap(([piece, base]) =>
      isWaiting(base, kind) ? [piece] : [],
    );

  return {
    async count(tenantId, synchronizationId, kind, changes, at) {
      const name = nameOf(tenantId, synchronizationId, kind);
      if (brakes.has(name)) return { kind: 'stopped' };
      const minute = minuteOf(at);
      const counts = new Map(riskyChanges.get(name));
      counts.set(minute, (counts.get(minute) ?? 0) + changes);
      const inWindow = [...counts].filter(([one]) => one > minute - WINDOW_MINUTES && one <= minute);
      const counted = inWindow.reduce((sum, [, one]) => sum + one, 0);
      // The first of its minute clears away.
      const stays = counted === changes ? [...counts].filter(([one]) => one > minute - WINDOW_MINUTES) : counts;
      riskyChanges.set(name, new Map(stays));
      return { kind: 'counted', counted };
    },
    async giveBack(tenantId, synchronizationId, kind, changes, at) {
      const name = nameOf(tenantId, synchronizationId, kind);
      const counts = new Map(riskyChanges.get(name));
      const counted = counts.get(minuteOf(at));
      if (counted !== undefined) riskyChanges.set(name, counts.set(minuteOf(at), Math.max(counted - changes, 0)));
    },
    countPairs: async (tenantId, synchronizationId, limit) => Math.min(pairsOf(tenantId, synchronizationId).length, limit),
    async stop(tenantId, synchronizationId, kind, counted, at) {
      const name = nameOf(tenantId, synchronizationId, kind);
      if (brakes.has(name)) return;
      brakes.set(name, { tenantId, synchronizationId, kind, counted, since: at });
      note(tenantId, synchronizationId, kind, 'braked', at);
    },
    list: async (tenantId, synchronizationId) =>
      [...brakes.values()]
        .filter((one) => one.tenantId === tenantId && one.synchronizationId === synchronizationId)
        .sort((a, b) => a.since - b.since || (a.kind < b.kind ? -1 : 1))
        .map(({ kind, since, counted }) => ({
          kind,
          since,
          counted,
          waiting: pairsOf(tenantId, synchronizationId).reduce((sum, pair) => sum + waitingOf(pair, kind).length, 0),
        })),
    async release(tenantId, synchronizationId, kind, answer, at) {
      const name = nameOf(tenantId, synchronizationId, kind);
      if (!brakes.delete(name)) return null;
      let pieces = 0;
      for (const pair of pairsOf(tenantId, synchronizationId)) {
        const waiting = waitingOf(pair, kind);
        for (const piece of waiting) answerPiece(tables, pair, piece, { answer });
        pieces += waiting.length;
        if (waiting.length > 0) wakeBoth(pair);
      }
      onWake();
      riskyChanges.delete(name);
      note(tenantId, synchronizationId, kind, answer === 'carry-out' ? 'released' : 'taken-back', at);
      return { pieces };
    },
    async wakeIfReleased(tenantId, pair, kinds) {
      if (kinds.every((kind) => brakes.has(nameOf(tenantId, pair.synchronizationId, kind)))) return;
      wakeBoth(pair);
      onWake();
    },
  };
};
