import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createReportAccounts } from '../app/connections/report-to-atlassian.ts';
import { createSendHttp } from '../app/connections/send-http.ts';
import type { SignedTransport } from '../app/connections/transport.ts';
import { fail, succeed } from '../app/core/failure.ts';
import { createAgents } from '../app/jira/agents.ts';
import { createJiraHttp } from '../app/jira/client.ts';
import { ACCOUNT_SOURCES, createPersonalData } from '../app/store/personal-data.ts';
import { ERASED_ACCOUNT, type PersonalData } from '../app/sync/personal-data-ports.ts';
import { reportDue, runReporting } from '../app/sync/report-accounts.ts';
import { connection, tenant } from './contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { dropChecks } from './fill-tables.ts';

const told = z.object({ accounts: z.array(z.object({ accountId: z.string(), updatedAt: z.iso.datetime() })) });

/** What Atlassian knows of accounts, and what it was told. */
interface Atlassian {
  readonly calls: (readonly string[])[];
  readonly authorizations: (string | undefined)[];
  readonly states: Map<string, 'closed' | 'updated'>;
  /** Answers to give instead, one each. */
  readonly instead: { readonly status: number; readonly headers?: Record<string, string> }[];
  periodDays: string | null;
}

let atlassian: Atlassian;
let server: Server;
let apiUrl: string;
let database: TestDatabase;
let personalData: PersonalData;
const agents = createAgents({ connectTimeoutMs: 1_000 });

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const instead = atlassian.instead.shift();
      if (instead !== undefined) return response.writeHead(instead.status, instead.headers).end();
      if (request.method !== 'POST' || request.url !== '/app/report-accounts/') return response.writeHead(404).end();
      const ids = told.parse(JSON.parse(body)).accounts.map(({ accountId }) => accountId);
      atlassian.calls.push(ids);
      atlassian.authorizations.push(request.headers.authorization);
      if (ids.length > 90) return response.writeHead(400).end();
      const accounts = ids.flatMap((accountId) => {
        const status = atlassian.states.get(accountId);
        return status === undefined ? [] : [{ accountId, status }];
      });
      const headers = atlassian.periodDays === null ? {} : { 'Cycle-Period': atlassian.periodDays };
      if (accounts.length === 0) return response.writeHead(204, headers).end();
      return response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify({ accounts }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  apiUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  agents.close();
  server.close();
});

beforeEach(async () => {
  atlassian = { calls: [], authorizations: [], states: new Map(), instead: [], periodDays: null };
  database = await createTestDatabase();
  personalData = createPersonalData(database);
  await dropChecks(database);
  for (const n of [1, 2]) await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant(n)]);
});
afterEach(() => database.drop());

/** As if somebody of that tenant had done something. */
const act = (n: number, accountId: string) =>
  database.execute(
    `INSERT INTO audit (tenant_id, entry_id, at, actor_kind, actor_id, action, outcome)
     VALUES ($1, gen_random_uuid(), now(), 'person', $2, 'token.made', 'done')`,
    [tenant(n), accountId],
  );

const connectCloud = (syncUser: string) =>
  database.execute(
    `INSERT INTO remote_connection (
       tenant_id, connection_id, kind, site_url, api_url, product, state, since, sync_account_id, sync_name, created_at, webhook, due_at)
     VALUES ($1, $2, 'oauth2-cloud', 'https://x', 'https://x', 'cloud', 'working', now(), $3, 'Sync user', now(), '{}', 'infinity')`,
    [tenant(1), connection(1), syncUser],
  );

const transport: SignedTransport = {
  baseUrl: 'https://x',
  product: 'cloud',
  version: null,
  hasApp: false,
  address: 'vouched',
  authorize: async () => succeed({ Authorization: 'Bearer of-the-app' }),
  refused: async () => 'over',
};

let slept: number;
let lines: string[];
const ports = (knowsConnection = true) => {
  slept = 0;
  lines = [];
  const log = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return {
    personalData,
    report: createReportAccounts({
      personalData,
      transports: { reach: async () => (knowsConnection ? succeed(transport) : fail('gone')) },
      send: createSendHttp(createJiraHttp(agents).instance),
      apiUrl,
    }),
    clock: {
      now: () => 0,
      sleepUntil: async (at: number) => {
        slept = at;
      },
    },
    logger: { info: log, warn: log, error: log },
  };
};
const running = () => new AbortController().signal;
const actorsOf = async (n: number): Promise<readonly (string | null)[]> =>
  (
    await database.rows(
      'SELECT actor_id FROM audit WHERE tenant_id = $1 ORDER BY at',
      [tenant(n)],
      z.object({ actor_id: z.string() }),
    )
  ).map((row) => row.actor_id);
/** As if so many days had gone by. */
const age = (days: number) =>
  database.execute("UPDATE account_report SET reported_at = reported_at - $1::float8 * interval '1 day'", [days]);

