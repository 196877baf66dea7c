import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Express, Router } from 'express';
import request from 'supertest';
import { buildConnection } from '../../../test/factories/connections.ts';
import { type ConnectionWorld, createConnectionWorld, NO_CONNECTION } from '../../../test/fakes/connection-world.ts';
import { createMemoryApiTokens } from '../../../test/fakes/memory-api-tokens.ts';
import { createReadableGuard, serveApi } from '../../../test/fakes/readable-api.ts';
import { apiError } from '../../contract/synchronizations.ts';
import { type WebhookState, webhookSecrets, webhookState } from '../../contract/webhooks.ts';
import { fail } from '../../core/failure.ts';
import type { AccountId, ProjectId } from '../../core/ids.ts';
import type { RegisteredWebhook, RemoteConnection } from '../../sync/connection-ports.ts';
import { mountWebhooks } from './api-v1-webhooks.ts';

const ANN = 'JWT acme SUP ann';
const CORA = 'JWT acme SUP cora';
const ROOT = 'JWT acme SUP root';
const BEN = 'JWT globex ENG ben';
const DC = 'https://jira.initech.example/jira';
const REGISTERED: RegisteredWebhook = {
  kind: 'registered',
  remoteId: 'plugin:7',
  expiresAt: null,
  projectIds: ['1' as ProjectId],
  isProven: true,
};
const NOON = Date.UTC(2026, 10, 22, 12);

let world: ConnectionWorld;
let app: Express;
let ours: RemoteConnection;
let hastened: string[];

beforeEach(async () => {
  world = createConnectionWorld();
  hastened = [];
  ours = buildConnection({ tenantId: world.ann.siteTenantId, createdBy: 'ann' as AccountId, siteUrl: DC, apiUrl: DC });
  await world.connections.insert(ours);
  const router = Router();
  const guard = createReadableGuard(world.setUp, { tokens: createMemoryApiTokens(), audit: world.audit });
  mountWebhooks(router, guard, {
    ...world.ports,
    addresses: {
      addressOf: () => 'https://tandem.example/webhooks/connection/address-of-ours',
      secretOf: () => 'secret-of-ours',
      read: () => null,
    },
    schedule: {
      async hasten(_tenantId, connectionId) {
        hastened.push(connectionId);
      },
    },
  });
  app = serveApi(world.setUp, router);
});

const path = (rest = '', id: string = ours.connectionId): string => `/api/v1/connections/${id}/webhook${rest}`;
const look = async (who = ANN): Promise<WebhookState> =>
  webhookState.parse((await request(app).get(path()).set('Authorization', who).expect(200)).body);
const choose = (way: unknown, who = ANN) => request(app).post(path()).set('Authorization', who).send({ way });
const change = (news: Partial<RemoteConnection>) => world.connections.change(ours.tenantId, ours.connectionId, news);
const webhook = () => world.connections.now(ours).webhook;
const codeOf = (body: unknown): string => apiError.parse(body).error.code;
const actions = () => world.audit.lines.map(({ action, detail }) => [action, detail]);

describe('how a site tells of its changes', () => {
  it.each<[string, Partial<RemoteConnection>, Partial<WebhookState> & { readonly code: string | null }]>([
    [
      'nothing is registered yet',
      {},
      { way: 'automatic', kind: 'none', isPolled: true, awaitsFirstEvent: true, code: 'webhook-awaited' },
    ],
    [
      'it is registered, and nothing has come',
      { webhook: REGISTERED },
      { way: 'automatic', kind: 'registered', isPolled: true, awaitsFirstEvent: true, code: 'webhook-awaited' },
    ],
    [
      'events come',
      { webhook: { ...REGISTERED, expiresAt: NOON }, lastEventAt: NOON },
      {
        kind: 'registered',
        isPolled: false,
        awaitsFirstEvent: false,
        expiresAt: '2026-11-22T12:00:00.000Z',
        lastEventAt: '2026-11-22T12:00:00.000Z',
        code: null,
      },
    ],
    [
      'it was silent',
      { webhook: { kind: 'polling', because: 'silent', registered: REGISTERED } },
      { way: 'automatic', kind: 'polling', isPolled: true, awaitsFirstEvent: true, code: 'webhook-silent' },
    ],
    [
      'the sync user may not',
      { webhook: { kind: 'manual', because: 'forbidden' } },
      { way: 'automatic', kind: 'manual', isPolled: true, awaitsFirstEvent: true, code: 'webhook-forbidden' },
    ],
    [
      'the site takes no more',
      { webhook: { kind: 'manual', because: 'refused' } },
      { way: 'automatic', code: 'webhook-not-taken' },
    ],
    [
      'a person registered it, and events come',
      { webhook: { kind: 'manual', because: 'chosen' }, lastEventAt: NOON },
      { way: 'manual', isPolled: false, awaitsFirstEvent: false, code: null },
    ],
    [
      'polling was chosen',
      { webhook: { kind: 'polling', because: 'chosen', registered: null }, lastEventAt: NOON },
      { way: 'polling', kind: 'polling', isPolled: true, awaitsFirstEvent: false, code: null },
    ],
  ])('%s', async (_title, news, { code, ...wanted }) => {
    await change(news);
    const shown = await look();
    expect(shown).toMatchObject(wanted);
    expect(shown.cause?.code ?? null).toBe(code);
    expect(shown.instructions === null).toBe(webhook().kind !== 'manual');
  });

  it('shows steps, and neither address nor secret', async () => {
    await change({ webhook: { kind: 'manual', because: 'chosen' } });
    const answer = await request(app).get(path()).set('Authorization', ANN);
    expect(answer.text).toContain('Create a WebHook');
    expect(answer.text).not.toMatch(/of-ours/);
  });

  it('is for those who may use the connection', async () => {
    expect((await look(ROOT)).kind).toBe('none');
    for (const who of [CORA, BEN]) {
      const refused = await request(app).get(path()).set('Authorization', who).expect(404);
      expect(codeOf(refused.body)).toBe('connection-not-found');
    }
    await request(app).get(path('', NO_CONNECTION)).set('Authorization', ANN).expect(404);
    await request(app).get(path()).expect(401);
  });
});

