import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SimulatedBacktrace, startBacktrace } from './start-backtrace.ts';
import { fingerprintOf } from './tracker.ts';

type Json = Record<string, unknown>;

const TERRAIN = fingerprintOf(['Renderer::drawTerrain', 'Renderer::drawFrame', 'Game::tick', 'main']);
const SAVE = fingerprintOf(['SaveFile::read', 'Menu::load', 'Game::start', 'main']);
const ALL = { timestamp: [['at-least', '1']] };
const START = Date.UTC(2026, 0, 31);

let backtrace: SimulatedBacktrace;

beforeEach(async () => {
  backtrace = await startBacktrace({ clock: { now: () => START }, batchMs: 0 });
});
afterEach(async () => {
  await backtrace.close();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
  token = 'query-token-of-game',
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${backtrace.url}${path}`, {
    method,
    headers: { 'x-coroner-token': token, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Json) : { text } };
}
const query = async (body: unknown): Promise<Json> => (await call('POST', '/api/query?universe=acme&project=game', body)).body;
const issue = async (change: Json): Promise<Json> =>
  (await call('POST', '/api/issue?universe=acme&project=game', { project: 'game', ...change })).body;
const group = (fingerprint: string) => backtrace.tracker.projects.get('game')?.groups.get(fingerprint);
const crash = (version: string, callstack = ['Renderer::drawTerrain', 'Renderer::drawFrame', 'Game::tick', 'main']) =>
  call('POST', '/api/post?format=json&token=submit-token-of-game', {
    mainThread: 'main',
    threads: { main: { stack: callstack.map((funcName) => ({ funcName })) } },
    attributes: { version, hostname: 'player-1' },
  });

describe('who calls', () => {
  it('logs in by form and reaches every project with the session', async () => {
    const response = await fetch(`${backtrace.url}/api/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'ann', password: 'password-of-ann' }),
    });
    const { token } = (await response.json()) as { token: string };
    const launcher = await call('POST', '/api/query?universe=acme&project=launcher', { filter: [ALL] }, token);
    const users = await call('POST', '/api/bpg', { actions: [{ action: 'get', type: 'configuration/users' }] }, token);
    expect(launcher.body).toHaveProperty('response');
    expect(users.body).toMatchObject({
      results: [{ result: [{ uid: 17, username: 'ann' }, { username: 'bo' }, { username: 'cleo' }] }],
    });
  });

  it.each([
    ['a wrong token', '/api/query?universe=acme&project=game', 'nobody', 403, 'invalid token'],
    ["another project's token", '/api/query?universe=acme&project=game', 'query-token-of-launcher', 403, 'invalid token'],
    ['no such universe', '/api/query?universe=other&project=game', 'query-token-of-game', 200, "no such universe 'other'"],
    ['no such project', '/api/query?universe=acme&project=other', 'query-token-of-game', 200, "no such project 'other'"],
  ])('refuses %s', async (_name, path, token, status, message) => {
    const answer = await call('POST', path, { filter: [ALL] }, token);
    expect(answer).toMatchObject({ status, body: { error: { message } } });
  });

  it('keeps the list of users to administrators', async () => {
    const answer = await call('POST', '/api/bpg', { actions: [{ action: 'get', type: 'configuration/users' }] });
    expect(answer).toMatchObject({ status: 403, body: { error: { message: 'invalid token' } } });
  });

  it('says what it is made of, and how much was submitted', async () => {
    expect((await call('GET', '/api/config')).body).toMatchObject({ universe: 'acme', services: [{ name: 'issues' }] });
    expect((await call('GET', '/api/limits?universe=acme')).body).toMatchObject({
      limits: [{ submissions: { counter: 46, rejected: 0 } }],
    });
  });
});

