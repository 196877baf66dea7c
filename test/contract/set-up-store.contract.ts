import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, ConnectionId, FieldId, ProjectId, SetUpId, TenantId } from '../../app/core/ids.ts';
import type { SetUp, SetUpStore } from '../../app/sync/set-up-ports.ts';

/** The tenants that a store with foreign keys must know before these tests. */
export const TENANTS: readonly TenantId[] = [1, 2].map((n) => `00000000-0000-4000-8000-00000000000${n}` as TenantId);
const [ACME, GLOBEX] = TENANTS as [TenantId, TenantId];
const idOf = (n: number): SetUpId => `00000000-0000-4000-a000-00000000000${n}` as SetUpId;
const connectionId = '00000000-0000-4000-9000-000000000001' as ConnectionId;

const buildSetUp = (overrides: Partial<SetUp> = {}): SetUp => ({
  tenantId: ACME,
  setUpId: idOf(1),
  route: 'data-center',
  own: { siteUrl: null, connectionId, projectKey: 'SUP' },
  begunIn: '10000' as ProjectId,
  partner: { siteUrl: 'https://jira.initech.example/jira', connectionId, projectKey: 'PLAT' },
  mode: 'review',
  name: 'Support',
  description: 'What for',
  content: {
    fields: [{ field: 'summary' as FieldId, direction: 'A-to-B', conflict: 'ask' }],
    status: { direction: 'both', conflict: 'B' },
    comments: { direction: 'both', authorLine: true },
    strict: true,
  },
  createdBy: 'ann' as AccountId,
  createdAt: 1_800_000_000_123,
  touchedAt: 1_800_000_000_456,
  ...overrides,
});

const EMPTY: Partial<SetUp> = {
  own: { siteUrl: null, connectionId: null, projectKey: null },
  begunIn: null,
  partner: { siteUrl: null, connectionId: null, projectKey: null },
  mode: null,
  name: null,
  description: '',
  content: null,
  createdBy: null,
};

/** What every SetUpStore promises. `create` gives an empty one that knows `TENANTS` before each test. */
export const describeSetUpStore = (name: string, create: () => Promise<SetUpStore>): void => {
  describe(`SetUpStore in ${name}`, () => {
    let store: SetUpStore;
    beforeEach(async () => {
      store = await create();
    });

    it.each([
      ['everything', {}],
      ['nothing', EMPTY],
    ])('gives back what was entered: %s', async (_name, overrides) => {
      const one = buildSetUp(overrides);
      await store.insert(one);
      expect(await store.read(ACME, one.setUpId)).toEqual(one);
    });

    it('replaces what was entered, and says when it is gone', async () => {
      const one = buildSetUp(EMPTY);
      await store.insert(one);
      const more = buildSetUp({ touchedAt: 1_800_000_009_999, createdBy: null, begunIn: null });
      expect(await store.replace(more, one.touchedAt)).toBe(true);
      expect(await store.read(ACME, one.setUpId)).toEqual(more);
      await store.remove(ACME, one.setUpId);
      expect(await store.replace(more, more.touchedAt)).toBe(false);
      expect(await store.read(ACME, one.setUpId)).toBeNull();
    });

    it('neither replaces nor removes what somebody touched since it was read', async () => {
      const one = buildSetUp({ touchedAt: 1_800_000_000_457 });
      await store.insert(one);
      const readAs = one.touchedAt - 1;
      expect(await store.replace({ ...one, name: 'Later' }, readAs)).toBe(false);
      await store.remove(ACME, one.setUpId, readAs);
      expect(await store.read(ACME, one.setUpId)).toEqual(one);
      await store.remove(ACME, one.setUpId, one.touchedAt);
      expect(await store.read(ACME, one.setUpId)).toBeNull();
    });

    it('lists a tenant’s own, the last touched first', async () => {
      const old = buildSetUp({ touchedAt: 1 });
      const young = buildSetUp({ setUpId: idOf(2), touchedAt: 2 });
      for (const one of [old, young, buildSetUp({ tenantId: GLOBEX, touchedAt: 3 })]) await store.insert(one);
      expect(await store.list(ACME)).toEqual([young, old]);
    });

    it('keeps tenants apart: the id alone opens nothing', async () => {
      const one = buildSetUp();
      await store.insert(one);
      expect(await store.read(GLOBEX, one.setUpId)).toBeNull();
      expect(await store.replace({ ...one, tenantId: GLOBEX, name: 'stolen' }, one.touchedAt)).toBe(false);
      await store.remove(GLOBEX, one.setUpId);
      expect(await store.removeUntouched(GLOBEX, 9_999_999_999_999)).toBe(0);
      expect(await store.read(ACME, one.setUpId)).toEqual(one);
    });

    it('removes those last touched at or before a moment', async () => {
      for (const at of [1, 2, 3]) await store.insert(buildSetUp({ setUpId: idOf(at), touchedAt: at }));
      expect(await store.removeUntouched(ACME, 2)).toBe(2);
      expect((await store.list(ACME)).map(({ touchedAt }) => touchedAt)).toEqual([3]);
    });

    it.each(['not-a-uuid', '', "' OR 1=1"])('knows nothing of %j', async (unknown) => {
      await store.insert(buildSetUp());
      expect(await store.read(ACME, unknown as SetUpId)).toBeNull();
      await store.remove(ACME, unknown as SetUpId);
      expect(await store.list(ACME)).toHaveLength(1);
    });
  });
};
