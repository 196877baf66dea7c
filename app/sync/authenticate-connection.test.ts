import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildSynchronization } from '../../test/contract/synchronization-store.contract.ts';
import { type ConnectionWorld, createConnectionWorld, OTHER, SYNC } from '../../test/fakes/connection-world.ts';
import type { Result } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import {
  type BegunAuthentication,
  beginAuthentication,
  completeAuthentication,
  makeAuthenticationLink,
  type ReturnedConsent,
  showConsent,
} from './authenticate-connection.ts';
import type { RemoteConnection, SyncUser } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import { makeConnection } from './make-connection.ts';

const DC = 'https://jira.initech.example/jira';
const NEW_CLIENT = { name: 'Tandem', clientId: 'client-1', clientSecret: 'client secret', scope: 'ADMIN' } as const;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let world: ConnectionWorld;
let connection: RemoteConnection;
beforeEach(async () => {
  world = createConnectionWorld();
  connection = await connect();
});

function valueIn<T>(result: Result<T, ConnectionRefusal>): T {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}
const codeOf = (result: Result<unknown, ConnectionRefusal>): string => (result.ok ? 'done' : result.failure.code);

const connect = async (): Promise<RemoteConnection> =>
  valueIn(await makeConnection(world.ports, world.ann, { kind: 'oauth2-data-center', siteUrl: DC, link: { new: NEW_CLIENT } }));

/** The text in the address of a new link. */
async function link(madeFor: 'me' | 'somebody' = 'somebody', of = connection): Promise<string> {
  const { url } = valueIn(await makeAuthenticationLink(world.ports, world.ann, of.connectionId, madeFor));
  return url.slice(url.lastIndexOf('/') + 1);
}
const begin = async (text: string): Promise<BegunAuthentication> => valueIn(await beginAuthentication(world.ports, text));

/** The site's answer to what was begun: that person consented. */
function consented({ url, browserKey }: BegunAuthentication, user: SyncUser = SYNC): ReturnedConsent {
  const code = `code-${world.dataCenter.codes.size}`;
  world.dataCenter.codes.set(code, user);
  return { state: new URL(url).searchParams.get('state'), browserKey, code, error: null, requestToken: null, verifier: null };
}
const complete = (returned: ReturnedConsent) => completeAuthentication(world.ports, returned);
const refusals = () => world.audit.lines.filter(({ outcome }) => outcome === 'refused').map(({ detail }) => detail);

