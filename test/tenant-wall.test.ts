import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { TenantId } from '../app/core/ids.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import { writeLinkToken } from '../app/sync/link-token.ts';
import { buildSynchronization, synchronizationId } from './contract/ledger-world.ts';
import { hashOf, signWithSecret } from './fakes/connect-site.ts';
import { dropChecks, FILLED_ID, FILLED_TEXT, fillEveryTable, readAllOf } from './fill-tables.ts';
import { listRoutes, type MountedRoute } from './list-routes.ts';
import { createWallWorld, type WallSite, type WallWorld, type Work } from './wall-world.ts';

/*
 * Everything that has an address is called by somebody of another tenant, with ids that exist and with ids that do not. Nothing may tell the
 * two apart: not the status, not the text, not the work that was done for the answer.
 */

/** Open, without an attempt, asked for by a program. */
const MEANINGFUL_LINK = `
  UPDATE authentication_link
     SET made_for = 'somebody', ended = NULL, asked_by_account = NULL, asked_in_connection = NULL,
         state_hash = NULL, browser_hash = NULL, sealed_attempt = NULL, attempt_until = NULL
   WHERE tenant_id = $1`;

let world: WallWorld;
let victim: WallSite;
let attacker: WallSite;
let attackersToken: string;
let victimsToken: string;
beforeAll(async () => {
  world = await createWallWorld();
  victim = await world.addSite('victim', '10001');
  attacker = await world.addSite('attacker', '10002');
  attackersToken = await world.addToken(attacker.tenantId, ['read', 'configure', 'connections']);
  victimsToken = await world.addToken(victim.tenantId, ['read', 'configure', 'connections']);
  await dropChecks(world.database);
  const { tenantId: siteTenantId, connectionId } = victim;
  const side = (projectId: string) => ({ siteTenantId, connectionId, projectId, projectKey: 'SECRET' }) as never;
  const sides = { A: side(victim.projectId), B: side('10003') };
  const secretOne = buildSynchronization({ tenantId: siteTenantId, name: FILLED_TEXT, state: 'stopped', sides });
  await createSynchronizationStore(world.database).insert(secretOne);
  await fillEveryTable(world.database, victim.tenantId);
  // What everybody's requests and the victim's own read has to make sense.
  for (const table of ['gate', 'quota', 'audit', 'brake', 'terms', 'terms_version'])
    await world.database.execute(`DELETE FROM ${table}`, []);
  await world.database.execute(MEANINGFUL_LINK, [victim.tenantId]);
  // Programs at work, which attempts of others do not keep out.
  for (const text of [attackersToken, victimsToken])
    await request(world.web).get('/api/v1/synchronizations').set('Authorization', `Bearer ${text}`).expect(200);
});
afterAll(() => world.close());

/** Ids of the victim, where an address takes one; and ids that nobody has. */
const NOBODY = '00000000-0000-4000-8000-0000000000ff';
const victims = (path: string): Record<string, string> => ({
  id: path.includes('/synchronizations/') ? synchronizationId(1) : FILLED_ID,
  kept: FILLED_ID,
  conflict: Buffer.from(`${FILLED_ID}`).toString('base64url'),
  number: '1',
});
const nobodys = (): Record<string, string> => ({
  id: NOBODY,
  kept: NOBODY,
  conflict: Buffer.from(NOBODY).toString('base64url'),
  number: '1',
});
const filled = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replace(/:(\w+)/g, (_all, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`What stands for :${name} in ${path}?`);
    return id;
  });

const OFFER = { types: null, fields: null, status: true, comments: true, authors: true };

/** What addresses with ids are sent, so that none is refused for its body. */
const BODIES: Readonly<Record<string, object>> = {
  'patch /api/v1/synchronizations/:id': { name: 'Taken over' },
  'post /api/v1/synchronizations/:id/start': { existingItems: 'leave' },
  'post /api/v1/synchronizations/:id/brake/release': { kind: 'clear', answer: 'carry-out' },
  'post /api/v1/synchronizations/:id/conflicts/:conflict/decide': { winner: 'A', since: '2027-01-15T08:00:00.000Z' },
  'put /api/v1/synchronizations/:id/terms/mode': { mode: 'review' },
  'put /api/v1/synchronizations/:id/terms/offer': OFFER,
  'post /api/v1/synchronizations/:id/terms/draft/answer': { draftAt: '2037-01-01T00:00:00.000Z', answer: 'accept' },
  'patch /api/v1/set-ups/:id': { name: 'Taken over' },
  'patch /api/v1/connections/:id': { applicationLink: { clientId: 'taken-over' } },
  'post /api/v1/connections/:id/webhook': { way: 'polling' },
  'post /api/v1/connections/:id/authentication-links': { for: 'me' },
};

