import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import { z } from 'zod';
import { createHostileResolve, FORBIDDEN_ADDRESSES } from './attacks/addresses.ts';
import { createProductionWorld, type Forbidden, openForbidden, type ProductionWorld } from './attacks/production-world.ts';
import { dump } from './canary-world.ts';
import { hashOf, signWithKey } from './fakes/connect-site.ts';

/*
 * Every place that takes the address of a site, in the app as production has it: what only the server can reach is not called, whatever way
 * it is written, named or looked up. Refused with a code that says why, and in the audit log.
 */
let world: ProductionWorld;
let forbidden: Forbidden;
let atFirst: unknown;
beforeAll(async () => {
  world = await createProductionWorld(createHostileResolve());
  forbidden = await openForbidden();
  atFirst = await readState();
});
afterAll(async () => {
  // Nothing that was entered is anywhere.
  expect(await readState()).toEqual(atFirst);
  await world.close();
  await forbidden.close();
});

const auditRow = z.object({ line: z.string() });
async function takeAudit(): Promise<string[]> {
  const sql = "SELECT concat_ws(' ', action, detail) AS line FROM audit WHERE outcome = 'refused' ORDER BY at, entry_id";
  const lines = await world.database.rows(sql, [], auditRow);
  await world.database.execute('DELETE FROM audit', []);
  return lines.map(({ line }) => line);
}
/** The hour of its last use, which is another one when the clock strikes. */
const LAST_USE = /"last_used_at": (null|"[^"]*")/;
async function readState(): Promise<unknown> {
  const tables = await dump(world.database);
  for (const table of ['audit', 'spent_points', 'quota', 'gate']) tables.delete(table);
  return new Map([...tables].map(([name, rows]) => [name, rows.map((row) => row.replace(LAST_USE, ''))]));
}

beforeEach(async () => {
  await takeAudit();
  forbidden.takeConnections();
});

const call = (method: 'GET' | 'POST', path: string, body?: object): Promise<Response> => {
  const asked = request(world.web)[method === 'GET' ? 'get' : 'post'](`/api/v1${path}`);
  void asked.set('Authorization', `Bearer ${world.token}`);
  return body === undefined ? asked.then((answer) => answer) : asked.send(body).then((answer) => answer);
};

const credentials = { kind: 'personal-token', token: 'secret-of-nobody' } as const;
const client = { name: 'Tandem', clientId: 'client', clientSecret: 'secret-of-nobody', scope: 'ADMIN' } as const;
const PLACES: readonly (readonly [string, (siteUrl: string) => Promise<Response>])[] = [
  ['a look at a site', (siteUrl) => call('POST', '/connections/probe', { siteUrl })],
  ['a connection by a token', (siteUrl) => call('POST', '/connections', { ...credentials, siteUrl })],
  [
    'a connection by a password',
    (siteUrl) => call('POST', '/connections', { kind: 'password', userName: 'a', password: 'b', siteUrl }),
  ],
  ['a connection by OAuth 1.0a', (siteUrl) => call('POST', '/connections', { kind: 'oauth1', siteUrl })],
  [
    'a connection by OAuth 2.0',
    (siteUrl) => call('POST', '/connections', { kind: 'oauth2-data-center', siteUrl, applicationLink: client }),
  ],
  ['a connection by consent at Atlassian', (siteUrl) => call('POST', '/connections', { kind: 'oauth2-cloud', siteUrl })],
];

describe.each(FORBIDDEN_ADDRESSES)('%s: %s', (_what, address, code) => {
  const typed = (): string => address.replace('{port}', String(forbidden.port));

  it('is not called, wherever it is entered', async () => {
    for (const [place, enter] of PLACES) {
      const { status, body } = await enter(typed());
      const noted = await takeAudit();
      expect([place, status, body.error?.code, noted]).toEqual([place, 422, code, [`address.refused ${code}`]]);
    }
    expect(forbidden.takeConnections()).toBe(0);
  });

  it('is not the address of a site that installs the app', async () => {
    const { clientKey, publicUrl, appKey, installKey } = world;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: clientKey, iat: now, exp: now + 180, qsh: hashOf('POST', '/installed'), aud: [publicUrl] };
    const answer = await request(world.web)
      .post('/installed')
      .set('Authorization', `JWT ${signWithKey({ header: { kid: 'of-the-test' }, claims }, installKey)}`)
      .send({ key: appKey, clientKey, sharedSecret: 'secret-of-whoever-attacks', baseUrl: typed() });
    expect([answer.status, answer.body.error?.code]).toEqual([403, 'site-not-allowed']);
    expect(await takeAudit()).toEqual(['site.refused site-not-allowed']);
  });

  it('is not called by a set-up, which keeps it as it was entered', async () => {
    const partner = { siteUrl: typed(), projectKey: 'ENG' };
    const begun = await call('POST', '/set-ups', { route: 'data-center', partner });
    expect([201, 400]).toContain(begun.status);
    if (begun.status === 201) {
      const finished = await call('POST', `/set-ups/${begun.body.setUpId}/finish`);
      expect([finished.status, finished.body.error?.code]).toEqual([409, 'set-up-unfinished']);
      await world.database.execute('DELETE FROM set_up', []);
    }
    expect(forbidden.takeConnections()).toBe(0);
  });
});

it('an operator’s own host that is allowed by its name is called, so that the rows above can tell', async () => {
  const open = await createProductionWorld(createHostileResolve(), { allowedPrivateHosts: ['loop.example'] });
  const answer = await request(open.web)
    .post('/api/v1/connections/probe')
    .set('Authorization', `Bearer ${open.token}`)
    .send({ siteUrl: `https://loop.example:${forbidden.port}` });
  await open.close();
  expect([answer.status, answer.body.error?.code]).toEqual([503, 'provider-unavailable']);
  expect(forbidden.takeConnections()).toBeGreaterThan(0);
});
