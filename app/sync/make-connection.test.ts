import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConnectionWorld, createConnectionWorld, NO_CONNECTION, SYNC } from '../../test/fakes/connection-world.ts';
import type { Result } from '../core/failure.ts';
import type { ApplicationLinkId, ConnectionId } from '../core/ids.ts';
import type { RemoteConnection } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import { findConnection, listConnections } from './find-connection.ts';
import { listRemoteSpaces, lookAtSite } from './look-at-site.ts';
import { makeConnection, type WantedConnection } from './make-connection.ts';
import type { Caller } from './set-up-ports.ts';

let world: ConnectionWorld;
beforeEach(() => {
  world = createConnectionWorld();
});

const CLOUD: WantedConnection = { kind: 'oauth2-cloud', siteUrl: 'https://hooli.atlassian.net/jira/projects' };
const DC = 'https://jira.initech.example/jira';
const NEW_CLIENT = { name: 'Tandem', clientId: 'client-1', clientSecret: 'client secret', scope: 'ADMIN' } as const;
const BY_CLIENT: WantedConnection = { kind: 'oauth2-data-center', siteUrl: DC, link: { new: NEW_CLIENT } };

const codeOf = (result: Result<unknown, ConnectionRefusal>): string => (result.ok ? 'done' : result.failure.code);
const make = (wanted: WantedConnection, caller: Caller = world.ann) => makeConnection(world.ports, caller, wanted);
async function made(wanted: WantedConnection, caller: Caller = world.ann): Promise<RemoteConnection> {
  const result = await make(wanted, caller);
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

describe('a new connection', () => {
  it('waits for a consent, and carries what the look at the site said', async () => {
    expect(await made(CLOUD)).toMatchObject({
      tenantId: world.ann.siteTenantId,
      kind: 'oauth2-cloud',
      siteUrl: 'https://hooli.atlassian.net',
      product: 'cloud',
      version: null,
      state: 'awaiting-authentication',
      syncUser: null,
      createdBy: 'ann',
      webhook: { kind: 'none' },
    });
    expect(await made(BY_CLIENT)).toMatchObject({ siteUrl: DC, product: 'data-center', version: '10.3.1' });
  });

  it('is one of 500 at most', async () => {
    const first = await made(CLOUD);
    for (let n = 1; n < 500; n += 1) {
      const connectionId = `00000000-0000-4000-9000-${String(n).padStart(12, '0')}` as ConnectionId;
      await world.connections.insert({ ...first, connectionId });
    }
    expect(await makeConnection(world.ports, world.ann, CLOUD)).toEqual({ ok: false, failure: { code: 'too-many-connections' } });
    await world.connections.remove(first.tenantId, first.connectionId);
    expect(await made(CLOUD)).toMatchObject({ state: 'awaiting-authentication' });
  });

  it('is written down, without any secret', async () => {
    const { connectionId } = await made(BY_CLIENT, world.program('connections'));
    expect(world.audit.lines).toEqual([
      {
        tenantId: world.ann.siteTenantId,
        at: world.time.now,
        actor: { kind: 'token', tokenId: 'token-1' },
        action: 'connection.created',
        subject: connectionId,
        detail: `oauth2-data-center ${DC}`,
        outcome: 'done',
      },
    ]);
  });

  it('uses an application link of the same site and kind again', async () => {
    const { applicationLinkId } = await made(BY_CLIENT);
    if (applicationLinkId === null) throw new Error('It has one');
    const again = await made({ kind: 'oauth2-data-center', siteUrl: DC, link: { known: applicationLinkId } });
    expect(again.applicationLinkId).toBe(applicationLinkId);
    const asOther = await make({ kind: 'oauth1', siteUrl: DC, link: { known: applicationLinkId } });
    expect(codeOf(asOther)).toBe('application-link-not-found');
    const unknown: WantedConnection = { kind: 'oauth1', siteUrl: DC, link: { known: 'x' as ApplicationLinkId } };
    expect(codeOf(await make(unknown))).toBe('application-link-not-found');
  });

  it('is not made with an application link that was removed since it was looked for', async () => {
    const { applicationLinkId } = await made(BY_CLIENT);
    if (applicationLinkId === null) throw new Error('It has one');
    const connections = { ...world.connections, insert: async () => false };
    const wanted: WantedConnection = { kind: 'oauth2-data-center', siteUrl: DC, link: { known: applicationLinkId } };
    expect(codeOf(await makeConnection({ ...world.ports, connections }, world.ann, wanted))).toBe('application-link-not-found');
    expect(world.audit.lines.map(({ action }) => action)).toEqual(['connection.created']);
  });

  it.each<[string, WantedConnection]>([
    ['a way that the product does not have', { kind: 'oauth2-cloud', siteUrl: DC }],
    ['a token of another product', { kind: 'api-token', siteUrl: DC, email: 'a@b.example', token: 'good token' }],
  ])('is refused by %s', async (_title, wanted) => {
    expect(codeOf(await make(wanted))).toBe('kind-impossible');
  });

  it('says what this installation does not offer', async () => {
    const without = (kinds: readonly RemoteConnection['kind'][]) => Object.assign(world.cloud, { kinds });
    without(['oauth2-cloud']);
    expect(codeOf(await make({ kind: 'api-token', siteUrl: world.cloud.siteUrl, email: 'a@b.example', token: 'x' }))).toBe(
      'kind-off',
    );
    without(['api-token']);
    expect(codeOf(await make(CLOUD))).toBe('provider-missing');
  });

  it('tries a password where the site may have switched it on again', async () => {
    const password: WantedConnection = { kind: 'password', siteUrl: DC, userName: 'sync', password: 'good token' };
    Object.assign(world.dataCenter, { kinds: ['oauth2-data-center', 'personal-token', 'oauth1'] });
    expect(codeOf(await make(password))).toBe('done');
    Object.assign(world.dataCenter, { kinds: ['oauth2-data-center', 'oauth1'] });
    expect(codeOf(await make(password))).toBe('kind-off');
  });

  it('says what the look at the site came to', async () => {
    expect(codeOf(await make({ kind: 'oauth2-cloud', siteUrl: 'https://elsewhere.example' }))).toBe('not-jira');
  });

  it.each<[string, WantedConnection, string]>([
    ['a token', { kind: 'personal-token', siteUrl: DC, token: 'good token' }, 'working'],
    ['a password', { kind: 'password', siteUrl: DC, userName: 'sync', password: 'good token' }, 'working'],
  ])('[W5] works at once by %s that the site accepts', async (_title, wanted, state) => {
    expect(await made(wanted)).toMatchObject({ state, syncUser: SYNC });
  });

  it('[W5] is not made of a token that the site refuses', async () => {
    expect(codeOf(await make({ kind: 'personal-token', siteUrl: DC, token: 'bad' }))).toBe('credentials-refused');
    expect(await world.connections.list(world.ann.siteTenantId)).toEqual([]);
    expect(world.audit.lines).toEqual([]);
  });

  it.each<[string, () => Caller, string]>([
    ['a person who administers nothing', () => world.setUp.caller(world.setUp.acme, 'SUP', 'carl'), 'not-space-admin'],
    ['a token without the scope', () => world.program('read', 'configure'), 'scope-missing'],
  ])('is not for %s', async (_title, caller, code) => {
    expect(codeOf(await make(CLOUD, caller()))).toBe(code);
  });
});

describe('[W1] who may use a connection', () => {
  it.each<[string, () => Caller, string]>([
    ['who made it', () => world.ann, 'done'],
    ['another admin of the space', () => world.cora, 'connection-not-found'],
    ['an admin of the site', () => world.root, 'done'],
    ['a token with the scope', () => world.program('connections'), 'done'],
    ['a token without it', () => world.program('read', 'configure'), 'scope-missing'],
    ['another tenant', () => world.ben, 'connection-not-found'],
    ['a token of another tenant', () => world.setUp.program(world.setUp.globex, 'connections'), 'connection-not-found'],
  ])('%s', async (_title, caller, code) => {
    const { connectionId } = await made(CLOUD);
    expect(codeOf(await findConnection(world.ports, caller(), connectionId))).toBe(code);
    const listed = await listConnections(world.ports, caller());
    expect(listed.ok ? listed.value.map((one) => one.connectionId) : listed.failure.code).toEqual(
      code === 'done' ? [connectionId] : code === 'scope-missing' ? code : [],
    );
  });

  it.each([NO_CONNECTION, 'nonsense' as typeof NO_CONNECTION])('nobody uses what does not exist: %s', async (id) => {
    expect(codeOf(await findConnection(world.ports, world.root, id))).toBe('connection-not-found');
  });

  it('is not guessed while Jira is silent', async () => {
    const { connectionId } = await made(CLOUD);
    world.setUp.acme.failure = { kind: 'unavailable', detail: 'no answer' };
    expect(codeOf(await findConnection(world.ports, world.cora, connectionId))).toBe('site-unreachable');
    expect(codeOf(await findConnection(world.ports, world.ann, connectionId))).toBe('done');
  });
});

describe('a look at an address', () => {
  it('tells what is there, and which application links can be used again', async () => {
    const { applicationLinkId } = await made(BY_CLIENT);
    const looked = await lookAtSite(world.ports, world.cora, `${DC}/browse/PLAT-1`);
    expect(looked).toMatchObject({ ok: true, value: { site: { siteUrl: DC }, hasApp: false } });
    expect(looked.ok && looked.value.applicationLinks.map((link) => link.applicationLinkId)).toEqual([applicationLinkId]);
  });

  it('shows spaces once somebody authenticated', async () => {
    const { connectionId } = await made(CLOUD);
    expect(codeOf(await listRemoteSpaces(world.ports, world.ann, connectionId))).toBe('authentication-needed');
  });
});
