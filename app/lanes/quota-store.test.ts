import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeQuotaStore } from '../../test/contract/quota-store.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { APP } from '../core/spend-points.ts';
import { systemClock } from '../platform/clock.ts';
import { createDatabase, type Database } from '../platform/database.ts';
import { createQuota } from '../sync/keep-quota.ts';
import { createQuotaStore } from './quota-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describeQuotaStore('Postgres', async () => {
  await database.execute('TRUNCATE spent_points, gate, quota', []);
  return { store: createQuotaStore(database), now: systemClock.now };
});

describe('two processes with a pool of connections each', () => {
  const ACME = '00000000-0000-4000-8000-000000000001' as TenantId;
  const CONNECTION = '00000000-0000-4000-9000-000000000001' as ConnectionId;
  const call = {
    siteTenantId: ACME,
    connectionId: CONNECTION,
    hasApp: true,
    endpoint: 'POST /issue',
    purpose: { payer: ACME, work: 'edit' },
  } as const;
  const never = (error: unknown): never => {
    throw error;
  };
  // A clock that strikes the hour in between would give both all their points again.
  const at = systemClock.now();
  const clock = { ...systemClock, now: () => at };
  let others: Database;
  beforeEach(async () => {
    await database.execute('TRUNCATE spent_points, gate, quota', []);
    others = createDatabase({ url: database.url, poolSize: 2, clock: systemClock });
  });
  afterEach(() => others.close());

  /** Each process on its own time; a process that starts knows what is written down, and no more. */
  const processOn = (on: Database) => createQuota({ store: createQuotaStore(on), clock, onError: never });
  const writeDown = async (quota: ReturnType<typeof processOn>): Promise<void> => {
    const ending = new AbortController();
    const running = quota.run(ending.signal);
    ending.abort();
    await running;
  };

  it('know what the other has spent', async () => {
    const first = processOn(database);
    await createQuotaStore(database).resize(APP.tenantId, APP.connectionId, 100);
    const taken = await first.take({ ...call, points: 99 });
    if (!taken.ok) throw new Error('There were points.');
    await taken.value.settle({ points: 99, met: null, quota: null });
    await writeDown(first);
    const second = processOn(others);
    expect(await second.take({ ...call, points: 2 })).toMatchObject({ ok: false, failure: { scope: 'app' } });
    expect(await second.take({ ...call, points: 1 })).toMatchObject({ ok: true });
  });

  it('know what the other was told', async () => {
    const taken = await processOn(database).take({ ...call, points: 1 });
    if (!taken.ok) throw new Error('There is no quota.');
    const retryAt = Math.round(at) + 60_000;
    await taken.value.settle({ points: 0, met: { kind: 'rate-limited', scope: 'site', retryAt }, quota: null });
    const failure = { kind: 'rate-limited', scope: 'site', retryAt };
    expect(await processOn(others).take({ ...call, points: 1 })).toEqual({ ok: false, failure });
  });
});