describe('[W2] a one-time link', () => {
  it('shows who asks, for what site, and uses nothing up', async () => {
    const text = await link();
    for (let looks = 0; looks < 3; looks += 1)
      expect(valueIn(await showConsent(world.ports, text))).toMatchObject({
        asker: 'person',
        askerName: 'Ann Arbor',
        askerSite: 'https://acme.atlassian.net',
        connection: { siteUrl: DC },
        expiresAt: world.time.now + 7 * DAY_MS,
      });
    expect(codeOf(await complete(consented(await begin(text))))).toBe('done');
  });

  it('is not made for a connection that was removed since it was looked at', async () => {
    const connections = { ...world.connections, read: async () => connection };
    await world.connections.remove(connection.tenantId, connection.connectionId);
    const made = await makeAuthenticationLink({ ...world.ports, connections }, world.ann, connection.connectionId, 'me');
    expect(codeOf(made)).toBe('connection-not-found');
    expect(world.audit.lines.map(({ action }) => action)).toEqual(['connection.created']);
  });

  it('says that a program asks', async () => {
    const made = valueIn(await makeAuthenticationLink(world.ports, world.program('connections'), connection.connectionId, 'me'));
    const asked = valueIn(await showConsent(world.ports, made.url.slice(made.url.lastIndexOf('/') + 1)));
    expect(asked).toMatchObject({ asker: 'token', askerName: null, askerSite: 'https://acme.atlassian.net' });
  });

  it.each([
    ['me', 10 * MINUTE_MS],
    ['somebody', 7 * DAY_MS],
  ] as const)('for %s ends after its time', async (madeFor, lasts) => {
    const text = await link(madeFor);
    world.time.now += lasts - 1;
    expect(codeOf(await showConsent(world.ports, text))).toBe('done');
    world.time.now += 1;
    expect([codeOf(await showConsent(world.ports, text)), codeOf(await beginAuthentication(world.ports, text))]).toEqual([
      'link-expired',
      'link-expired',
    ]);
  });

  it('works once', async () => {
    const text = await link();
    expect(codeOf(await complete(consented(await begin(text))))).toBe('done');
    expect([codeOf(await showConsent(world.ports, text)), codeOf(await beginAuthentication(world.ports, text))]).toEqual([
      'link-used',
      'link-used',
    ]);
    expect(refusals()).toEqual(['link-used', 'link-used']);
  });

  it('ends with a newer one for the same, and with a consent by another one', async () => {
    const [first, mine, second] = [await link('somebody'), await link('me'), await link('somebody')];
    expect(codeOf(await showConsent(world.ports, first))).toBe('link-replaced');
    const under = await begin(second);
    expect(codeOf(await complete(consented(await begin(mine))))).toBe('done');
    expect(codeOf(await showConsent(world.ports, second))).toBe('link-replaced');
    expect(codeOf(await complete(consented(under)))).toBe('consent-unknown');
  });

  it.each([
    ['nothing', () => ''],
    ['garbage', () => 'x'.repeat(86)],
    ['a secret that is another', async () => `${(await link()).slice(0, -4)}AAAA`],
    [
      'a connection that is gone',
      async () => {
        const text = await link();
        await world.connections.remove(connection.tenantId, connection.connectionId);
        return text;
      },
    ],
  ])('is unknown: %s', async (_title, text) => {
    expect(codeOf(await showConsent(world.ports, await text()))).toBe('link-unknown');
    expect(refusals()).toEqual([]);
  });

  it('is made by who may use the connection, and for kinds that need a consent', async () => {
    const { connectionId } = connection;
    const by = async (caller = world.cora) => codeOf(await makeAuthenticationLink(world.ports, caller, connectionId, 'me'));
    expect([await by(), await by(world.ben), await by(world.program('configure')), await by(world.root)]).toEqual([
      'connection-not-found',
      'connection-not-found',
      'scope-missing',
      'done',
    ]);
    const typed = valueIn(
      await makeConnection(world.ports, world.ann, { kind: 'personal-token', siteUrl: DC, token: 'good token' }),
    );
    expect(codeOf(await makeAuthenticationLink(world.ports, world.ann, typed.connectionId, 'me'))).toBe('consent-not-needed');
  });

  it('is not made by somebody who is no admin any more', async () => {
    world.setUp.acme.spaces.get('SUP')?.admins.delete('ann');
    expect(codeOf(await makeAuthenticationLink(world.ports, world.ann, connection.connectionId, 'me'))).toBe('not-space-admin');
  });

  it('keeps no secret', async () => {
    const text = await link();
    const { url, browserKey } = await begin(text);
    const kept = JSON.stringify([world.audit.lines, await world.connections.list(connection.tenantId)]);
    for (const secret of [text, url, browserKey]) expect(kept).not.toContain(secret);
  });
});