describe('queries', () => {
  it('groups by fingerprint, with unsorted histograms and joined columns', async () => {
    const body = await query({
      filter: [{ ...ALL, fingerprint: [['equal', TERRAIN]] }],
      group: ['fingerprint'],
      fold: {
        timestamp: [['range']],
        version: [['histogram'], ['distribution', 2]],
        callstack: [['head']],
        'fingerprint;issues;state': [['head']],
        nothing: undefined,
      },
    });
    const { columns, values, pagination } = body['response'] as {
      columns: unknown;
      values: [string, unknown[][], number][];
      pagination: unknown;
    };
    expect(columns).toEqual([
      ['range(timestamp)', 'unix_timestamp'],
      ['histogram(version)', 'none'],
      ['distribution(version)', 'none'],
      ['head(callstack)', 'callstack'],
      ['head(fingerprint;issues;state)', 'none'],
    ]);
    expect(pagination).toEqual({ limit: 20, offset: 0 });
    const [key, [range, histogram, distribution, , state] = [], count] = values[0] ?? [];
    expect([key, count, state]).toEqual([TERRAIN, 35, ['open']]);
    expect(range).toHaveLength(2);
    expect(histogram).toEqual([
      ['1.2.3', 10],
      ['1.2.2', 1],
      ['1.1.0', 24],
    ]);
    expect(distribution).toEqual([
      {
        keys: 3,
        tail: 1,
        vals: [
          ['1.1.0', 24],
          ['1.2.3', 10],
        ],
      },
    ]);
  });

  it.each([
    [{ name: ';count', ordering: 'descending' }, [35, 6, 5]],
    [{ name: ';count', ordering: 'ascending' }, [5, 6, 35]],
    [{ name: 'version;0', ordering: 'ascending' }, [35, 5, 6]],
  ])('orders by %j', async (order, counts) => {
    const body = await query({ filter: [ALL], group: ['fingerprint'], fold: { version: [['min'], ['head']] }, order: [order] });
    const values = (body['response'] as { values: [string, unknown, number][] }).values;
    expect([...values.map(([, , count]) => count)].sort()).toEqual([...counts].sort());
    if (order.name === ';count') expect(values.map(([, , count]) => count)).toEqual(counts);
  });

  it('pages, and drops groups by what they come to', async () => {
    const asked = {
      filter: [ALL],
      group: ['fingerprint'],
      fold: { version: [['unique']] },
      order: [{ name: ';count', ordering: 'descending' }],
    };
    const second = await query({ ...asked, limit: 1, offset: 1 });
    const many = await query({ ...asked, having: [{ property: ['version;0;0'], op: '>=', params: [3] }] });
    expect(second['response']).toMatchObject({
      values: [[expect.any(String), [[1]], 6]],
      cardinalities: { initial: { global: 3 } },
    });
    expect(many['response']).toMatchObject({ values: [[TERRAIN, [[3]], 35]] });
  });

  it('freezes a snapshot by the number of the last report', async () => {
    const before = (await query({ filter: [ALL] }))['_'] as { tx: number };
    await crash('9.9.9');
    const frozen = await query({ filter: [{ ...ALL, _tx: [['at-most', before.tx]] }] });
    expect(frozen['response']).toMatchObject({ values: [['*', [], 46]] });
    expect((await query({ filter: [ALL] }))['response']).toMatchObject({ values: [['*', [], 47]] });
  });

  it('selects columns of the issues, run-length encoded', async () => {
    const body = await query({
      table: 'issues',
      select: ['fingerprint', 'state', 'ticket', 'invariant_reopen_count', 'last_modified'],
      filter: [{ last_modified: [['at-least', '1']] }],
      order: [{ name: 'id', ordering: 'ascending' }],
    });
    const { values, objects } = body['response'] as { values: unknown[][]; objects: unknown[][] };
    expect(objects).toEqual([
      [
        '*',
        [
          ['1', 1],
          ['2', 1],
          ['3', 1],
        ],
      ],
    ]);
    expect(values[1]).toEqual(['*', ['open', 1], ['in-progress', 1], ['open', 1]]);
    expect(values[3]).toEqual(['*', [0, 3]]);
    expect(values[4]).toEqual(['*', [START / 1000, 3]]);
  });

  it('writes state, tags and ticket, whatever the word', async () => {
    await query({
      table: 'issues',
      filter: [{ fingerprint: [['equal', TERRAIN]] }],
      set: { state: 'anything', tags: 'a b', ticket: 'https://jira.example/browse/G-1' },
    });
    expect(group(TERRAIN)).toMatchObject({ state: 'anything', tags: 'a b', ticket: 'https://jira.example/browse/G-1' });
    await query({ table: 'issues', filter: [{ fingerprint: [['equal', TERRAIN]] }], set: { ticket: null } });
    expect(group(TERRAIN)?.ticket).toBe('');
  });

  it('describes its attributes', async () => {
    const { body } = await call('POST', '/api/query?universe=acme&project=game&action=describe', {});
    const names = (body['describe'] as { name: string; custom: boolean }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['timestamp', 'fingerprint', 'version', 'hostname']));
    const { body: issues } = await call('POST', '/api/query?universe=acme&project=game&action=describe&table=issues', {});
    expect((issues['describe'] as { name: string }[]).map(({ name }) => name)).toContain('invariant_reopen_count');
  });

  it('joins groups and parts them again', async () => {
    const act = (type: string) => query({ actions: { fingerprint: [{ type, arguments: [TERRAIN, SAVE] }] } });
    const sizes = async () => {
      const body = await query({ filter: [ALL], group: ['fingerprint'], order: [{ name: ';count', ordering: 'descending' }] });
      return (body['response'] as { values: [string, unknown, number][] }).values.map(([, , count]) => count);
    };
    await act('merge');
    expect(await sizes()).toEqual([40, 6]);
    await act('unmerge');
    expect(await sizes()).toEqual([35, 6, 5]);
  });

  it.each([
    [
      'no filter that rejects missing data',
      { filter: [{ version: [['not-equal', 'x']] }] },
      'Query must contain at least one filter that rejects missing data',
    ],
    ['an unknown column', { filter: [ALL], group: ['nowhere'] }, 'nowhere: column not found'],
    ['a limit of nothing', { filter: [ALL], limit: 0 }, 'limit must be positive'],
    ['an offset below the start', { filter: [ALL], offset: -1 }, 'offset must be positive'],
    [
      'an unknown fold',
      { filter: [ALL], fold: { version: [['median']] } },
      "invalid parameter 'fold': unknown operator 'median'",
    ],
    ['a filter that is none', { filter: 'all' }, "invalid parameter 'filter'"],
  ])('refuses %s with status 200', async (_name, body, message) => {
    const answer = await call('POST', '/api/query?universe=acme&project=game', body);
    expect(answer).toMatchObject({ status: 200, body: { error: { message } } });
  });

  it.each([
    ['contains', '2.', 11],
    ['not-contains', '2.', 24],
    ['regular-expression', '^1\\.2', 11],
    ['inverse-regular-expression', '^1\\.2', 24],
    ['greater-than', '1.1.0', 11],
    ['less-than', '1.2', 24],
    ['is-set', undefined, 35],
    ['not-equal', '1.1.0', 11],
  ])('filters by %s', async (op, value, count) => {
    const condition = value === undefined ? [op] : [op, value];
    const body = await query({ filter: [{ fingerprint: [['equal', TERRAIN]], version: [condition] }] });
    expect((body['response'] as { values: [string, unknown, number][] }).values[0]?.[2]).toBe(count);
  });
});

