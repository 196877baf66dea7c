import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { buildConnection } from '../../test/factories/connections.ts';
import { BASE_URL, CLIENT_SECRET, type ConnectWorld, createConnectWorld, NOW } from '../../test/fakes/connect-world.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';

const MINUTE = 60_000;

let world: ConnectWorld;
beforeEach(async () => {
  world = await createConnectWorld();
});
afterEach(() => world.close());

const SIGNED = buildConnection();
const OLDER = buildConnection({ version: '9.12.15' });
const OAUTH = buildConnection({ kind: 'oauth2-cloud', product: 'cloud', version: null });

const pathOf = (connection: RemoteConnection): string => world.webhookAddresses.addressOf(connection).slice(BASE_URL.length);
const signatureOf = (connection: RemoteConnection, body: string): string =>
  `sha256=${createHmac('sha256', world.webhookAddresses.secretOf(connection)).update(body).digest('hex')}`;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = (secret = CLIENT_SECRET, exp = NOW / 1000 + 180): string => {
  const signed = `${part({ alg: 'HS256' })}.${part({ exp })}`;
  return `Bearer ${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

const EVENT = {
  timestamp: NOW,
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10001', key: 'SUP-1', fields: { project: { id: '10000' } } },
  changelog: { items: [{ field: 'summary', fieldId: 'summary' }] },
};
/** An event that shows the item whole. */
const whole = (webhookEvent: string, more: object = {}) => ({
  timestamp: NOW,
  webhookEvent,
  issue: {
    id: '10001',
    key: 'SUP-1',
    fields: {
      project: { id: '10000' },
      issuetype: { id: '3', name: 'Task' },
      status: { id: '1', name: 'Open' },
      created: '2027-01-15T08:00:00.000+0000',
      updated: '2027-01-15T09:00:00.000+0000',
      summary: 'New',
      description: null,
      labels: [],
      priority: null,
      duedate: null,
    },
  },
  changelog: { items: [{ field: 'summary', from: null, fromString: 'Old', to: null, toString: 'New' }] },
  ...more,
});

interface Sent {
  readonly to?: RemoteConnection;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends what the site of that connection would send, with its proof unless others are given. */
async function send({ to = SIGNED, path, body = EVENT, headers }: Sent = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const proof = to.kind === 'oauth2-cloud' ? { Authorization: bearer() } : { 'X-Hub-Signature': signatureOf(to, text) };
  return request(world.app)
    .post(path ?? pathOf(to))
    .set({ 'Content-Type': 'application/json', ...(headers ?? (to === OLDER ? {} : proof)) })
    .send(text);
}

const refusals = async () => (await world.audit.list(SIGNED.tenantId, { before: null, limit: 99 })).map(({ detail }) => detail);

describe('a delivery of a remote site', () => {
  it.each([
    ['signed', SIGNED],
    ['of an older site', OLDER],
    ['with a token', OAUTH],
  ])('%s is stored for its connection', async (_name, connection) => {
    await world.connections.insert(connection);
    const answer = await send({ to: connection });
    expect([answer.status, answer.body.code]).toEqual([200, 'queued']);
    const { tenantId: siteTenantId, connectionId } = connection;
    expect(world.inbox.stored).toMatchObject([
      { siteTenantId, connectionId, issueId: '10001', projectId: '10000', echoOf: null, madeBy: null },
    ]);
    expect(await refusals()).toEqual([]);
  });

  it.each([NOW, String(NOW)])(
    'that comes twice is stored once, also when two webhooks of the site send it (%j)',
    async (timestamp) => {
      await world.connections.insert(OLDER);
      const body = { ...EVENT, timestamp };
      expect((await send({ to: OLDER, body })).body.code).toBe('queued');
      world.time.now += 10 * MINUTE;
      expect((await send({ to: OLDER, body })).body.code).toBe('duplicate');
      expect((await send({ to: OLDER, body: { ...EVENT, timestamp: NOW + 1 } })).body.code).toBe('queued');
    },
  );

  it('that carries no time is another one when it comes later', async () => {
    const { timestamp: _none, ...body } = EVENT;
    await world.connections.insert(OLDER);
    expect((await send({ to: OLDER, body })).body.code).toBe('queued');
    expect((await send({ to: OLDER, body })).body.code).toBe('duplicate');
    world.time.now += MINUTE;
    expect((await send({ to: OLDER, body })).body.code).toBe('queued');
  });

  it('counts while its connection needs authentication: nothing is lost', async () => {
    await world.connections.insert({ ...SIGNED, state: 'needs-authentication', cause: 'token-refused' });
    expect((await send()).body.code).toBe('queued');
  });

  it.each<[string, object, boolean]>([
    ['a change is told', whole('jira:issue_updated'), true],
    // The sync user is a person there, and may just have made a twin.
    ['a creation is not', whole('jira:issue_created', { user: { accountType: 'atlassian' } }), false],
    ['an event that shows the item by half is not', EVENT, false],
  ])('%s, sealed', async (_name, body, isTold) => {
    await world.connections.insert(SIGNED);
    await send({ body });
    const [stored] = world.inbox.stored;
    expect(stored?.sealedObservation === null).toBe(!isTold);
    expect(JSON.stringify(world.inbox.stored)).not.toMatch(/Old|New|Open/);
  });

  it('is an echo by no header: traces are for apps', async () => {
    await world.connections.insert(OLDER);
    await send({ to: OLDER, headers: { 'X-Atlassian-Webhook-Trace': 'tandem/1/s/e/field:summary/AAAAAAAAAAAAAAAA' } });
    expect(world.inbox.stored).toMatchObject([{ echoOf: null }]);
  });
});

describe('the light of the first event', () => {
  it('goes on with it, and is written once a minute', async () => {
    await world.connections.insert(SIGNED);
    for (let n = 0; n < 5; n++) await send({ body: { ...EVENT, timestamp: n } });
    expect(world.connections.now(SIGNED).lastEventAt).toBe(Math.floor(NOW / MINUTE) * MINUTE);
    expect(world.connections.changes()).toBe(1);
    world.time.now += MINUTE;
    await send({ body: { ...EVENT, timestamp: 9 } });
    expect(world.connections.changes()).toBe(2);
  });

  it('goes on with an event that concerns no synchronization: the way works', async () => {
    await world.connections.insert(SIGNED);
    expect((await send({ body: { webhookEvent: 'user_created' } })).body.code).toBe('event-unused');
    expect(world.connections.now(SIGNED).lastEventAt).not.toBeNull();
  });

  it('stays off for what is refused', async () => {
    await world.connections.insert(SIGNED);
    await send({ headers: {} });
    expect(world.connections.changes()).toBe(0);
  });
});

describe('what is refused', () => {
  const attacks: readonly [string, () => Sent, string | null][] = [
    ['no token', () => ({ path: '/webhooks/connection/x' }), null],
    ['a guessed proof of the address', () => ({ path: pathOf(SIGNED).replace(/[^.]*$/, 'A'.repeat(22)) }), null],
    [
      "another connection with this one's proof",
      () => ({
        path: pathOf({ ...SIGNED, connectionId: '00000000-0000-4000-8002-000000000077' as ConnectionId }).replace(
          /[^.]*$/,
          pathOf(SIGNED).split('.')[2] ?? '',
        ),
      }),
      null,
    ],
    [
      "another tenant's address for this connection",
      () => ({ path: pathOf({ ...SIGNED, tenantId: '00000000-0000-4000-8001-000000000002' as TenantId }) }),
      null,
    ],
    [
      'a connection that was removed',
      () => ({ to: { ...SIGNED, connectionId: '00000000-0000-4000-8002-000000000055' as ConnectionId } }),
      'connection-unknown',
    ],
    ['no signature', () => ({ headers: {} }), 'proof-missing'],
    ['a signature of another body', () => ({ headers: { 'X-Hub-Signature': signatureOf(SIGNED, '{}') } }), 'signature-wrong'],
    ['no signature, and no JSON', () => ({ headers: {}, body: '{' }), 'proof-missing'],
    ['the token of an OAuth app', () => ({ headers: { Authorization: bearer() } }), 'proof-missing'],
  ];

  it.each(attacks)('%s: 401 with one answer, nothing stored', async (_name, attack, why) => {
    await world.connections.insert(SIGNED);
    const answer = await send(attack());
    expect([answer.status, answer.body.error.code]).toEqual([401, 'webhook-refused']);
    expect(world.inbox.stored).toEqual([]);
    // Who knows none of our addresses is nobody's tenant.
    expect(await refusals()).toEqual(why === null ? [] : [why]);
  });

  it('answers the same, whatever was wrong', async () => {
    await world.connections.insert(SIGNED);
    const answers: string[] = [];
    for (const [, attack] of attacks) {
      const { requestId: _own, ...error } = (await send(attack())).body.error;
      answers.push(JSON.stringify(error));
    }
    expect(new Set(answers).size).toBe(1);
  });

  it.each([
    ['forged', bearer('guess')],
    ['expired', bearer(CLIENT_SECRET, NOW / 1000 - 60)],
  ])('a token that is %s', async (_name, authorization) => {
    await world.connections.insert(OAUTH);
    expect((await send({ to: OAUTH, headers: { Authorization: authorization } })).status).toBe(401);
    expect(world.inbox.stored).toEqual([]);
  });

  it('a body that is no webhook, of a site that proves itself', async () => {
    await world.connections.insert(SIGNED);
    expect((await send({ body: '{' })).body.error.code).toBe('json-malformed');
    expect((await send({ body: '[]' })).body.error.code).toBe('webhook-malformed');
  });

  it('leaves no address in the log', async () => {
    await world.connections.insert(SIGNED);
    await send();
    await send({ headers: {} });
    const proof = pathOf(SIGNED).split('.')[2] ?? '';
    expect(world.readLog()).toContain('/webhooks/connection/…');
    expect(world.readLog()).not.toContain(proof);
  });
});