describe('stored accounts of people', () => {
  it('are all reported, each once in a cycle however many tenants know it, 90 a call', async () => {
    await connectCloud('sync-user');
    for (let n = 0; n < 100; n += 1) await act(1, `account-${n}`);
    await act(2, 'account-7');
    await act(2, 'account-of-2');
    await reportDue(ports(), 7, running());
    expect(atlassian.calls.map((ids) => ids.length)).toEqual([90, 12]);
    const all = atlassian.calls.flat();
    expect(new Set(all).size).toBe(102);
    expect(all).toEqual(expect.arrayContaining(['sync-user', 'account-7', 'account-of-2']));
    expect(atlassian.authorizations[0]).toBe('Bearer of-the-app');

    await reportDue(ports(), 7, running());
    expect(atlassian.calls).toHaveLength(2);
    await act(1, 'new');
    await reportDue(ports(), 7, running());
    expect(atlassian.calls.at(-1)).toEqual(['new']);
    await age(7);
    await reportDue(ports(), 7, running());
    expect(atlassian.calls.slice(3).flat()).toHaveLength(103);
  });

  it('that were closed are forgotten everywhere, for every tenant', async () => {
    await connectCloud('gone');
    for (const n of [1, 2]) for (const who of ['gone', 'here']) await act(n, who);
    atlassian.states.set('gone', 'closed');
    await reportDue(ports(), 7, running());
    for (const n of [1, 2]) expect(await actorsOf(n)).toEqual([ERASED_ACCOUNT, 'here']);
    const nameRow = z.object({ sync_account_id: z.string(), sync_name: z.string() });
    expect(await database.rows('SELECT sync_account_id, sync_name FROM remote_connection', [], nameRow)).toEqual([
      { sync_account_id: ERASED_ACCOUNT, sync_name: ERASED_ACCOUNT },
    ]);
    await age(30);
    await reportDue(ports(), 7, running());
    expect(atlassian.calls.at(-1)).toEqual(['here']);
  });

  it('that changed have their names read anew', async () => {
    await connectCloud('renamed');
    atlassian.states.set('renamed', 'updated');
    await reportDue(ports(), 7, running());
    const due = await database.rows('SELECT due_at <= now() AS due FROM remote_connection', [], z.object({ due: z.boolean() }));
    expect(due).toEqual([{ due: true }]);
    const [stored] = await personalData.listDue(-1, 10);
    expect(stored?.updatedAt).toBeGreaterThan(0);
  });

  it('stay due while nobody answers, and are not reported before Atlassian wants to hear again', async () => {
    await connectCloud('sync-user');
    atlassian.instead.push({ status: 500 });
    await reportDue(ports(), 7, running());
    expect(atlassian.calls).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('unreachable')]);
    atlassian.instead.push({ status: 429, headers: { 'Retry-After': '30' } });
    await reportDue(ports(), 7, running());
    expect(slept).toBe(30_000);
    expect(atlassian.calls).toEqual([['sync-user']]);
    atlassian.instead.push({ status: 403 });
    await age(8);
    await reportDue(ports(), 7, running());
    expect(lines).toEqual([expect.stringContaining('refused')]);
  });

  it('are reported as often as Atlassian says', async () => {
    await connectCloud('sync-user');
    atlassian.periodDays = '3';
    const look = await personalData.claimLook(1_000);
    expect(look).toBe(7);
    await reportDue(ports(), look ?? 0, running());
    expect(await personalData.claimLook(60_000)).toBeNull();
    expect(await personalData.claimLook(0)).toBe(3);
  });

  it('are not reported without a consent that speaks for the app, and the log says so', async () => {
    await act(1, 'somebody');
    await reportDue(ports(), 7, running());
    expect(lines).toEqual([expect.stringContaining('no-way')]);
    await connectCloud('sync-user');
    await reportDue(ports(false), 7, running());
    expect(lines).toEqual([expect.stringContaining('no-way')]);
    expect(atlassian.calls).toEqual([]);
  });

  it('are looked after in cycles, by one process at a time, until it is told to end', async () => {
    await connectCloud('sync-user');
    const ending = new AbortController();
    const one = ports();
    const bothRest = Promise.withResolvers<void>();
    let resting = 0;
    const sleepUntil = (): Promise<void> => {
      resting += 1;
      if (resting === 2) {
        ending.abort();
        bothRest.resolve();
      }
      return bothRest.promise;
    };
    const clock = { ...one.clock, sleepUntil };
    await Promise.all([runReporting({ ...one, clock }, ending.signal), runReporting({ ...one, clock }, ending.signal)]);
    expect(atlassian.calls).toEqual([['sync-user']]);
  });

  it('have no place that is forgotten: every column that may hold one is known', async () => {
    // Points of a quota, tokens and connections; and what reporting itself remembers.
    const others = ['spent_points.account', 'authentication_link.asked_by_token', 'account_report.account_id'];
    const found = await database.rows(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'text' AND column_name ~ '(^|_)(by|account|account_id|actor_id|user|user_id)(_|$)'`,
      [],
      z.object({ name: z.string() }),
    );
    const known = ACCOUNT_SOURCES.map(({ table, column }) => `${table}.${column}`);
    expect(found.map(({ name }) => name).sort()).toEqual([...known, ...others].sort());
  });
});
