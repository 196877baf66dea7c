import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildSynchronization } from '../../test/contract/synchronization-store.contract.ts';
import { type ConnectionWorld, createConnectionWorld, OTHER, SYNC } from '../../test/fakes/connection-world.ts';
import type { Result } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import {
  type ConnectionChange,
  changeConnection,
  listApplicationLinks,
  removeApplicationLink,
  removeConnection,
} from './change-connection.ts';
import { readConnectionHealth } from './connection-health.ts';
import type { RemoteConnection } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import { makeConnection, type WantedConnection } from './make-connection.ts';
import type { Synchronization } from './ports.ts';
import type { Caller } from './set-up-ports.ts';

const DC = 'https://jira.initech.example/jira';
const BY_TOKEN: WantedConnection = { kind: 'personal-token', siteUrl: DC, token: 'good token' };
const BY_CLIENT: WantedConnection = {
  kind: 'oauth2-data-center',
  siteUrl: DC,
  link: { new: { name: 'Tandem', clientId: 'client-1', clientSecret: 'client secret', scope: 'ADMIN' } },
};

let world: ConnectionWorld;
beforeEach(() => {
  world = createConnectionWorld();
});

const codeOf = (result: Result<unknown, ConnectionRefusal>): string => (result.ok ? 'done' : result.failure.code);
async function make(wanted: WantedConnection): Promise<RemoteConnection> {
  const made = await makeConnection(world.ports, world.ann, wanted);
  if (!made.ok) throw new Error(made.failure.code);
  return made.value;
}
const change = (of: RemoteConnection, changed: ConnectionChange, caller: Caller = world.ann) =>
  changeConnection(world.ports, caller, of.connectionId, changed);
const remove = (of: RemoteConnection, caller: Caller = world.ann) => removeConnection(world.ports, caller, of.connectionId);

/** A synchronization whose side B is reached by that connection. */
async function useIt(of: RemoteConnection): Promise<Synchronization> {
  const plain = buildSynchronization().sides;
  const sides = {
    A: { ...plain.A, siteTenantId: of.tenantId },
    B: {
      ...plain.B,
      siteTenantId: of.tenantId,
      connectionId: of.connectionId,
      projectId: '10100' as ProjectId,
      projectKey: 'PLAT',
    },
  };
  const synchronization = buildSynchronization({ tenantId: of.tenantId, sides });
  await world.setUp.ports.synchronizations.insert(synchronization);
  return synchronization;
}

describe('another secret', () => {
  it('[W5] is tried at the site, and a bad one replaces nothing', async () => {
    const connection = await make(BY_TOKEN);
    expect(codeOf(await change(connection, { credentials: { kind: 'personal-token', token: 'bad' } }))).toBe(
      'credentials-refused',
    );
    expect(world.connections.now(connection)).toEqual(connection);
    expect(world.audit.lines.map(({ action }) => action)).toEqual(['connection.created']);
  });

  it('[W5] that is blank keeps what is stored', async () => {
    const connection = await make(BY_TOKEN);
    world.dataCenter.secrets.clear();
    expect(codeOf(await change(connection, { credentials: { kind: 'personal-token', token: '' } }))).toBe('done');
    expect(world.connections.now(connection)).toEqual(connection);
  });

  it('[W4] of another user replaces the sync user and nothing else, and what waited goes on', async () => {
    const connection = await make(BY_TOKEN);
    const { synchronizationId } = await useIt(connection);
    const { tenantId, connectionId } = connection;
    await world.connections.change(tenantId, connectionId, { state: 'needs-authentication', cause: 'token-expired' });
    expect(codeOf(await change(connection, { credentials: { kind: 'personal-token', token: 'token of another' } }))).toBe('done');
    expect(world.connections.now(connection)).toMatchObject({ connectionId, state: 'working', syncUser: OTHER });
    expect(world.resumed).toEqual([synchronizationId]);
    expect(world.audit.lines.at(-1)).toMatchObject({ action: 'connection.secret-changed', detail: 'sync user replaced' });
  });

  it('of an OAuth client concerns every connection that was made with it', async () => {
    const first = await make(BY_CLIENT);
    if (first.applicationLinkId === null) throw new Error('It has one');
    const second = await make({ kind: 'oauth2-data-center', siteUrl: DC, link: { known: first.applicationLinkId } });
    const { synchronizationId } = await useIt(second);
    expect(codeOf(await change(first, { applicationLink: { clientSecret: 'new', clientId: 'client-2' } }))).toBe('done');
    expect(world.resumed).toEqual([synchronizationId]);
    const listed = await listApplicationLinks(world.ports, world.ann, DC);
    expect(listed.ok && listed.value.map(({ clientId }) => clientId)).toEqual(['client-2']);
    expect(JSON.stringify(listed)).not.toContain('secret');
  });

  it('of an OAuth client that connections of others use too is for admins of the site', async () => {
    const { applicationLinkId } = await make(BY_CLIENT);
    if (applicationLinkId === null) throw new Error('It has one');
    const wanted: WantedConnection = { kind: 'oauth2-data-center', siteUrl: DC, link: { known: applicationLinkId } };
    const ofCora = await makeConnection(world.ports, world.cora, wanted);
    if (!ofCora.ok) throw new Error(ofCora.failure.code);
    const changed = { applicationLink: { clientId: 'client-of-cora', clientSecret: 'of-cora' } };
    expect(codeOf(await change(ofCora.value, changed, world.cora))).toBe('not-site-admin');
    const listed = await listApplicationLinks(world.ports, world.ann, DC);
    expect(listed.ok && listed.value.map(({ clientId }) => clientId)).toEqual(['client-1']);
    expect(codeOf(await change(ofCora.value, changed, world.root))).toBe('done');
  });

  it.each<[string, WantedConnection, ConnectionChange]>([
    ['a token of a consent', BY_CLIENT, { credentials: { kind: 'personal-token', token: 'good token' } }],
    ['a token of another kind', BY_TOKEN, { credentials: { kind: 'password', userName: 'sync', password: 'good token' } }],
    ['a client of a token', BY_TOKEN, { applicationLink: { clientSecret: 'new' } }],
  ])('is not one that the kind does not have: %s', async (_title, wanted, changed) => {
    expect(codeOf(await change(await make(wanted), changed))).toBe('secret-not-of-kind');
  });

  it('is for who may use the connection', async () => {
    const connection = await make(BY_TOKEN);
    const changed: ConnectionChange = { credentials: { kind: 'personal-token', token: 'token of another' } };
    expect(codeOf(await change(connection, changed, world.cora))).toBe('connection-not-found');
    expect(codeOf(await change(connection, changed, world.ben))).toBe('connection-not-found');
    expect(world.connections.now(connection).syncUser).toEqual(SYNC);
  });
});