describe('/api/issue', () => {
  const ann = { watcher: '_backtrace', assignees: [{ id: 17, username: 'ann' }] };
  const link = { watcher: 'jira-main', short: 'GAME-42', url: 'https://jira.example/browse/GAME-42', state: 'open' };

  it('answers each fingerprint by itself, JSON inside text', async () => {
    backtrace.wishes.failing.set(SAVE, 'locked');
    const body = await issue({
      fingerprint: [TERRAIN, SAVE, 'none'],
      tags: { action: 'set', value: 'backend crash-loop' },
      ticket: { action: 'set', assignee: 'set', value: [ann, link] },
    });
    const [first, second, third] = body['results'] as Json[];
    expect(first).toMatchObject({
      fingerprint: TERRAIN,
      state: 'in-progress',
      tags: 'backend crash-loop',
      invariants: '',
      blame: 'api-token',
    });
    expect(JSON.parse(String(first?.['ticket']))).toEqual([ann, link]);
    expect([second, third]).toEqual([
      { fingerprint: SAVE, error: 'locked' },
      { fingerprint: 'none', error: 'no such fingerprint' },
    ]);
  });

  it.each([
    ['open', [ann], 'in-progress'],
    ['open', [link], 'in-progress'],
    ['open', [{ watcher: '_backtrace', assignees: [] }], 'open'],
    ['resolved', [ann, link], 'resolved'],
    ['muted', [link], 'muted'],
  ])('%s becomes, once assigned or linked %j, %s', async (state, value, after) => {
    await issue({ fingerprint: [TERRAIN], state });
    await issue({ fingerprint: [TERRAIN], ticket: { action: 'set', assignee: 'set', value } });
    expect(group(TERRAIN)?.state).toBe(after);
  });

  it('falls back to open when the last assignee and link go', async () => {
    await issue({ fingerprint: [TERRAIN], ticket: { action: 'set', value: [ann] } });
    await issue({ fingerprint: [TERRAIN], ticket: { action: 'set', value: [{ watcher: '_backtrace', assignees: [] }] } });
    expect(group(TERRAIN)?.state).toBe('open');
  });

  it('refuses a list that is none', async () => {
    expect(await issue({ fingerprint: TERRAIN })).toMatchObject({ error: { message: "invalid parameter 'fingerprint'" } });
  });
});