describe('choosing', () => {
  it('polling takes our webhook away and begins at once', async () => {
    await change({ webhook: REGISTERED, lastEventAt: NOON });
    const chosen = webhookState.parse((await choose('polling').expect(200)).body);
    expect(chosen).toMatchObject({ way: 'polling', isPolled: true });
    expect(world.dataCenter.removedWebhooks).toEqual(['plugin:7']);
    expect(hastened).toEqual([ours.connectionId]);
    expect(webhook()).toEqual({ kind: 'polling', because: 'chosen', registered: null });
    expect(actions()).toEqual([['webhook.chosen', 'polling']]);
  });

  it('manual takes away what was silent, and shows the steps', async () => {
    await change({ webhook: { kind: 'polling', because: 'silent', registered: REGISTERED } });
    const chosen = webhookState.parse((await choose('manual').expect(200)).body);
    expect(chosen.instructions?.steps.length).toBeGreaterThan(3);
    expect(world.dataCenter.removedWebhooks).toEqual(['plugin:7']);
    expect(webhook()).toEqual({ kind: 'manual', because: 'chosen' });
  });

  it('automatic tries again where a person was asked to, at once', async () => {
    await world.connections.endLook(ours.tenantId, ours.connectionId, 3_600_000);
    await change({ webhook: { kind: 'manual', because: 'forbidden' } });
    await choose('automatic').expect(200);
    expect(webhook()).toEqual({ kind: 'none' });
    expect(await world.connections.claimDue(9, 60_000)).toHaveLength(1);
  });

  it('what is so already changes nothing', async () => {
    await change({ webhook: REGISTERED });
    await choose('automatic').expect(200);
    expect([webhook(), world.audit.lines]).toEqual([REGISTERED, []]);
  });

  it('is put off where the site does not answer: it would go on sending', async () => {
    await change({ webhook: REGISTERED });
    const { cares } = world.ports;
    const reached = await cares.reach(ours.tenantId, ours.connectionId);
    if (reached === null) throw new Error('It is working.');
    const silent = { ...reached, removeWebhook: async () => fail({ kind: 'unavailable', detail: '' } as const) };
    world.ports.cares.reach = async () => silent;
    const refused = await choose('polling').expect(503);
    expect(codeOf(refused.body)).toBe('remote-site-unreachable');
    expect(webhook()).toEqual(REGISTERED);
  });

  it.each([['by mail'], [undefined], [{ way: 'manual' }]])('%j is refused', async (way) => {
    expect(codeOf((await choose(way).expect(400)).body)).toBe('body-invalid');
  });

  it('is for those who may use the connection', async () => {
    for (const who of [CORA, BEN]) await choose('polling', who).expect(404);
    expect(webhook()).toEqual({ kind: 'none' });
  });
});

describe('address and secret', () => {
  const show = (who = ANN) => request(app).post(path('/secrets')).set('Authorization', who);
  const copied = (body: unknown): Readonly<Record<string, string>> =>
    Object.fromEntries(
      webhookSecrets.parse(body).instructions.steps.flatMap(({ copy }) => copy.map(({ label, value }) => [label, value])),
    );

  it.each<[string, Partial<RemoteConnection>, string | undefined]>([
    ['Cloud', { product: 'cloud', version: null }, 'secret-of-ours'],
    ['Data Center since 10.0', { version: '11.0.0' }, 'secret-of-ours'],
    ['Data Center before, which knows no secret', { version: '9.12.15' }, undefined],
  ])('are shown to be pasted at %s, which is noted', async (_name, news, secret) => {
    await change(news);
    const shown = await show().expect(200);
    expect(copied(shown.body)).toMatchObject({ URL: 'https://tandem.example/webhooks/connection/address-of-ours' });
    expect(copied(shown.body)['Secret']).toBe(secret);
    expect(shown.headers['cache-control']).toBe('no-store');
    expect(actions()).toEqual([['webhook.secret-shown', null]]);
    expect(JSON.stringify(world.audit.lines)).not.toMatch(/of-ours/);
  });

  it('are for those who may use the connection', async () => {
    for (const who of [CORA, BEN]) await show(who).expect(404);
    expect(actions()).toEqual([]);
  });
});
