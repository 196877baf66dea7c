import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { addConnection, consentAtAtlassian, control, linkOAuth2, TENANT } from '../../test/remote-sites.ts';
import { HOUR_MS, useRemoteWorld } from '../../test/remote-world.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';
import { createSecretBox } from './secret-box.ts';

const world = useRemoteWorld();

describe('what the site does not know any more needs authentication', () => {
  const lost = async (connection: RemoteConnection, cause: string) => {
    expect(await world.kit.callMyself(connection)).not.toBe(200);
    expect(await world.read(connection)).toMatchObject({ state: 'needs-authentication', cause });
    expect(await world.kit.callMyself(connection)).toBe('unauthenticated');
    const said = world.kit.audited.filter(({ subject }) => subject === connection.connectionId);
    expect(said).toMatchObject([{ action: 'connection.needs-authentication', detail: cause, actor: { kind: 'tandem' } }]);
  };
  const revoke = (site: DataCenterSite, user: string) => control(`${site.url}/__sim/revoke`, { user });

  it('a revoked consent of Cloud, until somebody consents again', async () => {
    const connection = await world.connectCloud();
    world.time.offset += 60_000;
    await control(`${world.simulator.identity?.url}/__sim/revoke`, { clientId: 'tandem-client' });
    await lost(connection, 'consent-revoked');
    const begun = await world.beginConsent(connection);
    const { answer } = await consentAtAtlassian(world.simulator, begun.url, 'acme');
    expect(await world.kit.providers.complete(connection, begun.sealed, answer)).toMatchObject({ ok: true });
    expect(await world.read(connection)).toMatchObject({ state: 'working', cause: null });
    expect(await world.newKit().callMyself(connection)).toBe(200);
  });

  it('a revoked consent of Data Center, old or young', async () => {
    const old = await world.connectDataCenter(world.initech, 'mwright');
    const young = await world.connectDataCenter(world.initech, 'lduarte');
    await revoke(world.initech, 'lduarte');
    await lost(young, 'consent-revoked');
    world.time.offset += HOUR_MS + 1;
    await revoke(world.initech, 'mwright');
    await lost(old, 'consent-revoked');
  });

  it('but not one whose token the site does not know yet, a moment after it gave it out', async () => {
    const connection = await world.connectCloud();
    const grants = [...(world.simulator.identity?.state.grants.values() ?? [])];
    for (const grant of grants) grant.accessTokens = [];
    expect(await world.callAtOnce(10, connection)).toEqual([200]);
    expect((await world.read(connection)).state).toBe('working');
  });

  it('a user who may not log in any more, though the consent stands', async () => {
    const connection = await world.connectDataCenter(world.initech, 'ojansen');
    const user = [...world.initech.heart.users.values()].find(({ accountId }) => accountId === connection.syncUser?.accountId);
    if (user === undefined) throw new Error('There is no such user');
    user.active = false;
    try {
      await lost(connection, 'consent-revoked');
    } finally {
      user.active = true;
    }
  });

  it('a refresh token that ran out', async () => {
    const connection = await world.connectDataCenter();
    world.time.offset += 91 * 24 * HOUR_MS;
    await lost(connection, 'consent-revoked');
  });

  it('revoked tokens of OAuth 1.0a and personal ones', async () => {
    const signed = await world.connectOAuth1(world.initech, 'bkovacs');
    await revoke(world.initech, 'bkovacs');
    await lost(signed, 'consent-revoked');
    const entered = await world.enter(
      { kind: 'personal-token', siteUrl: world.initech.url, product: 'data-center' },
      { kind: 'personal-token', token: await world.personalToken(world.initech, 'ojansen') },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    await revoke(world.initech, 'ojansen');
    await lost(entered.value.connection, 'token-refused');
  });

  it('an access token of OAuth 1.0a after its five years', async () => {
    const connection = await world.connectOAuth1();
    world.time.offset += 6 * 365 * 24 * HOUR_MS;
    await lost(connection, 'token-expired');
  });

  it('a changed secret of the application link, until the right one is typed in', async () => {
    const { link, clientSecret } = await linkOAuth2(world.kit, world.initech);
    const { applicationLinkId } = link;
    const site = { kind: 'oauth2-data-center', siteUrl: world.initech.url, product: 'data-center', applicationLinkId } as const;
    const connection = await world.connectDataCenter(world.initech, 'mwright', await addConnection(world.kit, site));
    await world.kit.applicationLinks.change(TENANT, applicationLinkId, { clientSecret: 'wrong' });
    world.time.offset += HOUR_MS + 1;
    await lost(connection, 'client-refused');
    await world.kit.applicationLinks.change(TENANT, applicationLinkId, { clientSecret });
    expect(await world.newKit().callMyself(connection)).toBe(200);
  });

  it('but not a connection whose token only lacks a scope for one call', async () => {
    const connection = await world.connectCloud();
    const reached = await world.kit.transports.reach(TENANT, connection.connectionId);
    if (!reached.ok) throw new Error(reached.failure);
    expect(await world.kit.callOnce(reached.value, '/rest/webhooks/1.0/webhook')).toBe(401);
    world.time.offset += 60_000;
    expect(await world.kit.callOnce(reached.value, '/rest/webhooks/1.0/webhook')).toBe(401);
    expect((await world.read(connection)).state).toBe('working');
    expect(await world.kit.callMyself(connection)).toBe(200);
  });
});

it('a connection whose secret no key opens is sealed, one that is gone is gone, and neither is lost by it', async () => {
  const connection = await world.connectCloud();
  const other = world.newKit({ secretBox: createSecretBox({ current: randomBytes(32), older: [] }) });
  expect(await other.callMyself(connection)).toBe('sealed');
  expect(await world.kit.callMyself(connection)).toBe(200);
  await world.kit.connections.remove(TENANT, connection.connectionId);
  expect(await world.newKit().callMyself(connection)).toBe('gone');
});

it('keeps no secret in clear', async () => {
  await world.connectCloud();
  await world.connectDataCenter();
  await world.connectOAuth1();
  const token = await world.personalToken(world.initech);
  await world.enter(
    { kind: 'personal-token', siteUrl: world.initech.url, product: 'data-center' },
    { kind: 'personal-token', token },
  );
  const secrets = [
    token,
    ...[...world.initech.access.grants.values()].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ...[...world.initech.access.links.values()].map(({ clientSecret }) => clientSecret),
    ...[...(world.simulator.identity?.state.grants.values() ?? [])].flatMap(({ accessTokens, refreshToken }) => [
      ...accessTokens.map((one) => one.token),
      refreshToken?.token ?? token,
    ]),
    'PRIVATE KEY',
  ];
  for (const table of ['remote_connection', 'application_link']) {
    const found = await world.database.execute(
      `SELECT 1 FROM ${table} t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) s WHERE strpos(t::text, s) > 0)`,
      [secrets],
    );
    expect(found).toBe(0);
  }
});