type Caller = 'person' | 'token';
const authorizationOf = (caller: Caller): string =>
  caller === 'token' ? `Bearer ${attackersToken}` : `JWT ${world.contextToken(attacker)}`;

interface Seen extends Work {
  readonly status: number;
  readonly text: string;
}

/** An answer without what differs by nature: the request's id, and the ids that were sent. */
async function call(route: MountedRoute, path: string, authorization: string | null, body?: object): Promise<Seen> {
  const sending = request(world.web)[route.method as 'get'](path);
  if (authorization !== null) void sending.set('Authorization', authorization);
  if (body !== undefined) void sending.send(body);
  world.takeWork();
  const answer = await sending;
  const text = answer.text
    .replaceAll(/"(requestId|setUpId)":"[^"]*"/g, '')
    .replaceAll(NOBODY, '·')
    .replaceAll(FILLED_ID, '·')
    .replaceAll(synchronizationId(1), '·');
  return { status: answer.status, text, ...world.takeWork() };
}

const routes = (): readonly MountedRoute[] => listRoutes(world.web);
const nameOf = ({ method, path }: MountedRoute): string => `${method} ${path}`;
const ofApi = () => routes().filter(({ path }) => path.startsWith('/api/v1/'));
const withIds = () => ofApi().filter(({ path }) => path.includes(':'));

const leaks = (text: string): string[] =>
  [FILLED_TEXT, 'SECRET', victim.tenantId, victim.connectionId, victim.displayUrl, victim.secret].filter((word) =>
    text.includes(word),
  );

/** All that is stored of the victim, but for the log in which the attempts are to stand. */
async function readVictim(): Promise<unknown> {
  const all = new Map(await readAllOf(world.database, victim.tenantId));
  all.delete('audit');
  return [...all];
}

