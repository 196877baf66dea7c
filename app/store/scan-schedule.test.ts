import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSynchronization, synchronizationId, tenant } from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import { systemClock } from '../platform/clock.ts';
import type { ScanSchedule, SynchronizationStore } from '../sync/ports.ts';
import { createScanSchedule } from './scan-schedule.ts';

const MINUTE = 60_000;
const ME = [{ tenantId: tenant(1), synchronizationId: synchronizationId(1) }];

describe('the schedule of scans', () => {
  let database: TestDatabase;
  let schedule: ScanSchedule;
  let store: SynchronizationStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    schedule = createScanSchedule(database);
    const world = await createPostgresLedgerWorld(database);
    for (const owner of [tenant(1), tenant(2)]) await world.addTenant(owner);
    store = world.synchronizations;
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await store.remove(tenant(1), synchronizationId(1));
    await store.insert(buildSynchronization({ scannedUntil: { A: 0, B: 0 } }));
  });

  const claim = () => schedule.claimDue(4, 5 * MINUTE, 2 * MINUTE);

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
    const now = systemClock.now();
    await store.update(tenant(1), synchronizationId(1), { state: 'running', scannedUntil: { A: now, B: now } });
    expect(await claim()).toEqual([]);
    await store.update(tenant(1), synchronizationId(1), { scannedUntil: { A: now, B: now - 6 * MINUTE } });
    expect(await claim()).toEqual(ME);
  });
});