describe('[W3] a consent that comes back', () => {
  it('makes the connection work, wakes what waited and is written down', async () => {
    const waiting = buildSynchronization({
      tenantId: connection.tenantId,
      sides: {
        A: { ...buildSynchronization({}).sides.A, siteTenantId: connection.tenantId },
        B: { ...buildSynchronization({}).sides.B, siteTenantId: connection.tenantId, connectionId: connection.connectionId },
      },
    });
    await world.setUp.ports.synchronizations.insert(waiting);
    await world.connections.endLook(connection.tenantId, connection.connectionId, DAY_MS);
    const done = valueIn(await complete(consented(await begin(await link()))));
    expect(done).toMatchObject({ connection: { state: 'working', syncUser: SYNC }, formerSyncUser: null });
    expect(world.resumed).toEqual([waiting.synchronizationId]);
    expect((await world.connections.claimDue(9, 1)).map(({ connectionId }) => connectionId)).toEqual([connection.connectionId]);
    expect(world.audit.lines.at(-1)).toMatchObject({
      actor: { kind: 'link' },
      action: 'connection.authenticated',
      subject: connection.connectionId,
      outcome: 'done',
    });
  });

  it.each<[string, (returned: ReturnedConsent) => Partial<ReturnedConsent>, string]>([
    ['without a state', () => ({ state: null }), 'consent-unknown'],
    ['with garbage for a state', () => ({ state: 'x'.repeat(86) }), 'consent-unknown'],
    ['with a state that is another', ({ state }) => ({ state: `${state?.slice(0, -4)}AAAA` }), 'consent-unknown'],
    ['without the cookie', () => ({ browserKey: null }), 'consent-other-browser'],
    ['with a cookie of another browser', () => ({ browserKey: 'A'.repeat(43) }), 'consent-other-browser'],
    ['denied', () => ({ code: null, error: 'access_denied' }), 'consent-denied'],
    ['with a code that the site does not know', () => ({ code: 'made up' }), 'code-refused'],
  ])('counts for nothing %s, and the link stays open', async (_title, forged, code) => {
    const text = await link();
    const returned = consented(await begin(text));
    expect(codeOf(await complete({ ...returned, ...forged(returned) }))).toBe(code);
    expect(world.connections.now(connection)).toMatchObject({ state: 'awaiting-authentication', syncUser: null });
    expect(world.resumed).toEqual([]);
    expect(codeOf(await complete(consented(await begin(text))))).toBe('done');
  });

  it('is written down when it is refused', async () => {
    const returned = consented(await begin(await link()));
    await complete({ ...returned, browserKey: null });
    await complete({ ...returned, code: null, error: 'access_denied' });
    expect(refusals()).toEqual(['consent-other-browser', 'consent-denied']);
  });

  it('counts once, however often it comes', async () => {
    const returned = consented(await begin(await link()));
    const codes = await Promise.all(Array.from({ length: 5 }, () => complete(returned)));
    expect(codes.map(codeOf).toSorted()).toEqual(['done', ...Array(4).fill('link-used')]);
    expect(codeOf(await complete(returned))).toBe('link-used');
  });

  it('counts for the newest attempt alone', async () => {
    const text = await link();
    const [first, second] = [await begin(text), await begin(text)];
    expect(codeOf(await complete(consented(first)))).toBe('consent-unknown');
    expect(codeOf(await complete(consented(second)))).toBe('done');
  });

  it('does not count for another connection', async () => {
    const other = await connect();
    const [mine, theirs] = [await begin(await link()), await begin(await link('somebody', other))];
    const mixed = { ...consented(mine), state: consented(theirs).state };
    expect(codeOf(await complete(mixed))).toBe('consent-other-browser');
  });

  it('comes too late', async () => {
    const returned = consented(await begin(await link()));
    world.time.now += 10 * MINUTE_MS;
    expect(codeOf(await complete(returned))).toBe('consent-expired');
  });

  it('leaves the link open when the site is away', async () => {
    const text = await link();
    const returned = consented(await begin(text));
    world.dataCenter.failure = 'provider-unavailable';
    expect(codeOf(await complete(returned))).toBe('provider-unavailable');
    expect(codeOf(await beginAuthentication(world.ports, text))).toBe('provider-unavailable');
    world.dataCenter.failure = null;
    expect(codeOf(await complete(consented(await begin(text))))).toBe('done');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['access was given by another link', async () => complete(consented(await begin(await link('me'))))],
    ['a newer link was made for the same', () => link('somebody')],
  ])('that comes to nothing leaves the link closed where meanwhile %s', async (_title, happens) => {
    const text = await link('somebody');
    const returned = { ...consented(await begin(text)), code: 'made up' };
    const { providers } = world.ports;
    const failing: typeof providers.complete = async (...consent) => {
      world.time.now += 1;
      await happens();
      return providers.complete(...consent);
    };
    const ports = { ...world.ports, providers: { ...providers, complete: failing } };
    expect(codeOf(await completeAuthentication(ports, returned))).toBe('code-refused');
    expect(codeOf(await beginAuthentication(world.ports, text))).toBe('link-replaced');
  });

  it('finds its connection gone', async () => {
    const returned = consented(await begin(await link()));
    await world.connections.remove(connection.tenantId, connection.connectionId);
    expect(codeOf(await complete(returned))).toBe('connection-gone');
  });
});

it('[W4] another user takes the place of the sync user, and the connection stays the same one', async () => {
  await complete(consented(await begin(await link())));
  await world.connections.change(connection.tenantId, connection.connectionId as ConnectionId, {
    state: 'needs-authentication',
    cause: 'consent-revoked',
  });
  const asked = await showConsent(world.ports, await link());
  expect(asked.ok && asked.value.connection.syncUser).toEqual(SYNC);
  const done = valueIn(await complete(consented(await begin(await link()), OTHER)));
  expect(done.formerSyncUser).toEqual(SYNC);
  expect(world.connections.now(connection)).toMatchObject({
    connectionId: connection.connectionId,
    state: 'working',
    cause: null,
    syncUser: OTHER,
  });
  expect(world.audit.lines.at(-1)?.detail).toBe('sync user replaced');
});
