import type { PieceKey } from '../../app/core/ids.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { KeptValue, Pair } from '../../app/sync/ports.ts';
import { frozenCopy, type KeptRow, nameOf, pairName, type Tables } from './tables.ts';

/** Pieces and what they lost: written by turns, and answered by people. */

type Parked = Extract<PieceBase['state'], { kind: 'parked' }>;

/** What people said of a parked piece: theirs alone, and it holds as long as the piece is parked for the same reason since the same time. */
const answersOf = (before: PieceBase | undefined, { cause, since }: Parked): Pick<Parked, 'decided' | 'answer'> => {
  if (before?.state.kind !== 'parked' || before.state.cause !== cause || before.state.since !== since) return {};
  const { decided, answer } = before.state;
  return { ...(decided === undefined ? {} : { decided }), ...(answer === undefined ? {} : { answer }) };
};

/** As the columns of Postgres hold it: a comment that is nowhere is no comment. */
const asStored = (before: PieceBase | undefined, { fingerprints, comments, state, pingPong }: PieceBase): PieceBase =>
  frozenCopy({
    fingerprints,
    comments: comments?.A === null && comments.B === null ? null : comments,
    state:
      state.kind === 'parked'
        ? { kind: state.kind, cause: state.cause, since: state.since, seen: state.seen, ...answersOf(before, state) }
        : state,
    ...(pingPong === undefined ? {} : { pingPong }),
  });

/** What a turn recorded of pieces; null removes one. */
export const writePieces = (tables: Tables, pair: Pair, changes: ReadonlyMap<PieceKey, PieceBase | null>): void => {
  if (changes.size === 0) return;
  const name = pairName(pair.tenantId, pair.pairId);
  const pieces = new Map(tables.pieces.get(name));
  for (const [key, base] of changes) {
    if (base === null) pieces.delete(key);
    else pieces.set(key, asStored(pieces.get(key), base));
  }
  tables.pieces.set(name, pieces);
};

/** What a person said of a parked piece. */
export const answerPiece = (
  tables: Tables,
  pair: Pair,
  piece: PieceKey,
  said: Pick<Parked, 'decided'> | Pick<Parked, 'answer'>,
): void => {
  const name = pairName(pair.tenantId, pair.pairId);
  const base = tables.pieces.get(name)?.get(piece);
  if (base?.state.kind !== 'parked') throw new Error(`The piece ${piece} is not parked.`);
  const answered = frozenCopy({ ...base, state: { ...base.state, ...said } });
  tables.pieces.set(name, new Map(tables.pieces.get(name)).set(piece, answered));
};

const isSameValue = (row: KeptRow, pair: Pair, { piece, side, fingerprint }: KeptValue): boolean =>
  row.tenantId === pair.tenantId &&
  row.pairId === pair.pairId &&
  row.value.piece === piece &&
  row.value.side === side &&
  row.value.fingerprint === fingerprint;

/** A value that lost before and is still there stays one, with the later expiry. `keptId` is taken for a new one. */
export const keepValue = (tables: Tables, pair: Pair, value: KeptValue, keptId: KeptRow['keptId']): void => {
  const { tenantId, synchronizationId, pairId } = pair;
  const before = [...tables.kept.values()].find((row) => isSameValue(row, pair, value));
  const row = before ?? { tenantId, synchronizationId, pairId, keptId, reservedUntil: null };
  tables.kept.set(nameOf(tenantId, row.keptId), frozenCopy({ ...row, value }));
};
