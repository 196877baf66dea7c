import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Connection, ConnectionHealth } from '../app/contract/connections.ts';
import type { SetUp } from '../app/contract/set-ups.ts';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { TermsBody } from '../app/contract/terms.ts';
import type { ConnectionId } from '../app/core/ids.ts';
import { EVERYTHING } from '../scripts/page-api.ts';
import { type Answered, type AttackWorld, type Call, createAttackWorld, type Tenant } from './attacks/attack-world.ts';
import { awaiting, callbackOf, consentTo, linkOf, openBrowser, press } from './attacks/consents.ts';
import { byPersonalToken } from './attacks/webhooks.ts';
import { consentAtDataCenter } from './remote-sites.ts';

/*
 * Two people, or one with two windows and little patience, do at the same moment what should be done one after the other.
 */
let attacks: AttackWorld;
beforeAll(async () => {
  attacks = await createAttackWorld();
}, 60_000);
afterAll(() => attacks.close());

const by = (tenant: Tenant, method: Call['method'], path: string, body?: unknown): Promise<Answered> =>
  attacks.send({
    ...{ method: method ?? 'GET', path: `/api/v1${path}`, headers: { authorization: `JWT ${tenant.contextToken()}` } },
    ...(body === undefined ? {} : { body }),
  });
const codesOf = (answers: readonly Answered[]): string[] =>
  answers.map(({ status, code }) => `${status} ${code}`.trim()).toSorted();

const request = () => ({
  partner: { kind: 'other-site', siteUrl: attacks.globex.site.url, projectKey: 'ENG' },
  name: 'Support and Engineering',
  description: '',
  content: EVERYTHING,
});
const requested = (): Promise<SynchronizationDetail> => attacks.acme.page('POST', '/synchronizations', request());
async function count(table: string): Promise<number> {
  const [row] = await attacks.database.rows(`SELECT count(*)::int AS n FROM ${table}`, [], z.object({ n: z.number() }));
  return row?.n ?? 0;
}
const clear = async (): Promise<void> => {
  for (const table of ['participation', 'synchronization', 'set_up']) await attacks.database.execute(`DELETE FROM ${table}`, []);
};
const nameAt = (userName: string): string =>
  [...attacks.initech.heart.users.values()].find((user) => user.userName === userName)?.displayName ?? '';

const ROUNDS = [1, 2, 3, 4, 5, 6];

