import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CommentId, KeptId } from '../../app/core/ids.ts';
import { commentPiece, type PieceBase, parkedBase, STATUS_PIECE } from '../../app/core/piece.ts';
import type { KeptEntry, OpenConflict } from '../../app/sync/conflict-ports.ts';
import type { KeptValue } from '../../app/sync/ports.ts';
import {
  baseOf,
  buildHistoryLine,
  buildKept,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  type LedgerWorld,
  NOON,
  pairId,
  SUMMARY,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const HOUR = 3_600_000;
const COMMENT = commentPiece('A', '500' as CommentId);

/** What every KeptValues and OpenConflicts promise: what is left of a conflict for a person to act on. */
export const describeConflicts = (name: string, create: () => Promise<LedgerWorld>): void => {
  let world: LedgerWorld;
  const freshWorld = async (): Promise<void> => {
    world = await create();
    await world.addTenant(tenant(1));
    await world.addTenant(tenant(2));
    await world.synchronizations.insert(buildSynchronization());
  };

  describe(`KeptValues in ${name}`, () => {
    beforeEach(freshWorld);

    const keep = async (...kept: KeptValue[]): Promise<void> => {
      const claim = await claimFirst(world, `delivery of ${kept.length} at ${kept[0]?.keptAt}`);
      expect(await world.turns.complete(claim, buildRecord({ pair: buildPair(), kept }))).toBe('written');
    };
    const list = (at = NOON, of = tenant(1)): Promise<readonly KeptEntry[]> => world.kept.list(of, synchronizationId(1), at, 10);
    const theOne = async (): Promise<KeptEntry> => {
      const [one, ...others] = await list();
      if (one === undefined || others.length > 0) throw new Error(`${others.length} others are kept.`);
      return one;
    };
    const read = (keptId: KeptId, at = NOON, of = tenant(1)) => world.kept.read(of, synchronizationId(1), keptId, at);

    it('shows what a turn recorded as lost, without the value unless it is asked for', async () => {
      await keep(buildKept());
      const entry = await theOne();
      const shown = { pair: buildPair(), piece: SUMMARY, side: 'B', commentId: null, keptAt: NOON, until: NOON + HOUR };
      expect(entry).toEqual({ keptId: entry.keptId, ...shown });
      expect(await read(entry.keptId)).toEqual({ ...entry, sealed: 'v1.sealed' });
    });

    it('keeps the values of a turn that repeats neither pair nor pieces', async () => {
      await world.turns.complete(await claimFirst(world, 'first'), buildRecord({ pair: buildPair() }));
      await world.turns.complete(await claimFirst(world, 'second'), buildRecord({ kept: [buildKept()] }));
      expect((await theOne()).pair).toEqual(buildPair());
    });

    it('lists the newest first, and no more than asked for', async () => {
      await keep(buildKept(), buildKept({ piece: STATUS_PIECE, keptAt: NOON + 2 }), buildKept({ side: 'A', keptAt: NOON + 1 }));
      expect((await list()).map(({ keptAt }) => keptAt - NOON)).toEqual([2, 1, 0]);
      expect(await world.kept.list(tenant(1), synchronizationId(1), NOON, 1)).toHaveLength(1);
    });

    it('keeps a value that loses again once, until the later time', async () => {
      await keep(buildKept(), buildKept());
      const { keptId } = await theOne();
      await keep(buildKept({ sealed: 'v1.again', keptAt: NOON + 5, until: NOON + 2 * HOUR }));
      expect(await read(keptId)).toMatchObject({ sealed: 'v1.again', keptAt: NOON + 5, until: NOON + 2 * HOUR });
      await keep(buildKept({ fingerprint: 'another value', keptAt: NOON + 6 }));
      expect(await list()).toHaveLength(2);
    });

    it('knows under which id a comment is to be found on the side that lost', async () => {
      const pieces = new Map([[COMMENT, { ...baseOf('c'), comments: { A: '500' as CommentId, B: '900' as CommentId } }]]);
      const record = buildRecord({ pair: buildPair(), pieces, kept: [buildKept({ piece: COMMENT })] });
      await world.turns.complete(await claimFirst(world), record);
      expect((await theOne()).commentId).toBe('900');
    });

    it('knows nothing that has expired', async () => {
      await keep(buildKept(), buildKept({ piece: STATUS_PIECE, until: NOON + 2 * HOUR }));
      const expired = (await list()).find(({ piece }) => piece === SUMMARY)?.keptId ?? ('' as KeptId);
      const late = NOON + HOUR;
      expect((await list(late)).map(({ piece }) => piece)).toEqual([STATUS_PIECE]);
      expect(await read(expired, late)).toBeNull();
      expect(await world.kept.reserve(tenant(1), expired, late, late + 1)).toBe(false);
    });

    it('is reserved by one at a time, until it is released or the time is over', async () => {
      await keep(buildKept());
      const { keptId } = await theOne();
      const reserve = (at: number): Promise<boolean> => world.kept.reserve(tenant(1), keptId, at, at + 10);
      expect([await reserve(NOON), await reserve(NOON + 9), await reserve(NOON + 10)]).toEqual([true, false, true]);
      await world.kept.release(tenant(1), keptId);
      expect(await reserve(NOON + 11)).toBe(true);
    });

    it('is gone once it was put back, and that is said once', async () => {
      await keep(buildKept());
      const { keptId } = await theOne();
      const line = buildHistoryLine({ outcome: 'put-back', source: 'B' });
      for (let times = 0; times < 2; times++) await world.kept.finish(tenant(1), synchronizationId(1), keptId, line);
      expect(await list()).toEqual([]);
      expect(await world.turns.listHistory(tenant(1), synchronizationId(1), 10)).toEqual([line]);
    });

    it('shows no tenant the values of another, and goes with its synchronization', async () => {
      await keep(buildKept());
      const { keptId } = await theOne();
      expect(await list(NOON, tenant(2))).toEqual([]);
      expect(await read(keptId, NOON, tenant(2))).toBeNull();
      expect(await world.kept.reserve(tenant(2), keptId, NOON, NOON + 1)).toBe(false);
      await world.kept.finish(tenant(2), synchronizationId(1), keptId, buildHistoryLine());
      expect(await theOne()).toMatchObject({ keptId });
      await world.synchronizations.remove(tenant(1), synchronizationId(1));
      expect(await list()).toEqual([]);
    });

    it.each(['not-a-uuid', '', '00000000-0000-4000-8006-0000000000ff'])('knows no value %j', async (unknown) => {
      expect(await read(unknown as KeptId)).toBeNull();
    });
  });

  describe(`OpenConflicts in ${name}`, () => {
    beforeEach(freshWorld);

    const undecided = (since: number, seen = 'x'): PieceBase =>
      parkedBase(baseOf('s'), 'conflict-undecided', since, { A: seen, B: `${seen}'` });
    const park = async (base: PieceBase, deliveryId: string): Promise<void> => {
      const pieces = new Map([[SUMMARY, base]]);
      await world.turns.complete(await claimFirst(world, deliveryId), buildRecord({ pair: buildPair(), pieces }));
    };
    const list = (of = tenant(1)): Promise<readonly OpenConflict[]> => world.conflicts.list(of, synchronizationId(1), 10);
    const theOne = async (): Promise<OpenConflict> => {
      const open = await world.conflicts.read(tenant(1), synchronizationId(1), pairId(1), SUMMARY);
      if (open === null) throw new Error('There is no open conflict.');
      return open;
    };
    const stateSeen = async (deliveryId: string) =>
      (await world.turns.read(await claimFirst(world, deliveryId)))?.pieces.get(SUMMARY)?.state;

    it('are the pieces parked for that cause, and no others', async () => {
      const pieces = new Map([
        [SUMMARY, undecided(NOON)],
        [STATUS_PIECE, parkedBase(null, 'forbidden', NOON, { A: 'x', B: 'y' })],
        [COMMENT, baseOf('c')],
      ]);
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair(), pieces }));
      const open = { pair: buildPair(), piece: SUMMARY, since: NOON, decided: null };
      expect([await list(), await theOne()]).toEqual([[open], open]);
      expect(await list(tenant(2))).toEqual([]);
      expect(await world.conflicts.read(tenant(1), synchronizationId(1), pairId(1), STATUS_PIECE)).toBeNull();
    });

    it('a decision makes the lane dirty and is found by the next turn', async () => {
      await park(undecided(NOON), 'first');
      expect(await world.conflicts.decide(tenant(1), await theOne(), 'B')).toBe(true);
      expect((await theOne()).decided).toBe('B');
      expect(await world.lanes.count()).toMatchObject({ due: 1 });
      expect(await stateSeen('second')).toEqual({ ...undecided(NOON).state, decided: 'B' });
    });

    it('a decision made while a turn is under way outlives that turn', async () => {
      await park(undecided(NOON), 'first');
      const claim = await claimFirst(world, 'second');
      const memory = await world.turns.read(claim);
      await world.conflicts.decide(tenant(1), await theOne(), 'A');
      await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces: memory?.pieces ?? new Map() }));
      expect(await world.lanes.count()).toMatchObject({ due: 1 });
      expect(await stateSeen('third')).toEqual({ ...undecided(NOON).state, decided: 'A' });
    });

    it.each([
      ['another edit made it another question', undecided(NOON + 1, 'y')],
      ['it was carried out', baseOf('t')],
      ['it parked for another reason', parkedBase(baseOf('s'), 'field-refused', NOON, { A: 'x', B: "x'" })],
    ])('a decision is over when %s', async (_why, next) => {
      await park(undecided(NOON), 'first');
      const before = await theOne();
      await world.conflicts.decide(tenant(1), before, 'A');
      await park(next, 'second');
      expect(await stateSeen('third')).toEqual(next.state);
      expect(await world.conflicts.decide(tenant(1), before, 'B')).toBe(false);
      expect(await world.conflicts.decide(tenant(2), before, 'B')).toBe(false);
    });
  });
};
