import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../app/sync/ports.ts';
import {
  buildDelivery,
  buildRecord,
  buildSynchronization,
  claimFirst,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

/** What every Lanes promises of a lane that is clean and shall be looked at again (app/lanes/README.md). */
export const describeWatched = (name: string, create: () => Promise<LedgerWorld>): void => {
  describe(`Watched lanes in ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      await world.addTenant(tenant(1));
      await world.synchronizations.insert(buildSynchronization());
    });

    const claimAll = () => world.lanes.claim(100, LONG_LEASE_MS);
    const watch = async (claim: Claim, at = claim.leaseUntil + 60_000): Promise<number> => {
      expect(await world.turns.complete(claim, buildRecord({ end: { kind: 'watch', at } }))).toBe('written');
      return at;
    };

    it('[L16] are clean, and say when they fall due', async () => {
      const at = await watch(await claimFirst(world));
      expect(await claimAll()).toEqual([]);
      expect(await world.lanes.nextDueAt()).toBe(at);
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 0, parked: 0, watched: 1 });
    });

    it('[L16] fall due by their own time, told nothing', async () => {
      await watch(await claimFirst(world), 0);
      expect(await world.lanes.count()).toEqual({ due: 1, waiting: 0, leased: 0, parked: 0, watched: 0 });
      const [claim] = await claimAll();
      expect(claim).toMatchObject({ generation: 1, told: [] });
      expect(await world.lanes.count()).toEqual({ due: 0, waiting: 0, leased: 1, parked: 0, watched: 0 });
      if (claim === undefined) throw new Error('No lane was due.');
      await world.turns.complete(claim, buildRecord());
      expect(await world.lanes.nextDueAt()).toBeNull();
    });

    const wakers: [string, () => Promise<unknown>, string | null][] = [
      ['an event', () => world.inbox.receive(buildDelivery({ deliveryId: 'next', sealedObservation: 'next' })), 'next'],
      ['a scan', () => world.lanes.wake(tenant(1), [subject('A', 1)]), null],
    ];
    it.each(wakers)('[L16] are due at once after %s', async (_name, wake, sealed) => {
      await watch(await claimFirst(world));
      await wake();
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 2, told: [{ side: 'A', sealed }] })]);
    });

    it('[L1] [L16] are due at once when an event came during the turn', async () => {
      const claim = await claimFirst(world);
      await world.inbox.receive(buildDelivery({ deliveryId: 'next', sealedObservation: 'next' }));
      await watch(claim);
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 2, told: [{ side: 'A', sealed: 'next' }] })]);
    });

    it('[L16] are not made dirty when the synchronization starts again', async () => {
      const at = await watch(await claimFirst(world));
      await world.lanes.resume(tenant(1), synchronizationId(1));
      expect(await claimAll()).toEqual([]);
      expect(await world.lanes.nextDueAt()).toBe(at);
    });

    it('[L11] [L16] fall due behind live changes', async () => {
      await watch(await claimFirst(world), 0);
      await world.inbox.receive(buildDelivery({ deliveryId: 'live', issueId: issue(2) }));
      const [first] = await world.lanes.claim(1, LONG_LEASE_MS);
      expect(first?.subject).toEqual(subject('A', 2));
    });
  });
};