describe('at the same moment', () => {
  it.each(ROUNDS)('[S10] a request is sent twice (round %i)', async () => {
    await clear();
    const answers = await Promise.all([1, 2, 3].map(() => by(attacks.acme, 'POST', '/synchronizations', request())));
    expect([codesOf(answers), await count('synchronization')]).toEqual([
      ['201', '409 already-synchronized', '409 already-synchronized'],
      1,
    ]);
  });

  it.each(ROUNDS)('both sides ask each other (round %i)', async () => {
    await clear();
    const back = { ...request(), partner: { kind: 'other-site', siteUrl: attacks.acme.site.url, projectKey: 'SUP' } };
    const answers = await Promise.all([
      by(attacks.acme, 'POST', '/synchronizations', request()),
      by(attacks.globex, 'POST', '/synchronizations', back),
    ]);
    expect([codesOf(answers), await count('synchronization')]).toEqual([['201', '409 already-synchronized'], 1]);
  });

  it.each(ROUNDS)('a set-up is finished twice (round %i)', async () => {
    await clear();
    const { partner, ...rest } = request();
    const { siteUrl, projectKey } = partner;
    const begun = await attacks.acme.page<SetUp>('POST', '/set-ups', {
      route: 'cloud-with-app',
      partner: { siteUrl, projectKey },
      ...rest,
      mode: 'immediate',
    });
    const answers = await Promise.all([1, 2].map(() => by(attacks.acme, 'POST', `/set-ups/${begun.setUpId}/finish`)));
    expect([codesOf(answers)[0], await count('synchronization'), await count('set_up')]).toEqual(['201', 1, 0]);
    expect(codesOf(answers)[1]).toMatch(/^409 already-synchronized$|^404 set-up-not-found$/);
  });

  it.each(ROUNDS)('[S10] accepted and declined (round %i)', async () => {
    await clear();
    const { synchronizationId: id } = await requested();
    const answers = await Promise.all([
      by(attacks.globex, 'POST', `/synchronizations/${id}/accept`),
      by(attacks.globex, 'POST', `/synchronizations/${id}/decline`, {}),
    ]);
    expect(codesOf(answers)).toEqual(['200', '409 state-forbids']);
  });

  it.each(ROUNDS)('accepted and withdrawn (round %i)', async () => {
    await clear();
    const { synchronizationId: id } = await requested();
    const answers = await Promise.all([
      by(attacks.globex, 'POST', `/synchronizations/${id}/accept`),
      by(attacks.acme, 'DELETE', `/synchronizations/${id}`),
    ]);
    // Withdrawn first, there is nothing to accept. Accepted first, it is no request that could be withdrawn; who asks only then deletes
    // what stands stopped, and the one who accepted is told that it stands, or that it is gone already.
    const isRefused = answers[1]?.status === 409;
    expect(['200,204', '200,409 state-forbids', '204,404 synchronization-not-found']).toContain(codesOf(answers).join());
    expect([await count('synchronization'), await count('participation')]).toEqual(isRefused ? [1, 2] : [0, 0]);
  });

  it.each(ROUNDS)('accepted twice (round %i)', async () => {
    await clear();
    const { synchronizationId: id } = await requested();
    const answers = await Promise.all([1, 2].map(() => by(attacks.globex, 'POST', `/synchronizations/${id}/accept`)));
    expect(codesOf(answers)).toEqual(['200', '409 state-forbids']);
  });

  it.each(ROUNDS)('two people let Tandem in as different users (round %i)', async () => {
    const connection = await awaiting(attacks, 'oauth2-data-center');
    const [ann, bob] = [openBrowser(attacks), openBrowser(attacks)];
    const first = await press(ann, await linkOf(attacks, connection, 'me'));
    const second = await press(bob, await linkOf(attacks, connection, 'somebody'));
    const [backOfAnn, backOfBob] = [
      await consentTo(attacks, 'oauth2-data-center', first),
      callbackOf(await consentAtDataCenter(attacks.initech, second, 'mwright')),
    ];
    const answers = await Promise.all([ann.get(backOfAnn), bob.get(backOfBob)]);
    expect(codesOf(answers)).toContain('200');
    const { connection: after, answers: works } = await attacks.acme.page<ConnectionHealth>(
      'GET',
      `/connections/${connection.connectionId}/health`,
    );
    const names = ['lduarte', 'mwright'].map((name) => nameAt(name));
    expect([after.state, works, names.includes(after.syncUser?.name ?? '')]).toEqual(['working', 'yes', true]);
    const open = await attacks.database.rows(
      'SELECT link_id::text AS line FROM authentication_link WHERE connection_id = $1 AND ended IS NULL',
      [connection.connectionId],
      z.object({ line: z.string() }),
    );
    expect(open).toEqual([]);
  });

  it.each(ROUNDS)('a connection is removed while a synchronization is made over it (round %i)', async () => {
    await clear();
    const connectionId = await byPersonalToken(attacks.acme, attacks.initech);
    const { partner: _partner, ...rest } = request();
    const sides = { A: { projectKey: 'SUP' }, B: { connectionId, projectKey: 'PLAT' } };
    const answers = await Promise.all([
      by(attacks.acme, 'POST', '/synchronizations', { ...rest, sides }),
      by(attacks.acme, 'DELETE', `/connections/${connectionId}`),
    ]);
    const left = await attacks.acme.page<{ connections: Connection[] }>('GET', '/connections');
    const isThere = left.connections.some((one) => one.connectionId === connectionId);

    expect(isThere).toBe((await count('synchronization')) === 1);
    expect(codesOf(answers).join()).not.toBe('201,204');
  });

  it.each(ROUNDS)('a draft is accepted while its maker replaces it (round %i)', async () => {
    await clear();
    const made = await attacks.acme.page<SynchronizationDetail>('POST', '/synchronizations', { ...request(), mode: 'review' });
    const path = `/synchronizations/${made.synchronizationId}`;
    await attacks.globex.page('POST', `${path}/accept`);
    const first = { ...EVERYTHING, comments: null };
    const second = { ...EVERYTHING, status: null };
    await attacks.acme.page('PATCH', path, { content: first });
    const { draft } = await attacks.globex.page<TermsBody>('GET', `${path}/terms`);
    const answers = await Promise.all([
      by(attacks.globex, 'POST', `${path}/terms/draft/answer`, { draftAt: draft?.draftAt, answer: 'accept' }),
      by(attacks.acme, 'PATCH', path, { content: second }),
    ]);
    const after = await attacks.globex.page<TermsBody>('GET', `${path}/terms`);
    // What counts is what was accepted, and nobody accepted the second one.
    expect(after.content.status).not.toBeNull();
    expect([answers[0]?.status === 200, after.content.comments === null]).toEqual(
      answers[0]?.status === 200 ? [true, true] : [false, false],
    );
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });
});

