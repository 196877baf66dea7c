import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Side } from '../../app/core/side.ts';
import type { Claim, LaneEnd, SealedTold } from '../../app/sync/ports.ts';
import {
  buildDelivery,
  buildPair,
  buildRecord,
  buildSynchronization,
  fromB,
  type LedgerWorld,
  LONG_LEASE_MS,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const LOOK_AT_BOTH: readonly SealedTold[] = [
  { side: 'A', sealed: null },
  { side: 'B', sealed: null },
];
const saw = (sealed: string, side: Side = 'A'): SealedTold => ({ side, sealed });

/** More than any lane keeps. */
const MANY = 75;

/** What every Lanes and Inbox promise of what events tell (app/lanes/README.md). */
export const describeTold = (name: string, create: () => Promise<LedgerWorld>): void => {
  describe(`What lanes in ${name} are told`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      await world.addTenant(tenant(1));
      await world.addTenant(tenant(2));
      await world.synchronizations.insert(buildSynchronization());
    });

    const tell = (sealed: string) => world.inbox.receive(buildDelivery({ deliveryId: sealed, sealedObservation: sealed }));
    const claimOne = async (): Promise<Claim> => {
      const [claim] = await world.lanes.claim(100, LONG_LEASE_MS);
      if (claim === undefined) throw new Error('No lane was due.');
      return claim;
    };
    const claimTold = async (...sealed: string[]): Promise<Claim> => {
      for (const one of sealed) await tell(one);
      return claimOne();
    };
    const end = async (claim: Claim, how: LaneEnd): Promise<void> => {
      expect(await world.turns.complete(claim, buildRecord({ end: how }))).toBe('written');
    };
    const toldNext = async () => (await claimOne()).told;

    it('[L15] is what came, in order', async () => {
      await tell('1');
      await world.inbox.receive(buildDelivery({ deliveryId: 'not whole' }));
      await tell('2');
      await tell('1');
      expect(await toldNext()).toEqual([saw('1'), { side: 'A', sealed: null }, saw('2')]);
    });

    it('[L15] is what came at the same moment, in order', async () => {
      const names = Array.from({ length: 20 }, (_, n) => String(n));
      await Promise.all(names.map(tell));
      expect(await toldNext()).toEqual(names.map((sealed) => saw(sealed)));
    });

    it('[L15] names the side of the event, not that of the lane', async () => {
      const claim = await claimTold('before');
      await world.turns.complete(claim, buildRecord({ pair: buildPair() }));
      await world.inbox.receive(fromB({ deliveryId: 'twin', sealedObservation: 'of the twin' }));
      await tell('of the origin');
      expect(await toldNext()).toEqual([saw('of the twin', 'B'), saw('of the origin')]);
    });

    it('[L15] is what a list showed, where it was sealed', async () => {
      await world.lanes.wake(tenant(1), [{ ...subject('A', 1), sealed: 'listed' }], 'backfill');
      const claim = await claimOne();
      expect([claim.work, claim.told]).toEqual(['backfill', [saw('listed')]]);
    });

    it('[L15] is to look where a scan found something', async () => {
      await world.turns.complete(await claimTold('before'), buildRecord({ pair: buildPair() }));
      await world.lanes.wake(tenant(1), [subject('B', 101)]);
      expect(await toldNext()).toEqual([{ side: 'B', sealed: null }]);
    });

    it('[L15] is to look at both items of a pair that a scan found', async () => {
      await world.turns.complete(await claimTold('before'), buildRecord({ pair: buildPair() }));
      await world.lanes.wake(tenant(1), [subject('B', 101), subject('A', 1), subject('B', 101)]);
      expect(await toldNext()).toEqual(LOOK_AT_BOTH);
    });

    it('[L15] is to look at both sides when the synchronization starts again', async () => {
      await end(await claimTold('1'), { kind: 'parked', cause: 'forbidden' });
      await world.lanes.resume(tenant(1), synchronizationId(1));
      expect(await toldNext()).toEqual(LOOK_AT_BOTH);
    });

    const ends: LaneEnd[] = [{ kind: 'done' }, { kind: 'watch', at: 0 }, { kind: 'parked', cause: 'forbidden' }];
    it.each(ends)('[L15] is over with a turn that ended: $kind', async (how) => {
      await end(await claimTold('1'), how);
      await tell('2');
      expect(await toldNext()).toEqual([saw('2')]);
    });
    it.each(ends)('[L15] stays for the next turn when it came during one that ended: $kind', async (how) => {
      const claim = await claimTold('1');
      await tell('2');
      await tell('3');
      await end(claim, how);
      expect(await toldNext()).toEqual([saw('2'), saw('3')]);
    });

    it('[L15] is told again when the turn comes back later, and then what came meanwhile', async () => {
      const claim = await claimTold('1', '2');
      await tell('3');
      await end(claim, { kind: 'again', at: 0, attempt: true });
      const next = await claimOne();
      expect(next.told).toEqual([saw('1'), saw('2'), saw('3')]);
      await end(next, { kind: 'again', at: 0, attempt: false });
      expect(await toldNext()).toEqual([saw('1'), saw('2'), saw('3')]);
    });

    it('[L15] is only where to look after many turns that failed, so that no content is kept', async () => {
      let claim = await claimTold('1');
      for (let turn = 0; turn < 30; turn += 1) {
        await end(claim, { kind: 'again', at: 0, attempt: true });
        claim = await claimOne();
        expect(claim.attempts).toBe(turn + 1);
      }
      await tell('2');
      await end(claim, { kind: 'again', at: 0, attempt: true });
      expect(await toldNext()).toEqual([{ side: 'A', sealed: null }, saw('2')]);
    });

    it('[L15] stays through a record that does not end the turn', async () => {
      const claim = await claimTold('1');
      await end(claim, { kind: 'continue' });
      await tell('2');
      await end(claim, { kind: 'done' });
      expect(await toldNext()).toEqual([saw('2')]);
    });

    it('[L7] [L15] of a turn that died is to look at both sides, and then what came meanwhile', async () => {
      const dead = await claimTold('1', '2');
      await tell('3');
      await world.expireLease(dead);
      const heir = await claimOne();
      expect(heir.told).toEqual([...LOOK_AT_BOTH, saw('3')]);
      await tell('4');
      await world.expireLease(heir);
      const last = await claimOne();
      expect(last.told).toEqual([...LOOK_AT_BOTH, saw('4')]);
      await end(last, { kind: 'done' });
      expect(await world.lanes.nextDueAt()).toBeNull();
    });

    it('[L4] [L15] is not changed by the end of a void claim', async () => {
      const dead = await claimTold('1');
      await world.expireLease(dead);
      const heir = await claimOne();
      await tell('2');
      await world.turns.complete(dead, buildRecord());
      await end(heir, { kind: 'done' });
      expect(await toldNext()).toEqual([saw('2')]);
    });

    /** Each of `sent` is told, or a look at its side comes after what is told of the ones before it. */
    const expectCovered = (told: readonly SealedTold[], sent: readonly string[]): void => {
      expect(told.length).toBeLessThan(sent.length);
      const ofA = told.filter(({ side }) => side === 'A').map(({ sealed }) => sealed);
      const after = ofA.slice(ofA.lastIndexOf(null) + 1);
      expect(after).toEqual(after.length === 0 ? [] : sent.slice(-after.length));
      for (const sealed of ofA) if (sealed !== null) expect(sent).toContain(sealed);
    };
    const many = Array.from({ length: MANY }, (_, n) => `event ${n}`);

    it.each([
      ['one by one', async () => void (await many.reduce((before, one) => before.then(() => tell(one)), tell('event 0')))],
      ['at the same moment', async () => void (await Promise.all(many.map(tell)))],
    ])('[L15] is bounded: a look covers what is too much, come %s', async (_name, tellAll) => {
      await tellAll();
      expectCovered(await toldNext(), many);
    });

    it.each<[string, LaneEnd]>([
      ['done', { kind: 'done' }],
      ['again', { kind: 'again', at: 0, attempt: true }],
    ])('[L15] is bounded while a turn has the lane, which then ends: %s', async (_name, how) => {
      const claim = await claimTold('1');
      for (const one of many) await tell(one);
      await end(claim, how);
      expectCovered(await toldNext(), how.kind === 'done' ? many : ['1', ...many]);
    });

    it('[L7] [L15] loses nothing when a turn dies in whose time too much came', async () => {
      const dead = await claimTold('1');
      for (const one of many) await tell(one);
      await world.expireLease(dead);
      const { told } = await claimOne();
      expect(told.slice(0, 2)).toEqual(LOOK_AT_BOTH);
      expectCovered(told, many);
    });

    it('[L15] is bounded however often a turn comes back later', async () => {
      const sent: string[] = [];
      let claim = await claimTold('first');
      for (let turn = 0; turn < 5; turn += 1) {
        for (let n = 0; n < 25; n += 1) {
          sent.push(`${turn}/${n}`);
          await tell(`${turn}/${n}`);
        }
        await end(claim, { kind: 'again', at: 0, attempt: true });
        claim = await claimOne();
        expect(claim.told.length).toBeLessThan(40);
      }
      expectCovered(claim.told, ['first', ...sent]);
    });
  });
};
