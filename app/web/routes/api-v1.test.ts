import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { z } from 'zod';
import { createMemoryLedger, type MemoryLedger } from '../../../lab/memory/memory-ledger.ts';
import { createReadableApi } from '../../../test/fakes/readable-api.ts';
import { createSetUpWorld, type SetUpWorld } from '../../../test/fakes/set-up-world.ts';
import {
  apiError,
  foundLate,
  historyLine,
  pageContext,
  space,
  synchronizationDetail,
  synchronizationRow,
} from '../../contract/synchronizations.ts';
import type { IssueKey, PieceKey, SynchronizationId } from '../../core/ids.ts';
import type { HistoryLine } from '../../sync/ports.ts';
import { createSpaceNames } from '../../sync/space-names.ts';

const content = {
  fields: [{ field: 'summary', direction: 'both', conflict: 'newest' }],
  status: { direction: 'both', conflict: 'newest' },
  comments: null,
};
const toEng = { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };
const wish = { partner: toEng, name: 'Support to Engineering', description: '', content };

const LINES: readonly HistoryLine[] = [
  {
    at: 1_800_000_000_000,
    pairId: null,
    issueKeys: { A: 'SUP-1' as IssueKey, B: null },
    piece: 'status' as PieceKey,
    outcome: 'parked',
    source: 'A',
    cause: 'no-direct-transition',
  },
  {
    at: 1_800_000_000_001,
    pairId: null,
    issueKeys: { A: null, B: null },
    piece: null,
    outcome: 'waiting',
    source: null,
    cause: null,
  },
];

let world: SetUpWorld;
let app: Express;
let ledger: MemoryLedger;
let asked: { tenantId: string; limit: number }[];
beforeEach(() => {
  world = createSetUpWorld();
  asked = [];
  const { ports } = world;
  ledger = createMemoryLedger({ clock: ports.clock, makeId: ports.makeId, onWake: () => undefined });
  const { kept, conflicts, brakes } = ledger;
  app = createReadableApi(world, {
    setUp: ports,
    turns: {
      readStanding: async () => ({ parked: 2, lastActivityAt: Date.UTC(2026, 10, 22, 9) }),
      listHistory: async (tenantId: string, _id: SynchronizationId, limit: number) => {
        asked.push({ tenantId, limit });
        return LINES;
      },
    },
    names: createSpaceNames(ports),
    conflicts: { ...ports, sites: { reach: async () => null }, kept, conflicts, openValue: () => null },
    brakes,
    healing: { ...ledger, clock: ports.clock },
  });
});

const ANN = 'JWT acme SUP ann';
const BEN = 'JWT globex ENG ben';
const LAB = 'JWT acme LAB ann';

const send = (method: 'get' | 'post' | 'patch' | 'delete', path: string, who: string, body?: object) => {
  const call = request(app)[method](`/api/v1${path}`).set('Accept', 'application/json').set('Authorization', who);
  return body === undefined ? call : call.send(body);
};
const create = async (): Promise<string> =>
  synchronizationDetail.parse((await send('post', '/synchronizations', ANN, wish).expect(201)).body).synchronizationId;
const refusalOf = (body: unknown): string => apiError.parse(body).error.code;