describe('resolved until', () => {
  const gt = (version: string) => ({ type: 'version_gt', field: 'version', version });
  it.each([
    ['a later version', [gt('1.4.2')], '1.4.10', 'open'],
    ['the version itself', [gt('1.4.2')], '1.4.2', 'resolved'],
    ['an earlier version', [gt('1.4.2')], '1.4.1', 'resolved'],
    ['the version itself, when it counts', [{ ...gt('1.4.2'), type: 'version_ge' }], '1.4.2', 'open'],
    ['a release candidate of the version', [{ ...gt('1.4.2'), type: 'version_ge' }], '1.4.2-rc.1', 'resolved'],
    [
      'another line of releases',
      [{ type: 'and', children: [{ type: 'regular_expression', field: 'version', pattern: '^1\\.' }, gt('1.4.2')] }],
      '2.0.0',
      'resolved',
    ],
    ['one of several rules', [gt('9.0.0'), { type: 'timestamp_gt', timestamp: 1 }], '1.0.0', 'open'],
    ['no rules at all', [], '9.9.9', 'resolved'],
  ])('meets %s', async (_name, value, version, state) => {
    await issue({
      fingerprint: [TERRAIN],
      state: 'resolved',
      ticket: { action: 'set', value: [{ watcher: 'jira', url: 'https://jira.example/browse/G-1' }] },
      invariants: { action: 'set', value },
    });
    backtrace.tracker.advance(60);
    await crash(version);
    const now = group(TERRAIN);
    expect(now?.state).toBe(state);
    expect([now?.reopenCount, now?.reopenLastTime]).toEqual(state === 'open' ? [1, START / 1000 + 60] : [0, 0]);
  });
});

describe('submission', () => {
  it('takes a report in and shows it again', async () => {
    const { body } = await crash('2.0.0', ['New::thing', 'main']);
    expect(body).toMatchObject({ response: 'ok' });
    const shown = await call('GET', `/api/get?universe=acme&project=game&object=${String(body['_rxid'])}`);
    expect(shown.body).toMatchObject({
      attributes: { version: '2.0.0' },
      threads: { main: { stack: [{ funcName: 'New::thing' }, { funcName: 'main' }] } },
    });
  });

  it.each([
    ['a malformed report', '/api/post?format=json&token=submit-token-of-game', 400],
    ['a wrong token', '/api/post?format=json&token=other', 403],
    ['a wrong format', '/api/post?format=minidump&token=submit-token-of-game', 503],
    ['a wrong universe', '/other/submit-token-of-game/json', 503],
    ['a malformed report at the submission host', '/acme/submit-token-of-game/json', 400],
  ])('refuses %s', async (_name, path, status) => {
    expect((await call('POST', path, {})).status).toBe(status);
  });
});

