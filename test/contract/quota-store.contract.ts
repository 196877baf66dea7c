import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionId, TenantId } from '../../app/core/ids.ts';
import { NO_POINTS, type PointsByWork } from '../../app/core/spend-points.ts';
import type { Gate, PointsAddition, QuotaStore } from '../../app/sync/quota-ports.ts';

const tenant = (n: number): TenantId => `00000000-0000-4000-8000-00000000000${n}` as TenantId;
const connection = (n: number): ConnectionId => `00000000-0000-4000-9000-00000000000${n}` as ConnectionId;
const HOUR = 498_000;

const addition = (n: number, points: Partial<PointsByWork>, payers = 0): PointsAddition => ({
  tenantId: tenant(n),
  account: 'app',
  points: { ...NO_POINTS, ...points },
  payers,
});

/** What every store of quotas promises. Each is on a clock of its own; `now` tells its time. */
export const describeQuotaStore = (name: string, create: () => Promise<{ store: QuotaStore; now: () => number }>): void => {
  describe(`the store of quotas in ${name}`, () => {
    let store: QuotaStore;
    let now: () => number;
    beforeEach(async () => {
      ({ store, now } = await create());
    });
    const gate = (n: number, rest: Partial<Gate> = {}): Gate => ({
      tenantId: tenant(n),
      connectionId: connection(n),
      endpoint: '',
      scope: 'site',
      holdsFrom: 'edit',
      until: Math.round(now()) + 100_000,
      ...rest,
    });

    it('adds up what processes spend, by account, kind of work and hour', async () => {
      expect(await store.add(HOUR, [addition(1, { edit: 5 }, 1), addition(2, { check: 1 })])).toEqual([
        expect.objectContaining({ tenantId: tenant(1), points: { ...NO_POINTS, edit: 5 }, payers: 1, isNew: true }),
        expect.objectContaining({ tenantId: tenant(2), points: { ...NO_POINTS, check: 1 }, payers: 0, isNew: true }),
      ]);
      expect(await store.add(HOUR, [addition(1, { edit: 2, backfill: 7 }, 2)])).toEqual([
        expect.objectContaining({ points: { ...NO_POINTS, edit: 7, backfill: 7 }, payers: 3, isNew: false }),
      ]);
      expect(await store.add(HOUR + 1, [addition(1, {})])).toEqual([expect.objectContaining({ points: NO_POINTS, isNew: true })]);
      expect(await store.read(tenant(1), HOUR)).toEqual([
        expect.objectContaining({ account: 'app', points: { ...NO_POINTS, edit: 7, backfill: 7 }, payers: 3 }),
      ]);
      expect(await store.read(tenant(3), HOUR)).toEqual([]);
    });

    it('loses nothing of what many add at the same moment', async () => {
      const both = [addition(1, { edit: 1 }), addition(2, { edit: 2 })];
      await Promise.all(Array.from({ length: 20 }, (_, n) => store.add(HOUR, n % 2 === 0 ? both : both.toReversed())));
      const [one, two] = await store.add(
        HOUR,
        both.map((given) => ({ ...given, points: NO_POINTS })),
      );
      expect([one?.points.edit, two?.points.edit]).toEqual([20, 40]);
    });

    it('forgets hours', async () => {
      await store.add(HOUR, [addition(1, { edit: 5 })]);
      await store.add(HOUR + 1, [addition(1, { edit: 6 })]);
      await store.prune(HOUR + 1);
      expect(await store.read(tenant(1), HOUR)).toEqual([]);
      expect(await store.read(tenant(1), HOUR + 1)).toHaveLength(1);
    });

    it('remembers who is closed out, until when', async () => {
      const gates = [
        gate(1),
        gate(2, { endpoint: 'PUT /issue/{id}', scope: 'endpoint', holdsFrom: null }),
        gate(3, { until: now() - 1 }),
      ];
      for (const one of gates) await store.close(one.tenantId, one);
      for (const which of ['all', 'recent'] as const) {
        const read = await store.readGates(which);
        expect(read.toSorted((a, b) => a.tenantId.localeCompare(b.tenantId))).toEqual(
          gates.slice(0, 2).map((one) => expect.objectContaining(one)),
        );
      }
    });

    it('lets no later word shorten a wait', async () => {
      const long = gate(1);
      await store.close(long.tenantId, long);
      await store.close(long.tenantId, { ...long, until: long.until - 50_000 });
      expect(await store.readGates('all')).toEqual([expect.objectContaining({ until: long.until })]);
      await store.close(long.tenantId, { ...long, until: long.until + 50_000, holdsFrom: 'backfill' });
      expect(await store.readGates('all')).toEqual([
        expect.objectContaining({ until: long.until + 50_000, holdsFrom: 'backfill' }),
      ]);
    });

    it('knows the sizes that were told', async () => {
      await store.resize(tenant(1), connection(1), 100_000);
      await store.resize(tenant(1), connection(1), 120_000);
      await store.resize(tenant(2), connection(2), 500_000);
      await store.resize(tenant(2), connection(2), null);
      expect(await store.readSizes()).toEqual([{ tenantId: tenant(1), connectionId: connection(1), pointsPerHour: 120_000 }]);
    });
  });
};
