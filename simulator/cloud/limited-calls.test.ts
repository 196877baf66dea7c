import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { ALL_LIMITS } from '../limits/rate-limits.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import { type LittleApp, startLittleApp } from '../transport/little-app.ts';
import { type MemoryWorld, startMemoryWorld } from '../transport/memory-world.ts';

let world: MemoryWorld;
let app: LittleApp;
let acme: SimulatedSite;

beforeEach(async () => {
  world = await startMemoryWorld({ indexLagMs: 0 });
  app = await startLittleApp(world);
  [acme] = world.sites;
  acme.heart.ledger.reset();
});

afterEach(async () => {
  await world.simulator.close();
});

const edit = (n: number, issue = 'SUP-1') =>
  app.call(acme, 'PUT', `/rest/api/3/issue/${issue}`, { fields: { summary: `No ${n}` } });
const control = (method: string, path: string, data?: unknown) =>
  axios.request<unknown>({
    adapter: world.network.axiosAdapter,
    method,
    url: `${acme.url}/__sim${path}`,
    validateStatus: () => true,
    data,
  });

describe('limits of a site', () => {
  it('are off unless asked for', async () => {
    for (let n = 0; n < 30; n += 1) expect((await edit(n)).status).toBe(204);
    expect((await control('GET', '/limits')).data).toEqual({
      settings: { points: 'off', pointsPerHour: null, plan: 'standard', burst: false, issueWrites: false },
      quotas: [{ appKey: 'little-app', used: 0, limit: 65_000 }],
    });
  });

  it('per issue: the 21st write within two seconds is refused and does nothing; comments count as well, by key or by id', async () => {
    await control('PUT', '/limits', { issueWrites: true });
    for (let n = 0; n < 19; n += 1) expect((await edit(n, n % 2 === 0 ? 'SUP-1' : '10000')).status).toBe(204);
    const body = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] };
    expect((await app.call(acme, 'POST', '/rest/api/3/issue/SUP-1/comment', { body })).status).toBe(201);
    const refused = await edit(20);
    expect(refused).toMatchObject({
      status: 429,
      body: { errorMessages: ['Rate limit exceeded.'] },
      headers: { 'retry-after': '2', 'ratelimit-reason': 'jira-per-issue-on-write', 'x-ratelimit-remaining': '0' },
    });
    expect(acme.heart.issues.get('10000')?.summary).toBe('No 18');
    expect((await edit(21, 'SUP-2')).status).toBe(204);
    expect((await app.call(acme, 'GET', '/rest/api/3/issue/SUP-1')).status).toBe(200);
    await world.clock.advance(2_000);
    expect((await edit(22)).status).toBe(204);
  });

  it('points: the ledger’s prices are what the quota pays, until the hour is over', async () => {
    await control('PUT', '/limits', { points: 'global', pointsPerHour: 10 });
    const search = () => app.call(acme, 'POST', '/rest/api/3/search/jql', { jql: 'project = SUP', maxResults: 5 });
    expect((await search()).status).toBe(200);
    expect((await edit(1)).status).toBe(204);
    expect((await search()).status).toBe(200);
    const spent = acme.heart.ledger.points('app');
    expect(spent).toBeGreaterThanOrEqual(10);
    expect((await control('GET', '/limits')).data).toMatchObject({ quotas: [{ used: spent, limit: 10 }] });
    const refused = await edit(2);
    expect([refused.status, refused.headers['ratelimit-reason'], refused.headers['retry-after']]).toEqual([
      429,
      'jira-quota-global-based',
      '3600',
    ]);
    expect(acme.heart.ledger.entries.at(-1)).toMatchObject({ status: 429, points: 1, path: '/rest/api/3/issue/{issueIdOrKey}' });
    // A person's API token pays no points.
    const [user] = acme.heart.users.values();
    const basic = `Basic ${Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64')}`;
    expect((await app.call(acme, 'GET', '/rest/api/3/myself', undefined, { Authorization: basic })).status).toBe(200);
    await world.clock.advance(3_600_000);
    expect((await edit(3)).status).toBe(204);
  });

  it('points: a bulk creation costs one for each issue that it made', async () => {
    const fields = { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'One of many' };
    const bulk = (...issueUpdates: object[]) => app.call(acme, 'POST', '/rest/api/3/issue/bulk', { issueUpdates });
    for (const [updates, status, points] of [
      [[{ fields }, { fields }, { fields }], 201, 3],
      [[{ fields }, { fields: { ...fields, summary: '' } }, { fields }], 201, 2],
      [[{ fields: { ...fields, summary: '' } }], 400, 1],
    ] as const) {
      expect((await bulk(...updates)).status).toBe(status);
      expect(acme.heart.ledger.entries.at(-1)).toMatchObject({ points });
    }
  });

  it('points are one quota for both sites', async () => {
    const [, globex] = world.sites;
    for (const site of world.sites) site.limits.change({ points: 'global', pointsPerHour: 4 });
    for (let n = 0; n < 2; n += 1) expect((await app.call(acme, 'GET', '/rest/api/3/issue/SUP-1')).status).toBe(200);
    expect((await app.call(globex, 'GET', '/rest/api/3/issue/ENG-1')).status).toBe(429);
  });

  it('bursts: what is left is on every answer, and a browser is no client', async () => {
    acme.limits.change(ALL_LIMITS);
    const answers = await Promise.all(Array.from({ length: 101 }, () => app.call(acme, 'GET', '/rest/api/3/priority')));
    expect(answers.map(({ headers }) => Number(headers['x-ratelimit-remaining'])).slice(0, 3)).toEqual([99, 98, 97]);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    const [user] = acme.heart.users.values();
    const seen = await axios.get<unknown>(`${acme.url}/rest/api/3/priority`, {
      adapter: world.network.axiosAdapter,
      headers: { Cookie: `${sessionCookie(acme.heart)}=${user?.accountId}` },
    });
    expect([seen.status, seen.headers['x-ratelimit-remaining']]).toEqual([200, '99']);
  });

  it('a wrong setting is told', async () => {
    expect((await control('PUT', '/limits', { burst: 'yes' })).status).toBe(400);
  });
});

