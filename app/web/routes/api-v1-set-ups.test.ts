import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createMemoryLedger } from '../../../lab/memory/memory-ledger.ts';
import { createReadableApi } from '../../../test/fakes/readable-api.ts';
import { addSpace, buildShape, createSetUpWorld, type SetUpWorld } from '../../../test/fakes/set-up-world.ts';
import { madeToken } from '../../contract/administration.ts';
import { settings as settingsShape, setUpPreview, setUp as setUpShape } from '../../contract/set-ups.ts';
import { apiError, space, synchronizationDetail } from '../../contract/synchronizations.ts';
import { createSpaceNames } from '../../sync/space-names.ts';

const content = {
  fields: [{ field: 'summary', direction: 'both', conflict: 'newest' }],
  status: { direction: 'both', conflict: 'newest' },
  comments: null,
  strict: false,
};
const DC_URL = 'https://jira.initech.example/jira';

let world: SetUpWorld;
let app: Express;
let dc: string;
beforeEach(() => {
  world = createSetUpWorld();
  const { ports } = world;
  const ledger = createMemoryLedger({ clock: ports.clock, makeId: ports.makeId, onWake: () => undefined });
  const { kept, conflicts, brakes } = ledger;
  app = createReadableApi(world, {
    setUp: ports,
    licence: null,
    turns: { readStanding: async () => ({ parked: 0, lastActivityAt: null }), listHistory: async () => [] },
    names: createSpaceNames(ports),
    conflicts: { ...ports, sites: { reach: async () => null }, kept, conflicts, openValue: () => null },
    brakes,
    healing: { ...ledger, clock: ports.clock },
  });
  const far = world.connect(3, DC_URL);
  addSpace(far.site, buildShape(10_000, 'PLAT', 'Platform'));
  dc = far.connection.connectionId;
  world.acme.admins.add('chef');
});

const ANN = 'JWT acme SUP ann';
const BEN = 'JWT globex ENG ben';
const CHEF = 'JWT acme SUP chef';

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
const send = (method: Method, path: string, who: string, body?: object) => {
  const call = request(app)[method](`/api/v1${path}`).set('Accept', 'application/json').set('Authorization', who);
  return body === undefined ? call : call.send(body);
};
const refusalOf = (body: unknown): string => apiError.parse(body).error.code;
const begin = async (who: string, body: object) => setUpShape.parse((await send('post', '/set-ups', who, body).expect(201)).body);
const programOf = async (...scopes: string[]): Promise<string> => {
  const made = await send('post', '/tokens', CHEF, { name: 'ci', scopes, expiresInDays: 1 }).expect(201);
  return `Bearer ${madeToken.parse(made.body).secret}`;
};

