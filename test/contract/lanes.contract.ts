import { beforeEach, describe, expect, it } from '@jest/globals';
import { describeFairLanes } from './fair-lanes.contract.ts';
import {
  buildDelivery,
  buildEffect,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  fromB,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';
import { describeTold } from './told.contract.ts';
import { describeWatched } from './watched.contract.ts';

/** What every Lanes promises, together with the ends that TurnStore gives them (app/lanes/README.md). */
export const describeLanes = (name: string, create: () => Promise<LedgerWorld>): void => {
  describeFairLanes(name, create);
  describeTold(name, create);
  describeWatched(name, create);
  describe(`Lanes in ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      await world.addTenant(tenant(1));
      await world.synchronizations.insert(buildSynchronization());
    });

    const claimAll = () => world.lanes.claim(100, LONG_LEASE_MS);
    const claimOne = async () => {
      const [claim] = await claimAll();
      if (claim === undefined) throw new Error('No lane was due.');
      return claim;
    };
    const again = () => world.inbox.receive(buildDelivery({ deliveryId: 'another' }));
    const soon = async () => {
      const next = await world.lanes.nextDueAt();
      return next ?? Number.POSITIVE_INFINITY;
    };

    it('[L4] gives a lane to one worker', async () => {
      await claimFirst(world);
      expect(await claimAll()).toEqual([]);
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 1, parked: 0, watched: 0 });
    });

    it('[L4] gives each lane to one of many workers that ask at the same moment', async () => {
      const items = Array.from({ length: 200 }, (_, n) => n);
      await world.lanes.wake(
        tenant(1),
        items.map((n) => subject('A', n)),
      );
      const keys: string[] = [];
      const work = async (): Promise<void> => {
        for (
          let claims = await world.lanes.claim(2, LONG_LEASE_MS);
          claims.length > 0;
          claims = await world.lanes.claim(2, LONG_LEASE_MS)
        ) {
          keys.push(...claims.map(({ laneKey }) => laneKey));
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      await work();
      expect(keys).toHaveLength(200);
      expect(new Set(keys).size).toBe(200);
    });

    it('[L1] is clean after a turn that saw all events', async () => {
      const claim = await claimFirst(world);
      expect(await world.turns.complete(claim, buildRecord())).toBe('written');
      expect(await claimAll()).toEqual([]);
      expect(await world.lanes.nextDueAt()).toBeNull();
    });

    it('[L1] is due again at once when an event came during the turn', async () => {
      const claim = await claimFirst(world);
      await again();
      expect(await claimAll()).toEqual([]);
      await world.turns.complete(claim, buildRecord());
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 2 })]);
    });

    it('[L7] can be taken over when the lease has run out, and the first holder writes nothing any more', async () => {
      const dead = await claimFirst(world);
      expect(await world.lanes.renew([dead], LONG_LEASE_MS)).toEqual([dead]);
      expect(await claimAll()).toEqual([]);
      await world.expireLease(dead);
      const heir = await claimOne();
      expect(heir).toMatchObject({ laneKey: dead.laneKey, generation: 1 });
      expect(heir.token).toBeGreaterThan(dead.token);
      const record = buildRecord({ pair: buildPair() });
      expect(await world.turns.complete(dead, record)).toBe('fenced');
      expect(await world.turns.intend(dead, [buildEffect()])).toBe('fenced');
      expect(await world.turns.read(heir)).toMatchObject({ pair: null, openEffects: [] });
      expect(await world.turns.complete(heir, record)).toBe('written');
    });

    it('[L7] does not prolong a lease for a holder that lost it', async () => {
      const dead = await claimFirst(world);
      await world.expireLease(dead);
      const heir = await claimOne();
      await world.expireLease(heir);
      expect(await world.lanes.renew([dead], LONG_LEASE_MS)).toEqual([]);
      expect(await claimAll()).toHaveLength(1);
    });

    it('[L4] lets a holder whose lease ran out end its turn as long as nobody took the lane', async () => {
      const slow = await claimFirst(world);
      await world.expireLease(slow);
      expect(await world.turns.complete(slow, buildRecord())).toBe('written');
    });

    it('[L3] answers the second of two equal completions without doing anything', async () => {
      const claim = await claimFirst(world);
      await world.turns.complete(claim, buildRecord());
      await again();
      expect(await world.turns.complete(claim, buildRecord({ pair: buildPair() }))).toBe('written');
      expect(await world.turns.intend(claim, [buildEffect()])).toBe('fenced');
      const next = await claimOne();
      expect(await world.turns.read(next)).toMatchObject({ pair: null });
    });

    it('[L9] waits until the time a turn gave, whatever comes in', async () => {
      const claim = await claimFirst(world);
      const at = claim.leaseUntil + 60_000;
      await world.turns.complete(claim, buildRecord({ end: { kind: 'again', at, attempt: false } }));
      await again();
      expect(await claimAll()).toEqual([]);
      expect(await soon()).toBe(at);
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 1, leased: 0, parked: 0, watched: 0 });
    });

    it.each([
      { attempt: true, attempts: 1 },
      { attempt: false, attempts: 0 },
    ])('[L5] comes back with attempts $attempts when attempt is $attempt', async ({ attempt, attempts }) => {
      const claim = await claimFirst(world);
      await world.turns.complete(claim, buildRecord({ end: { kind: 'again', at: 0, attempt } }));
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 1, attempts })]);
    });

    it('forgets failed attempts after a good turn', async () => {
      await world.turns.complete(await claimFirst(world), buildRecord({ end: { kind: 'again', at: 0, attempt: true } }));
      await world.turns.complete(await claimOne(), buildRecord());
      await again();
      expect(await claimOne()).toMatchObject({ attempts: 0 });
    });

    const wakers: [string, () => Promise<unknown>][] = [
      ['an event', () => again()],
      ['a retry', () => world.lanes.wake(tenant(1), [subject('A', 1)])],
    ];
    it.each(wakers)('[L10] stays parked until %s', async (_name, wake) => {
      const claim = await claimFirst(world);
      await world.turns.complete(claim, buildRecord({ end: { kind: 'again', at: 0, attempt: true } }));
      await world.turns.complete(await claimOne(), buildRecord({ end: { kind: 'parked', cause: 'forbidden' } }));
      expect(await claimAll()).toEqual([]);
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 0, parked: 1, watched: 0 });
      expect((await world.turns.readStanding(tenant(1), synchronizationId(1))).parked).toBe(1);
      await wake();
      expect(await claimOne()).toMatchObject({ attempts: 0, generation: 2 });
      expect((await world.turns.readStanding(tenant(1), synchronizationId(1))).parked).toBe(0);
    });

    it('[L9] makes what waits or is parked due when the synchronization starts again, and nothing else', async () => {
      const park = buildRecord({ end: { kind: 'parked', cause: 'forbidden' } });
      await world.synchronizations.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      await world.lanes.wake(tenant(1), [subject('A', 9, synchronizationId(2))]);
      await world.turns.complete(await claimOne(), park);
      for (const n of [1, 2, 3, 4]) await world.lanes.wake(tenant(1), [subject('A', n)]);
      const [clean, waiting, parked, held] = await claimAll();
      if (clean === undefined || waiting === undefined || parked === undefined || held === undefined)
        throw new Error('No lane was due.');
      await world.turns.complete(clean, buildRecord());
      await world.turns.complete(waiting, buildRecord({ end: { kind: 'again', at: waiting.leaseUntil, attempt: true } }));
      await world.turns.complete(parked, park);
      await world.lanes.resume(tenant(1), synchronizationId(1));
      const resumed = await claimAll();
      expect(resumed.map((claim) => claim.subject)).toEqual([waiting.subject, parked.subject]);
      expect(resumed.map(({ attempts }) => attempts)).toEqual([0, 0]);
      // The one that was being worked on is parked only after we said that the cause may be over.
      await world.turns.complete(held, park);
      expect((await claimAll()).map((claim) => claim.subject)).toEqual([held.subject]);
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 3, parked: 1, watched: 0 });
    });

    it('[L10] is not parked when an event came during the turn', async () => {
      const claim = await claimFirst(world);
      await again();
      await world.turns.complete(claim, buildRecord({ end: { kind: 'parked', cause: 'forbidden' } }));
      expect(await claimAll()).toHaveLength(1);
    });

    it('keeps the lane after a record that does not end the turn', async () => {
      const claim = await claimFirst(world);
      expect(await world.turns.complete(claim, buildRecord({ pair: buildPair(), end: { kind: 'continue' } }))).toBe('written');
      expect(await claimAll()).toEqual([]);
      expect(await world.turns.complete(claim, buildRecord())).toBe('written');
      expect(await world.turns.complete(claim, buildRecord({ end: { kind: 'continue' } }))).toBe('fenced');
    });

    it('[L12] wakes the lane of the pair, for whichever of its items', async () => {
      await world.turns.complete(await claimFirst(world), buildRecord({ pair: buildPair() }));
      await world.lanes.wake(tenant(1), [subject('B', 101), subject('A', 1), subject('B', 102)]);
      const claims = await claimAll();
      expect(claims.map((claim) => claim.subject)).toEqual([subject('A', 1), subject('B', 102)]);
      expect(claims[0]).toMatchObject({ generation: 2 });
    });

    it('wakes other lanes with the end of a turn', async () => {
      await world.inbox.receive(fromB());
      await world.turns.complete(await claimOne(), buildRecord({ wake: [subject('A', 7)] }));
      expect((await claimAll()).map((claim) => claim.subject)).toEqual([subject('A', 7)]);
    });

    it('[L11] takes live changes before scans, and the oldest first', async () => {
      await world.lanes.wake(tenant(1), [subject('A', 1)]);
      await world.inbox.receive(buildDelivery({ deliveryId: '2', issueId: issue(2) }));
      await world.inbox.receive(buildDelivery({ deliveryId: '3', issueId: issue(3) }));
      const order: unknown[] = [];
      for (let n = 0; n < 3; n += 1) order.push((await world.lanes.claim(1, LONG_LEASE_MS))[0]?.subject.issueId);
      expect(order).toEqual([issue(2), issue(3), issue(1)]);
    });

    it('[L11] gives a quiet tenant its turn beside a noisy one', async () => {
      for (const n of [2, 3]) {
        await world.addTenant(tenant(n));
        await world.synchronizations.insert(
          buildSynchronization({ tenantId: tenant(n), synchronizationId: synchronizationId(n) }),
        );
      }
      const many = Array.from({ length: 50 }, (_, n) => n);
      await world.lanes.wake(
        tenant(1),
        many.map((n) => subject('A', n)),
      );
      await world.lanes.wake(tenant(2), [subject('A', 1, synchronizationId(2))]);
      await world.lanes.wake(
        tenant(3),
        many.map((n) => subject('A', n, synchronizationId(3))),
      );
      const first = (await world.lanes.claim(10, LONG_LEASE_MS)).map(({ tenantId }) => tenantId);
      expect(first).toHaveLength(10);
      expect(first.filter((one) => one === tenant(2))).toHaveLength(1);
      for (const noisy of [1, 3]) expect(first.filter((one) => one === tenant(noisy)).length).toBeGreaterThanOrEqual(4);
    });

    it('[L11] goes round when it is asked for one lane at a time', async () => {
      await world.addTenant(tenant(2));
      await world.synchronizations.insert(buildSynchronization({ tenantId: tenant(2), synchronizationId: synchronizationId(2) }));
      for (const n of [1, 2])
        await world.lanes.wake(
          tenant(n),
          [1, 2].map((item) => subject('A', item, synchronizationId(n))),
        );
      const order: unknown[] = [];
      for (let n = 0; n < 4; n += 1) order.push((await world.lanes.claim(1, LONG_LEASE_MS))[0]?.tenantId);
      expect(order).toEqual([tenant(1), tenant(2), tenant(1), tenant(2)]);
    });

    it('drops a lane whose synchronization has gone, with everything the turn wanted to write', async () => {
      const claim = await claimFirst(world);
      await world.synchronizations.remove(tenant(1), synchronizationId(1));
      expect(await world.turns.read(claim)).toBeNull();
      expect(await world.turns.complete(claim, buildRecord({ pair: buildPair() }))).toBe('fenced');
      // A delivery that was being stored while the synchronization was removed can leave a lane behind.
      await world.lanes.wake(tenant(1), [subject('A', 1)]);
      const orphan = await claimOne();
      expect(await world.turns.complete(orphan, buildRecord({ pair: buildPair() }))).toBe('written');
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 0, parked: 0, watched: 0 });
    });
  });
};
