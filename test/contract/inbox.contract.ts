import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim, Delivery, Effect, Receipt } from '../../app/sync/ports.ts';
import {
  buildDelivery,
  buildEffect,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  connection,
  effectId,
  fromB,
  issue,
  issueKey,
  type LedgerWorld,
  LONG_LEASE_MS,
  project,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

/** What every Inbox promises (app/lanes/README.md). */
export const describeInbox = (name: string, create: () => Promise<LedgerWorld>): void => {
  describe(`Inbox in ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await create();
      await world.addTenant(tenant(1));
      await world.addTenant(tenant(2));
      await world.synchronizations.insert(buildSynchronization());
    });

    const claimAll = () => world.lanes.claim(100, LONG_LEASE_MS);
    const dirtySubjects = async () => (await claimAll()).map((claim) => claim.subject);
    const pairFirst = async () => {
      const claim = await claimFirst(world, 'before');
      await world.turns.complete(claim, buildRecord({ pair: buildPair() }));
    };

    it('[L1] makes the lane of an item dirty', async () => {
      expect(await world.inbox.receive(buildDelivery())).toEqual({ kind: 'accepted', lanes: 1 });
      expect(await claimAll()).toEqual([
        expect.objectContaining({
          tenantId: tenant(1),
          laneKey: `${synchronizationId(1)}:A:${issue(1)}`,
          subject: subject('A', 1),
          generation: 1,
          attempts: 0,
        }),
      ]);
    });

    it('[L2] counts a delivery once', async () => {
      await world.inbox.receive(buildDelivery());
      expect(await world.inbox.receive(buildDelivery())).toEqual({ kind: 'duplicate' });
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 1 })]);
    });

    it('[L2] counts deliveries of the same id from other connections', async () => {
      await world.inbox.receive(buildDelivery());
      expect(await world.inbox.receive(fromB())).toEqual({ kind: 'accepted', lanes: 1 });
    });

    it('[L6] gathers many events in one lane', async () => {
      await world.inbox.receive(buildDelivery({ deliveryId: '1' }));
      await world.inbox.receive(buildDelivery({ deliveryId: '2' }));
      expect(await claimAll()).toEqual([expect.objectContaining({ generation: 2 })]);
    });

    const unconcerned: [string, Partial<Delivery>][] = [
      ['of another space', { projectId: project(9) }],
      ['of the other side’s space at this site', { projectId: project(2) }],
      ['without a space, of an item without a pair', { projectId: null }],
      ['of a site that takes part in nothing', { siteTenantId: tenant(3) }],
      ['of another site of the tenant whose space has the same id', { connectionId: connection(9) }],
    ];
    it.each(unconcerned)('is not concerned by events %s', async (_name, overrides) => {
      expect(await world.inbox.receive(buildDelivery(overrides))).toEqual({ kind: 'unconcerned' });
      expect(await claimAll()).toEqual([]);
    });

    it.each(['requested', 'declined', 'stopped'] as const)('is not concerned while the synchronization is %s', async (state) => {
      await world.synchronizations.update(tenant(1), synchronizationId(1), { state });
      expect(await world.inbox.receive(buildDelivery())).toEqual({ kind: 'unconcerned' });
      await world.synchronizations.update(tenant(1), synchronizationId(1), { state: 'running' });
      expect(await world.inbox.receive(buildDelivery())).toEqual({ kind: 'accepted', lanes: 1 });
    });

    const routedToPair: [string, Delivery][] = [
      ['the origin', buildDelivery()],
      ['the twin', fromB()],
      ['the twin without its space', fromB({ projectId: null, issueKey: null })],
      ['the origin after it moved to another space', buildDelivery({ projectId: project(9), issueKey: issueKey('OPS-4') })],
    ];
    it.each(routedToPair)('[L12] brings an event of %s to the lane of the pair', async (_name, delivery) => {
      await pairFirst();
      expect(await world.inbox.receive(delivery)).toEqual({ kind: 'accepted', lanes: 1 });
      expect(await dirtySubjects()).toEqual([subject('A', 1)]);
    });

    it('[L12] gives an item of B that has no pair a lane of its own', async () => {
      await world.inbox.receive(fromB());
      expect(await dirtySubjects()).toEqual([subject('B', 101)]);
    });

    it('[L12] tells two sites of one tenant apart, whose spaces and items have the same ids', async () => {
      const between = buildSynchronization({
        synchronizationId: synchronizationId(2),
        sides: {
          A: { siteTenantId: tenant(1), connectionId: connection(8), projectId: project(1), projectKey: 'PLAT' },
          B: { siteTenantId: tenant(1), connectionId: connection(9), projectId: project(1), projectKey: 'LAB' },
        },
      });
      await world.synchronizations.insert(between);
      const told = { issueId: issue(1), projectId: project(1) };
      await world.inbox.receive(buildDelivery({ deliveryId: '1', connectionId: connection(9), ...told }));
      expect(await dirtySubjects()).toEqual([subject('B', 1, synchronizationId(2))]);
      await world.inbox.receive(buildDelivery({ deliveryId: '1', connectionId: connection(8), ...told }));
      await world.inbox.receive(buildDelivery({ deliveryId: '1', ...told }));
      expect((await claimAll()).map((claim) => claim.subject)).toEqual(
        expect.arrayContaining([subject('A', 1), subject('A', 1, synchronizationId(2))]),
      );
    });

    it('[L12] tells the sides of a synchronization within one site apart', async () => {
      const within = buildSynchronization({
        synchronizationId: synchronizationId(2),
        sides: {
          A: { siteTenantId: tenant(1), connectionId: connection(1), projectId: project(5), projectKey: 'OPS' },
          B: { siteTenantId: tenant(1), connectionId: connection(1), projectId: project(6), projectKey: 'DEV' },
        },
      });
      await world.synchronizations.insert(within);
      await world.inbox.receive(buildDelivery({ deliveryId: '1', issueId: issue(5), projectId: project(5) }));
      await world.inbox.receive(buildDelivery({ deliveryId: '2', issueId: issue(6), projectId: project(6) }));
      const claims = await claimAll();
      expect(claims.map((claim) => claim.subject)).toEqual([
        subject('A', 5, synchronizationId(2)),
        subject('B', 6, synchronizationId(2)),
      ]);
      // The item of A becomes a pair with the item of B, then moves into the space of B: it stays what it was.
      const [first] = claims;
      if (first === undefined) throw new Error('No lane was due.');
      const pair = buildPair({ synchronizationId: synchronizationId(2), issueIds: { A: issue(5), B: issue(6) } });
      await world.turns.complete(first, buildRecord({ pair }));
      await world.inbox.receive(buildDelivery({ deliveryId: '3', issueId: issue(5), projectId: project(6) }));
      expect(await dirtySubjects()).toEqual([subject('A', 5, synchronizationId(2))]);
    });

    it('wakes every synchronization that shares the item', async () => {
      await world.synchronizations.insert(buildSynchronization({ tenantId: tenant(2), synchronizationId: synchronizationId(2) }));
      expect(await world.inbox.receive(buildDelivery())).toEqual({ kind: 'accepted', lanes: 2 });
      expect((await claimAll()).map((claim) => claim.tenantId)).toEqual([tenant(1), tenant(2)]);
    });

    it('[L13] stores an echo without waking its synchronization', async () => {
      const echo = buildDelivery({ echoOf: synchronizationId(1) });
      expect(await world.inbox.receive(echo)).toEqual({ kind: 'echo' });
      expect(await claimAll()).toEqual([]);
      expect(await world.inbox.receive(echo)).toEqual({ kind: 'duplicate' });
    });

    it('[L13] tells its synchronization of its own transition, as a repair', async () => {
      const transition = buildDelivery({ echoOf: synchronizationId(1), tellsWriter: true, sealedObservation: 'moved' });
      expect(await world.inbox.receive(transition)).toEqual({ kind: 'accepted', lanes: 1 });
      expect(await claimAll()).toEqual([expect.objectContaining({ work: 'repair', told: [{ side: 'A', sealed: 'moved' }] })]);
    });

    it('[L13] tells others of that transition, as an edit', async () => {
      await world.synchronizations.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      const transition = buildDelivery({ echoOf: synchronizationId(1), tellsWriter: true });
      expect(await world.inbox.receive(transition)).toEqual({ kind: 'accepted', lanes: 2 });
      const claims = await claimAll();
      expect(claims.map(({ subject: { synchronizationId: of }, work }) => [of, work])).toEqual([
        [synchronizationId(2), 'edit'],
        [synchronizationId(1), 'repair'],
      ]);
    });

    it('[L13] wakes the others that share the item', async () => {
      await world.synchronizations.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
      expect(await world.inbox.receive(buildDelivery({ echoOf: synchronizationId(1) }))).toEqual({ kind: 'accepted', lanes: 1 });
      expect(await dirtySubjects()).toEqual([subject('A', 1, synchronizationId(2))]);
    });

    describe('of an item that a synchronization made', () => {
      const madeIssue = issue(150);
      const creation = (overrides: Partial<Delivery> = {}): Delivery =>
        fromB({
          deliveryId: 'creation',
          event: 'jira:issue_created',
          issueId: madeIssue,
          issueKey: issueKey('ENG-50'),
          echoOf: synchronizationId(1),
          madeBy: effectId(1),
          sealedObservation: 'seen',
          ...overrides,
        });
      const intend = async (overrides: Partial<Effect> = {}): Promise<Claim> => {
        const claim = await claimFirst(world, 'before');
        await world.turns.intend(claim, [buildEffect({ kind: 'create-item', ...overrides })]);
        return claim;
      };

      it('[L13] tells the lane it was made for, although the pair is not recorded yet', async () => {
        const claim = await intend();
        expect(await world.inbox.receive(creation())).toEqual({ kind: 'accepted', lanes: 1 });
        expect(await world.inbox.receive(creation())).toEqual({ kind: 'duplicate' });
        await world.turns.complete(claim, buildRecord({ pair: buildPair({ issueIds: { A: issue(1), B: madeIssue } }) }));
        expect(await claimAll()).toEqual([
          expect.objectContaining({ subject: subject('A', 1), generation: 2, told: [{ side: 'B', sealed: 'seen' }] }),
        ]);
      });

      it('[L13] tells it once, when the pair is recorded already', async () => {
        const claim = await intend();
        await world.turns.complete(claim, buildRecord({ pair: buildPair({ issueIds: { A: issue(1), B: madeIssue } }) }));
        expect(await world.inbox.receive(creation())).toEqual({ kind: 'accepted', lanes: 1 });
        expect(await claimAll()).toEqual([
          expect.objectContaining({ subject: subject('A', 1), told: [{ side: 'B', sealed: 'seen' }] }),
        ]);
      });

      const notMade: [string, Partial<Effect>, Partial<Delivery>][] = [
        ['no such effect', {}, { madeBy: effectId(2) }],
        ['an effect that made nothing', { kind: 'write-fields' }, {}],
        ['an effect on the other side', { target: 'A' }, {}],
        ['no effect said', {}, { madeBy: null }],
      ];
      it.each(notMade)('[L13] is an echo like any with %s', async (_name, effect, overrides) => {
        const claim = await intend(effect);
        expect(await world.inbox.receive(creation(overrides))).toEqual({ kind: 'echo' });
        await world.turns.complete(claim, buildRecord());
        expect(await claimAll()).toEqual([]);
      });

      it('[L13] tells the others that share the item by lanes of their own to look at it', async () => {
        const claim = await intend();
        await world.synchronizations.insert(buildSynchronization({ synchronizationId: synchronizationId(2) }));
        expect(await world.inbox.receive(creation())).toEqual({ kind: 'accepted', lanes: 2 });
        await world.turns.complete(claim, buildRecord());
        const claims = await claimAll();
        expect(claims.map((one) => one.subject)).toEqual(
          expect.arrayContaining([subject('A', 1), { ...subject('B', 150), synchronizationId: synchronizationId(2) }]),
        );
        const told = new Map(claims.map((one) => [one.subject.synchronizationId, one.told]));
        expect(told.get(synchronizationId(1))).toEqual([{ side: 'B', sealed: 'seen' }]);
        expect(told.get(synchronizationId(2))).toEqual([{ side: 'B', sealed: null }]);
      });
    });

    it('[L14] gives each of many deliveries at once its own receipt', async () => {
      const deliveries = Array.from({ length: 300 }, (_, n): Delivery => {
        if (n % 3 === 0) return buildDelivery({ deliveryId: `same-${n % 2}` });
        return buildDelivery({ deliveryId: `own-${n}`, issueId: issue(n), projectId: n % 3 === 1 ? project(1) : project(9) });
      });
      const receipts: Receipt[] = await Promise.all(deliveries.map((delivery) => world.inbox.receive(delivery)));
      const kinds = receipts.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(102);
      expect(kinds.filter((kind) => kind === 'duplicate')).toHaveLength(98);
      expect(kinds.filter((kind) => kind === 'unconcerned')).toHaveLength(100);
      expect(kinds[1]).toBe('accepted');
      expect(kinds[2]).toBe('unconcerned');
      expect(await world.lanes.count()).toEqual({ due: 100, waiting: 0, leased: 0, parked: 0, watched: 0 });
    });

    it('[L14] stores the others when one delivery cannot be stored', async () => {
      const outcomes = await Promise.allSettled([
        world.inbox.receive(buildDelivery({ deliveryId: 'first' })),
        world.inbox.receive(buildDelivery({ deliveryId: 'good', issueId: issue(2) })),
        world.inbox.receive(buildDelivery({ deliveryId: 'no text for Postgres \0', issueId: issue(3) })),
        world.inbox.receive(buildDelivery({ deliveryId: 'good too', issueId: issue(4) })),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
      expect(await world.lanes.count()).toMatchObject({ due: 3 });
    });

    it('remembers the highest item number of each space it is told of', async () => {
      const highest = (side: 'A' | 'B') => world.turns.highestNumber(tenant(1), synchronizationId(1), side);
      expect(await highest('A')).toBe(0);
      await world.inbox.receive(buildDelivery({ deliveryId: '1', issueKey: issueKey('SUP-12') }));
      await world.inbox.receive(buildDelivery({ deliveryId: '2', issueKey: issueKey('SUP-9') }));
      await world.inbox.receive(buildDelivery({ deliveryId: '3', issueKey: issueKey('OPS-99') }));
      expect([await highest('A'), await highest('B')]).toEqual([12, 0]);
    });
  });
};
