import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CommentId, EffectId } from '../../app/core/ids.ts';
import { AWAY_PIECE, commentPiece, parkedBase, STATUS_PIECE } from '../../app/core/piece.ts';
import {
  baseOf,
  buildDelivery,
  buildEffect,
  buildHistoryLine,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  effectId,
  fromB,
  issue,
  issueKey,
  type LedgerWorld,
  LONG_LEASE_MS,
  pairId,
  SUMMARY,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const COMMENT = commentPiece('A', '500' as CommentId);

/** What every TurnStore promises, apart from how turns end (lanes.contract.ts). */
export const describeTurnStore = (name: string, create: () => Promise<LedgerWorld>): void => {
  describe(`TurnStore in ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      await world.addTenant(tenant(1));
      await world.addTenant(tenant(2));
      await world.synchronizations.insert(buildSynchronization());
    });

    it('begins with nothing but the synchronization', async () => {
      expect(await world.turns.read(await claimFirst(world))).toEqual({
        synchronization: buildSynchronization(),
        pair: null,
        pieces: new Map(),
        openEffects: [],
      });
    });

    it('gives back pair, pieces and open effects as they were recorded', async () => {
      const pieces = new Map([
        [SUMMARY, baseOf('a')],
        [COMMENT, { ...baseOf('c'), comments: { A: '500' as CommentId, B: null } }],
        [STATUS_PIECE, parkedBase(null, 'no-direct-transition', 1_800_000_000_123, { A: 'x', B: null })],
      ]);
      const agreed = new Map([
        [SUMMARY, { fingerprints: { A: 'a', B: 'b' }, told: 't', replaces: true as const, since: 7 }],
        [STATUS_PIECE, { fingerprints: { A: null, B: '' }, told: null }],
      ]);
      const open = buildEffect({ kind: 'create-item', afterNumber: 41, pieces: [SUMMARY, STATUS_PIECE], agreed });
      const effects = [open, buildEffect({ effectId: effectId(2), state: 'confirmed', remoteId: '101', agreed })];
      const claim = await claimFirst(world);
      expect(await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces, effects }))).toBe('written');
      const memory = await world.turns.read(await claimFirst(world, 'later'));
      expect(memory?.pair).toEqual(buildPair());
      expect(memory?.pieces).toEqual(pieces);
      expect(memory?.openEffects).toEqual([open]);
    });

    it('changes a pair, changes and removes pieces, and leaves the others alone', async () => {
      const claim = await claimFirst(world);
      const pieces = new Map([
        [SUMMARY, baseOf('a')],
        [STATUS_PIECE, parkedBase(null, 'forbidden', 5, { A: 'x', B: 'y' })],
        [COMMENT, baseOf('c')],
      ]);
      await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces, end: { kind: 'continue' } }));
      const moved = buildPair({
        issueKeys: { A: issueKey('OPS-7'), B: issueKey('ENG-1') },
        seenAt: { A: 7, B: 8 },
        seenChange: { A: 11, B: 2 ** 40 },
        toldChange: { A: 12, B: null },
        transitioned: {
          A: { from: 'f', to: 't', since: { id: null, at: 9 }, at: 10 },
          B: { from: 'g', to: 'u', since: { id: 11, at: 9 }, at: 12 },
        },
        ownEdits: {
          A: [],
          B: [
            { piece: COMMENT, commentId: '9' as CommentId, since: 3, written: { at: 5, told: 'w' } },
            { piece: COMMENT, commentId: '9' as CommentId, since: 5, written: null },
          ],
        },
      });
      const changes = new Map([
        [STATUS_PIECE, baseOf('s')],
        [COMMENT, null],
      ]);
      await world.turns.complete(claim, buildRecord({ pair: moved, pieces: changes }));
      const memory = await world.turns.read(claim);
      expect(memory?.pair).toEqual(moved);
      expect(memory?.pieces).toEqual(
        new Map([
          [SUMMARY, baseOf('a')],
          [STATUS_PIECE, baseOf('s')],
        ]),
      );
    });

    it('records pieces of a pair that is not repeated in the record', async () => {
      const claim = await claimFirst(world);
      await world.turns.complete(claim, buildRecord({ pair: buildPair(), end: { kind: 'continue' } }));
      await world.turns.complete(claim, buildRecord({ pieces: new Map([[SUMMARY, baseOf('a')]]) }));
      expect((await world.turns.read(claim))?.pieces).toEqual(new Map([[SUMMARY, baseOf('a')]]));
    });

    it('writes nothing at all when one part of a record cannot be written', async () => {
      const claim = await claimFirst(world);
      const record = buildRecord({
        pieces: new Map([[SUMMARY, baseOf('a')]]),
        effects: [buildEffect()],
        history: [buildHistoryLine()],
      });
      await expect(world.turns.complete(claim, record)).rejects.toThrow('without a pair');
      expect(await world.turns.readEffect(tenant(1), effectId(1))).toBeNull();
      expect(await world.turns.listHistory(tenant(1), synchronizationId(1), 10)).toEqual([]);
      expect(await world.lanes.count()).toMatchObject({ leased: 1 });
    });

    it('refuses a second pair for an item', async () => {
      const claim = await claimFirst(world);
      await world.turns.complete(claim, buildRecord({ pair: buildPair(), end: { kind: 'continue' } }));
      const second = buildPair({ pairId: pairId(2), issueIds: { A: issue(1), B: issue(102) } });
      await expect(world.turns.complete(claim, buildRecord({ pair: second }))).rejects.toThrow();
      expect((await world.turns.read(claim))?.pair).toEqual(buildPair());
    });

    describe('turns that begin and end in the same moment', () => {
      const LANES = [1, 2, 3, 4];
      const claimAll = async () => {
        await Promise.all(LANES.map((n) => world.inbox.receive(buildDelivery({ deliveryId: `many-${n}`, issueId: issue(n) }))));
        const claims = await world.lanes.claim(LANES.length, LONG_LEASE_MS);
        return LANES.map((n) => {
          const claim = claims.find(({ subject }) => subject.issueId === issue(n));
          if (claim === undefined) throw new Error(`Lane ${n} was not due.`);
          return claim;
        });
      };
      const pairOf = (n: number, twin = 100 + n) =>
        buildPair({
          pairId: pairId(n),
          issueIds: { A: issue(n), B: issue(twin) },
          issueKeys: { A: issueKey(`SUP-${n}`), B: issueKey(`ENG-${n}`) },
        });
      const recordOf = (n: number, twin?: number) =>
        buildRecord({ pair: pairOf(n, twin), pieces: new Map([[SUMMARY, baseOf(`base ${n}`)]]) });

      it('read each its own synchronization, or that it is gone', async () => {
        for (const n of [2, 3]) {
          await world.synchronizations.insert(
            buildSynchronization({ synchronizationId: synchronizationId(n), name: `Name ${n}` }),
          );
        }
        const order = [1, 2, 1, 3, 2, 3, 1];
        await world.lanes.wake(
          tenant(1),
          order.map((n, place) => subject('A', place, synchronizationId(n))),
        );
        const claims = await world.lanes.claim(order.length, LONG_LEASE_MS);
        await world.synchronizations.remove(tenant(1), synchronizationId(3));
        const read = await Promise.all(claims.map(world.turns.read));
        const names = new Map([1, 2].map((n) => [synchronizationId(n), n === 1 ? 'Support and Engineering' : 'Name 2']));
        expect(read.map((memory) => memory?.synchronization.name)).toEqual(
          claims.map((claim) => names.get(claim.subject.synchronizationId)),
        );
        expect(read.filter((memory) => memory === null)).toHaveLength(2);
      });

      it('write each its own and read each its own', async () => {
        const claims = await claimAll();
        const outcomes = await Promise.all(claims.map((claim, n) => world.turns.complete(claim, recordOf(n + 1))));
        expect(outcomes).toEqual(LANES.map(() => 'written'));
        const memories = await Promise.all(claims.map((claim) => world.turns.read(claim)));
        expect(memories.map((memory) => memory?.pair)).toEqual(LANES.map((n) => pairOf(n)));
        expect(memories.map((memory) => memory?.pieces)).toEqual(LANES.map((n) => new Map([[SUMMARY, baseOf(`base ${n}`)]])));
        expect(await world.turns.highestNumber(tenant(1), synchronizationId(1), 'B')).toBe(4);
      });

      it('are fenced each for itself', async () => {
        const claims = await claimAll();
        const [, second] = claims;
        if (second === undefined) throw new Error('No second lane.');
        await world.expireLease(second);
        await world.lanes.claim(1, LONG_LEASE_MS);
        const intents = await Promise.all(
          claims.map((claim, n) => world.turns.intend(claim, [buildEffect({ effectId: effectId(n + 1), kind: 'create-item' })])),
        );
        expect(intents).toEqual(['written', 'fenced', 'written', 'written']);
        const outcomes = await Promise.all(claims.map((claim, n) => world.turns.complete(claim, recordOf(n + 1))));
        expect(outcomes).toEqual(['written', 'fenced', 'written', 'written']);
        expect(await world.turns.readEffect(tenant(1), effectId(2))).toBeNull();
        expect((await world.turns.read(second))?.pair).toBeNull();
      });

      it('do not suffer for one that cannot be written', async () => {
        const claims = await claimAll();
        const twins = [101, 101, 103, 104];
        const outcomes = await Promise.allSettled(
          claims.map((claim, n) => world.turns.complete(claim, recordOf(n + 1, twins[n]))),
        );
        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
        const pairs = await Promise.all(claims.map(async (claim) => (await world.turns.read(claim))?.pair ?? null));
        expect(pairs.filter((pair) => pair === null)).toHaveLength(1);
        expect(await world.lanes.count()).toMatchObject({ leased: 1 });
      });
    });

    it('finds the pair from the twin’s own lane as well', async () => {
      await world.inbox.receive(fromB());
      const [twins] = await world.lanes.claim(1, LONG_LEASE_MS);
      if (twins === undefined) throw new Error('No lane was due.');
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair() }));
      expect((await world.turns.read(twins))?.pair).toEqual(buildPair());
    });

    it('records intents before anything else, and what became of them', async () => {
      const claim = await claimFirst(world);
      const effects = [buildEffect(), buildEffect({ effectId: effectId(2), kind: 'create-comment', pieces: [COMMENT] })];
      expect(await world.turns.intend(claim, effects)).toBe('written');
      expect((await world.turns.read(claim))?.openEffects).toEqual(effects);
      const outcome = effects.map((effect) => ({ ...effect, state: 'confirmed' as const, remoteId: '900' }));
      await world.turns.complete(claim, buildRecord({ effects: outcome }));
      expect((await world.turns.read(claim))?.openEffects).toEqual([]);
      expect(await world.turns.readEffect(tenant(1), effectId(2))).toEqual(outcome[1]);
    });

    it.each(['not-a-uuid', '', '00000000-0000-4000-8005-0000000000ff'])('knows no effect %j', async (unknown) => {
      expect(await world.turns.readEffect(tenant(1), unknown as EffectId)).toBeNull();
    });

    it('shows no tenant the effects, history or pairs of another', async () => {
      const record = { pair: buildPair(), effects: [buildEffect()], history: [buildHistoryLine()] };
      await world.turns.complete(await claimFirst(world), buildRecord(record));
      expect(await world.turns.readEffect(tenant(2), effectId(1))).toBeNull();
      expect(await world.turns.listHistory(tenant(2), synchronizationId(1), 10)).toEqual([]);
      expect(await world.turns.highestNumber(tenant(2), synchronizationId(1), 'A')).toBe(0);
    });

    it('lists history newest first, the lines of a turn in their order', async () => {
      const early = buildHistoryLine({ at: 1, outcome: 'created', piece: null, pairId: null, source: null });
      const late = [
        buildHistoryLine({ at: 2 }),
        buildHistoryLine({ at: 2, outcome: 'parked', cause: 'forbidden', piece: STATUS_PIECE }),
      ];
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair(), history: late }));
      await world.turns.complete(await claimFirst(world, '2'), buildRecord({ history: [early] }));
      const list = (limit: number) => world.turns.listHistory(tenant(1), synchronizationId(1), limit);
      expect(await list(10)).toEqual([late[1], late[0], early]);
      expect(await list(1)).toEqual([late[1]]);
    });

    it('learns the highest item numbers from the pairs it is given', async () => {
      const keys = { A: issueKey('SUP-12'), B: issueKey('ENG-7') };
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair({ issueKeys: keys }) }));
      const highest = (side: 'A' | 'B') => world.turns.highestNumber(tenant(1), synchronizationId(1), side);
      expect([await highest('A'), await highest('B')]).toEqual([12, 7]);
      await world.inbox.receive(buildDelivery({ deliveryId: 'new', issueId: issue(2), issueKey: issueKey('SUP-13') }));
      expect(await highest('A')).toBe(13);
    });

    it('counts parked pieces, but not that an item is missing', async () => {
      const parked = parkedBase(null, 'forbidden', 1, { A: 'x', B: null });
      const pieces = new Map([
        [AWAY_PIECE, parked],
        [SUMMARY, parked],
        [STATUS_PIECE, parked],
        [COMMENT, baseOf('c')],
      ]);
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair(), pieces }));
      expect(await world.turns.readStanding(tenant(1), synchronizationId(1))).toMatchObject({ parked: 2, lastActivityAt: null });
    });

    it('knows when something last crossed; an echo is no activity', async () => {
      const standing = () => world.turns.readStanding(tenant(1), synchronizationId(1));
      const crossed = buildHistoryLine({ at: 1_795_000_000_000, outcome: 'applied' });
      const echo = buildHistoryLine({ at: 1_795_000_060_000, outcome: 'echo' });
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair(), history: [crossed, echo] }));
      expect((await standing()).lastActivityAt).toBe(1_795_000_000_000);
    });
  });
};