describe('[W6] removing a connection', () => {
  it('is refused while a synchronization uses it', async () => {
    const connection = await make(BY_TOKEN);
    const { tenantId, synchronizationId } = await useIt(connection);
    expect(codeOf(await remove(connection))).toBe('connection-in-use');
    await world.setUp.ports.synchronizations.remove(tenantId, synchronizationId);
    expect(codeOf(await remove(connection))).toBe('done');
    expect(await world.connections.list(tenantId)).toEqual([]);
    expect(world.audit.lines.at(-1)).toMatchObject({ action: 'connection.removed', detail: `personal-token ${DC}` });
  });

  it('takes our webhook at the site away', async () => {
    const connection = await make(BY_TOKEN);
    const webhook = { kind: 'registered', remoteId: '7', expiresAt: null, projectIds: [], isProven: true } as const;
    await world.connections.change(connection.tenantId, connection.connectionId, { webhook });
    expect(codeOf(await remove(connection))).toBe('done');
    expect(world.dataCenter.removedWebhooks).toEqual(['7']);
  });

  it('has the webhook looked after at once where a synchronization was made over it since it was taken away', async () => {
    const connection = await make(BY_TOKEN);
    const { tenantId, connectionId } = connection;
    const webhook = { kind: 'registered', remoteId: '7', expiresAt: null, projectIds: [], isProven: true } as const;
    await world.connections.change(tenantId, connectionId, { webhook });
    await world.connections.endLook(tenantId, connectionId, 3_600_000);
    const connections = { ...world.connections, remove: async () => false };
    const removed = await removeConnection({ ...world.ports, connections }, world.ann, connectionId);
    expect([codeOf(removed), world.dataCenter.removedWebhooks]).toEqual(['connection-in-use', ['7']]);
    expect((await world.connections.claimDue(9, 1)).map((one) => one.connectionId)).toEqual([connectionId]);
  });

  it('is for who may use it', async () => {
    const connection = await make(BY_TOKEN);
    expect([codeOf(await remove(connection, world.cora)), codeOf(await remove(connection, world.ben))]).toEqual([
      'connection-not-found',
      'connection-not-found',
    ]);
  });

  it('frees its application link, which can be removed then', async () => {
    const connection = await make(BY_CLIENT);
    const { applicationLinkId } = connection;
    if (applicationLinkId === null) throw new Error('It has one');
    const removeLink = (caller: Caller = world.ann) => removeApplicationLink(world.ports, caller, applicationLinkId);
    expect(codeOf(await removeLink())).toBe('application-link-in-use');
    await remove(connection);
    expect(codeOf(await removeLink(world.ben))).toBe('application-link-not-found');
    expect(codeOf(await removeLink())).toBe('done');
    expect(codeOf(await removeLink())).toBe('application-link-not-found');
  });
});

describe('the health of a connection', () => {
  it('says who the sync user is, what it lacks where, and what the quota is', async () => {
    const connection = await make(BY_TOKEN);
    await useIt(connection);
    const rights = [
      { right: 'BROWSE_PROJECTS', has: true },
      { right: 'CREATE_ISSUES', has: false },
    ];
    world.dataCenter.rights.set('10100', rights);
    const health = await readConnectionHealth(world.ports, world.ann, connection.connectionId);
    expect(health).toMatchObject({
      ok: true,
      value: {
        connection: { syncUser: SYNC, state: 'working' },
        answers: 'yes',
        problem: null,
        spaces: [{ projectId: '10100', projectKey: 'PLAT', rights }],
        quota: { budget: null },
      },
    });
  });

  it('says that the site does not answer, and asks nothing without credentials', async () => {
    const connection = await make(BY_TOKEN);
    await useIt(connection);
    world.dataCenter.failure = 'credentials-refused';
    const silent = await readConnectionHealth(world.ports, world.ann, connection.connectionId);
    expect(silent).toMatchObject({
      value: { answers: 'no', problem: { code: 'authentication-needed' }, spaces: [{ projectKey: 'PLAT', rights: null }] },
    });
    const waiting = await make(BY_CLIENT);
    const asked = await readConnectionHealth(world.ports, world.ann, waiting.connectionId);
    expect(asked).toMatchObject({ value: { answers: 'unasked', connection: { state: 'awaiting-authentication' } } });
  });

  it('is for who may use it', async () => {
    const { connectionId } = await make(BY_TOKEN);
    expect(codeOf(await readConnectionHealth(world.ports, world.cora, connectionId))).toBe('connection-not-found');
  });
});
