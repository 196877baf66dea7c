import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { systemTimers } from '../../simulator/system-clock.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import {
  addConnection,
  consentAtAtlassian,
  consentAtDataCenter,
  control,
  createRemoteKit,
  linkOAuth1,
  linkOAuth2,
  type RemoteKit,
  registerApp,
  TENANT,
} from '../../test/remote-sites.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createDatabase, type Database } from '../platform/database.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';
import { createSecretBox } from './secret-box.ts';
import type { Ask } from './send-http.ts';

const HOUR_MS = 3_600_000;
const time = { offset: 0 };
const clock: Clock = { now: () => systemClock.now() + time.offset, sleepUntil: (at) => systemClock.sleepUntil(at - time.offset) };
const secretBox = createSecretBox({ current: randomBytes(32), older: [] });
const STATE = 'state-of-the-attempt';

let simulator: Simulator;
let database: TestDatabase;
let kit: RemoteKit;
/** Requests for tokens that went out, by what for; and what is to be done instead of sending one. */
let tokenCalls: string[];
let instead: ((ask: Ask, send: () => Promise<unknown>) => Promise<void>) | null;

const initech = (): DataCenterSite => dataCenter('initech');
const umbrella = (): DataCenterSite => dataCenter('umbrella');
function dataCenter(name: 'initech' | 'umbrella'): DataCenterSite {
  const site = simulator.dataCenter[name];
  if (site === undefined) throw new Error('It was asked for');
  return site;
}

const newKit = (on: { database: Parameters<typeof createRemoteKit>[0]['database'] } = { database }): RemoteKit =>
  createRemoteKit({
    simulator,
    database: on.database,
    secretBox,
    clock,
    async between(ask, send) {
      if (ask.form?.['grant_type'] !== undefined) {
        tokenCalls.push(ask.form['grant_type']);
        const before = instead;
        if (before !== null) {
          await before(ask, () => send(ask));
          return { ok: false, failure: 'unreachable' };
        }
      }
      return send(ask);
    },
  });

beforeAll(async () => {
  simulator = await startSimulator({
    clock: { now: clock.now },
    timers: systemTimers,
    identity: {},
    dataCenter: { initech: {}, umbrella: { version: '11.3', contextPath: '/tracker' } },
  });
  database = await createTestDatabase();
  await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [TENANT]);
});
afterAll(async () => {
  await simulator.close();
  await database.drop();
});
beforeEach(async () => {
  time.offset = 0;
  tokenCalls = [];
  instead = null;
  await registerApp(simulator);
  kit = newKit();
});

const working = async (connection: RemoteConnection): Promise<RemoteConnection> => {
  const read = await kit.connections.read(connection.tenantId, connection.connectionId);
  if (read === null) throw new Error('The connection is gone');
  return read;
};

const begin = async (connection: RemoteConnection) => {
  const begun = await kit.providers.begin(connection, STATE);
  if (!begun.ok) throw new Error(begun.failure.code);
  return begun.value;
};

const cloudSite = () => simulator.sites.acme;

async function connectCloud(): Promise<RemoteConnection> {
  const connection = await addConnection(kit, { kind: 'oauth2-cloud', siteUrl: cloudSite().url, product: 'cloud' });
  const begun = await begin(connection);
  const { answer, state } = await consentAtAtlassian(simulator, begun.url, 'acme');
  expect(state).toBe(STATE);
  const completed = await kit.providers.complete(connection, begun.sealed, answer);
  if (!completed.ok) throw new Error(completed.failure.code);
  return completed.value.connection;
}

async function connectDataCenter(site = initech(), userName = 'mwright', known?: RemoteConnection): Promise<RemoteConnection> {
  const linked = known === undefined ? await linkOAuth2(kit, site) : null;
  const connection =
    known ??
    (await addConnection(kit, {
      kind: 'oauth2-data-center',
      siteUrl: site.url,
      product: 'data-center',
      applicationLinkId: linked?.link.applicationLinkId ?? null,
    }));
  const begun = await begin(connection);
  const { answer, state } = await consentAtDataCenter(site, begun.url, userName);
  expect(state).toBe(STATE);
  const completed = await kit.providers.complete(connection, begun.sealed, answer);
  if (!completed.ok) throw new Error(completed.failure.code);
  return completed.value.connection;
}

