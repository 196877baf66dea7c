import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FieldId, PieceKey } from '../../app/core/ids.ts';
import { MASS_CHANGE_CAUSES, MASS_CHANGE_WINDOW_MS, type RiskKind } from '../../app/core/mass-change.ts';
import { fieldPiece, type PieceBase, synchronizedBase } from '../../app/core/piece.ts';
import type { PingPong } from '../../app/core/ping-pong.ts';
import {
  buildDelivery,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  NOON,
  pairId,
  SUMMARY,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const MINUTE = 60_000;
const DUE = fieldPiece('duedate' as FieldId);

/** What every Brakes promises, and what a turn's store keeps for both brakes. */
export const describeBrakes = (name: string, create: () => Promise<LedgerWorld>): void => {
  let world: LedgerWorld;
  const freshWorld = async (): Promise<void> => {
    world = await create();
    for (const n of [1, 2]) await world.addTenant(tenant(n));
    await world.synchronizations.insert(buildSynchronization());
  };

  const at = { tenantId: tenant(1), synchronizationId: synchronizationId(1) };
  const count = (kind: RiskKind, changes: number, when = NOON) =>
    world.brakes.count(at.tenantId, at.synchronizationId, kind, changes, when);
  const list = (of = at.tenantId) => world.brakes.list(of, at.synchronizationId);
  const stop = (kind: RiskKind, when = NOON) => world.brakes.stop(at.tenantId, at.synchronizationId, kind, 21, when);

  const waitsFor = (kind: RiskKind, since = NOON): PieceBase => ({
    fingerprints: { A: 'agreed', B: 'agreed' },
    comments: null,
    state: { kind: 'parked', cause: MASS_CHANGE_CAUSES[kind], since, seen: { A: 'emptied', B: 'agreed' } },
  });
  /** Pair `n` with these pieces, its lane clean. */
  const record = async (n: number, pieces: readonly (readonly [PieceKey, PieceBase])[]): Promise<void> => {
    await world.inbox.receive(buildDelivery({ deliveryId: `of ${n} ${pieces.length}`, issueId: issue(n) }));
    const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
    if (claim === undefined) throw new Error('No lane was due.');
    const pair = buildPair({ pairId: pairId(n), issueIds: { A: issue(n), B: issue(100 + n) } });
    await world.turns.complete(claim, buildRecord({ pair, pieces: new Map(pieces) }));
  };
  /** The pieces of the lanes that are due now, and what these lanes were told. */
  const woken = async () => {
    const claims = await world.lanes.claim(10, LONG_LEASE_MS);
    const memories = await Promise.all(claims.map((claim) => world.turns.read(claim)));
    return claims.map((claim, n) => ({
      issueId: claim.subject.issueId,
      looks: claim.told.map(({ side }) => side).sort(),
      pieces: memories[n]?.pieces,
    }));
  };

  describe(`Brakes in ${name}: counting`, () => {
    beforeEach(freshWorld);

    it('adds up what is counted within the window, each kind by itself', async () => {
      expect(await count('clear', 2)).toEqual({ kind: 'counted', counted: 2 });
      expect(await count('clear', 3, NOON + 5 * MINUTE)).toEqual({ kind: 'counted', counted: 5 });
      expect(await count('deletion', 1, NOON + 5 * MINUTE)).toEqual({ kind: 'counted', counted: 1 });
      expect(await count('clear', 1, NOON + MASS_CHANGE_WINDOW_MS)).toEqual({ kind: 'counted', counted: 4 });
      expect(await count('clear', 1, NOON + 3 * MASS_CHANGE_WINDOW_MS)).toEqual({ kind: 'counted', counted: 1 });
    });

    it('tells everybody who counts at the same moment another number', async () => {
      const told = await Promise.all(Array.from({ length: 40 }, () => count('clear', 1)));
      const numbers = told.flatMap((one) => (one.kind === 'counted' ? [one.counted] : []));
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    });

    it('takes back what was counted and not made, never below nothing', async () => {
      await count('clear', 5);
      await world.brakes.giveBack(at.tenantId, at.synchronizationId, 'clear', 2, NOON);
      expect(await count('clear', 1)).toEqual({ kind: 'counted', counted: 4 });
      await world.brakes.giveBack(at.tenantId, at.synchronizationId, 'clear', 99, NOON);
      await world.brakes.giveBack(at.tenantId, at.synchronizationId, 'overwrite', 1, NOON);
      expect(await count('clear', 1)).toEqual({ kind: 'counted', counted: 1 });
      expect(await count('overwrite', 1)).toEqual({ kind: 'counted', counted: 1 });
    });

    it('counts each synchronization of each tenant by itself', async () => {
      await world.synchronizations.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      await world.synchronizations.insert(buildSynchronization({ tenantId: tenant(2), synchronizationId: synchronizationId(3) }));
      await count('clear', 5);
      expect(await world.brakes.count(tenant(1), synchronizationId(2), 'clear', 1, NOON)).toMatchObject({ counted: 1 });
      expect(await world.brakes.count(tenant(2), synchronizationId(3), 'clear', 1, NOON)).toMatchObject({ counted: 1 });
    });

    it('counts pairs up to a limit', async () => {
      for (const n of [1, 2, 3]) await record(n, []);
      const pairs = (limit: number) => world.brakes.countPairs(at.tenantId, at.synchronizationId, limit);
      expect([await pairs(2), await pairs(100)]).toEqual([2, 3]);
      expect(await world.brakes.countPairs(tenant(2), at.synchronizationId, 100)).toBe(0);
    });
  });

  describe(`Brakes in ${name}: stopped kinds`, () => {
    beforeEach(freshWorld);

    it('counts nothing of a stopped kind, and stops it once', async () => {
      await stop('clear');
      await stop('clear', NOON + 1);
      expect(await count('clear', 1)).toEqual({ kind: 'stopped' });
      expect(await count('deletion', 1)).toEqual({ kind: 'counted', counted: 1 });
      expect(await list()).toEqual([{ kind: 'clear', since: NOON, counted: 21, waiting: 0 }]);
      expect(await list(tenant(2))).toEqual([]);
    });

    it('lists what is stopped, the longest first, with the pieces that wait for it', async () => {
      await stop('clear', NOON + 1);
      await stop('deletion');
      await record(1, [
        [DUE, waitsFor('clear')],
        [SUMMARY, waitsFor('clear')],
      ]);
      await record(2, [[DUE, waitsFor('deletion')]]);
      expect((await list()).map(({ kind, waiting }) => [kind, waiting])).toEqual([
        ['deletion', 1],
        ['clear', 2],
      ]);
    });

    it.each(['carry-out', 'take-back'] as const)(
      'lets the pieces that wait know the answer "%s", and wakes their lanes',
      async (answer) => {
        await stop('clear');
        await record(1, [
          [DUE, waitsFor('clear')],
          [SUMMARY, synchronizedBase({ A: 'a', B: 'a' })],
        ]);
        await record(2, [[DUE, waitsFor('overwrite')]]);
        await record(3, [[DUE, waitsFor('clear')]]);
        expect(await woken()).toEqual([]);
        expect(await world.brakes.release(at.tenantId, at.synchronizationId, 'clear', answer, NOON + 9)).toEqual({ pieces: 2 });
        expect(await list()).toEqual([]);
        const lanes = (await woken()).sort((a, b) => Number(a.issueId) - Number(b.issueId));
        expect(lanes.map(({ issueId, looks }) => [issueId, looks])).toEqual([
          [issue(1), ['A', 'B']],
          [issue(3), ['A', 'B']],
        ]);
        const outcome = answer === 'carry-out' ? 'released' : 'taken-back';
        const said = { pairId: null, issueKeys: { A: null, B: null }, piece: null, source: null, cause: 'mass-clear' };
        expect(await world.turns.listHistory(at.tenantId, at.synchronizationId, 10)).toEqual([
          { at: NOON + 9, outcome, ...said },
          { at: NOON, outcome: 'braked', ...said },
        ]);
        const { state, ...others } = waitsFor('clear');
        expect(lanes[0]?.pieces?.get(DUE)).toEqual({ ...others, state: { ...state, answer } });
        expect(lanes[0]?.pieces?.get(SUMMARY)).toEqual(synchronizedBase({ A: 'a', B: 'a' }));
      },
    );

    it('counts from nothing after a release', async () => {
      await count('clear', 21);
      await stop('clear');
      await world.brakes.release(at.tenantId, at.synchronizationId, 'clear', 'carry-out', NOON);
      expect(await count('clear', 1)).toEqual({ kind: 'counted', counted: 1 });
    });

    it.each([
      ['another kind', tenant(1), synchronizationId(1), 'deletion'],
      ["another tenant's", tenant(2), synchronizationId(1), 'clear'],
      ['no synchronization', tenant(1), 'not-a-uuid', 'clear'],
    ] as const)('has nothing to release: %s', async (_title, of, synchronization, kind) => {
      await stop('clear');
      expect(await world.brakes.release(of, synchronization as typeof at.synchronizationId, kind, 'carry-out', NOON)).toBeNull();
      expect(await list()).toHaveLength(1);
    });

    it('answers many pieces, all of them', async () => {
      await stop('clear');
      const many = Array.from(
        { length: 1100 },
        (_, n) => [fieldPiece(`customfield_${n}` as FieldId), waitsFor('clear')] as const,
      );
      await record(1, many);
      expect(await world.brakes.release(at.tenantId, at.synchronizationId, 'clear', 'carry-out', NOON)).toMatchObject({
        pieces: 1100,
      });
    });

    it('[M8] of two answers at the same moment the first counts, for all pieces', async () => {
      await stop('clear');
      const many = Array.from({ length: 60 }, (_, n) => fieldPiece(`customfield_${n}` as FieldId));
      for (let n = 1; n <= 20; n++)
        await record(
          n,
          many.map((piece) => [piece, waitsFor('clear')] as const),
        );
      const given = (['carry-out', 'take-back'] as const).map((answer) =>
        world.brakes.release(at.tenantId, at.synchronizationId, 'clear', answer, NOON),
      );
      const [carriedOut, takenBack] = await Promise.all(given);
      const counts = carriedOut === null ? 'take-back' : 'carry-out';
      expect([carriedOut, takenBack].filter((one) => one !== null)).toEqual([{ pieces: 1200 }]);
      const states = (await woken()).flatMap(({ pieces }) => [...(pieces?.values() ?? [])].map(({ state }) => state));
      expect(states.length).toBeGreaterThan(0);
      expect(new Set(states.map((state) => state.kind === 'parked' && state.answer))).toEqual(new Set([counts]));
      const lines = await world.turns.listHistory(at.tenantId, at.synchronizationId, 10);
      expect(lines.map(({ outcome }) => outcome).sort()).toEqual(
        ['braked', counts === 'carry-out' ? 'released' : 'taken-back'].sort(),
      );
    });

    it('answers nothing once nothing is stopped any more: somebody else was faster', async () => {
      await record(1, [[DUE, waitsFor('clear')]]);
      expect(await world.brakes.release(at.tenantId, at.synchronizationId, 'clear', 'take-back', NOON)).toBeNull();
      expect(await woken()).toEqual([]);
      expect(await world.turns.listHistory(at.tenantId, at.synchronizationId, 10)).toEqual([]);
    });

    it('wakes a pair that parked for a kind which was released meanwhile, and no other', async () => {
      await stop('clear');
      await record(1, [[DUE, waitsFor('clear')]]);
      const pair = buildPair();
      await world.brakes.wakeIfReleased(tenant(1), pair, ['clear']);
      expect(await woken()).toEqual([]);
      await world.brakes.wakeIfReleased(tenant(1), pair, ['clear', 'deletion']);
      expect((await woken()).map(({ issueId, looks }) => [issueId, looks])).toEqual([[issue(1), ['A', 'B']]]);
    });

    it('keeps the answer through a turn that did not know of it, and forgets it with its question', async () => {
      await record(1, [[DUE, waitsFor('clear')]]);
      await stop('clear');
      const claim = await claimFirst(world, 'another');
      await world.brakes.release(at.tenantId, at.synchronizationId, 'clear', 'take-back', NOON);
      await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces: new Map([[DUE, waitsFor('clear')]]) }));
      const answerNow = async () => {
        const memory = await world.turns.read(claim);
        const state = memory?.pieces.get(DUE)?.state;
        return state?.kind === 'parked' ? (state.answer ?? null) : state?.kind;
      };
      expect(await answerNow()).toBe('take-back');
      await record(1, [
        [DUE, waitsFor('clear', NOON + 1)],
        [SUMMARY, synchronizedBase({ A: 'a', B: 'a' })],
      ]);
      expect(await answerNow()).toBeNull();
    });

    it('goes with its synchronization', async () => {
      await count('clear', 21);
      await stop('clear');
      await world.synchronizations.remove(at.tenantId, at.synchronizationId);
      expect(await list()).toEqual([]);
      await world.synchronizations.insert(buildSynchronization());
      expect(await count('clear', 1)).toEqual({ kind: 'counted', counted: 1 });
    });
  });

  it(`TurnStore in ${name} keeps what crossed and how often a piece was frozen`, async () => {
    await freshWorld();
    const pingPong: PingPong = {
      crossings: [
        { at: NOON, to: 'B', print: 'x', returned: false },
        { at: NOON + 1, to: 'A', print: 'y', returned: true },
      ],
      frozen: { times: 2, at: NOON - 1 },
    };
    const claim = await claimFirst(world);
    const pieces = new Map<PieceKey, PieceBase>([
      [DUE, { ...synchronizedBase({ A: 'a', B: 'a' }), pingPong }],
      [SUMMARY, { ...waitsFor('clear'), pingPong: { crossings: [], frozen: null } }],
    ]);
    await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces }));
    expect((await world.turns.read(claim))?.pieces).toEqual(pieces);
  });
};