describe('the tenant wall', () => {
  it('is walked around everything that has an address', () => {
    expect(routes().map(nameOf)).toEqual(expect.arrayContaining(['post /installed', 'get /api/v1/audit', 'get /oauth/callback']));
    expect(ofApi().length).toBeGreaterThan(50);
  });

  it.each<[Caller]>([['person'], ['token']])(
    'gives a %s of another tenant nothing by any id, and no difference to ids that nobody has',
    async (caller) => {
      const before = await readVictim();
      const authorization = authorizationOf(caller);
      const wrong: unknown[] = [];
      for (const route of withIds()) {
        const body = BODIES[nameOf(route)];
        // What is looked up once in a while shall not differ between the calls that are compared.
        await call(route, filled(route.path, nobodys()), authorization, body);
        const theirs = await call(route, filled(route.path, victims(route.path)), authorization, body);
        const nothing = await call(route, filled(route.path, nobodys()), authorization, body);
        const isRefused = [403, 404, 409, 422].includes(theirs.status);
        if (!isRefused || leaks(theirs.text).length > 0 || JSON.stringify(theirs) !== JSON.stringify(nothing))
          wrong.push({ route: nameOf(route), theirs, nothing });
      }
      expect(wrong).toEqual([]);
      expect(await readVictim()).toEqual(before);
      expect(world.complaints).toEqual([]);
    },
  );

  it.each<[Caller]>([['person'], ['token']])(
    'gives a %s of another tenant nothing by ids in what is sent, either',
    async (caller) => {
      const before = await readVictim();
      const authorization = authorizationOf(caller);
      const own = { projectKey: 'SPACE' };
      const sent: readonly (readonly [string, (id: string) => object])[] = [
        ['/set-ups', (connectionId) => ({ route: 'any', partner: { connectionId, projectKey: 'SECRET' } })],
        ['/set-ups', (connectionId) => ({ route: 'any', own: { ...own, connectionId } })],
        [
          '/connections',
          (applicationLinkId) => ({
            kind: 'oauth2-data-center',
            siteUrl: 'https://8.8.8.8',
            applicationLink: { applicationLinkId },
          }),
        ],
      ];
      for (const [path, bodyOf] of sent) {
        const route = { method: 'post', path: `/api/v1${path}` };
        // What is looked up once in a while shall not differ between the calls that are compared.
        await call(route, route.path, authorization, bodyOf(NOBODY));
        const [theirs, nothing] = [
          await call(route, route.path, authorization, bodyOf(FILLED_ID)),
          await call(route, route.path, authorization, bodyOf(NOBODY)),
        ];
        expect([path, theirs]).toEqual([path, nothing]);
        // A person's own space is the one they are in, whatever is sent.
        expect([201, 403, 404, 409, 422]).toContain(theirs.status);
        expect(leaks(theirs.text)).toEqual([]);
      }
      expect(await readVictim()).toEqual(before);
      expect(world.complaints).toEqual([]);
    },
  );

  it('lets the victim itself reach what the others could not', async () => {
    const own = await request(world.web)
      .get(`/api/v1/synchronizations/${synchronizationId(1)}`)
      .set('Authorization', `JWT ${world.contextToken(victim)}`)
      .expect(200);
    expect(own.text).toContain(FILLED_TEXT);
    await request(world.web)
      .get(`/api/v1/synchronizations/${synchronizationId(1)}`)
      .set('Authorization', `Bearer ${victimsToken}`)
      .expect(200);
  });

  it.each<[Caller]>([['person'], ['token']])('shows a %s of another tenant nothing at addresses without ids', async (caller) => {
    const wrong: unknown[] = [];
    for (const route of ofApi().filter(({ method, path }) => method === 'get' && !path.includes(':'))) {
      const seen = await call(route, route.path, authorizationOf(caller));
      if (leaks(seen.text).length > 0 || seen.status >= 500) wrong.push({ route: nameOf(route), seen });
    }
    expect(wrong).toEqual([]);
  });

  it('refuses at every address of the API who shows nothing, or what is forged', async () => {
    const before = await readVictim();
    const [, secret = ''] = attackersToken.split(/_(?=[A-Za-z0-9_-]{43}$)/);
    const forged: readonly (readonly [string, string | null])[] = [
      ['nothing', null],
      ['the victim’s name under the attacker’s signature', `JWT ${world.contextToken(victim, {}, attacker.secret)}`],
      ['no signature', `JWT ${world.contextToken(victim).split('.').slice(0, 2).join('.')}.`],
      ['the victim’s token id with the attacker’s secret', `Bearer ${victimsToken.slice(0, -43)}${secret}`],
      [
        'the victim’s tenant in the attacker’s token',
        `Bearer tandem_${victim.tenantId.replaceAll('-', '')}${attackersToken.slice(39)}`,
      ],
      ['two tokens at once', `Bearer ${attackersToken}, Bearer ${victimsToken}`],
    ];
    const wrong: unknown[] = [];
    for (const route of ofApi())
      for (const [what, authorization] of forged) {
        const path = filled(route.path, victims(route.path));
        const seen = await call(route, path, authorization, BODIES[nameOf(route)]);
        if (![401, 429].includes(seen.status) || leaks(seen.text).length > 0) wrong.push({ route: nameOf(route), what, seen });
      }
    expect(wrong).toEqual([]);
    expect(await readVictim()).toEqual(before);
  });

  it('gives a token no more than its scopes, at any address', async () => {
    const onlyReads = `Bearer ${await world.addToken(attacker.tenantId, ['read'])}`;
    const wrong: unknown[] = [];
    for (const route of ofApi().filter(({ method }) => method !== 'get')) {
      const seen = await call(route, filled(route.path, nobodys()), onlyReads, BODIES[nameOf(route)] ?? {});
      if (![403, 422].includes(seen.status)) wrong.push({ route: nameOf(route), seen });
    }
    expect(wrong).toEqual([]);
  });

  it('believes no site that speaks for another', async () => {
    const before = await readVictim();
    const seconds = { iat: 0, exp: 9_999_999_999 };
    const wrong: unknown[] = [];
    for (const path of ['/installed', '/uninstalled', '/enabled', '/disabled', '/webhooks/jira']) {
      const route = { method: 'post', path };
      const claims = { iss: victim.clientKey, qsh: hashOf('POST', path), ...seconds };
      const body = {
        clientKey: victim.clientKey,
        key: 'com.tandem.jira',
        sharedSecret: attacker.secret,
        baseUrl: victim.displayUrl,
      };
      const own = { ...claims, iss: attacker.clientKey };
      for (const token of [signWithSecret({ claims }, attacker.secret), signWithSecret({ claims: own }, attacker.secret)]) {
        const seen = await call(route, path, `JWT ${token}`, body);
        // The attacker’s own webhook is authentic, and says nothing about anybody.
        const isOwnWebhook = path === '/webhooks/jira' && seen.status === 400;
        if ((seen.status !== 401 && !isOwnWebhook) || leaks(seen.text).length > 0) wrong.push({ path, seen });
      }
    }
    expect(wrong).toEqual([]);
    expect(await readVictim()).toEqual(before);
  });

  it('takes no events of one site for items of another', async () => {
    const before = await readVictim();
    const claims = { iss: attacker.clientKey, qsh: hashOf('POST', '/webhooks/jira'), iat: 0, exp: 9_999_999_999 };
    const issue = { id: '10101', key: 'SECRET-1', fields: { project: { id: victim.projectId, key: 'SECRET' } } };
    const answer = await request(world.web)
      .post('/webhooks/jira')
      .set('Authorization', `JWT ${signWithSecret({ claims }, attacker.secret)}`)
      .send({ webhookEvent: 'jira:issue_updated', timestamp: 1, issue })
      .expect(200);
    expect(answer.body.code).toBe('unconcerned');
    expect(await readVictim()).toEqual(before);
  });

  it('finds no connection or link by an address that was made up or altered', async () => {
    const addresses = world.secrets.webhookAddressesAt(world.publicUrl);
    const own =
      addresses
        .addressOf({ tenantId: attacker.tenantId, connectionId: FILLED_ID as never })
        .split('/')
        .at(-1) ?? '';
    const others = own.replace(attacker.tenantId, victim.tenantId);
    const secret = 'A'.repeat(43);
    const linkOf = (tenantId: TenantId, id: string): string => writeLinkToken({ tenantId, linkId: id as never, secret });
    const pairs: readonly (readonly [MountedRoute, string, string])[] = [
      [{ method: 'post', path: '/webhooks/connection/:token' }, others, others.replace(victim.tenantId, NOBODY)],
      [{ method: 'get', path: '/authenticate/:token' }, linkOf(victim.tenantId, FILLED_ID), linkOf(victim.tenantId, NOBODY)],
      [{ method: 'post', path: '/authenticate/:token' }, linkOf(victim.tenantId, FILLED_ID), linkOf(victim.tenantId, NOBODY)],
    ];
    for (const [route, theirs, nothing] of pairs) {
      const [one, other] = [
        await call(route, filled(route.path, { token: theirs }), null),
        await call(route, filled(route.path, { token: nothing }), null),
      ];
      expect([route.path, one.status]).toEqual([route.path, other.status]);
      expect(one.status).toBeGreaterThanOrEqual(400);
      expect(one.text.replaceAll(theirs, '·')).toBe(other.text.replaceAll(nothing, '·'));
      expect(leaks(one.text)).toEqual([]);
    }
  });

  it('says in the log of the victim that it was tried, and in nobody else’s', async () => {
    await request(world.web)
      .get('/api/v1/audit')
      .set('Authorization', `JWT ${world.contextToken(victim, {}, attacker.secret)}`)
      .expect(401);
    const log = await request(world.web).get('/api/v1/audit').set('Authorization', `Bearer ${victimsToken}`).expect(200);
    expect(log.body.lines).toContainEqual(
      expect.objectContaining({
        action: 'site.refused',
        detail: 'jwt-signature',
        outcome: 'refused',
        actor: { kind: 'stranger', id: null },
      }),
    );
    const other = await request(world.web).get('/api/v1/audit').set('Authorization', `Bearer ${attackersToken}`).expect(200);
    expect(other.text).not.toContain('jwt-signature');
  });
});
