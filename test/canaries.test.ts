import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunnableConfig } from '../app/compose-parts.ts';
import { type Running, run } from '../app/main.ts';
import { createLogger } from '../app/platform/logger.ts';
import { EVERYTHING, type PageApi, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { enterWrongly, knockWrongly, lookEverywhere, useApiTokens } from './canary-calls.ts';
import { connectInEveryWay, setUpOver } from './canary-connections.ts';
import { CONTENT, TYPED } from './canary-texts.ts';
import { type Door, dump, openDoor, openSealed, watchCalls } from './canary-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Canary, findLeaks } from './find-leaks.ts';
import { freePort } from './free-port.ts';
import { personAt } from './people.ts';
import { type Person, personOn, plain, twinsOf } from './person.ts';
import { control } from './remote-sites.ts';
import { settingsFor } from './settings-for.ts';
import { until } from './two-sites.ts';

/** The whole house takes part, all of it at the most talkative level; a busy machine may be slow. */
const TIMEOUT_MS = 180_000;

const CLIENT_ID = 'tandem-client';
const CLIENT_SECRET = `canary-client-secret-${randomBytes(12).toString('hex')}`;

interface Captured {
  readonly logs: string[];
  readonly urls: string[];
  readonly tables: Map<string, string[]>;
  readonly answers: Door['answers'];
  readonly secrets: readonly Canary[];
}

let world: Simulator;
let database: TestDatabase;
let door: Door;
let running: Running;
let config: RunnableConfig;
let support: PageApi;
let captured: Captured;
/** Shown once by the API to whoever asked for them, and never again. */
const shownOnce: Canary[] = [];

/** Ways in of every kind, and items that go over one of them. */
async function connectAndWork(): Promise<void> {
  const { acme } = world.sites;
  const { initech } = world.dataCenter;
  if (initech === undefined) throw new Error('It was asked for.');
  const redirectUris = [`${door.url}/oauth/callback`];
  await control(`${world.identity?.url}/__sim/apps`, {
    name: 'Tandem',
    redirectUris,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
  });
  const kit = { world, api: support, url: door.url, note: (canary: Canary) => void shownOnce.push(canary) };
  const { dataCenter } = await connectInEveryWay(kit, TYPED.secret);
  const synchronizationId = await setUpOver(support, dataCenter.connectionId, 'PLAT');
  await support('POST', `/synchronizations/${synchronizationId}/start`, { existingItems: 'leave' });
  // Whoever looks after connections does so when it is time: from here on initech tells of its changes.
  await until(() => initech.registry.webhooks.size > 0);
  const priya = personAt(acme);
  const a = priya.create('SUP', { summary: CONTENT.remote });
  await until(() => twinsOf(initech, a).length === 1);
  const [b] = twinsOf(initech, a);
  if (b === undefined) throw new Error('There is no twin.');
  priya.comment(a, CONTENT.remoteComment);
  await until(() => b.comments.length === 1);
  personAt(initech).edit(b, { summary: CONTENT.remoteEdit });
  await until(() => a.summary === CONTENT.remoteEdit);
  await control(`${initech.url}/__sim/revoke`, {});
  priya.edit(a, { summary: CONTENT.remoteLater });
  await until(async () => {
    await database.execute('UPDATE lane SET due_at = now() WHERE due_at > now() AND lease_until IS NULL', []);
    return (await dump(database)).get('remote_connection')?.some((line) => line.includes('"needs-authentication"')) === true;
  });
}

const readSettings = (url: string, port: number): RunnableConfig =>
  settingsFor({
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    TANDEM_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    CONNECT_KEYS_CDN_URL: world.keyServerUrl,
    CONNECT_ALL_JS_URL: `${world.sites.acme.url}/atlassian-connect/all.js`,
    ATLASSIAN_CLIENT_ID: CLIENT_ID,
    ATLASSIAN_CLIENT_SECRET: CLIENT_SECRET,
    ATLASSIAN_AUTH_URL: world.identity?.url ?? '',
    ATLASSIAN_API_URL: world.identity?.url ?? '',
  });

/** Items go both ways, with everything that can go wrong on the way. */
async function work(priya: Person, noah: Person): Promise<void> {
  const { acme, globex } = world.sites;
  const a = priya.create('SUP', 'Task', {
    summary: CONTENT.summary,
    description: plain(CONTENT.description),
    labels: [CONTENT.label],
  });
  await until(() => twinsOf(globex, a).length === 1);
  const [b] = twinsOf(globex, a);
  if (b === undefined) throw new Error('There is no twin.');
  priya.comment(a, plain(CONTENT.comment));
  personOn(acme).comment(a, plain(CONTENT.restricted), 'Administrators');
  await until(() => b.comments.length === 1);
  await world.idle();

  for (const { webhooks } of [acme, globex]) webhooks.change({ paused: true });
  priya.edit(a, { summary: CONTENT.loser });
  noah.edit(b, { summary: CONTENT.winner });
  for (const { webhooks } of [acme, globex]) webhooks.change({ paused: false });
  await until(() => a.summary === b.summary && a.summary !== CONTENT.summary);
  await until(async () => ((await dump(database)).get('kept_value') ?? []).length > 0);

  for (const fault of [
    { status: 401, times: 2 },
    { status: 500, times: 2 },
    { status: null, times: 1 },
    { status: 500, shape: 'html' as const, times: 1 },
    { status: 200, shape: 'half' as const, times: 1 },
  ]) {
    globex.faults.add({ when: 'before', ...fault });
  }
  priya.edit(a, { summary: CONTENT.outage });
  await until(async () => {
    await database.execute('UPDATE lane SET due_at = now() WHERE due_at > now() AND lease_until IS NULL', []);
    return b.summary === CONTENT.outage;
  });

  globex.faults.add({ method: 'PUT', when: 'before', status: 400, times: Number.POSITIVE_INFINITY });
  priya.edit(a, { summary: CONTENT.refused });
  await until(async () => (await dump(database)).get('history')?.some((line) => line.includes('parked')) === true);
  globex.faults.clear();
}

/** What deliveries of the sites without the app are proven by: the end of the address, and a secret where the site can sign. */
function webhookSecrets(): Canary[] {
  const ofDataCenter = Object.values(world.dataCenter).flatMap(({ registry }) => [...registry.webhooks.values()]);
  const { admin, dynamic } = world.sites.globex.webhooks;
  const ofCloud = [...[...admin.values()], ...[...dynamic.values()].map(({ url }) => ({ url, secret: null }))];
  return [...ofDataCenter, ...ofCloud].flatMap(({ url, secret }) => [
    { name: 'the address of a webhook', text: url.split('.').at(-1) ?? '' },
    ...(secret === null ? [] : [{ name: 'the secret of a webhook', text: secret }]),
  ]);
}

beforeAll(async () => {
  world = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {}, umbrella: {} }, identity: {} });
  database = await createTestDatabase();
  const port = await freePort();
  door = await openDoor(port);
  config = readSettings(door.url, port);
  const logs: string[] = [];
  const calls = watchCalls(door);
  running = await run(config, createLogger('debug', { write: (line) => void logs.push(line) }));
  const { acme, globex } = world.sites;
  for (const site of [acme, globex]) {
    const installed = await site.connect.install(`${door.url}/atlassian-connect.json`);
    if (!installed.ok) throw new Error(installed.detail);
  }
  support = pageApiOf(acme, 'SUP', door.url);
  const partner = { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' };
  const wish = { partner, name: 'Support and Engineering', description: '', content: EVERYTHING };
  await synchronizeSpaces(support, pageApiOf(globex, 'ENG', door.url), wish, 'leave');
  await work(personOn(acme, 'Priya Raman'), personOn(globex, 'Noah Becker'));
  await connectAndWork();
  await knockWrongly(door.url);
  await enterWrongly(support);
  shownOnce.push(await useApiTokens(door.url, support));
  shownOnce.push(...(await lookEverywhere(support, database)));
  const sealed = await openSealed(database, config);
  calls.stop();
  captured = {
    logs,
    urls: calls.urls,
    tables: await dump(database),
    answers: [...door.answers],
    secrets: [
      ...sealed,
      { name: 'the master key', text: config.encryptionKeys.current },
      { name: 'the client secret of our own app', text: CLIENT_SECRET },
      ...webhookSecrets(),
      ...[acme, globex].flatMap(({ connect }) =>
        [...connect.installations.values()].map((one) => ({ name: 'a shared secret', text: one.sharedSecret })),
      ),
    ],
  };
}, TIMEOUT_MS);

