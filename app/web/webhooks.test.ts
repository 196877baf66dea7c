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

const traceFor = (site: TenantId, ...pieces: string[]): Record<string, string> => ({
  'X-Atlassian-Webhook-Trace': makeTrace(world.tenantKeys, site, SYNCHRONIZATION, 'effect-1' as EffectId, pieces as PieceKey[]),
});

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

describe('an echo', () => {
  it.each<[string, object, string[]]>([
    ['of one field', updated('summary'), ['field:summary']],
    ['of some of what was written', updated('labels'), ['field:summary', 'field:labels']],
    ['of a status', updated('status'), ['status']],
    ['of a comment', commented, ['comment:B:77']],
  ])('%s names its synchronization', async (_name, body, pieces) => {
    expect((await send(body, traceFor(tenantId, ...pieces))).body.code).toBe('echo');
    expect(world.inbox.stored[0]?.echoOf).toBe(SYNCHRONIZATION);
  });

  it('is: the resolution that Jira sets along with the status we wrote', async () => {
    expect((await send(updated('status', 'resolution'), traceFor(tenantId, 'status'))).body.code).toBe('echo');
  });

  it.each<[string, object, () => Record<string, string>]>([
    ['a change without a trace', updated('summary'), () => ({})],
    ['a field that was not written', updated('summary', 'priority'), () => traceFor(tenantId, 'field:summary')],
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
