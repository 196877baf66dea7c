import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Express, Router } from 'express';
import request from 'supertest';
import { createMemoryApiTokens } from '../../../test/fakes/memory-api-tokens.ts';
import { createMemoryAudit, type MemoryAudit } from '../../../test/fakes/memory-audit.ts';
import { createReadableGuard, serveApi } from '../../../test/fakes/readable-api.ts';
import { createSetUpWorld, type SetUpWorld } from '../../../test/fakes/set-up-world.ts';
import { auditPage, madeToken, tokenList } from '../../contract/administration.ts';
import { apiError } from '../../contract/synchronizations.ts';
import { makeRandomSecret } from '../../platform/make-secret.ts';
import { auditGet } from './api-v1-audit.ts';
import { tenantErasePost } from './api-v1-tenant.ts';
import { tokenDelete, tokensGet, tokensPost } from './api-v1-tokens.ts';

/** Ann administers the space SUP and the site; Ada the space alone. */
const ANN = 'JWT acme SUP ann';
const ADA = 'JWT acme SUP ada';
const BEN = 'JWT globex ENG ben';
const DAY_MS = 86_400_000;

let world: SetUpWorld;
let audit: MemoryAudit;
let left: string[];
let app: Express;
beforeEach(() => {
  world = createSetUpWorld();
  world.acme.admins.add('ann');
  world.globex.admins.add('ben');
  world.acme.spaces.get('SUP')?.admins.add('ada');
  audit = createMemoryAudit();
  left = [];
  const tokens = createMemoryApiTokens();
  const { clock, makeId, synchronizations } = world.ports;
  const leaving = {
    planErasure: async (tenantId: string, at: number) => void left.push(`${tenantId} erased at ${at}`),
    closeSite: async (tenantId: string, connectionId: string) => void left.push(`${tenantId} ${connectionId} closed`),
    synchronizations,
    audit,
    clock,
  };
  const ports = { administration: { tokens, audit, clock, makeId, makeSecret: makeRandomSecret, leaving } };
  const guard = createReadableGuard(world, { tokens, audit });
  const router = Router();
  router.get('/tokens', guard.siteAdmins(tokensGet(ports)));
  router.post('/tokens', guard.siteAdmins(tokensPost(ports)));
  router.delete('/tokens/:id', guard.siteAdmins(tokenDelete(ports)));
  router.get('/audit', guard.ofSite('read', auditGet(ports)));
  router.post('/tenant/erase', guard.siteAdmins(tenantErasePost(ports)));
  app = serveApi(world, router);
});

const codeOf = (body: unknown): string => apiError.parse(body).error.code;
const WISH = { name: 'Nightly export', scopes: ['read'], expiresInDays: 30 };
const make = async (who = ANN, wish: object = WISH) => {
  const answer = await request(app).post('/api/v1/tokens').set('Authorization', who).send(wish).expect(201);
  return { ...madeToken.parse(answer.body), cache: answer.get('Cache-Control') };
};
const list = async (who = ANN) =>
  tokenList.parse((await request(app).get('/api/v1/tokens').set('Authorization', who).expect(200)).body);

