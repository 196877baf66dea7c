import { describe, expect, it } from '@jest/globals';
import {
  addConnection,
  consentAtAtlassian,
  consentAtDataCenter,
  control,
  linkOAuth1,
  linkOAuth2,
  TENANT,
} from '../../test/remote-sites.ts';
import { HOUR_MS, STATE, useRemoteWorld } from '../../test/remote-world.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';

const world = useRemoteWorld();

describe('every kind of connection gets in and calls as its sync user', () => {
  it('OAuth 2.0 of Cloud, through the gateway', async () => {
    const connection = await world.connectCloud();
    expect(connection).toMatchObject({
      state: 'working',
      apiUrl: `${world.simulator.identity?.url}/ex/jira/${world.acme.heart.cloudId}`,
      syncUser: { accountId: world.person.accountId, name: world.person.displayName },
    });
    expect(await world.kit.callMyself(connection)).toBe(200);
    const reached = await world.kit.transports.reach(TENANT, connection.connectionId);
    expect(reached).toMatchObject({ ok: true, value: { product: 'cloud', address: 'vouched' } });
  });

  it.each(['initech', 'umbrella'] as const)('OAuth 2.0 of Data Center, below a context path: %s', async (name) => {
    const connection = await world.connectDataCenter(world[name], name === 'initech' ? 'mwright' : 'rcosta');
    expect(connection).toMatchObject({ state: 'working', apiUrl: world[name].url });
    expect(connection.version).toMatch(name === 'initech' ? /^10\.3/ : /^11\.3/);
    expect(connection.syncUser?.accountId).toMatch(/^JIRAUSER/);
    expect(await world.kit.callMyself(connection)).toBe(200);
    const reached = await world.kit.transports.reach(TENANT, connection.connectionId);
    expect(reached).toMatchObject({ ok: true, value: { product: 'data-center', version: connection.version, address: 'given' } });
  });

  it.each(['initech', 'umbrella'] as const)('OAuth 1.0a, signed over the whole address: %s', async (name) => {
    const connection = await world.connectOAuth1(world[name], name === 'initech' ? 'mwright' : 'rcosta');
    expect(connection.credentialsEndAt).toBeGreaterThan(world.clock.now() + 4 * 365 * 24 * HOUR_MS);
    expect(await world.kit.callMyself(connection)).toBe(200);
  });

  it('a personal access token', async () => {
    const site = world.initech;
    const entered = await world.enter(
      { kind: 'personal-token', siteUrl: site.url, product: 'data-center' },
      { kind: 'personal-token', token: await world.personalToken(site) },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    expect(entered.value.connection.syncUser?.accountId).toMatch(/^JIRAUSER/);
    expect(await world.kit.callMyself(entered.value.connection)).toBe(200);
  });

  it('an API token at the site, and one with scopes at the gateway', async () => {
    const cloud = { kind: 'api-token', siteUrl: world.acme.url, product: 'cloud' } as const;
    const email = world.person.emailAddress;
    const plain = await world.enter(cloud, { kind: 'api-token', email, token: world.person.apiToken });
    const { token = '' } = await control(`${world.simulator.identity?.url}/__sim/api-tokens`, {
      site: 'acme',
      accountId: world.person.accountId,
      scopes: ['read:jira-work', 'read:jira-user'],
    });
    const scoped = await world.enter(cloud, { kind: 'api-token', email, token });
    if (!plain.ok || !scoped.ok) throw new Error('They were refused');
    expect([plain.value.connection.apiUrl, scoped.value.connection.apiUrl]).toEqual([
      world.acme.url,
      `${world.simulator.identity?.url}/ex/jira/${world.acme.heart.cloudId}`,
    ]);
    expect(await world.kit.callMyself(plain.value.connection)).toBe(200);
    expect(await world.kit.callMyself(scoped.value.connection)).toBe(200);
  });

  it('user and password', async () => {
    const entered = await world.enter(
      { kind: 'password', siteUrl: world.initech.url, product: 'data-center' },
      { kind: 'password', userName: 'ojansen', password: 'password-of-ojansen' },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    expect(await world.kit.callMyself(entered.value.connection)).toBe(200);
  });
});

describe('who is not let in is told why', () => {
  it('passwords are off from Jira 11 on', async () => {
    const refused = await world.enter(
      { kind: 'password', siteUrl: world.umbrella.url, product: 'data-center' },
      { kind: 'password', userName: 'rcosta', password: 'password-of-rcosta' },
    );
    expect(refused).toMatchObject({ ok: false, failure: { code: 'password-off' } });
  });

  it('wrong credentials are not kept', async () => {
    const site = { siteUrl: world.initech.url, product: 'data-center' } as const;
    const wrong = { ok: false, failure: { code: 'credentials-refused' } };
    expect(
      await world.enter({ kind: 'password', ...site }, { kind: 'password', userName: 'ojansen', password: 'x' }),
    ).toMatchObject(wrong);
    expect(await world.enter({ kind: 'personal-token', ...site }, { kind: 'personal-token', token: 'x' })).toMatchObject(wrong);
    expect(await world.enter({ kind: 'personal-token', ...site }, { kind: 'personal-token', token: 'a\nb' })).toMatchObject(
      wrong,
    );
    const cloud = { kind: 'api-token', siteUrl: world.acme.url, product: 'cloud' } as const;
    expect(await world.enter(cloud, { kind: 'api-token', email: world.person.emailAddress, token: 'x' })).toMatchObject(wrong);
    const kept = await world.database.execute(
      'SELECT 1 FROM remote_connection WHERE sealed_credentials IS NULL AND state <> $1',
      ['awaiting-authentication'],
    );
    expect(kept).toBe(0);
  });

  it('a kind that the product does not have, and typed ones where they are switched off', async () => {
    const cloud = { kind: 'password', siteUrl: world.acme.url, product: 'cloud' } as const;
    const credentials = { kind: 'password', userName: 'a', password: 'b' } as const;
    expect(await world.enter(cloud, credentials)).toMatchObject({ failure: { code: 'kind-impossible' } });
    const strict = world.newKit({ typedAllowed: false });
    const connection = await addConnection(world.kit, { ...cloud, siteUrl: world.initech.url, product: 'data-center' });
    expect(await strict.typed.enter(connection, credentials)).toMatchObject({ failure: { code: 'kind-off' } });
    expect(await world.kit.providers.begin(connection, STATE)).toMatchObject({ failure: { code: 'kind-impossible' } });
  });

  it('a consent for another site', async () => {
    const connection = await addConnection(world.kit, { kind: 'oauth2-cloud', siteUrl: world.acme.url, product: 'cloud' });
    const begun = await world.beginConsent(connection);
    const { answer } = await consentAtAtlassian(world.simulator, begun.url, 'globex');
    expect(await world.kit.providers.complete(connection, begun.sealed, answer)).toMatchObject({
      failure: { code: 'consent-other-site' },
    });
    expect((await world.read(connection)).state).toBe('awaiting-authentication');
  });

  it('a denied consent, of every kind', async () => {
    const denied = { ok: false, failure: { code: 'consent-denied' } };
    const cloud = await addConnection(world.kit, { kind: 'oauth2-cloud', siteUrl: world.acme.url, product: 'cloud' });
    const atCloud = await world.beginConsent(cloud);
    const said = await consentAtAtlassian(world.simulator, atCloud.url, 'acme', 'deny');
    expect(await world.kit.providers.complete(cloud, atCloud.sealed, said.answer)).toMatchObject(denied);
    const site = { siteUrl: world.initech.url, product: 'data-center' } as const;
    const links = [(await linkOAuth2(world.kit, world.initech)).link, await linkOAuth1(world.kit, world.initech)];
    for (const { applicationLinkId, kind } of links) {
      const of = kind === 'oauth1' ? 'oauth1' : 'oauth2-data-center';
      const connection = await addConnection(world.kit, { ...site, kind: of, applicationLinkId });
      const begun = await world.beginConsent(connection);
      const { answer } = await consentAtDataCenter(world.initech, begun.url, 'mwright', 'deny');
      expect(await world.kit.providers.complete(connection, begun.sealed, answer)).toMatchObject(denied);
    }
  });

  it('a scope that the application link does not allow, a wrong client secret, a wrong key, no link', async () => {
    const site = { siteUrl: world.initech.url, product: 'data-center' } as const;
    const finish = async (applicationLinkId: RemoteConnection['applicationLinkId']) => {
      const connection = await addConnection(world.kit, { ...site, kind: 'oauth2-data-center', applicationLinkId });
      const begun = await world.beginConsent(connection);
      const { answer } = await consentAtDataCenter(world.initech, begun.url, 'mwright');
      return world.kit.providers.complete(connection, begun.sealed, answer);
    };
    const { link } = await linkOAuth2(world.kit, world.initech, 'READ');
    await world.kit.applicationLinks.change(TENANT, link.applicationLinkId, { scope: 'ADMIN' });
    expect(await finish(link.applicationLinkId)).toMatchObject({ failure: { code: 'scope-refused', detail: 'invalid_scope' } });
    const wrong = await linkOAuth2(world.kit, world.initech, 'ADMIN', 'wrong');
    expect(await finish(wrong.link.applicationLinkId)).toMatchObject({ failure: { code: 'client-refused' } });
    const unknown = await world.kit.applicationLinks.add(TENANT, { kind: 'oauth1', siteUrl: world.initech.url, name: 'Unknown' });
    const { applicationLinkId } = unknown;
    const nobody = await addConnection(world.kit, { ...site, kind: 'oauth1', applicationLinkId });
    expect(await world.kit.providers.begin(nobody, STATE)).toMatchObject({ failure: { code: 'key-refused' } });
    const abroad = await world.kit.applicationLinks.add(TENANT, {
      kind: 'oauth1',
      siteUrl: world.umbrella.url,
      name: 'Other site',
    });
    const astray = await addConnection(world.kit, { ...site, kind: 'oauth1', applicationLinkId: abroad.applicationLinkId });
    expect(await world.kit.providers.begin(astray, STATE)).toMatchObject({ failure: { code: 'link-missing' } });
    const linkless = await addConnection(world.kit, { ...site, kind: 'oauth1' });
    expect(await world.kit.providers.begin(linkless, STATE)).toMatchObject({ failure: { code: 'link-missing' } });
  });

  it('an answer that belongs to another connection, came twice, or too late', async () => {
    const { link } = await linkOAuth2(world.kit, world.initech);
    const { applicationLinkId } = link;
    const site = { kind: 'oauth2-data-center', siteUrl: world.initech.url, product: 'data-center', applicationLinkId } as const;
    const [connection, other] = [await addConnection(world.kit, site), await addConnection(world.kit, site)];
    const refused = { ok: false, failure: { code: 'code-refused' } };
    const first = await world.beginConsent(connection);
    const { answer } = await consentAtDataCenter(world.initech, first.url, 'mwright');
    expect(await world.kit.providers.complete(other, first.sealed, answer)).toMatchObject(refused);
    expect(await world.kit.providers.complete(connection, first.sealed, answer)).toMatchObject({ ok: true });
    expect(await world.kit.providers.complete(connection, first.sealed, answer)).toMatchObject(refused);
    const second = await world.beginConsent(connection);
    const late = await consentAtDataCenter(world.initech, second.url, 'mwright');
    world.time.offset += 11_000;
    expect(await world.kit.providers.complete(connection, second.sealed, late.answer)).toMatchObject(refused);
    const third = await world.beginConsent(connection);
    const forged = await consentAtDataCenter(world.initech, (await world.beginConsent(connection)).url, 'mwright');
    expect(await world.kit.providers.complete(connection, third.sealed, forged.answer)).toMatchObject(refused);
  });

  it('a signature whose time is far from that of the site', async () => {
    const link = await linkOAuth1(world.kit, world.initech);
    const { applicationLinkId } = link;
    const site = { kind: 'oauth1', siteUrl: world.initech.url, product: 'data-center', applicationLinkId } as const;
    const slow = { ...world.clock, now: () => world.clock.now() - 6 * 60_000 };
    const connection = await addConnection(world.kit, site);
    expect(await world.newKit({ clock: slow }).providers.begin(connection, STATE)).toMatchObject({
      failure: { code: 'clocks-apart', detail: 'timestamp_refused' },
    });
    expect(await world.kit.providers.begin(connection, STATE)).toMatchObject({ ok: true });
  });

  it('says when the sync user is replaced', async () => {
    const connection = await world.connectDataCenter(world.initech, 'mwright');
    const { link } = await linkOAuth2(world.kit, world.initech);
    const moved = { ...connection, applicationLinkId: link.applicationLinkId };
    const begun = await world.beginConsent(moved);
    const { answer } = await consentAtDataCenter(world.initech, begun.url, 'lduarte');
    const replaced = await world.kit.providers.complete(moved, begun.sealed, answer);
    expect(replaced).toMatchObject({ ok: true, value: { formerSyncUser: connection.syncUser } });
  });
});