describe('faults by name, from outside', () => {
  it('are listed, begun and ended', async () => {
    const begun = await control('POST', '/named-faults', { name: 'clock-ahead' });
    expect([begun.status, begun.data, acme.control.skewMs]).toEqual([201, { id: '1' }, 600_000]);
    expect((await control('GET', '/named-faults')).data).toMatchObject({
      faults: expect.arrayContaining([{ name: 'stale-search', what: 'Search lags ten minutes behind.' }]),
      active: [{ id: '1', name: 'clock-ahead' }],
    });
    expect((await control('DELETE', '/named-faults/1')).status).toBe(204);
    expect([(await control('DELETE', '/named-faults/1')).status, acme.control.skewMs]).toEqual([404, 0]);
  });

  it.each([
    ['no-such', 400],
    ['option-renamed', 409],
  ])('%s: %i', async (name, status) => {
    expect((await control('POST', '/named-faults', { name })).status).toBe(status);
  });
});

describe('webhooks that failed', () => {
  it('are tried six times, 5 to 15 minutes apart, then listed for 72 hours', async () => {
    app.received.length = 0;
    app.answers.push(503, 500, 429, 408, 409, 425);
    const edited = world.clock.now();
    await edit(1);
    await world.clock.runUntilIdle();
    const times = app.received.map(({ at }) => at);
    expect(app.received.map(({ retry }) => retry)).toEqual([undefined, '1', '2', '3', '4', '5']);
    expect(new Set(app.received.map(({ id }) => id)).size).toBe(1);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? edited));
    for (const gap of gaps) expect([gap >= 300_000, gap <= 900_000]).toEqual([true, true]);
    const list = async () =>
      (await app.call(acme, 'GET', '/rest/api/3/webhook/failed')).body as { values: object[]; next?: string };
    const failed = await list();
    expect(failed).toMatchObject({ values: [{ id: app.received[0]?.id, failureTime: times.at(-1) }] });
    await world.clock.advance(72 * 3_600_000 - 1);
    expect((await list()).values).toHaveLength(1);
    await world.clock.advance(1);
    expect((await list()).values).toHaveLength(0);
  });

  it('come page by page, by the time of their failure', async () => {
    acme.webhooks.change({ maxRetries: 0 });
    app.answers.push(500, 500, 500);
    for (let n = 0; n < 3; n += 1) {
      await edit(n);
      await world.clock.advance(1000);
    }
    type Page = { readonly values: readonly { readonly failureTime: number }[]; readonly next?: string };
    const read = async (url: string) => (await app.call(acme, 'GET', url.replace(acme.url, ''))).body as Page;
    const first = await read('/rest/api/3/webhook/failed?maxResults=2');
    const second = await read(first.next ?? '');
    const third = await read(second.next ?? '');
    expect([first, second, third].map(({ values, next }) => [values.length, next !== undefined])).toEqual([
      [2, true],
      [1, true],
      [0, false],
    ]);
  });

  it('a refusal that is not retried is lost and not listed', async () => {
    app.received.length = 0;
    app.answers.push(400);
    await edit(1);
    await world.clock.runUntilIdle();
    expect(app.received).toHaveLength(1);
    expect((await app.call(acme, 'GET', '/rest/api/3/webhook/failed')).body).toMatchObject({ values: [] });
  });
});
