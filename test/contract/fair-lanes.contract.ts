import { beforeEach, describe, expect, it } from '@jest/globals';
import { APP, type Work } from '../../app/core/spend-points.ts';
import type { SideAddress } from '../../app/sync/ports.ts';
import type { Gate } from '../../app/sync/quota-ports.ts';
import {
  buildDelivery,
  buildRecord,
  buildSynchronization,
  connection,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  project,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const address = (n: number): SideAddress => ({
  siteTenantId: tenant(n),
  connectionId: connection(n),
  projectId: project(n),
  projectKey: `P${n}`,
});

const FAR_AWAY = Date.UTC(2100, 0, 1);

/** What every Lanes promises to tenants and kinds of work that compete (app/lanes/README.md, L11 and L18). */
export const describeFairLanes = (name: string, create: () => Promise<LedgerWorld>): void => {
  describe(`Fair lanes in ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      for (const n of [1, 2]) {
        await world.addTenant(tenant(n));
        await world.synchronizations.insert(
          buildSynchronization({
            tenantId: tenant(n),
            synchronizationId: synchronizationId(n),
            // Sites of their own, so that an event concerns one of them.
            sides: { A: address(n), B: address(n + 10) },
          }),
        );
      }
    });

    const addThird = async (): Promise<void> => {
      await world.addTenant(tenant(3));
      const sides = { A: address(3), B: address(13) };
      await world.synchronizations.insert(
        buildSynchronization({ tenantId: tenant(3), synchronizationId: synchronizationId(3), sides }),
      );
    };
    const wake = (n: number, from: number, count: number, work?: Exclude<Work, 'edit'>): Promise<void> =>
      world.lanes.wake(
        tenant(n),
        Array.from({ length: count }, (_, item) => subject('A', from + item, synchronizationId(n))),
        work,
      );
    const edit = (item: number) => world.inbox.receive(buildDelivery({ deliveryId: `edit ${item}`, issueId: issue(item) }));
    const claimed = async (limit = 100): Promise<string[]> =>
      (await world.lanes.claim(limit, LONG_LEASE_MS))
        .map(({ tenantId, work }) => `${tenantId === tenant(1) ? 1 : 2} ${work}`)
        .sort();
    const gate = (rest: Partial<Gate>): Gate => ({
      tenantId: tenant(1),
      connectionId: connection(1),
      endpoint: '',
      scope: 'site',
      holdsFrom: 'edit',
      until: FAR_AWAY,
      ...rest,
    });
    const oneOfEach = async (): Promise<void> => {
      await edit(1);
      await wake(1, 2, 1);
      await wake(1, 3, 1, 'backfill');
      await wake(1, 4, 1, 'check');
      await wake(2, 1, 1, 'check');
    };

    it('[L11] says what a lane is claimed for', async () => {
      await oneOfEach();
      expect(await claimed()).toEqual(['1 backfill', '1 check', '1 edit', '1 repair', '2 check']);
    });

    it('[L11] claims a lane for the most urgent of what made it dirty', async () => {
      await wake(1, 1, 1, 'check');
      await edit(1);
      await wake(1, 1, 1, 'backfill');
      expect(await claimed()).toEqual(['1 edit']);
    });

    it('[L11] takes the most urgent first, and goes on with the others meanwhile', async () => {
      await wake(1, 1, 60, 'repair');
      await wake(1, 101, 60, 'check');
      const order: string[] = [];
      for (let n = 0; n < 32; n += 1) order.push(...(await claimed(1)));
      expect(order.slice(0, 31)).toEqual(new Array(31).fill('1 repair'));
      expect(order[31]).toBe('1 check');
    });

    it('[L11] gives a tenant whose turns take ten times as long a tenth as many', async () => {
      await wake(1, 1, 60);
      await wake(2, 1, 60);
      for (let n = 0; n < 50; n += 1) {
        world.lanes.turnTook(tenant(1), 1_000);
        world.lanes.turnTook(tenant(2), 100);
      }
      const claims = (await Promise.all([claimed(11), claimed(11), claimed(11)])).flat();
      expect(claims.filter((one) => one === '1 repair').length).toBeLessThanOrEqual(4);
      expect(claims.filter((one) => one === '2 repair').length).toBeGreaterThanOrEqual(29);
    });

    it('[L19] keeps hands for a tenant that has few lanes in hand', async () => {
      await wake(1, 1, 60);
      await wake(2, 1, 3);
      const inHand = new Map([[tenant(1), 50]]);
      const claims = await world.lanes.claim(8, LONG_LEASE_MS, { hands: 8, all: 64, inHand });
      expect(claims.map(({ tenantId }) => tenantId)).toEqual([tenant(2), tenant(2), tenant(2)]);
      expect(await world.lanes.claim(8, LONG_LEASE_MS, { hands: 8, all: 64, inHand })).toEqual([]);
      expect(await world.lanes.claim(8, LONG_LEASE_MS, { hands: 2, all: 64, inHand })).toHaveLength(6);
    });

    it('[L19] finds such a tenant behind others of which every kind of work is due', async () => {
      await addThird();
      await edit(1);
      for (const n of [1, 2]) {
        await wake(n, 11, 2);
        await wake(n, 21, 2, 'backfill');
        await wake(n, 31, 2, 'check');
      }
      await wake(3, 1, 1);
      const inHand = new Map([1, 2].map((n) => [tenant(n), 50]));
      const claims = await world.lanes.claim(1, LONG_LEASE_MS, { hands: 1, all: 64, inHand });
      expect(claims.map(({ tenantId }) => tenantId)).toEqual([tenant(3)]);
    });

    it.each<[string, Partial<Gate>, string[]]>([
      ['a site', {}, ['2 check']],
      ['the app', { ...APP, scope: 'app' }, []],
      ['work from a kind on', { scope: 'held', holdsFrom: 'backfill' }, ['1 edit', '1 repair', '2 check']],
      [
        'one endpoint',
        { scope: 'endpoint', endpoint: 'PUT /issue/{id}', holdsFrom: null },
        ['1 backfill', '1 check', '1 edit', '1 repair', '2 check'],
      ],
      ['nobody any more', { until: 1 }, ['1 backfill', '1 check', '1 edit', '1 repair', '2 check']],
    ])('[L18] while a limit closes out %s, only others are claimed', async (_whom, closed, expected) => {
      await oneOfEach();
      const { tenantId, ...rest } = gate(closed);
      await world.quotas.close(tenantId, rest);
      expect(await claimed()).toEqual(expected);
      expect(await world.lanes.count()).toMatchObject({ due: 5 - expected.length, leased: expected.length });
    });

    it('[L9] an edit does not wait for the points that are kept back from a backfill of its item', async () => {
      await wake(1, 1, 1, 'backfill');
      const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
      if (claim === undefined) throw new Error('No lane was due.');
      await world.turns.complete(claim, buildRecord({ end: { kind: 'again', at: FAR_AWAY, attempt: false, yields: true } }));
      await wake(1, 1, 1, 'backfill');
      expect(await claimed()).toEqual([]);
      await edit(1);
      expect(await claimed()).toEqual(['1 edit']);
    });

    it.each([
      ['a turn that failed', true],
      ['what the site asked for that item', false],
    ])('[L9] an edit waits for %s like all other work', async (_what, attempt) => {
      await wake(1, 1, 1, 'backfill');
      const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
      if (claim === undefined) throw new Error('No lane was due.');
      await world.turns.complete(claim, buildRecord({ end: { kind: 'again', at: FAR_AWAY, attempt } }));
      await edit(1);
      expect(await claimed()).toEqual([]);
    });
  });
};
