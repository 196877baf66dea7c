import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CredentialStore, RefreshLeave } from '../../app/connections/credential-store.ts';
import type { AccountId, ApplicationLinkId, TenantId } from '../../app/core/ids.ts';
import type { ConnectionStore } from '../../app/sync/connection-ports.ts';
import { buildRemoteConnection } from './connection-store.contract.ts';

const NAME = buildRemoteConnection();
const STRANGER = { tenantId: '00000000-0000-4000-8000-000000000002' as TenantId, connectionId: NAME.connectionId };
const LINK = '00000000-0000-4000-b000-000000000001' as ApplicationLinkId;
const NOW = 1_800_000_000_000;
const LONG_MS = 3_600_000;

export interface CredentialWorld {
  readonly credentials: CredentialStore;
  readonly connections: ConnectionStore;
}

const fenceOf = (leave: RefreshLeave): number => {
  if (leave.kind !== 'mine') throw new Error(`There was no leave: ${leave.kind}`);
  return leave.fence;
};

const renewed = (sealed: string, at = NOW) => ({ sealed, at, lookInMs: null });

/** What every CredentialStore promises. `create` gives an empty one with tenant 1 and an application link of that id. */
export const describeCredentialStore = (name: string, create: () => Promise<CredentialWorld>): void => {
  describe(`CredentialStore in ${name}`, () => {
    let store: CredentialStore;
    let connections: ConnectionStore;
    beforeEach(async () => {
      ({ credentials: store, connections } = await create());
      await connections.insert(buildRemoteConnection({ kind: 'oauth2-data-center', applicationLinkId: LINK }));
    });

    const read = async () => {
      const kept = await store.read(NAME);
      if (kept === null) throw new Error('The connection is gone');
      return { sealed: kept.sealed, fence: kept.fence, state: kept.connection.state, cause: kept.connection.cause };
    };
    /** A connection that works, and the fence of its credentials. */
    const consented = async (): Promise<number> => {
      await store.store(NAME, 'first', NOW, {});
      return (await read()).fence;
    };

    it('has none before anybody consents, and does not refresh then', async () => {
      expect(await read()).toMatchObject({ sealed: null, state: 'awaiting-authentication' });
      expect(await store.beginRefresh(NAME, 0, LONG_MS)).toEqual({ kind: 'over' });
      expect(await store.read(STRANGER)).toBeNull();
    });

    it('stores a consent with what was learnt by it, and the connection works', async () => {
      const syncUser = { accountId: 'JIRAUSER10100' as AccountId, name: 'Sync' };
      const change = { syncUser, version: '10.3.2', apiUrl: 'https://a.example', credentialsEndAt: NOW + 5 };
      expect(await store.store(NAME, 'first', NOW + 1, change)).toBe(true);
      expect(await store.read(NAME)).toMatchObject({
        sealed: 'first',
        connection: { state: 'working', since: NOW + 1, cause: null, ...change },
      });
      expect(await store.store(STRANGER, 'other', NOW, {})).toBe(false);
    });

    it('gives leave to one at a time', async () => {
      const seen = await consented();
      const leaves = await Promise.all(Array.from({ length: 5 }, () => store.beginRefresh(NAME, seen, LONG_MS)));
      expect(leaves.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'busy', 'busy', 'busy', 'mine']);
    });

    it('tells those who come late that there are newer ones', async () => {
      const seen = await consented();
      const fence = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      expect(await store.endRefresh(NAME, fence, renewed('second'))).toBe(true);
      expect(await read()).toEqual({ sealed: 'second', fence, state: 'working', cause: null });
      expect(await store.beginRefresh(NAME, seen, LONG_MS)).toEqual({ kind: 'newer' });
      expect((await store.beginRefresh(NAME, fence, LONG_MS)).kind).toBe('mine');
    });

    it('gives a dead process’s lease to the next, and keeps what the site gave out last, whoever was slow', async () => {
      const seen = await consented();
      const slow = fenceOf(await store.beginRefresh(NAME, seen, 0));
      const next = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      expect(next).toBeGreaterThan(slow);
      expect(await store.endRefresh(NAME, slow, renewed('by the slow one'))).toBe(true);
      expect((await store.beginRefresh(NAME, slow, LONG_MS)).kind).toBe('busy');
      expect(await store.endRefresh(NAME, next, renewed('by the next'))).toBe(true);
      expect(await store.endRefresh(NAME, slow, renewed('by the slow one'))).toBe(false);
      expect((await read()).sealed).toBe('by the next');
    });

    it('lets new ones win over a refusal of the old ones that was found in between', async () => {
      const seen = await consented();
      const slow = fenceOf(await store.beginRefresh(NAME, seen, 0));
      const next = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      expect(await store.refuse(NAME, seen, next, 'consent-revoked', NOW + 1)).toBe(true);
      expect(await read()).toMatchObject({ state: 'needs-authentication', cause: 'consent-revoked', sealed: 'first' });
      expect(await store.endRefresh(NAME, slow, renewed('second', NOW + 2))).toBe(true);
      expect(await store.read(NAME)).toMatchObject({
        sealed: 'second',
        connection: { state: 'working', since: NOW + 2, cause: null },
      });
    });

    it('takes no refusal of credentials that are not there any more, or about to be replaced', async () => {
      const seen = await consented();
      const fence = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      expect(await store.refuse(NAME, seen, null, 'token-refused', NOW)).toBe(false);
      await store.endRefresh(NAME, fence, renewed('second'));
      expect(await store.refuse(NAME, seen, null, 'token-refused', NOW)).toBe(false);
      expect(await store.refuse(NAME, seen, fence, 'consent-revoked', NOW)).toBe(false);
      expect((await read()).state).toBe('working');
      expect(await store.refuse(NAME, fence, null, 'token-refused', NOW)).toBe(true);
      expect(await store.beginRefresh(NAME, fence, LONG_MS)).toEqual({ kind: 'over' });
    });

    it('rests after a try that came to nothing, and has the connection looked at afterwards', async () => {
      const seen = await consented();
      await connections.claimDue(10, LONG_MS);
      await connections.endLook(NAME.tenantId, NAME.connectionId, LONG_MS);
      const fence = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      await store.rest(NAME, fence, LONG_MS / 2);
      const resting = await store.beginRefresh(NAME, seen, LONG_MS);
      expect(resting.kind === 'resting' && resting.restMs > 0 && resting.restMs <= LONG_MS / 2).toBe(true);
      expect(await connections.claimDue(10, LONG_MS)).toEqual([]);
      await consented();
      const again = await read();
      await store.rest(NAME, fenceOf(await store.beginRefresh(NAME, again.fence, LONG_MS)), 0);
      expect((await connections.claimDue(10, LONG_MS)).length).toBe(1);
      expect((await store.beginRefresh(NAME, again.fence, LONG_MS)).kind).toBe('mine');
    });

    it('doubts after a try whose outcome nobody knows, until one succeeds or somebody consents', async () => {
      const doubtful = async (seen: number, leaseMs = LONG_MS): Promise<[fence: number, doubtful: boolean]> => {
        const leave = await store.beginRefresh(NAME, seen, leaseMs);
        return [fenceOf(leave), leave.kind === 'mine' && leave.doubtful];
      };
      const seen = await consented();
      const [rested, first] = await doubtful(seen);
      await store.rest(NAME, rested, 0);
      const [, second] = await doubtful(seen, 0);
      const [last, third] = await doubtful(seen);
      expect([first, second, third]).toEqual([false, true, true]);
      await store.endRefresh(NAME, last, renewed('second'));
      const [, afterSuccess] = await doubtful(last, 0);
      const [, afterDeath] = await doubtful(last);
      const [, afterConsent] = await doubtful(await consented());
      expect([afterSuccess, afterDeath, afterConsent]).toEqual([false, true, false]);
    });

    it('has a connection looked at in time when that is asked for', async () => {
      const seen = await consented();
      await connections.claimDue(10, LONG_MS);
      await connections.endLook(NAME.tenantId, NAME.connectionId, LONG_MS);
      const fence = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      await store.endRefresh(NAME, fence, { ...renewed('second'), lookInMs: 0 });
      expect((await connections.claimDue(10, LONG_MS)).length).toBe(1);
    });

    it('has a connection looked at when a refresh was begun and never ended', async () => {
      const seen = await consented();
      await connections.claimDue(10, LONG_MS);
      await connections.endLook(NAME.tenantId, NAME.connectionId, LONG_MS);
      await store.beginRefresh(NAME, seen, 0);
      expect((await connections.claimDue(10, LONG_MS)).length).toBe(1);
      await connections.endLook(NAME.tenantId, NAME.connectionId, LONG_MS);
      expect(await connections.claimDue(10, LONG_MS)).toEqual([]);
    });

    it('lets no refresh that was begun before undo a consent', async () => {
      const seen = await consented();
      const fence = fenceOf(await store.beginRefresh(NAME, seen, LONG_MS));
      await store.store(NAME, 'new consent', NOW, {});
      expect(await store.endRefresh(NAME, fence, renewed('second'))).toBe(false);
      expect(await store.refuse(NAME, seen, fence, 'consent-revoked', NOW)).toBe(false);
      expect(await read()).toMatchObject({ sealed: 'new consent', state: 'working' });
    });

    it('readmits what only waited for the right secret of its application link', async () => {
      const seen = await consented();
      await store.refuse(NAME, seen, null, 'client-refused', NOW);
      await store.readmit(STRANGER.tenantId, LINK, NOW);
      expect((await read()).state).toBe('needs-authentication');
      await store.readmit(NAME.tenantId, LINK, NOW);
      expect(await read()).toEqual({ sealed: 'first', fence: seen, state: 'working', cause: null });
      await store.refuse(NAME, seen, null, 'consent-revoked', NOW);
      await store.readmit(NAME.tenantId, LINK, NOW);
      expect((await read()).state).toBe('needs-authentication');
    });
  });
};
