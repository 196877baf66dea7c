import type { MakeId } from '../../app/platform/ids.ts';
import type { KeptEntry, KeptValues } from '../../app/sync/conflict-ports.ts';
import { frozenCopy, type KeptRow, nameOf, pairName, type Tables } from './tables.ts';

const entryOf = (tables: Tables, { tenantId, pairId, keptId, value }: KeptRow): KeptEntry | null => {
  const { piece, side, keptAt, until } = value;
  const name = pairName(tenantId, pairId);
  const pair = tables.pairs.get(name);
  const commentId = tables.pieces.get(name)?.get(piece)?.comments?.[side] ?? null;
  return pair === undefined ? null : { keptId, pair, piece, side, commentId, keptAt, until };
};

const newestFirst = (a: KeptRow, b: KeptRow): number => b.value.keptAt - a.value.keptAt || (a.keptId < b.keptId ? -1 : 1);

/** Kept values in memory. */
export const createMemoryKeptValues = ({ tables, makeId }: { readonly tables: Tables; readonly makeId: MakeId }): KeptValues => {
  const { kept } = tables;
  return {
    list: async (tenantId, synchronizationId, at, limit) =>
      [...kept.values()]
        .filter((row) => row.tenantId === tenantId && row.synchronizationId === synchronizationId && row.value.until > at)
        .sort(newestFirst)
        .slice(0, limit)
        .flatMap((row) => entryOf(tables, row) ?? []),
    async read(tenantId, synchronizationId, keptId, at) {
      const row = kept.get(nameOf(tenantId, keptId));
      if (row === undefined || row.synchronizationId !== synchronizationId || row.value.until <= at) return null;
      const entry = entryOf(tables, row);
      return entry === null ? null : { ...entry, sealed: row.value.sealed };
    },
    async reserve(tenantId, keptId, at, until) {
      const row = kept.get(nameOf(tenantId, keptId));
      if (row === undefined || row.value.until <= at || (row.reservedUntil !== null && row.reservedUntil > at)) return false;
      kept.set(nameOf(tenantId, keptId), frozenCopy({ ...row, reservedUntil: until }));
      return true;
    },
    async release(tenantId, keptId) {
      const row = kept.get(nameOf(tenantId, keptId));
      if (row !== undefined) kept.set(nameOf(tenantId, keptId), frozenCopy({ ...row, reservedUntil: null }));
    },
    async finish(tenantId, synchronizationId, keptId, line) {
      if (kept.get(nameOf(tenantId, keptId))?.synchronizationId !== synchronizationId) return;
      kept.delete(nameOf(tenantId, keptId));
      tables.history.set(nameOf(tenantId, makeId()), frozenCopy({ tenantId, synchronizationId, place: 0, line }));
    },
  };
};