describe('the path of a synchronization', () => {
  it('goes from request over acceptance and running to deletion, each answer as the contract says', async () => {
    const id = await create();
    const detailAs = async (who: string) =>
      synchronizationDetail.parse((await send('get', `/synchronizations/${id}`, who).expect(200)).body);
    expect(await detailAs(ANN)).toMatchObject({
      status: 'request-sent',
      side: 'A',
      errors: 2,
      lastActivityAt: '2026-11-22T09:00:00.000Z',
      version: 1,
      content,
      types: [],
      partner: { siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG', projectName: 'ENG' },
    });
    expect(await detailAs(BEN)).toMatchObject({
      status: 'incoming-request',
      side: 'B',
      partner: { projectKey: 'SUP', projectName: 'Support' },
    });

    const accepted = synchronizationDetail.parse((await send('post', `/synchronizations/${id}/accept`, BEN).expect(200)).body);
    expect(accepted).toMatchObject({
      status: 'stopped',
      version: 2,
      types: [
        { A: 'Bug', B: 'Bug', direction: 'both' },
        { A: 'Task', B: 'Task' },
      ],
    });
    expect((await detailAs(ANN)).partner.projectName).toBe('Engineering');

    const patch = { name: 'Renamed', content: { ...content, comments: { direction: 'A-to-B', authorLine: false } } };
    const patched = synchronizationDetail.parse((await send('patch', `/synchronizations/${id}`, ANN, patch).expect(200)).body);
    expect(patched).toMatchObject({ name: 'Renamed', version: 3, content: patch.content });

    const started = await send('post', `/synchronizations/${id}/start`, ANN, { existingItems: 'leave' }).expect(200);
    expect(synchronizationDetail.parse(started.body).status).toBe('running');
    expect(refusalOf((await send('delete', `/synchronizations/${id}`, ANN).expect(409)).body)).toBe('state-forbids');
    const retried = await send('post', `/synchronizations/${id}/retry`, BEN).expect(200);
    expect(synchronizationDetail.parse(retried.body).status).toBe('running');
    expect(synchronizationDetail.parse((await send('post', `/synchronizations/${id}/stop`, BEN).expect(200)).body).status).toBe(
      'stopped',
    );
    await send('delete', `/synchronizations/${id}`, BEN).expect(204);
    expect((await send('get', '/synchronizations', ANN).expect(200)).body).toEqual({ synchronizations: [] });
  });

  it('may be declined and sent again', async () => {
    const id = await create();
    expect((await send('post', `/synchronizations/${id}/decline`, BEN).expect(200)).body.status).toBe('declined');
    expect((await send('post', `/synchronizations/${id}/send-again`, ANN).expect(200)).body.status).toBe('request-sent');
  });
});

describe('reading', () => {
  it('says where it is', async () => {
    expect(pageContext.parse((await send('get', '/context', ANN).expect(200)).body)).toEqual({
      siteUrl: 'https://acme.atlassian.net',
      projectId: '10000',
      projectKey: 'SUP',
      projectName: 'Support',
    });
  });

  it('lists the spaces that the person may see, not those the app sees', async () => {
    const { body } = await send('get', '/spaces', ANN).expect(200);
    expect(
      z
        .strictObject({ spaces: z.array(space) })
        .parse(body)
        .spaces.map(({ projectKey }) => projectKey),
    ).toEqual(['SUP', 'LAB']);
  });

  it('lists rows', async () => {
    await create();
    const { body } = await send('get', '/synchronizations', BEN).expect(200);
    expect(z.strictObject({ synchronizations: z.array(synchronizationRow) }).parse(body).synchronizations).toHaveLength(1);
  });

  it('[C3] keeps to itself what happened to an item that never left its site', async () => {
    const id = await create();
    const shown = z.strictObject({ history: z.array(historyLine) });
    const linesFor = async (who: string) =>
      shown.parse((await send('get', `/synchronizations/${id}/history`, who).expect(200)).body).history;
    expect((await linesFor(ANN)).map(({ issueKeys }) => issueKeys.A)).toEqual(['SUP-1', null]);
    expect((await linesFor(BEN)).map(({ issueKeys }) => issueKeys.A)).toEqual([null]);
  });

  it('tells the history with sentences, for the owner’s tenant whoever asks', async () => {
    const id = await create();
    const { body } = await send('get', `/synchronizations/${id}/history?limit=7`, ANN).expect(200);
    const [first, second] = z.strictObject({ history: z.array(historyLine) }).parse(body).history;
    expect(first?.cause).toMatchObject({ code: 'no-direct-transition', remedy: expect.stringContaining('transition') });
    expect(second).toMatchObject({ cause: null, at: '2027-01-15T08:00:00.001Z' });
    await send('get', `/synchronizations/${id}/history`, BEN).expect(200);
    expect(asked).toEqual([7, 50].map((limit) => ({ tenantId: world.acme.address.siteTenantId, limit })));
  });

  it.each(['0', '201', '1.5', 'x', '5&limit=6', '5&more=1'])('refuses limit=%s', async (limit) => {
    const id = await create();
    expect(refusalOf((await send('get', `/synchronizations/${id}/history?limit=${limit}`, ANN).expect(400)).body)).toBe(
      'query-invalid',
    );
  });

  it('tells by day what no webhook told of', async () => {
    const id = await create();
    const found = await send('get', `/synchronizations/${id}/found-late`, ANN).expect(200);
    expect(foundLate.parse(found.body)).toEqual({ days: [] });
    const tenantId = world.acme.address.siteTenantId;
    await ledger.scans.countFoundLate(tenantId, id as SynchronizationId, Date.UTC(2026, 10, 21), 2);
    await ledger.scans.countFoundLate(tenantId, id as SynchronizationId, Date.UTC(2026, 10, 22), 1);
    await ledger.scans.countFoundLate(tenantId, id as SynchronizationId, Date.UTC(2026, 10, 22, 23), 3);
    expect((await send('get', `/synchronizations/${id}/found-late`, BEN).expect(200)).body).toEqual({
      days: [
        { day: '2026-11-22', found: 4 },
        { day: '2026-11-21', found: 2 },
      ],
    });
  });

  it('still shows the overview when the partner site is silent', async () => {
    const id = await create();
    await send('post', `/synchronizations/${id}/accept`, BEN).expect(200);
    world.globex.failure = { kind: 'unavailable', detail: 'x' };
    world.time.now += 3_600_000;
    const { body } = await send('get', `/synchronizations/${id}`, ANN).expect(200);
    expect(synchronizationDetail.parse(body).partner.projectName).toBe('ENG');
  });

  it.each(['/spaces', '/context', '/synchronizations'])('says so when the own site is silent: %s', async (path) => {
    world.acme.failure = { kind: 'unavailable', detail: 'x' };
    expect(refusalOf((await send('get', path, ANN).expect(503)).body)).toBe('site-unreachable');
  });
});

const ROUTES: [method: 'get' | 'post' | 'patch' | 'delete', path: string, body: object | undefined][] = [
  ['get', '', undefined],
  ['patch', '', { name: 'x' }],
  ['delete', '', undefined],
  ['post', '/accept', undefined],
  ['post', '/decline', undefined],
  ['post', '/send-again', undefined],
  ['post', '/start', { existingItems: 'leave' }],
  ['post', '/stop', undefined],
  ['post', '/retry', undefined],
  ['get', '/found-late', undefined],
  ['get', '/history', undefined],
];

describe('walls', () => {
  it.each(ROUTES)('%s %s: another space finds nothing', async (method, path, body) => {
    const id = await create();
    const { body: answer } = await send(method, `/synchronizations/${id}${path}`, LAB, body).expect(404);
    expect(refusalOf(answer)).toBe('synchronization-not-found');
    expect(JSON.stringify(answer)).not.toContain(id);
  });

  it.each(ROUTES)('%s %s: another tenant finds nothing', async (method, path, body) => {
    const sameSite = { ...wish, partner: { kind: 'same-site', projectKey: 'LAB' } };
    const { body: made } = await send('post', '/synchronizations', ANN, sameSite).expect(201);
    await send(method, `/synchronizations/${made.synchronizationId}${path}`, BEN, body).expect(404);
  });

  it.each(ROUTES)('%s %s: who is no admin is refused', async (method, path, body) => {
    const id = await create();
    const answer = await send(method, `/synchronizations/${id}${path}`, 'JWT acme SUP eve', body).expect(403);
    expect(refusalOf(answer.body)).toBe('not-space-admin');
  });

  it.each(ROUTES)('%s %s: without a token there is no answer', async (method, path, body) => {
    const id = await create();
    await send(method, `/synchronizations/${id}${path}`, 'JWT none', body).expect(401);
  });

  it('forgets an admin at once for writes, and within half a minute for reads', async () => {
    const id = await create();
    world.acme.spaces.get('SUP')?.admins.clear();
    await send('patch', `/synchronizations/${id}`, ANN, { name: 'x' }).expect(403);
    await send('get', `/synchronizations/${id}`, ANN).expect(200);
    world.time.now += 30_000;
    await send('get', `/synchronizations/${id}`, ANN).expect(403);
  });

  it('asks Jira once for many reads', async () => {
    await create();
    const before = world.acme.calls;
    for (let i = 0; i < 5; i += 1) await send('get', '/synchronizations', ANN).expect(200);
    // The one call more is the list of names, which is kept as well.
    expect(world.acme.calls - before).toBeLessThanOrEqual(1);
  });
});

describe('bodies', () => {
  const bad: [string, object][] = [
    ['nothing', {}],
    ['unknown key', { ...wish, tenantId: 'x' }],
    ['no name', { ...wish, name: '  ' }],
    ['long name', { ...wish, name: 'x'.repeat(121) }],
    ['no address', { ...wish, partner: { ...toEng, siteUrl: 'globex' } }],
    ['unknown partner kind', { ...wish, partner: { kind: 'server', projectKey: 'X' } }],
    ['mixed partner kinds', { ...wish, partner: { ...toEng, kind: 'same-site' } }],
    ['unknown field', { ...wish, content: { ...content, fields: [{ field: 'reporter', direction: 'both', conflict: 'A' }] } }],
    ['a field twice', { ...wish, content: { ...content, fields: [content.fields[0], content.fields[0]] } }],
    ['unknown direction', { ...wish, content: { ...content, status: { direction: 'up', conflict: 'A' } } }],
    ['status missing', { ...wish, content: { fields: [], comments: null } }],
  ];
  it.each(bad)('POST with %s', async (_name, body) => {
    const { body: answer } = await send('post', '/synchronizations', ANN, body).expect(400);
    expect(refusalOf(answer)).toBe('body-invalid');
    expect(apiError.parse(answer).error.problems?.length).toBeGreaterThan(0);
    expect((await send('get', '/synchronizations', ANN)).body.synchronizations).toEqual([]);
  });

  it.each([{}, { existingItems: 'all' }, { existingItems: 'leave', more: 1 }])('start with %j', async (body) => {
    const id = await create();
    await send('post', `/synchronizations/${id}/start`, ANN, body).expect(400);
  });

  it.each([{ state: 'running' }, { sides: {} }, { name: '' }, { content: {} }])('PATCH with %j', async (body) => {
    const id = await create();
    await send('patch', `/synchronizations/${id}`, ANN, body).expect(400);
  });
});

describe('refusals of the use cases', () => {
  it.each<[string, object, number, string]>([
    ['own space', { kind: 'same-site', projectKey: 'SUP' }, 422, 'same-space'],
    ['unknown space', { kind: 'same-site', projectKey: 'NONE' }, 422, 'partner-not-found'],
    ['unknown site', { ...toEng, siteUrl: 'https://nobody.atlassian.net' }, 422, 'partner-not-found'],
  ])('%s', async (_name, partner, status, code) => {
    expect(refusalOf((await send('post', '/synchronizations', ANN, { ...wish, partner }).expect(status)).body)).toBe(code);
  });

  it('answers a site without the app and an unknown space alike, to the letter', async () => {
    const answers: object[] = [];
    for (const partner of [
      { ...toEng, siteUrl: 'https://nobody.atlassian.net' },
      { ...toEng, projectKey: 'NONE' },
    ]) {
      const { error } = apiError.parse((await send('post', '/synchronizations', ANN, { ...wish, partner })).body);
      answers.push({ ...error, requestId: '' });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('a second request for the same spaces, and the wrong side', async () => {
    const id = await create();
    expect(refusalOf((await send('post', '/synchronizations', ANN, wish).expect(409)).body)).toBe('already-synchronized');
    expect(refusalOf((await send('post', `/synchronizations/${id}/accept`, ANN).expect(403)).body)).toBe('side-forbids');
  });
});