describe('API tokens over HTTP', () => {
  it('are made by an admin of the site, shown once, and listed without their secret', async () => {
    const made = await make();
    expect(made.secret).toMatch(/^tandem_/);
    expect(made.cache).toBe('no-store');
    const { tokens } = await list();
    expect(tokens).toEqual([made.token]);
    expect(tokens[0]).toMatchObject({
      name: 'Nightly export',
      scopes: ['read'],
      createdBy: 'ann',
      lastUsedAt: null,
      state: 'active',
      expiresAt: new Date(world.time.now + 30 * DAY_MS).toISOString(),
    });
    expect(JSON.stringify(tokens)).not.toContain(made.secret.slice(-43));
    expect((await list(BEN)).tokens).toEqual([]);
  });

  it.each([
    ['an admin of the space alone', ADA, 403, 'not-site-admin'],
    ['nobody', '', 401, 'jwt-missing'],
  ])('are not for %s', async (_who, authorization, status, code) => {
    for (const [method, path] of [
      ['get', '/tokens'],
      ['post', '/tokens'],
      ['delete', '/tokens/x'],
      ['post', '/tenant/erase'],
    ] as const) {
      const answer = await request(app)[method](`/api/v1${path}`).set('Authorization', authorization);
      expect([path, answer.status, codeOf(answer.body)]).toEqual([path, status, code]);
    }
  });

  it('make no tokens, revoke none and erase nothing, whatever their scopes', async () => {
    const { secret } = await make(ANN, { ...WISH, scopes: ['read', 'configure', 'connections'] });
    for (const [method, path] of [
      ['get', '/tokens'],
      ['post', '/tokens'],
      ['delete', '/tokens/x'],
      ['post', '/tenant/erase'],
    ] as const) {
      const answer = await request(app)[method](`/api/v1${path}`).set('Authorization', `Bearer ${secret}`);
      expect([path, answer.status, codeOf(answer.body)]).toEqual([path, 403, 'people-only']);
    }
    expect(audit.lines.filter(({ action }) => action === 'access.refused')).toHaveLength(4);
  });

  it('are revoked, by their own site alone', async () => {
    const { token, secret } = await make();
    const path = `/api/v1/tokens/${token.id}`;
    expect(codeOf((await request(app).delete(path).set('Authorization', BEN).expect(404)).body)).toBe('token-not-found');
    await request(app).get('/api/v1/audit').set('Authorization', `Bearer ${secret}`).expect(200);
    await request(app).delete(path).set('Authorization', ANN).expect(204);
    const refused = await request(app).get('/api/v1/audit').set('Authorization', `Bearer ${secret}`).expect(401);
    expect(codeOf(refused.body)).toBe('token-revoked');
    expect((await list()).tokens[0]?.state).toBe('revoked');
    expect(codeOf((await request(app).delete(path).set('Authorization', ANN).expect(404)).body)).toBe('token-not-found');
  });

  it.each([
    {},
    { ...WISH, name: ' ' },
    { ...WISH, scopes: [] },
    { ...WISH, scopes: ['everything'] },
    { ...WISH, scopes: ['read', 'read'] },
    { ...WISH, expiresInDays: 0 },
    { ...WISH, expiresInDays: 366 },
    { ...WISH, more: 1 },
  ])('are not made by %j', async (wish) => {
    const answer = await request(app).post('/api/v1/tokens').set('Authorization', ANN).send(wish).expect(400);
    expect(codeOf(answer.body)).toBe('body-invalid');
    expect((await list()).tokens).toEqual([]);
  });
});

describe('the audit log over HTTP', () => {
  it('is read by admins of the site and by tokens that may read, page by page', async () => {
    const { secret } = await make();
    for (let n = 0; n < 3; n += 1) {
      world.time.now += 1_000;
      await make();
    }
    const pageOf = async (who: string, query: string) =>
      auditPage.parse((await request(app).get(`/api/v1/audit${query}`).set('Authorization', who).expect(200)).body);
    const first = await pageOf(ANN, '?limit=3');
    expect(first.lines).toHaveLength(3);
    expect(first.lines[0]).toMatchObject({
      action: 'token.made',
      actor: { kind: 'person', id: 'ann' },
      detail: 'read',
      outcome: 'done',
    });
    const second = await pageOf(`Bearer ${secret}`, `?limit=3&before=${first.next}`);
    expect([second.lines.length, second.next]).toEqual([1, null]);
    expect((await pageOf(BEN, '')).lines).toEqual([]);
  });

  it.each(['?limit=0', '?limit=201', '?limit=x', '?before=yesterday', '?after=1'])('does not understand %s', async (query) => {
    const answer = await request(app).get(`/api/v1/audit${query}`).set('Authorization', ANN).expect(400);
    expect(codeOf(answer.body)).toBe('audit-query-invalid');
  });

  it('is not for admins of a space, nor for tokens that may not read; it says that they tried', async () => {
    const { secret } = await make(ANN, { ...WISH, scopes: ['configure'] });
    expect(codeOf((await request(app).get('/api/v1/audit').set('Authorization', ADA).expect(403)).body)).toBe('not-site-admin');
    const answer = await request(app).get('/api/v1/audit').set('Authorization', `Bearer ${secret}`).expect(403);
    expect(codeOf(answer.body)).toBe('scope-missing');
    const refused = audit.lines.filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ actor, detail }) => `${actor.kind} ${detail}`)).toEqual([
      'person not-site-admin',
      'token scope-missing',
    ]);
  });
});

describe('erasure on request', () => {
  it('happens when the admin of a site types its address', async () => {
    const { siteTenantId, connectionId } = world.acme.address;
    const wrong = await request(app)
      .post('/api/v1/tenant/erase')
      .set('Authorization', ANN)
      .send({ confirm: 'https://globex.atlassian.net' });
    expect([wrong.status, codeOf(wrong.body)]).toEqual([422, 'erasure-not-confirmed']);
    expect(left).toEqual([]);
    await request(app)
      .post('/api/v1/tenant/erase')
      .set('Authorization', ANN)
      .send({ confirm: 'https://ACME.atlassian.net/' })
      .expect(202);
    expect(left).toEqual([`${siteTenantId} ${connectionId} closed`, `${siteTenantId} erased at ${world.time.now}`]);
    expect(audit.lines.map(({ action }) => action)).toEqual(['tenant.left']);
  });
});
