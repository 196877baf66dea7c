import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ScanSchedule, SiteScan } from '../../app/sync/healing-ports.ts';
import type { SynchronizationStore } from '../../app/sync/ports.ts';
import { buildSynchronization, connection, type LedgerWorld, synchronizationId, tenant } from './ledger-world.ts';

const MINUTE = 60_000;
const LEASE = 2 * MINUTE;
/** A silence that no beat of a test comes near. */
const AN_HOUR = 60 * MINUTE;

interface ScanWorld extends Pick<LedgerWorld, 'synchronizations' | 'addTenant'> {
  readonly schedule: ScanSchedule;
}

/** What every ScanSchedule promises. `create` gives an empty one. */
export const describeScanSchedule = (name: string, create: () => Promise<ScanWorld>): void => {
  describe(`ScanSchedule in ${name}`, () => {
    let schedule: ScanSchedule;
    let store: SynchronizationStore;
    beforeEach(async () => {
      const world = await create();
      await world.addTenant(tenant(1));
      ({ schedule, synchronizations: store } = world);
      await store.insert(buildSynchronization());
    });

    const sitesOf = (scans: readonly SiteScan[]) => scans.map(({ siteTenantId }) => siteTenantId).sort();
    const both = [tenant(1), tenant(2)];
    const next = { paceMs: 10 * MINUTE, givenUpUntil: 7, lastAt: 9, fullAt: 8 };
    const endAll = async (afterMs: number) => {
      const scans = await schedule.claimDue(9, LEASE);
      for (const scan of scans) await schedule.end(scan, next, afterMs);
      return scans;
    };

    it('hands out each site of a running synchronization once, and keeps what the last scan left', async () => {
      const scans = await schedule.claimDue(9, LEASE);
      expect(sitesOf(scans)).toEqual(both);
      expect(scans[0]).toEqual({
        siteTenantId: expect.any(String),
        connectionId: expect.any(String),
        askedSince: expect.any(Number),
        paceMs: 5 * MINUTE,
        givenUpUntil: 0,
        lastAt: null,
        fullAt: null,
      });
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
      for (const scan of scans) await schedule.end(scan, next, 0);
      expect(
        (await schedule.claimDue(9, LEASE)).map(
          ({ siteTenantId: _site, connectionId: _connection, askedSince: _since, ...left }) => left,
        ),
      ).toEqual([next, next]);
    });

    it('lets a site rest after its scan', async () => {
      await endAll(MINUTE);
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
    });

    it('is due at once when that is asked for, also while a scan is under way', async () => {
      const [scan] = await endAll(AN_HOUR);
      if (scan === undefined) throw new Error('no scan');
      await schedule.hasten(scan.siteTenantId, scan.connectionId);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual([scan.siteTenantId]);
      await schedule.hasten(scan.siteTenantId, scan.connectionId);
      await schedule.end(scan, next, AN_HOUR);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual([scan.siteTenantId]);
      await schedule.hasten(tenant(7), connection(7));
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
    });

    it('has one scan for all synchronizations of a site', async () => {
      await store.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('takes the longest due first', async () => {
      const first = await schedule.claimDue(1, LEASE);
      const second = await schedule.claimDue(1, LEASE);
      expect(sitesOf([...first, ...second])).toEqual(both);
    });

    it('is due at once when a synchronization starts, also while a scan is under way', async () => {
      await endAll(AN_HOUR);
      await store.update(tenant(1), synchronizationId(1), { state: 'stopped' });
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
      await store.update(tenant(1), synchronizationId(1), { state: 'running' });
      const scans = await schedule.claimDue(9, LEASE);
      expect(sitesOf(scans)).toEqual(both);
      await store.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      for (const scan of scans) await schedule.end(scan, next, AN_HOUR);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('is not made due by another name or content', async () => {
      await endAll(AN_HOUR);
      await store.update(tenant(1), synchronizationId(1), { name: 'Other' });
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
    });

    it('knows nothing of what never ran', async () => {
      const sides = { A: { ...buildSynchronization().sides.A, siteTenantId: tenant(3), connectionId: connection(3) } };
      await store.insert(
        buildSynchronization({
          synchronizationId: synchronizationId(2),
          state: 'requested',
          sides: { ...buildSynchronization().sides, ...sides },
        }),
      );
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('forgets a site, unless a synchronization of it started meanwhile', async () => {
      const scans = await schedule.claimDue(9, LEASE);
      for (const scan of scans) await schedule.forget(scan);
      expect(await schedule.beat(AN_HOUR)).toBe(true);
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
      await store.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      for (const scan of scans) await schedule.forget(scan);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('[H6] is due at once when a synchronization started just before its site was to be forgotten', async () => {
      const scans = await schedule.claimDue(9, LEASE);
      await store.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      for (const scan of scans) await schedule.forget(scan);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('renews the lease of a scan that is under way, and of no other', async () => {
      const [scan, ...others] = await schedule.claimDue(9, LEASE);
      if (scan === undefined) throw new Error('no scan');
      expect(await schedule.renew(scan, LEASE)).toBe(true);
      await schedule.end(scan, next, AN_HOUR);
      expect(await schedule.renew(scan, LEASE)).toBe(false);
      expect(others).toHaveLength(1);
    });

    it('hands a scan out again whose process died', async () => {
      expect(sitesOf(await schedule.claimDue(9, -1))).toEqual(both);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });

    it('[H6] makes every site due when nobody was at work for long, and says so once', async () => {
      expect(await schedule.beat(AN_HOUR)).toBe(true);
      await endAll(AN_HOUR);
      expect(await schedule.beat(AN_HOUR)).toBe(false);
      expect(await schedule.claimDue(9, LEASE)).toEqual([]);
      expect(await schedule.beat(-1)).toBe(true);
      expect(sitesOf(await schedule.claimDue(9, LEASE))).toEqual(both);
    });
  });
};
