import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ScanSchedule, SynchronizationStore } from '../../app/sync/ports.ts';
import { buildSynchronization, type LedgerWorld, synchronizationId, tenant } from './ledger-world.ts';

const MINUTE = 60_000;
const ME = [{ tenantId: tenant(1), synchronizationId: synchronizationId(1) }];

interface ScanWorld extends Pick<LedgerWorld, 'synchronizations' | 'addTenant'> {
  readonly schedule: ScanSchedule;
  readonly clock: { now(): number };
}

/** What every ScanSchedule promises. `create` gives an empty one, and the clock by which it goes. */
export const describeScanSchedule = (name: string, create: () => Promise<ScanWorld>): void => {
  describe(`ScanSchedule in ${name}`, () => {
    let schedule: ScanSchedule;
    let store: SynchronizationStore;
    let now: number;
    beforeEach(async () => {
      const world = await create();
      await world.addTenant(tenant(1));
      ({ schedule, synchronizations: store } = world);
      await store.insert(buildSynchronization({ scannedUntil: { A: 0, B: 0 } }));
      now = world.clock.now();
    });

    const claim = (limit = 4) => schedule.claimDue(limit, 5 * MINUTE, 2 * MINUTE);

    it('hands a due scan out once, until it is given back', async () => {
      expect(await claim()).toEqual(ME);
      expect(await claim()).toEqual([]);
      await schedule.release(tenant(1), synchronizationId(1), 0);
      expect(await claim()).toEqual(ME);
    });

    it('lets a scan that failed rest', async () => {
      await claim();
      await schedule.release(tenant(1), synchronizationId(1), MINUTE);
      expect(await claim()).toEqual([]);
    });

    it('hands out nothing that is stopped, or whose sides were seen just now', async () => {
      await store.update(tenant(1), synchronizationId(1), { state: 'stopped' });
      expect(await claim()).toEqual([]);
      await store.update(tenant(1), synchronizationId(1), { state: 'running', scannedUntil: { A: now, B: now } });
      expect(await claim()).toEqual([]);
      await store.update(tenant(1), synchronizationId(1), { scannedUntil: { A: now, B: now - 6 * MINUTE } });
      expect(await claim()).toEqual(ME);
    });

    it('hands out nothing that was never started, and one of which one side was', async () => {
      await store.update(tenant(1), synchronizationId(1), { scannedUntil: { A: null, B: null } });
      expect(await claim()).toEqual([]);
      await store.update(tenant(1), synchronizationId(1), { scannedUntil: { A: null, B: now - 6 * MINUTE } });
      expect(await claim()).toEqual(ME);
    });

    it('takes the oldest first', async () => {
      for (const n of [2, 3]) {
        const scannedUntil = { A: now - n * 10 * MINUTE, B: now };
        await store.insert(buildSynchronization({ synchronizationId: synchronizationId(n), scannedUntil }));
      }
      const order: unknown[] = [];
      for (let n = 0; n < 3; n += 1) order.push((await claim(1))[0]?.synchronizationId);
      expect(order).toEqual([synchronizationId(1), synchronizationId(3), synchronizationId(2)]);
    });
  });
};