describe('again', () => {
  const event = (issueId: string, projectId: string | undefined) => ({
    webhookEvent: 'jira:issue_updated',
    timestamp: 1,
    issue: { id: issueId, key: 'SUP-1', fields: { project: { id: projectId } } },
  });
  const projectOf = (site: { readonly heart: AttackWorld['initech']['heart'] }, key: string): string | undefined =>
    [...site.heart.projects.values()].find((one) => one.key === key)?.id;
  const outcomeOf = ({ text }: Answered): string => /"code":"([a-z-]+)"/.exec(text)?.[1] ?? text;
  const stored = async () => [await count('inbox'), await count('lane')];

  it('a delivery counts once, from a site with the app and from one without', async () => {
    await clear();
    const connectionId = (await byPersonalToken(attacks.acme, attacks.initech)) as ConnectionId;
    const { partner: _partner, ...rest } = request();
    const sides = { A: { projectKey: 'SUP' }, B: { connectionId, projectKey: 'PLAT' } };
    const made = await attacks.acme.page<SynchronizationDetail>('POST', '/synchronizations', { ...rest, sides });
    await attacks.database.execute("UPDATE synchronization SET state = 'running'", []);
    await attacks.database.execute('UPDATE participation SET running = true', []);
    expect(made.status).toBe('stopped');

    const ofApp = event('10101', projectOf(attacks.acme.site, 'SUP'));
    const authorization = `JWT ${attacks.acme.siteToken('POST', '/webhooks/jira')}`;
    const headers = { authorization, 'x-atlassian-webhook-identifier': 'delivery-1' };
    const deliver = () => attacks.send({ method: 'POST', path: '/webhooks/jira', headers, body: ofApp });

    const addresses = attacks.secrets.webhookAddressesAt(attacks.url);
    const owner = { tenantId: attacks.acme.tenantId, connectionId };
    const body = JSON.stringify(event('10202', projectOf(attacks.initech, 'PLAT')));
    const signature = `sha256=${createHmac('sha256', addresses.secretOf(owner)).update(body).digest('hex')}`;
    const path = new URL(addresses.addressOf(owner)).pathname;
    const remote = { 'content-type': 'application/json', 'x-hub-signature': signature };
    const deliverRemote = () => attacks.send({ method: 'POST', path, headers: remote, body });

    for (const send of [deliver, deliverRemote]) {
      expect(outcomeOf(await send())).toBe('queued');
      const before = await stored();
      const again = await Promise.all([send(), send(), send()]);
      expect(again.map(outcomeOf)).toEqual(['duplicate', 'duplicate', 'duplicate']);
      expect(await stored()).toEqual(before);
    }
  });
});