afterAll(async () => {
  await running?.stop();
  await door?.close();
  await world?.close();
  await database?.drop();
}, TIMEOUT_MS);

/** To who asked for it: a token and a link once, the page that a link leads to, and what lost a conflict to admins who look at it. */
const SHOWN_ON_PURPOSE = [
  /^API token in POST \/api\/v1\/tokens$/,
  /^a one-time link in POST \/api\/v1\/connections\/[0-9a-f-]{36}\/authentication-links$/,
  /^the (address|secret) of a webhook in POST \/api\/v1\/connections\/[0-9a-f-]{36}\/webhook\/secrets$/,
  /^a one-time link in (GET|POST) \/authenticate\/\S+$/,
  /^(loser|winner) in GET \/api\/v1\/synchronizations\/[0-9a-f-]{36}\/kept\/[0-9a-f-]{36}$/,
];

const content: readonly Canary[] = Object.entries(CONTENT).map(([name, text]) => ({ name, text }));
const typed: readonly Canary[] = Object.entries(TYPED).map(([name, text]) => ({ name: `typed ${name}`, text }));

describe('nothing secret and nothing that people wrote', () => {
  const forbidden = () => [...captured.secrets, ...shownOnce, ...content, ...typed];

  it('was there to be found, if anything leaks', () => {
    expect(captured.secrets.length).toBeGreaterThan(4);
    expect(captured.logs.length).toBeGreaterThan(30);
    expect(captured.urls.length).toBeGreaterThan(20);
    expect(captured.answers.length).toBeGreaterThan(20);
    const told = captured.answers.filter(
      ({ call, text }) => call.startsWith('POST /webhooks/connection/') && text.startsWith('2'),
    );
    expect(told.length).toBeGreaterThan(0);
    const tables = [...captured.tables].filter(([, lines]) => lines.length > 0).map(([name]) => name);
    expect(tables).toEqual(
      expect.arrayContaining(['connection', 'pair', 'piece', 'history', 'kept_value', 'audit', 'api_token']),
    );
  });

  it('is in the log', () => {
    expect(findLeaks(forbidden(), [{ name: 'the log', texts: captured.logs }])).toEqual([]);
  });

  it('is in the database', () => {
    const outlets = [...captured.tables].map(([name, texts]) => ({ name, texts }));
    expect(findLeaks(forbidden(), outlets)).toEqual([]);
  });

  it('is in an answer, but for what was asked for and is shown once', () => {
    const outlets = captured.answers.map(({ call: name, text }) => ({ name, texts: [text] }));
    const leaks = findLeaks(forbidden(), outlets);
    expect(leaks.filter((leak) => !SHOWN_ON_PURPOSE.some((known) => known.test(leak)))).toEqual([]);
    expect(SHOWN_ON_PURPOSE.filter((known) => !leaks.some((leak) => known.test(leak)))).toEqual([]);
  });

  it('is in an address that Tandem calls', () => {
    const outlets = [{ name: 'addresses', texts: captured.urls }];
    expect(findLeaks([...captured.secrets, ...shownOnce, ...content], outlets)).toEqual([]);
  });
});
