import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ConnectionId, FieldId, ProjectId, SynchronizationId, TenantId } from '../../app/core/ids.ts';
import type { SideAddress, Synchronization, SynchronizationStore } from '../../app/sync/ports.ts';

/** The tenants that a store with foreign keys must know before these tests. */
export const TENANTS: readonly TenantId[] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}` as TenantId);
const [ACME, GLOBEX, INITECH] = TENANTS as [TenantId, TenantId, TenantId];

const idOf = (n: number): SynchronizationId => `00000000-0000-4000-a000-00000000000${n}` as SynchronizationId;

export const buildAddress = (siteTenantId: TenantId, projectKey: string): SideAddress => ({
  siteTenantId,
  connectionId: siteTenantId.replace('-8000-', '-9000-') as ConnectionId,
  projectId: `1${projectKey.length}000` as ProjectId,
  projectKey,
});

/** A synchronization that names only what a test cares about. */
export const buildSynchronization = (overrides: Partial<Synchronization> = {}): Synchronization => ({
  tenantId: ACME,
  synchronizationId: idOf(1),
  name: 'Support and Engineering',
  description: 'What support cannot solve',
  state: 'requested',
  mode: 'review',
  request: { askedBy: 'ann' as AccountId, askedAt: 1_800_000_000_456, declineReason: null },
  sides: { A: buildAddress(ACME, 'SUP'), B: buildAddress(GLOBEX, 'ENGI') },
  configuration: {
    types: [{ types: { A: { id: '1', name: 'Bug' }, B: { id: '2', name: 'Bug' } }, direction: 'both' }],
    fields: [{ field: 'summary' as FieldId, direction: 'A-to-B', conflict: 'newest' }],
    status: { direction: 'both', conflict: 'B', map: [{ A: 'To Do', B: 'Open' }] },
    comments: { direction: 'both', authorLine: true },
    strict: false,
  },
  configurationVersion: 1,
  scannedUntil: { A: null, B: null },
  createdAt: 1_800_000_000_123,
  ...overrides,
});

/** What every SynchronizationStore promises. `create` gives an empty one that knows `TENANTS` before each test. */
export const describeSynchronizationStore = (name: string, create: () => Promise<SynchronizationStore>): void => {
  describe(`SynchronizationStore in ${name}`, () => {
    let store: SynchronizationStore;
    beforeEach(async () => {
      store = await create();
    });

    it('gives back what was inserted, to the millisecond', async () => {
      const one = buildSynchronization({ scannedUntil: { A: 0, B: 1_800_000_000_001 } });
      await store.insert(one);
      expect(await store.read(one.tenantId, one.synchronizationId)).toEqual(one);
    });

    it('inserts no second one between two spaces, whoever asks, at the same moment', async () => {
      const one = buildSynchronization();
      const { A, B } = one.sides;
      const back = buildSynchronization({
        tenantId: GLOBEX,
        synchronizationId: idOf(2),
        sides: { A: B, B: A },
        createdAt: one.createdAt + 5,
      });
      const inserted = await Promise.all([store.insertUnlessTied(one), store.insertUnlessTied(back)]);
      expect(inserted.filter((was) => was)).toHaveLength(1);
      expect(await store.listOfSite(ACME)).toHaveLength(1);
    });

    it('inserts one of an id once, and leaves what became of it alone', async () => {
      const one = buildSynchronization();
      expect(await store.insertUnlessTied(one)).toBe(true);
      await store.update(one.tenantId, one.synchronizationId, { state: 'running' });
      expect(await store.insertUnlessTied(one)).toBe(false);
      expect(await store.read(one.tenantId, one.synchronizationId)).toMatchObject({ state: 'running' });
    });

    it('inserts one beside what has come to nothing, what is older and what is between other spaces', async () => {
      const ends = { A: buildAddress(ACME, 'SUPPORT'), B: buildAddress(GLOBEX, 'ENGI') };
      await store.insert(buildSynchronization({ synchronizationId: idOf(2), state: 'declined' }));
      const older = { request: null, createdAt: 1_800_000_000_456 - 60_000 };
      await store.insert(buildSynchronization({ synchronizationId: idOf(3), ...older }));
      await store.insert(buildSynchronization({ synchronizationId: idOf(4), sides: ends }));
      expect(await store.insertUnlessTied(buildSynchronization())).toBe(true);
    });

    describe('one that is sent again an hour later', () => {
      const old = buildSynchronization({ synchronizationId: idOf(2), state: 'declined' });
      const later = old.createdAt + 3_600_000;
      const { A, B } = old.sides;
      const request = { askedBy: null, askedAt: later, declineReason: null };
      const sendAgain = () => store.update(ACME, idOf(2), { state: 'requested', request }, ['declined']);
      const back = { tenantId: GLOBEX, sides: { A: B, B: A }, createdAt: later - 5, request: { ...request, askedAt: later - 5 } };
      beforeEach(() => store.insert(old));

      it('stays as it was when its spaces were tied at that moment', async () => {
        expect(await store.insertUnlessTied(buildSynchronization(back))).toBe(true);
        expect(await sendAgain()).toBe(false);
        expect(await store.read(ACME, idOf(2))).toEqual(old);
      });

      it('ties its spaces', async () => {
        expect(await sendAgain()).toBe(true);
        expect(await store.insertUnlessTied(buildSynchronization(back))).toBe(false);
        expect(await store.listOfSite(ACME)).toEqual([{ ...old, state: 'requested', request }]);
      });

      it('goes beside what came to nothing', async () => {
        await store.insert(buildSynchronization({ ...back, state: 'declined' }));
        expect(await sendAgain()).toBe(true);
      });
    });

    it('changes nothing that is in another state than it was seen in', async () => {
      const one = buildSynchronization({ state: 'declined' });
      await store.insert(one);
      expect(await store.update(one.tenantId, one.synchronizationId, { state: 'stopped' }, ['requested'])).toBe(false);
      expect(await store.read(one.tenantId, one.synchronizationId)).toEqual(one);
      expect(await store.update(one.tenantId, one.synchronizationId, { name: 'Other' }, ['requested', 'declined'])).toBe(true);
    });

    it('changes nothing that has other content than was read, or was sent again', async () => {
      const read = buildSynchronization({ state: 'declined' });
      const { synchronizationId, configuration, request } = read;
      await store.insert(read);
      const accept = (as: Synchronization) => store.update(ACME, synchronizationId, { state: 'stopped' }, undefined, as);
      await store.update(ACME, synchronizationId, { configuration: { ...configuration, comments: null } });
      const changed = { ...read, configurationVersion: 2 };
      expect(await accept(read)).toBe(false);
      await store.update(ACME, synchronizationId, { state: 'requested', request: request && { ...request, askedAt: 5 } });
      expect(await accept(changed)).toBe(false);
      expect(await store.read(ACME, synchronizationId)).toMatchObject({ state: 'requested', configurationVersion: 2 });
      expect(await accept({ ...changed, request: request && { ...request, askedAt: 5 } })).toBe(true);
    });

    it('removes nothing that is in another state than it was seen in, or was sent again; what is gone is removed', async () => {
      const one = buildSynchronization();
      await store.insert(one);
      const { synchronizationId: id, request } = one;
      expect(await store.remove(ACME, id, ['stopped'])).toBe(false);
      expect(await store.remove(ACME, id, ['requested'], { ...one, request: request && { ...request, askedAt: 5 } })).toBe(false);
      expect(await store.read(ACME, id)).toEqual(one);
      expect(await store.remove(ACME, id, ['requested'], one)).toBe(true);
      expect(await store.read(ACME, id)).toBeNull();
      expect(await store.remove(ACME, id, ['requested'], one)).toBe(true);
    });

    it('keeps a configuration with nothing in it', async () => {
      const one = buildSynchronization({ configuration: { types: [], fields: [], status: null, comments: null, strict: true } });
      await store.insert(one);
      expect(await store.read(one.tenantId, one.synchronizationId)).toEqual(one);
    });

    it('keeps that nobody had to be asked, or that a token asked and why it was declined', async () => {
      const one = buildSynchronization({ mode: 'immediate', request: null });
      await store.insert(one);
      expect(await store.read(one.tenantId, one.synchronizationId)).toEqual(one);
      const request = { askedBy: null, askedAt: 1_800_000_000_789, declineReason: 'Not before spring' };
      await store.update(ACME, one.synchronizationId, { request, mode: 'review' });
      expect(await store.read(one.tenantId, one.synchronizationId)).toEqual({ ...one, request, mode: 'review' });
    });

    it('lets the requests of one tenant expire that were sent at or before a moment, each once', async () => {
      const request = (askedAt: number) => ({ askedBy: null, askedAt, declineReason: null });
      const old = buildSynchronization({ request: request(100) });
      const young = buildSynchronization({ synchronizationId: idOf(2), request: request(101) });
      const accepted = buildSynchronization({ synchronizationId: idOf(3), request: request(1), state: 'stopped' });
      const atOnce = buildSynchronization({ synchronizationId: idOf(4), request: null, state: 'stopped' });
      const stranger = buildSynchronization({ synchronizationId: idOf(5), tenantId: GLOBEX, request: request(1) });
      for (const one of [old, young, accepted, atOnce, stranger]) await store.insert(one);
      expect(await store.expireRequests(ACME, 100)).toEqual([{ ...old, state: 'expired' }]);
      expect(await store.expireRequests(ACME, 100)).toEqual([]);
      expect(await store.read(ACME, old.synchronizationId)).toEqual({ ...old, state: 'expired' });
      for (const one of [young, accepted, atOnce, stranger])
        expect(await store.read(one.tenantId, one.synchronizationId)).toEqual(one);
    });

    it.each(['00000000-0000-4000-a000-0000000000ff', 'not-a-uuid', '', "' OR 1=1"])('knows nothing of %j', async (unknown) => {
      await store.insert(buildSynchronization());
      expect(await store.read(ACME, unknown as SynchronizationId)).toBeNull();
      expect(await store.update(ACME, unknown as SynchronizationId, { name: 'x' })).toBe(false);
      await store.remove(ACME, unknown as SynchronizationId);
      expect(await store.listOfSite(ACME)).toHaveLength(1);
    });

    it('keeps tenants apart: the id alone opens nothing', async () => {
      const one = buildSynchronization();
      await store.insert(one);
      for (const stranger of [GLOBEX, INITECH]) {
        expect(await store.read(stranger, one.synchronizationId)).toBeNull();
        expect(await store.update(stranger, one.synchronizationId, { name: 'stolen' })).toBe(false);
        await store.remove(stranger, one.synchronizationId);
      }
      expect(await store.read(ACME, one.synchronizationId)).toEqual(one);
    });

    it('lists for a site all it takes part in, whoever owns it, each once, the oldest first', async () => {
      const sameSite = buildSynchronization({
        synchronizationId: idOf(3),
        createdAt: 30,
        sides: { A: buildAddress(ACME, 'SUP'), B: buildAddress(ACME, 'LAB12') },
      });
      const owned = buildSynchronization({ synchronizationId: idOf(2), createdAt: 20 });
      const joined = buildSynchronization({
        tenantId: GLOBEX,
        synchronizationId: idOf(1),
        createdAt: 10,
        sides: { A: buildAddress(GLOBEX, 'ENGI'), B: buildAddress(ACME, 'SUP') },
      });
      for (const one of [sameSite, owned, joined]) await store.insert(one);
      expect(await store.listOfSite(ACME)).toEqual([joined, owned, sameSite]);
      expect(await store.listOfSite(GLOBEX)).toEqual([joined, owned]);
      expect(await store.listOfSite(INITECH)).toEqual([]);
    });

    it('changes what is given and leaves the rest', async () => {
      const one = buildSynchronization();
      await store.insert(one);
      expect(await store.update(ACME, one.synchronizationId, { name: 'New', state: 'stopped' })).toBe(true);
      expect(await store.read(ACME, one.synchronizationId)).toEqual({ ...one, name: 'New', state: 'stopped' });
      expect(await store.update(ACME, one.synchronizationId, {})).toBe(true);
      expect(await store.read(ACME, one.synchronizationId)).toEqual({ ...one, name: 'New', state: 'stopped' });
    });

    it('makes a new version of a new configuration, and of nothing else', async () => {
      const one = buildSynchronization();
      await store.insert(one);
      const configuration = { ...one.configuration, comments: null };
      await store.update(ACME, one.synchronizationId, { scannedUntil: { A: 1, B: 2 } });
      expect((await store.read(ACME, one.synchronizationId))?.configurationVersion).toBe(1);
      await store.update(ACME, one.synchronizationId, { configuration });
      expect(await store.read(ACME, one.synchronizationId)).toMatchObject({ configuration, configurationVersion: 2 });
    });

    it('lists it for the new site when a side moves, and no longer for the old', async () => {
      const one = buildSynchronization();
      await store.insert(one);
      await store.update(ACME, one.synchronizationId, { sides: { A: one.sides.A, B: buildAddress(INITECH, 'TPS') } });
      expect(await store.listOfSite(GLOBEX)).toEqual([]);
      expect(await store.listOfSite(INITECH)).toHaveLength(1);
    });

    it('removes it for both sites, and the others stay', async () => {
      const gone = buildSynchronization();
      const other = buildSynchronization({ synchronizationId: idOf(2) });
      await store.insert(gone);
      await store.insert(other);
      await store.remove(ACME, gone.synchronizationId);
      expect(await store.read(ACME, gone.synchronizationId)).toBeNull();
      expect(await store.listOfSite(ACME)).toEqual([other]);
      expect(await store.listOfSite(GLOBEX)).toEqual([other]);
    });
  });
};
