import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createMemoryLedgerWorld } from '../../../test/contract/memory-ledger-world.ts';
import { createReadableApi } from '../../../test/fakes/readable-api.ts';
import { createSetUpWorld, type SetUpWorld } from '../../../test/fakes/set-up-world.ts';
import { apiError, type CreateSynchronization, synchronizationDetail } from '../../contract/synchronizations.ts';
import { type OfferBody, terms, version } from '../../contract/terms.ts';
import { createSpaceNames } from '../../sync/space-names.ts';

const ANN = 'JWT acme SUP ann';
const BEN = 'JWT globex ENG ben';
const LAB = 'JWT acme LAB ann';
const content: CreateSynchronization['content'] = {
  fields: [
    { field: 'summary', direction: 'both', conflict: 'newest' },
    { field: 'priority', direction: 'both', conflict: 'newest' },
  ],
  status: { direction: 'both', conflict: 'newest' },
  comments: { direction: 'both', authorLine: true },
  strict: false,
};
const everything: OfferBody = { types: null, fields: null, status: true, comments: true, authors: true };

let world: SetUpWorld;
let app: Express;
let path: string;

const send = (method: 'get' | 'post' | 'put' | 'patch', route: string, who: string, body?: object) => {
  const call = request(app)[method](route).set('Authorization', who);
  return body === undefined ? call : call.send(body);
};
const termsFor = async (who: string) => terms.parse((await send('get', `${path}/terms`, who).expect(200)).body);
const codeOf = (body: unknown): string => apiError.parse(body).error.code;

beforeEach(async () => {
  world = createSetUpWorld();
  const { ports } = world;
  const { kept, conflicts, brakes, parked, lanes, scans, turns } = createMemoryLedgerWorld();
  app = createReadableApi(world, {
    ...{ setUp: ports, turns, names: createSpaceNames(ports), brakes },
    conflicts: { ...ports, sites: { reach: async () => null }, kept, conflicts, openValue: () => null },
    healing: { parked, lanes, scans, clock: ports.clock },
  });
  const partner = { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };
  const body = { partner, name: 'Support', description: '', content, mode: 'review' };
  const made = synchronizationDetail.parse((await send('post', '/api/v1/synchronizations', ANN, body).expect(201)).body);
  path = `/api/v1/synchronizations/${made.synchronizationId}`;
  await send('post', `${path}/accept`, BEN).expect(200);
});

describe('terms over HTTP', () => {
  it('[V2] shows a draft to both sides, names people to their own side alone, and ends with the answer', async () => {
    const changed = await send('patch', path, ANN, { content: { ...content, strict: true } }).expect(200);
    expect(synchronizationDetail.parse(changed.body)).toMatchObject({ draft: 'sent', content: { strict: false } });
    expect((await termsFor(ANN)).draft?.by).toEqual({ side: 'A', accountId: 'ann' });
    const seen = await termsFor(BEN);
    expect(seen.draft).toMatchObject({
      by: { side: 'A', accountId: null },
      content: { strict: true },
      changes: [{ kind: 'strict', text: 'Both sides are read before each write', items: 0 }],
    });
    const answer = { answer: 'decline', draftAt: seen.draft?.draftAt, reason: 'Too slow.' };
    expect(codeOf((await send('post', `${path}/terms/draft/answer`, ANN, answer).expect(403)).body)).toBe('own-draft');
    await send('post', `${path}/terms/draft/answer`, BEN, answer).expect(200);
    const { body } = await send('get', `${path}/terms/versions`, ANN).expect(200);
    expect(version.parse(body.versions[0])).toMatchObject({
      outcome: 'declined',
      reason: 'Too slow.',
      answeredBy: { accountId: null },
    });
    expect(codeOf((await send('post', `${path}/terms/draft/answer`, BEN, answer).expect(409)).body)).toBe('no-draft');
  });

  it('[C1] shows each side what it offers, and what the partner withholds without naming its work types', async () => {
    await send('put', `${path}/terms/offer`, BEN, {
      ...everything,
      types: ['200000'],
      fields: ['summary'],
      authors: false,
    }).expect(200);
    expect(await termsFor(ANN)).toMatchObject({
      offer: everything,
      withheldByPartner: { parts: ['priority', 'authors'], types: 1 },
    });
    expect(await termsFor(BEN)).toMatchObject({
      offer: { types: ['200000'], fields: ['summary'], authors: false },
      withheldByPartner: { parts: [], types: 0 },
    });
  });

  it('[V5] asks the partner before changes stop being asked about', async () => {
    expect((await send('put', `${path}/terms/mode`, ANN, { mode: 'immediate' }).expect(200)).body).toEqual({
      outcome: 'drafted',
    });
    expect((await termsFor(BEN)).mode).toBe('review');
  });

  it.each([
    ['a version that is none', 'post', '/terms/versions/x/bring-back', undefined, 404, 'version-not-found'],
    ['an offer without its parts', 'put', '/terms/offer', { fields: null }, 400, 'body-invalid'],
    ['an unknown mode', 'put', '/terms/mode', { mode: 'none' }, 400, 'body-invalid'],
    [
      'a draft that was never made',
      'post',
      '/terms/draft/answer',
      { answer: 'accept', draftAt: '2027-01-01T00:00:00Z' },
      409,
      'no-draft',
    ],
  ] as const)('refuses %s', async (_name, method, route, body, status, code) => {
    expect(codeOf((await send(method, `${path}${route}`, BEN, body).expect(status)).body)).toBe(code);
  });

  it.each([
    ['get', '/terms', undefined],
    ['put', '/terms/mode', { mode: 'review' }],
    ['put', '/terms/offer', everything],
    ['post', '/terms/draft/answer', { answer: 'accept', draftAt: '2027-01-01T00:00:00Z' }],
    ['get', '/terms/versions', undefined],
    ['post', '/terms/versions/1/bring-back', undefined],
    ['get', '/terms/left', undefined],
  ] as const)('%s %s does not exist for another space of the site', async (method, route, body) => {
    expect(codeOf((await send(method, `${path}${route}`, LAB, body).expect(404)).body)).toBe('synchronization-not-found');
  });
});