describe('the outbound webhook', () => {
  it.each([
    ['group', 1],
    ['trace', 2],
  ] as const)('for every %s is sent with credentials, one for each group of a batch', async (event, count) => {
    const received: { authorization: string | undefined; body: Json }[] = [];
    const listener = http.createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      request.on('end', () => {
        received.push({ authorization: request.headers.authorization, body: JSON.parse(text) as Json });
        response.end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const url = `http://localhost:${(listener.address() as AddressInfo).port}/hook`;
    await call('POST', '/__sim/webhooks', { project: 'game', url, username: 'tandem', password: 'secret', event });
    await call('POST', '/__sim/errors', {
      project: 'game',
      callstack: ['Fresh::crash', 'main'],
      attributes: { version: '3.0.0' },
      count: 3,
    });
    await call('POST', '/__sim/errors', { project: 'game', callstack: ['SaveFile::read', 'Menu::load', 'Game::start', 'main'] });
    await call('POST', '/__sim/webhooks/flush');
    const fresh = received.filter(({ body }) => body['fingerprint'] === fingerprintOf(['Fresh::crash', 'main']));
    expect(new Set(received.map(({ body }) => body['fingerprint'])).size).toBe(count);
    expect(fresh.at(-1)).toMatchObject({
      authorization: `Basic ${Buffer.from('tandem:secret').toString('base64')}`,
      body: {
        universe: 'acme',
        project: 'game',
        occurrences: 3,
        callstack: ['Fresh::crash', 'main'],
        attributes: { version: [['3.0.0', 3]] },
      },
    });
    await new Promise<void>((resolve) => {
      listener.close(() => resolve());
      listener.closeAllConnections();
    });
  });
});

describe('control', () => {
  it.each([
    [{ kind: 'error', message: 'column not found' }, 200, { error: { message: 'column not found' } }],
    [{ kind: 'token' }, 403, { error: { message: 'invalid token' } }],
    [{ kind: 'status', status: 503 }, 503, { text: expect.stringContaining('<html>') }],
    [{ kind: 'slow', delayMs: 1 }, 200, { response: expect.anything() }],
  ])('a fault %j strikes once', async (fault, status, body) => {
    await call('POST', '/__sim/faults', { path: '/api/query', ...fault });
    expect(await call('POST', '/api/query?universe=acme&project=game', { filter: [ALL] })).toMatchObject({ status, body });
    expect(await query({ filter: [ALL] })).toHaveProperty('response');
    expect(backtrace.calls.map(({ path }) => path)).toEqual(['/api/query', '/api/query']);
  });

  it('cuts a connection', async () => {
    await call('POST', '/__sim/faults', { kind: 'drop' });
    await expect(query({ filter: [ALL] })).rejects.toThrow();
  });

  it('lets a person edit, time pass and the state be seen', async () => {
    await call('PUT', '/__sim/clock', { advanceSeconds: 3600 });
    await call('PUT', '/__sim/groups', { project: 'game', fingerprint: TERRAIN, state: 'muted', by: 'bo' });
    const { body } = await call('GET', '/__sim/state');
    expect(body).toMatchObject({ now: START / 1000 + 3600 });
    expect(group(TERRAIN)).toMatchObject({ state: 'muted', blame: 'bo', lastModified: START / 1000 + 3600 });
    expect((await call('GET', '/__sim/ledger')).body).toEqual({ calls: [] });
    expect((await call('PUT', '/__sim/groups', { project: 'game', fingerprint: 'none' })).status).toBe(404);
    expect((await call('POST', '/__sim/errors', { project: 'none', callstack: ['a'] })).status).toBe(404);
    expect((await call('POST', '/__sim/faults', { kind: 'unknown' })).status).toBe(400);
    expect((await call('DELETE', '/__sim/faults')).status).toBe(204);
  });

  it('the same seed gives the same universe', async () => {
    const again = await startBacktrace({ clock: { now: () => START } });
    expect([...(again.tracker.projects.get('game')?.objects ?? [])]).toEqual([
      ...(backtrace.tracker.projects.get('game')?.objects ?? []),
    ]);
    await again.close();
  });
});