async function connectOAuth1(site = initech(), userName = 'mwright'): Promise<RemoteConnection> {
  const link = await linkOAuth1(kit, site);
  const { applicationLinkId } = link;
  const connection = await addConnection(kit, { kind: 'oauth1', siteUrl: site.url, product: 'data-center', applicationLinkId });
  const begun = await begin(connection);
  const { answer, state } = await consentAtDataCenter(site, begun.url, userName);
  expect(state).toBe(STATE);
  const completed = await kit.providers.complete(connection, begun.sealed, answer);
  if (!completed.ok) throw new Error(completed.failure.code);
  return completed.value.connection;
}

async function typed(
  connection: Pick<RemoteConnection, 'kind' | 'siteUrl' | 'product'>,
  credentials: Parameters<RemoteKit['typed']['enter']>[1],
) {
  return kit.typed.enter(await addConnection(kit, connection), credentials);
}

const person = () => {
  const [user] = [...cloudSite().heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
  if (user === undefined) throw new Error('The seed world has people');
  return user;
};

async function personalToken(site: DataCenterSite, user = 'lduarte'): Promise<string> {
  return (await control(`${site.url}/__sim/personal-tokens`, { user })).token ?? '';
}

describe('every kind of connection gets in and calls as its sync user', () => {
  it('OAuth 2.0 of Cloud, through the gateway', async () => {
    const connection = await connectCloud();
    expect(connection).toMatchObject({
      state: 'working',
      apiUrl: `${simulator.identity?.url}/ex/jira/${cloudSite().heart.cloudId}`,
      syncUser: { accountId: person().accountId, name: person().displayName },
    });
    expect(await kit.callMyself(connection)).toBe(200);
    const reached = await kit.transports.reach(TENANT, connection.connectionId);
    expect(reached).toMatchObject({ ok: true, value: { product: 'cloud', address: 'vouched' } });
  });

  it.each(['initech', 'umbrella'] as const)('OAuth 2.0 of Data Center, below a context path: %s', async (name) => {
    const connection = await connectDataCenter(dataCenter(name), name === 'initech' ? 'mwright' : 'rcosta');
    expect(connection).toMatchObject({ state: 'working', apiUrl: dataCenter(name).url });
    expect(connection.version).toMatch(name === 'initech' ? /^10\.3/ : /^11\.3/);
    expect(connection.syncUser?.accountId).toMatch(/^JIRAUSER/);
    expect(await kit.callMyself(connection)).toBe(200);
    const reached = await kit.transports.reach(TENANT, connection.connectionId);
    expect(reached).toMatchObject({ ok: true, value: { product: 'data-center', version: connection.version, address: 'given' } });
  });

  it.each(['initech', 'umbrella'] as const)('OAuth 1.0a, signed over the whole address: %s', async (name) => {
    const connection = await connectOAuth1(dataCenter(name), name === 'initech' ? 'mwright' : 'rcosta');
    expect(connection.credentialsEndAt).toBeGreaterThan(clock.now() + 4 * 365 * 24 * HOUR_MS);
    expect(await kit.callMyself(connection)).toBe(200);
  });

  it('a personal access token', async () => {
    const site = initech();
    const entered = await typed(
      { kind: 'personal-token', siteUrl: site.url, product: 'data-center' },
      { kind: 'personal-token', token: await personalToken(site) },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    expect(entered.value.connection.syncUser?.accountId).toMatch(/^JIRAUSER/);
    expect(await kit.callMyself(entered.value.connection)).toBe(200);
  });

  it('an API token at the site, and one with scopes at the gateway', async () => {
    const cloud = { kind: 'api-token', siteUrl: cloudSite().url, product: 'cloud' } as const;
    const email = person().emailAddress;
    const plain = await typed(cloud, { kind: 'api-token', email, token: person().apiToken });
    const { token = '' } = await control(`${simulator.identity?.url}/__sim/api-tokens`, {
      site: 'acme',
      accountId: person().accountId,
      scopes: ['read:jira-work', 'read:jira-user'],
    });
    const scoped = await typed(cloud, { kind: 'api-token', email, token });
    if (!plain.ok || !scoped.ok) throw new Error('They were refused');
    expect([plain.value.connection.apiUrl, scoped.value.connection.apiUrl]).toEqual([
      cloudSite().url,
      `${simulator.identity?.url}/ex/jira/${cloudSite().heart.cloudId}`,
    ]);
    expect(await kit.callMyself(plain.value.connection)).toBe(200);
    expect(await kit.callMyself(scoped.value.connection)).toBe(200);
  });

  it('user and password', async () => {
    const entered = await typed(
      { kind: 'password', siteUrl: initech().url, product: 'data-center' },
      { kind: 'password', userName: 'ojansen', password: 'password-of-ojansen' },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    expect(await kit.callMyself(entered.value.connection)).toBe(200);
  });
});

describe('who is not let in is told why', () => {
  it('passwords are off from Jira 11 on', async () => {
    const refused = await typed(
      { kind: 'password', siteUrl: umbrella().url, product: 'data-center' },
      { kind: 'password', userName: 'rcosta', password: 'password-of-rcosta' },
    );
    expect(refused).toMatchObject({ ok: false, failure: { code: 'password-off' } });
  });

  it('wrong credentials are not kept', async () => {
    const site = { siteUrl: initech().url, product: 'data-center' } as const;
    const wrong = { ok: false, failure: { code: 'credentials-refused' } };
    expect(await typed({ kind: 'password', ...site }, { kind: 'password', userName: 'ojansen', password: 'x' })).toMatchObject(
      wrong,
    );
    expect(await typed({ kind: 'personal-token', ...site }, { kind: 'personal-token', token: 'x' })).toMatchObject(wrong);
    expect(await typed({ kind: 'personal-token', ...site }, { kind: 'personal-token', token: 'a\nb' })).toMatchObject(wrong);
    const cloud = { kind: 'api-token', siteUrl: cloudSite().url, product: 'cloud' } as const;
    expect(await typed(cloud, { kind: 'api-token', email: person().emailAddress, token: 'x' })).toMatchObject(wrong);
    const kept = await database.execute('SELECT 1 FROM remote_connection WHERE sealed_credentials IS NULL AND state <> $1', [
      'awaiting-authentication',
    ]);
    expect(kept).toBe(0);
  });

  it('a kind that the product does not have, and typed ones where they are switched off', async () => {
    const cloud = { kind: 'password', siteUrl: cloudSite().url, product: 'cloud' } as const;
    const credentials = { kind: 'password', userName: 'a', password: 'b' } as const;
    expect(await typed(cloud, credentials)).toMatchObject({ failure: { code: 'kind-impossible' } });
    const strict = createRemoteKit({ simulator, database, secretBox, clock, typedAllowed: false });
    const connection = await addConnection(kit, { ...cloud, siteUrl: initech().url, product: 'data-center' });
    expect(await strict.typed.enter(connection, credentials)).toMatchObject({ failure: { code: 'kind-off' } });
    expect(await kit.providers.begin(connection, STATE)).toMatchObject({ failure: { code: 'kind-impossible' } });
  });

  it('a consent for another site', async () => {
    const connection = await addConnection(kit, { kind: 'oauth2-cloud', siteUrl: cloudSite().url, product: 'cloud' });
    const begun = await begin(connection);
    const { answer } = await consentAtAtlassian(simulator, begun.url, 'globex');
    expect(await kit.providers.complete(connection, begun.sealed, answer)).toMatchObject({
      failure: { code: 'consent-other-site' },
    });
    expect((await working(connection)).state).toBe('awaiting-authentication');
  });

  it('a denied consent, of every kind', async () => {
    const denied = { ok: false, failure: { code: 'consent-denied' } };
    const cloud = await addConnection(kit, { kind: 'oauth2-cloud', siteUrl: cloudSite().url, product: 'cloud' });
    const atCloud = await begin(cloud);
    const said = await consentAtAtlassian(simulator, atCloud.url, 'acme', 'deny');
    expect(await kit.providers.complete(cloud, atCloud.sealed, said.answer)).toMatchObject(denied);
    const site = { siteUrl: initech().url, product: 'data-center' } as const;
    const links = [(await linkOAuth2(kit, initech())).link, await linkOAuth1(kit, initech())];
    for (const { applicationLinkId, kind } of links) {
      const of = kind === 'oauth1' ? 'oauth1' : 'oauth2-data-center';
      const connection = await addConnection(kit, { ...site, kind: of, applicationLinkId });
      const begun = await begin(connection);
      const { answer } = await consentAtDataCenter(initech(), begun.url, 'mwright', 'deny');
      expect(await kit.providers.complete(connection, begun.sealed, answer)).toMatchObject(denied);
    }
  });

  it('a scope that the application link does not allow, a wrong client secret, a wrong key, no link', async () => {
    const site = { siteUrl: initech().url, product: 'data-center' } as const;
    const finish = async (applicationLinkId: RemoteConnection['applicationLinkId']) => {
      const connection = await addConnection(kit, { ...site, kind: 'oauth2-data-center', applicationLinkId });
      const begun = await begin(connection);
      const { answer } = await consentAtDataCenter(initech(), begun.url, 'mwright');
      return kit.providers.complete(connection, begun.sealed, answer);
    };
    const { link } = await linkOAuth2(kit, initech(), 'READ');
    await kit.applicationLinks.change(TENANT, link.applicationLinkId, { scope: 'ADMIN' });
    expect(await finish(link.applicationLinkId)).toMatchObject({ failure: { code: 'scope-refused', detail: 'invalid_scope' } });
    const wrong = await linkOAuth2(kit, initech(), 'ADMIN', 'wrong');
    expect(await finish(wrong.link.applicationLinkId)).toMatchObject({ failure: { code: 'client-refused' } });
    const unknown = await kit.applicationLinks.add(TENANT, { kind: 'oauth1', siteUrl: initech().url, name: 'Unknown' });
    const { applicationLinkId } = unknown;
    const nobody = await addConnection(kit, { ...site, kind: 'oauth1', applicationLinkId });
    expect(await kit.providers.begin(nobody, STATE)).toMatchObject({ failure: { code: 'key-refused' } });
    const abroad = await kit.applicationLinks.add(TENANT, { kind: 'oauth1', siteUrl: umbrella().url, name: 'Other site' });
    const astray = await addConnection(kit, { ...site, kind: 'oauth1', applicationLinkId: abroad.applicationLinkId });
    expect(await kit.providers.begin(astray, STATE)).toMatchObject({ failure: { code: 'link-missing' } });
    const linkless = await addConnection(kit, { ...site, kind: 'oauth1' });
    expect(await kit.providers.begin(linkless, STATE)).toMatchObject({ failure: { code: 'link-missing' } });
  });

  it('an answer that belongs to another connection, came twice, or too late', async () => {
    const { link } = await linkOAuth2(kit, initech());
    const { applicationLinkId } = link;
    const site = { kind: 'oauth2-data-center', siteUrl: initech().url, product: 'data-center', applicationLinkId } as const;
    const [connection, other] = [await addConnection(kit, site), await addConnection(kit, site)];
    const refused = { ok: false, failure: { code: 'code-refused' } };
    const first = await begin(connection);
    const { answer } = await consentAtDataCenter(initech(), first.url, 'mwright');
    expect(await kit.providers.complete(other, first.sealed, answer)).toMatchObject(refused);
    expect(await kit.providers.complete(connection, first.sealed, answer)).toMatchObject({ ok: true });
    expect(await kit.providers.complete(connection, first.sealed, answer)).toMatchObject(refused);
    const second = await begin(connection);
    const late = await consentAtDataCenter(initech(), second.url, 'mwright');
    time.offset += 11_000;
    expect(await kit.providers.complete(connection, second.sealed, late.answer)).toMatchObject(refused);
    const third = await begin(connection);
    const forged = await consentAtDataCenter(initech(), (await begin(connection)).url, 'mwright');
    expect(await kit.providers.complete(connection, third.sealed, forged.answer)).toMatchObject(refused);
  });

  it('says when the sync user is replaced', async () => {
    const connection = await connectDataCenter(initech(), 'mwright');
    const { link } = await linkOAuth2(kit, initech());
    const moved = { ...connection, applicationLinkId: link.applicationLinkId };
    const begun = await begin(moved);
    const { answer } = await consentAtDataCenter(initech(), begun.url, 'lduarte');
    const replaced = await kit.providers.complete(moved, begun.sealed, answer);
    expect(replaced).toMatchObject({ ok: true, value: { formerSyncUser: connection.syncUser } });
  });
});

const parallel = (count: number, connection: RemoteConnection, kits: readonly RemoteKit[] = [kit]) =>
  Promise.all(Array.from({ length: count }, (_, place) => kits[place % kits.length]?.callMyself(connection)));

describe('tokens are refreshed', () => {
  it.each(['Cloud', 'Data Center'])('100 calls at once at expiry are one refresh at the provider: %s', async (product) => {
    const connection = product === 'Cloud' ? await connectCloud() : await connectDataCenter();
    tokenCalls = [];
    time.offset += HOUR_MS + 1;
    expect(new Set(await parallel(100, connection))).toEqual(new Set([200]));
    expect(tokenCalls).toEqual(['refresh_token']);
    time.offset += HOUR_MS + 1;
    expect(new Set(await parallel(20, connection))).toEqual(new Set([200]));
    expect(tokenCalls).toEqual(['refresh_token', 'refresh_token']);
  });

  it('also when two processes come to it, each with a pool of its own', async () => {
    const second = createDatabase({ url: database.url, poolSize: 5, clock: systemClock });
    try {
      const connection = await connectDataCenter();
      tokenCalls = [];
      time.offset += HOUR_MS + 1;
      expect(new Set(await parallel(100, connection, [kit, newKit({ database: second })]))).toEqual(new Set([200]));
      expect(tokenCalls).toEqual(['refresh_token']);
    } finally {
      await second.close();
    }
  });

  it('also after Tandem has moved to another address', async () => {
    const connection = await connectDataCenter();
    time.offset += HOUR_MS + 1;
    const moved = createRemoteKit({
      simulator,
      database,
      secretBox,
      clock,
      callbackUrl: 'https://new.example.com/oauth/callback',
    });
    expect(await moved.callMyself(connection)).toBe(200);
  });

  it('ahead of their end, while the old one still works', async () => {
    const connection = await connectCloud();
    tokenCalls = [];
    time.offset += HOUR_MS - 60_000;
    expect(new Set(await parallel(10, connection))).toEqual(new Set([200]));
    expect(tokenCalls).toEqual(['refresh_token']);
  });

  it('when the site refuses one that should be good', async () => {
    const connection = await connectDataCenter();
    tokenCalls = [];
    time.offset += 60_000;
    for (const grant of initech().access.grants.values()) grant.accessToken = `lost-${grant.accessToken}`;
    expect(new Set(await parallel(50, connection))).toEqual(new Set([200]));
    expect(tokenCalls).toEqual(['refresh_token']);
  });

  it('at Cloud even if the process died, or the answer was lost, after the provider had rotated', async () => {
    const connection = await connectCloud();
    time.offset += HOUR_MS + 1;
    instead = async (_ask, send) => void (await send());
    expect(await kit.callMyself(connection)).toBe('unavailable');
    expect((await working(connection)).state).toBe('working');
    instead = null;
    expect(await newKit().callMyself(connection)).toBe('unavailable');
    await database.execute('UPDATE remote_connection SET refresh_rest_until = NULL', []);
    expect(await newKit().callMyself(connection)).toBe(200);
  });
});

it('a refresh that Atlassian carries out long after nobody waits for it any more costs no consent', async () => {
  const connection = await connectCloud();
  time.offset += HOUR_MS + 1;
  const late: (() => Promise<unknown>)[] = [];
  instead = async (_ask, send) => void late.push(send);
  expect(await kit.callMyself(connection)).toBe('unavailable');
  instead = null;
  await database.execute('UPDATE remote_connection SET refresh_rest_until = now()', []);
  expect(await newKit().callMyself(connection)).toBe(200);
  for (const send of late) await send();
  time.offset += 6 * 60_000;
  expect(await newKit().callMyself(connection)).toBe(200);
  time.offset += HOUR_MS + 1;
  expect(await newKit().callMyself(connection)).toBe(200);
});

it('new tokens are not lost while the database cannot take them', async () => {
  const connection = await connectDataCenter();
  let outages = 2;
  const shaky: Database = {
    ...database,
    async execute(sql, bind) {
      if (sql.includes('credentials_fence = $3, ') && outages > 0) {
        outages -= 1;
        throw new Error('the database is away');
      }
      return database.execute(sql, bind);
    },
  };
  const waiting = { now: clock.now, sleepUntil: async () => undefined };
  const patient = createRemoteKit({ simulator, database: shaky, secretBox, clock: waiting });
  time.offset += HOUR_MS + 1;
  expect(await patient.callMyself(connection)).toBe(200);
  expect(outages).toBe(0);
  expect(await newKit().callMyself(connection)).toBe(200);
});

describe('an outage of the provider is no revocation', () => {
  it('nothing changes, nobody asks again at once, and it goes on afterwards', async () => {
    const connection = await connectDataCenter();
    tokenCalls = [];
    time.offset += HOUR_MS + 1;
    instead = async () => undefined;
    expect(new Set(await parallel(20, connection))).toEqual(new Set(['unavailable']));
    expect(new Set(await parallel(20, connection))).toEqual(new Set(['unavailable']));
    expect(tokenCalls).toEqual(['refresh_token']);
    expect(await working(connection)).toMatchObject({ state: 'working', cause: null });
    instead = null;
    await database.execute('UPDATE remote_connection SET refresh_rest_until = NULL', []);
    expect(await kit.callMyself(connection)).toBe(200);
  });

  it('a token that is still good is used until it ends', async () => {
    const connection = await connectCloud();
    time.offset += HOUR_MS - 60_000;
    instead = async () => undefined;
    expect(new Set(await parallel(20, connection))).toEqual(new Set([200]));
    time.offset += 60_001;
    expect(await kit.callMyself(connection)).toBe('unavailable');
  });

  it('a wrong secret of the Cloud app loses no consent', async () => {
    const connection = await connectCloud();
    time.offset += HOUR_MS + 1;
    await registerApp(simulator, 'another secret');
    expect(await kit.callMyself(connection)).toBe('unavailable');
    expect((await working(connection)).state).toBe('working');
  });
});

describe('what the site does not know any more needs authentication', () => {
  const lost = async (connection: RemoteConnection, cause: string) => {
    expect(await kit.callMyself(connection)).not.toBe(200);
    expect(await working(connection)).toMatchObject({ state: 'needs-authentication', cause });
    expect(await kit.callMyself(connection)).toBe('unauthenticated');
    const said = kit.audited.filter(({ subject }) => subject === connection.connectionId);
    expect(said).toMatchObject([{ action: 'connection.needs-authentication', detail: cause, actor: { kind: 'tandem' } }]);
  };
  const revoke = (site: DataCenterSite, user: string) => control(`${site.url}/__sim/revoke`, { user });

  it('a revoked consent of Cloud, until somebody consents again', async () => {
    const connection = await connectCloud();
    time.offset += 60_000;
    await control(`${simulator.identity?.url}/__sim/revoke`, { clientId: 'tandem-client' });
    await lost(connection, 'consent-revoked');
    const begun = await begin(connection);
    const { answer } = await consentAtAtlassian(simulator, begun.url, 'acme');
    expect(await kit.providers.complete(connection, begun.sealed, answer)).toMatchObject({ ok: true });
    expect(await working(connection)).toMatchObject({ state: 'working', cause: null });
    expect(await newKit().callMyself(connection)).toBe(200);
  });

  it('a revoked consent of Data Center, old or young', async () => {
    const old = await connectDataCenter(initech(), 'mwright');
    const young = await connectDataCenter(initech(), 'lduarte');
    await revoke(initech(), 'lduarte');
    await lost(young, 'consent-revoked');
    time.offset += HOUR_MS + 1;
    await revoke(initech(), 'mwright');
    await lost(old, 'consent-revoked');
  });

  it('but not one whose token the site does not know yet, a moment after it gave it out', async () => {
    const connection = await connectCloud();
    const grants = [...(simulator.identity?.state.grants.values() ?? [])];
    for (const grant of grants) grant.accessTokens = [];
    expect(new Set(await parallel(10, connection))).toEqual(new Set([200]));
    expect((await working(connection)).state).toBe('working');
  });

  it('a user who may not log in any more, though the consent stands', async () => {
    const connection = await connectDataCenter(initech(), 'ojansen');
    const user = [...initech().heart.users.values()].find(({ accountId }) => accountId === connection.syncUser?.accountId);
    if (user === undefined) throw new Error('There is no such user');
    user.active = false;
    try {
      await lost(connection, 'consent-revoked');
    } finally {
      user.active = true;
    }
  });

  it('a refresh token that ran out', async () => {
    const connection = await connectDataCenter();
    time.offset += 91 * 24 * HOUR_MS;
    await lost(connection, 'consent-revoked');
  });

  it('revoked tokens of OAuth 1.0a and personal ones', async () => {
    const signed = await connectOAuth1(initech(), 'bkovacs');
    await revoke(initech(), 'bkovacs');
    await lost(signed, 'consent-revoked');
    const entered = await typed(
      { kind: 'personal-token', siteUrl: initech().url, product: 'data-center' },
      { kind: 'personal-token', token: await personalToken(initech(), 'ojansen') },
    );
    if (!entered.ok) throw new Error(entered.failure.code);
    await revoke(initech(), 'ojansen');
    await lost(entered.value.connection, 'token-refused');
  });

  it('an access token of OAuth 1.0a after its five years', async () => {
    const connection = await connectOAuth1();
    time.offset += 6 * 365 * 24 * HOUR_MS;
    await lost(connection, 'token-expired');
  });

  it('a changed secret of the application link, until the right one is typed in', async () => {
    const { link, clientSecret } = await linkOAuth2(kit, initech());
    const { applicationLinkId } = link;
    const site = { kind: 'oauth2-data-center', siteUrl: initech().url, product: 'data-center', applicationLinkId } as const;
    const connection = await connectDataCenter(initech(), 'mwright', await addConnection(kit, site));
    await kit.applicationLinks.change(TENANT, applicationLinkId, { clientSecret: 'wrong' });
    time.offset += HOUR_MS + 1;
    await lost(connection, 'client-refused');
    await kit.applicationLinks.change(TENANT, applicationLinkId, { clientSecret });
    expect(await newKit().callMyself(connection)).toBe(200);
  });

  it('but not a connection whose token only lacks a scope for one call', async () => {
    const connection = await connectCloud();
    const reached = await kit.transports.reach(TENANT, connection.connectionId);
    if (!reached.ok) throw new Error(reached.failure);
    expect(await kit.callOnce(reached.value, '/rest/webhooks/1.0/webhook')).toBe(401);
    time.offset += 60_000;
    expect(await kit.callOnce(reached.value, '/rest/webhooks/1.0/webhook')).toBe(401);
    expect((await working(connection)).state).toBe('working');
    expect(await kit.callMyself(connection)).toBe(200);
  });
});

it('a connection whose secret no key opens is sealed, one that is gone is gone, and neither is lost by it', async () => {
  const connection = await connectCloud();
  const other = createRemoteKit({
    simulator,
    database,
    secretBox: createSecretBox({ current: randomBytes(32), older: [] }),
    clock,
  });
  expect(await other.callMyself(connection)).toBe('sealed');
  expect(await kit.callMyself(connection)).toBe(200);
  await kit.connections.remove(TENANT, connection.connectionId);
  expect(await newKit().callMyself(connection)).toBe('gone');
});

it('keeps no secret in clear', async () => {
  await connectCloud();
  await connectDataCenter();
  await connectOAuth1();
  const token = await personalToken(initech());
  await typed({ kind: 'personal-token', siteUrl: initech().url, product: 'data-center' }, { kind: 'personal-token', token });
  const secrets = [
    token,
    ...[...initech().access.grants.values()].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ...[...initech().access.links.values()].map(({ clientSecret }) => clientSecret),
    ...[...(simulator.identity?.state.grants.values() ?? [])].flatMap(({ accessTokens, refreshToken }) => [
      ...accessTokens.map((one) => one.token),
      refreshToken?.token ?? token,
    ]),
    'PRIVATE KEY',
  ];
  for (const table of ['remote_connection', 'application_link']) {
    const found = await database.execute(
      `SELECT 1 FROM ${table} t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) s WHERE strpos(t::text, s) > 0)`,
      [secrets],
    );
    expect(found).toBe(0);
  }
});
