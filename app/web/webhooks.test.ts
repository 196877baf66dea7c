import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashOf, signWithKey, signWithSecret } from '../../test/fakes/connect-site.ts';
import { APP_KEY, BASE_URL, type ConnectWorld, createConnectWorld, KEY_ID, NOW } from '../../test/fakes/connect-world.ts';
import { makeTrace } from '../connections/trace.ts';
import type { EffectId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';

const SECONDS = NOW / 1000;
const SECRET = 'secret-of-acme-secret-of-acme';
const SYNCHRONIZATION = 'synchronization-1' as SynchronizationId;

let world: ConnectWorld;
let tenantId: TenantId;

beforeEach(async () => {
  world = await createConnectWorld();
  const claims = { iss: 'acme', exp: SECONDS + 180, qsh: hashOf('POST', '/installed'), aud: [BASE_URL] };
  await request(world.app)
    .post('/installed')
    .set('Authorization', `JWT ${signWithKey({ header: { kid: KEY_ID }, claims }, world.atlassian.privateKey)}`)
    .send({ key: APP_KEY, clientKey: 'acme', sharedSecret: SECRET, baseUrl: 'https://acme.atlassian.net' })
    .expect(204);
  const installation = await world.installations.readByClientKey('acme');
  if (installation === null) throw new Error('acme is not installed');
  tenantId = installation.tenantId;
});
afterEach(async () => {
  await world.close();
});

const send = (body: object, headers: Record<string, string> = {}) => {
  const token = signWithSecret({ claims: { iss: 'acme', exp: SECONDS + 180, qsh: hashOf('POST', '/webhooks/jira') } }, SECRET);
  return request(world.app)
    .post('/webhooks/jira')
    .set({ Authorization: `JWT ${token}`, ...headers })
    .send(body);
};

const updated = (...fieldIds: string[]) => ({
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10001', key: 'SUP-1', fields: { project: { id: '10000' } } },
  changelog: { items: fieldIds.map((fieldId) => ({ field: fieldId, fieldId })) },
});
const commented = {
  webhookEvent: 'comment_created',
  issue: { id: '10001', fields: { project: { id: '10000' } } },
  comment: { id: '5' },
};

/** An event that shows the item whole. */
const whole = (webhookEvent: string, ...items: object[]) => ({
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
  changelog: { items },
});
const RENAMED = { field: 'summary', fieldId: 'summary', from: null, fromString: 'Old', to: null, toString: 'New' };

const traceOf = (effectId: EffectId | null, site: TenantId, ...pieces: string[]): Record<string, string> => ({
  'X-Atlassian-Webhook-Trace': makeTrace(world.tenantKeys, site, SYNCHRONIZATION, effectId, pieces as PieceKey[]),
});
const traceFor = (site: TenantId, ...pieces: string[]): Record<string, string> =>
  traceOf('effect-1' as EffectId, site, ...pieces);

describe('a delivery', () => {
  it('is stored with what routing needs', async () => {
    const answer = await send(updated('summary'), { 'X-Atlassian-Webhook-Identifier': 'delivery-1' });
    expect(answer.body).toEqual({ outcome: 'accepted', code: 'queued', reason: 'The work item will be looked at.' });
    expect(world.inbox.stored).toEqual([
      {
        siteTenantId: tenantId,
        connectionId: (await world.installations.readByClientKey('acme'))?.connectionId,
        deliveryId: 'delivery-1',
        event: 'jira:issue_updated',
        issueId: '10001',
        issueKey: 'SUP-1',
        projectId: '10000',
        echoOf: null,
        tellsWriter: false,
        madeBy: null,
        sealedObservation: null,
      },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['by its identifier', { 'X-Atlassian-Webhook-Identifier': 'delivery-1' }],
    ['by its bytes, where Jira gives no identifier', {}],
    ['by its bytes, where the identifier is not one', { 'X-Atlassian-Webhook-Identifier': 'x'.repeat(201) }],
  ])('is recognised when it comes again: %s', async (_name, headers) => {
    expect((await send(updated('summary'), headers)).body.code).toBe('queued');
    expect((await send(updated('summary'), headers)).body).toMatchObject({ outcome: 'declined', code: 'duplicate' });
    expect(world.inbox.stored).toHaveLength(1);
  });

  it('of other bytes without an identifier is another one', async () => {
    await send(updated('summary'));
    expect((await send(updated('labels'))).body.code).toBe('queued');
  });
});

describe('what an event tells of its item', () => {
  const told = () => {
    const stored = world.inbox.stored.at(-1);
    return stored?.sealedObservation == null ? null : world.observations.open(stored.siteTenantId, stored.sealedObservation);
  };

  it('is stored, sealed for the site that sent it', async () => {
    await send(whole('jira:issue_updated', RENAMED));
    expect(told()).toMatchObject({
      event: 'updated',
      issueKey: 'SUP-1',
      changes: [{ field: 'summary', from: { kind: 'text', text: 'Old' }, to: { kind: 'text', text: 'New' } }],
    });
    expect(JSON.stringify(world.inbox.stored)).not.toMatch(/Old|New|Open/);
    const { sealedObservation } = world.inbox.stored[0] ?? {};
    expect(world.observations.open('another-tenant' as TenantId, sealedObservation ?? '')).toBeNull();
  });

  const byActor = (user: object) => ({ ...whole('jira:issue_created'), user });

  it.each(['atlassian', 'customer'])('is stored of an item that a person (%s) made', async (accountType) => {
    await send(byActor({ accountType }));
    expect(told()).toMatchObject({ event: 'created' });
  });

  it.each<[string, object]>([
    ['an app made the item, perhaps we ourselves', byActor({ accountType: 'app' })],
    ['nobody says who made the item', byActor({})],
    ['it does not show the item whole', updated('summary')],
    ['it is about a comment', commented],
    ['it does not say what changed', whole('jira:issue_updated')],
  ])('is nothing when %s', async (_name, body) => {
    await send(body);
    expect(world.inbox.stored[0]?.sealedObservation).toBeNull();
  });
});

describe('the creation of an item by a write of ours', () => {
  const created = whole('jira:issue_created');
  const causes = () => {
    const { echoOf, madeBy } = world.inbox.stored[0] ?? {};
    return { echoOf, madeBy };
  };

  it('[L13] says which write it was', async () => {
    expect((await send(created, traceFor(tenantId, 'field:summary'))).body.code).toBe('queued');
    expect(causes()).toEqual({ echoOf: SYNCHRONIZATION, madeBy: 'effect-1' });
  });

  describe('that made several items', () => {
    const EFFECT = '0b9f1c9e-2f0a-4b8e-9f5e-0d6a1e5f3c11';
    const marked = (mark: object | null) => ({
      ...created,
      issue: { ...created.issue, properties: mark === null ? {} : { 'tandem.twin': mark } },
    });
    const mark = { synchronizationId: SYNCHRONIZATION, effectId: EFFECT, originSide: 'A', originIssueId: '1' };
    const sealed = () => world.inbox.stored[0]?.sealedObservation;

    it('[L13] says by the mark on it which write made this one', async () => {
      await send(marked(mark), traceOf(null, tenantId, 'item'));
      expect(causes()).toEqual({ echoOf: SYNCHRONIZATION, madeBy: EFFECT });
      expect(sealed()).not.toBeNull();
    });

    it.each([
      ['no mark', null],
      ['a mark of another synchronization', { ...mark, synchronizationId: 'another' }],
      ['a mark that names no effect', { ...mark, effectId: 'several' }],
    ])('tells nothing where it shows %s', async (_name, shown) => {
      await send(marked(shown), traceOf(null, tenantId, 'item'));
      expect(causes()).toEqual({ echoOf: SYNCHRONIZATION, madeBy: null });
      expect(sealed()).toBeNull();
    });

    it('is not believed by its mark alone: a clone has it too', async () => {
      await send(marked(mark));
      expect(causes()).toEqual({ echoOf: null, madeBy: null });
    });
  });

  it.each<[string, object, () => Record<string, string>, SynchronizationId | null]>([
    ['does not show the item', { ...created, changelog: 'none' }, () => traceFor(tenantId, 'field:summary'), SYNCHRONIZATION],
    ['was an update', whole('jira:issue_updated', RENAMED), () => traceFor(tenantId, 'field:summary'), SYNCHRONIZATION],
    ['has no trace', created, () => ({}), null],
    ['has a trace for another site', created, () => traceFor('another-tenant' as TenantId, 'field:summary'), null],
  ])('does not say so when it %s', async (_name, body, headers, echoOf) => {
    await send(body, headers());
    expect(causes()).toEqual({ echoOf, madeBy: null });
  });
});

describe('an echo', () => {
  it.each<[string, object, string[]]>([
    ['of one field', updated('summary'), ['field:summary']],
    ['of some of what was written', updated('labels'), ['field:summary', 'field:labels']],
    ['of a comment', commented, ['comment:B:77']],
    ['of a transition that does not show the item whole', updated('status'), ['status']],
  ])('%s names its synchronization', async (_name, body, pieces) => {
    expect((await send(body, traceFor(tenantId, ...pieces))).body.code).toBe('echo');
    expect(world.inbox.stored[0]?.echoOf).toBe(SYNCHRONIZATION);
  });

  it('[O11] of a transition that shows the item is told to its synchronization: only it tells what was replaced', async () => {
    const moved = { field: 'status', fieldId: 'status', from: '3', fromString: 'Done', to: '1', toString: 'Open' };
    const body = whole('jira:issue_updated', moved);
    expect((await send(body, traceFor(tenantId, 'status'))).body.code).toBe('queued');
    expect(world.inbox.stored[0]).toMatchObject({ echoOf: SYNCHRONIZATION, tellsWriter: true, madeBy: null });
    expect(world.inbox.stored[0]?.sealedObservation).not.toBeNull();
  });

  it('[O10] of an edited comment is told to its synchronization: only it tells that the edit was done', async () => {
    const body = { ...whole('comment_updated'), comment: { id: '77', body: 'Said', updated: '2027-01-01T00:00:00.000+0000' } };
    expect((await send(body, traceFor(tenantId, 'comment:B:77'))).body.code).toBe('queued');
    expect(world.inbox.stored[0]).toMatchObject({ echoOf: SYNCHRONIZATION, tellsWriter: true, madeBy: null });
  });

  it.each<[string, object, () => Record<string, string>]>([
    ['a change without a trace', updated('summary'), () => ({})],
    ['a field that was not written', updated('summary', 'priority'), () => traceFor(tenantId, 'field:summary')],
    ['a transition that did more than was asked', updated('status', 'resolution'), () => traceFor(tenantId, 'status')],
    ['a resolution that came without the status', updated('resolution'), () => traceFor(tenantId, 'field:summary')],
    ['a comment on a field’s trace', commented, () => traceFor(tenantId, 'field:summary')],
    ['a trace made for another site', updated('summary'), () => traceFor('another-tenant' as TenantId, 'field:summary')],
    [
      'a trace somebody made up',
      updated('summary'),
      () => ({ 'X-Atlassian-Webhook-Trace': 'tandem/1/s/e/field:summary/AAAAAAAAAAAAAAAA' }),
    ],
    ['a trace of another app', updated('summary'), () => ({ 'X-Atlassian-Webhook-Trace': 'loop-guard-7' })],
    ['an update that names no field', updated(), () => traceFor(tenantId, 'field:summary')],
    ['a deletion', { ...updated(), webhookEvent: 'jira:issue_deleted' }, () => traceFor(tenantId, 'field:summary')],
  ])('is not: %s', async (_name, body, headers) => {
    expect((await send(body, headers())).body.code).toBe('queued');
    expect(world.inbox.stored[0]?.echoOf).toBeNull();
  });
});