describe('a set-up over HTTP', () => {
  it('is begun with nothing, says what comes next, and ends in a request', async () => {
    const begun = await begin(ANN, { route: 'cloud-with-app' });
    expect(begun).toMatchObject({ next: 'site', finishes: 'request', createdBy: 'ann', endsAt: '2027-02-14T08:00:00.000Z' });
    const path = `/set-ups/${begun.setUpId}`;
    const enter = async (body: object) => setUpShape.parse((await send('patch', path, ANN, body).expect(200)).body);
    expect((await enter({ partner: { siteUrl: 'https://globex.atlassian.net' } })).next).toBe('space');
    expect(await enter({ partner: { projectKey: 'ENG' } })).toMatchObject({ next: 'mode', offeredName: 'SUP and ENG' });
    expect((await enter({ mode: 'review', name: 'SUP and ENG' })).next).toBe('content');
    expect(refusalOf((await send('post', `${path}/finish`, ANN).expect(409)).body)).toBe('set-up-unfinished');
    expect(await enter({ content })).toMatchObject({ next: 'finish', content });
    expect((await enter({ name: null })).next).toBe('name');
    await enter({ name: 'Support' });
    expect(setUpPreview.parse((await send('get', `${path}/preview`, ANN).expect(200)).body)).toEqual({ matched: null });
    const finished = synchronizationDetail.parse((await send('post', `${path}/finish`, ANN).expect(201)).body);
    expect(finished).toMatchObject({
      status: 'request-sent',
      mode: 'review',
      request: { askedBy: 'ann', askedAt: '2027-01-15T08:00:00.000Z', expiresAt: '2027-02-14T08:00:00.000Z' },
      connections: { A: null, B: null },
    });
    expect((await send('get', '/set-ups', ANN).expect(200)).body).toEqual({ setUps: [] });
    await send('get', path, ANN).expect(404);
    const declined = await send('post', `/synchronizations/${finished.synchronizationId}/decline`, BEN, { reason: 'No time' });
    expect(synchronizationDetail.parse(declined.body).request?.declineReason).toBe('No time');
  });

  it('shows how the partner is reached, what would be matched, and ends stopped', async () => {
    const partner = { siteUrl: DC_URL, connectionId: dc };
    const begun = await begin(ANN, { route: 'data-center', partner, name: 'Far', content });
    expect(begun).toMatchObject({
      next: 'space',
      partner: { siteUrl: DC_URL, connection: { connectionId: dc, state: 'working', problem: null } },
    });
    const spaces = (await send('get', `/spaces?connection=${dc}`, ANN).expect(200)).body;
    expect(spaces.spaces.map((one: unknown) => space.parse(one).projectKey)).toEqual(['PLAT']);
    const path = `/set-ups/${begun.setUpId}`;
    await send('patch', path, ANN, { partner: { projectKey: 'PLAT' } }).expect(200);
    const { matched } = setUpPreview.parse((await send('get', `${path}/preview`, ANN).expect(200)).body);
    expect(matched?.types).toEqual([
      { A: 'Bug', B: 'Bug' },
      { A: 'Task', B: 'Task' },
    ]);
    const finished = synchronizationDetail.parse((await send('post', `${path}/finish`, ANN).expect(201)).body);
    expect(finished).toMatchObject({
      status: 'stopped',
      request: null,
      partner: { siteUrl: DC_URL, projectKey: 'PLAT', projectName: 'Platform' },
      connections: { A: null, B: { connectionId: dc, state: 'working' } },
    });
  });

  it('a connection that needs authentication shows at the synchronization, with what to do; stopping and deleting still work', async () => {
    const partner = { siteUrl: DC_URL, connectionId: dc, projectKey: 'PLAT' };
    const { setUpId } = await begin(ANN, { route: 'data-center', partner, name: 'Far', content });
    await send('post', `/set-ups/${setUpId}/finish`, ANN).expect(201);
    const path = `/synchronizations/${setUpId}`;
    await send('post', `${path}/start`, ANN, { existingItems: 'leave' }).expect(200);
    for (const [id, known] of world.remote)
      world.remote.set(id, { ...known, connection: { ...known.connection, state: 'needs-authentication' } });
    const shown = synchronizationDetail.parse((await send('get', path, ANN).expect(200)).body);
    expect(shown.connections.B).toMatchObject({ state: 'needs-authentication', problem: { code: 'authentication-needed' } });
    await send('post', `${path}/stop`, ANN).expect(200);
    expect(refusalOf((await send('post', `${path}/start`, ANN, { existingItems: 'leave' }).expect(409)).body)).toBe(
      'authentication-needed',
    );
    await send('delete', path, ANN).expect(204);
  });

  it.each<[string, object]>([
    ['an unknown route', { route: 'by-post' }],
    ['an unknown key', { route: 'any', secret: 'x' }],
    ['a connection that is no id', { route: 'any', partner: { connectionId: 'x' } }],
    ['an address that is none', { route: 'cloud-with-app', partner: { siteUrl: 'globex' } }],
    ['an address of something else', { route: 'cloud-with-app', partner: { siteUrl: 'javascript:alert(1)' } }],
    ['a password in it', { route: 'cloud-with-app', partner: { siteUrl: 'https://me:secret@globex.atlassian.net' } }],
    ['a blank name', { route: 'any', name: ' ' }],
  ])('refuses %s', async (_name, body) => {
    expect(refusalOf((await send('post', '/set-ups', ANN, body).expect(400)).body)).toBe('body-invalid');
  });
});

describe('a program', () => {
  it('ties two spaces that its tenant reaches, by saying both sides', async () => {
    const program = await programOf('read', 'configure');
    const sides = { A: { projectKey: 'LAB' }, B: { connectionId: dc, projectKey: 'PLAT' } };
    const wish = { sides, name: 'Far', description: '', content };
    const made = synchronizationDetail.parse((await send('post', '/synchronizations', program, wish).expect(201)).body);
    expect(made).toMatchObject({ status: 'stopped', side: 'A', mode: 'immediate', request: null });
    const again = await send('post', '/synchronizations', program, wish).expect(409);
    expect(refusalOf(again.body)).toBe('already-synchronized');
    await send('post', `/synchronizations/${made.synchronizationId}/start`, program, { existingItems: 'leave' }).expect(200);
    const reader = await programOf('read');
    expect(refusalOf((await send('post', '/synchronizations', reader, wish).expect(403)).body)).toBe('scope-missing');
    expect((await send('get', '/spaces', reader).expect(200)).body.spaces).toHaveLength(3);
    expect((await send('get', '/settings', program).expect(403)).body.error.code).toBe('people-only');
  });
});

describe('settings', () => {
  it('are for admins of the site, and close set-up to who is in none of the groups', async () => {
    world.acme.groups.push({ groupId: 'g-1', name: 'sync-team', members: new Set(['chef']) });
    expect(refusalOf((await send('put', '/settings', ANN, { configuringGroups: [] }).expect(403)).body)).toBe('not-site-admin');
    expect(refusalOf((await send('put', '/settings', CHEF, { configuringGroups: ['nobody'] }).expect(422)).body)).toBe(
      'group-not-found',
    );
    const put = await send('put', '/settings', CHEF, { configuringGroups: ['sync-team'] }).expect(200);
    expect(settingsShape.parse(put.body)).toEqual({ configuringGroups: [{ groupId: 'g-1', name: 'sync-team' }] });
    expect((await send('get', '/settings', CHEF).expect(200)).body).toEqual(put.body);
    expect(refusalOf((await send('post', '/set-ups', ANN, { route: 'same-site' }).expect(403)).body)).toBe('not-in-group');
    await send('get', '/synchronizations', ANN).expect(200);
  });
});
