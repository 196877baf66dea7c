import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import request, { type Response } from 'supertest';
import { z } from 'zod';
import type { RunnableConfig } from '../../app/compose-parts.ts';
import { composeSecrets } from '../../app/compose-secrets.ts';
import { readConfig } from '../../app/config/read-config.ts';
import type { ConnectionId, TenantId } from '../../app/core/ids.ts';
import { run } from '../../app/main.ts';
import { type Ed25519Pair, makeEd25519Pair } from '../../app/platform/ed25519.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { type PageApi, pageApiOf } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import type { SimulatedSite } from '../../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { dump } from '../canary-world.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { hashOf, signWithSecret } from '../fakes/connect-site.ts';
import { freePort } from '../free-port.ts';
import { APP } from '../remote-sites.ts';

/** A tenant: a Cloud site with the app, and what its calls are signed with. */
export interface Tenant {
  readonly name: 'acme' | 'globex';
  readonly site: SimulatedSite;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly clientKey: string;
  readonly secret: string;
  /** The API as an administrator of the site uses it, in the space SUP or ENG. */
  readonly page: PageApi;
  /** A context token of that administrator; `changes` make it another one. */
  contextToken(changes?: Readonly<Record<string, unknown>>, secret?: string): string;
  /** What the site signs its own calls with; without `target` the hash is the one of a context token. */
  siteToken(method: string, target: string, changes?: Readonly<Record<string, unknown>>, secret?: string): string;
}

export interface Answered {
  readonly status: number;
  /** Of JSON or of a page. */
  readonly code: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface AttackWorld {
  readonly world: Simulator;
  readonly initech: DataCenterSite;
  readonly umbrella: DataCenterSite;
  readonly url: string;
  readonly database: TestDatabase;
  readonly config: RunnableConfig;
  readonly secrets: ReturnType<typeof composeSecrets>;
  readonly issuer: Ed25519Pair;
  /** Whom the attacks are against, and who attacks. */
  readonly acme: Tenant;
  readonly globex: Tenant;
  send(call: Call): Promise<Answered>;
  /** All rows but those of the audit log, and of what was asked of Jira. */
  readState(but?: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** `acme access.refused not-space-admin`, since the last call. */
  takeAudit(): Promise<readonly string[]>;
  /** Lines of the process since the last call. */
  takeLog(): readonly string[];
  close(): Promise<void>;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, texts as they are. */
  readonly body?: unknown;
}

const COUNTERS = ['audit', 'spent_points', 'quota', 'gate'];

const auditRow = z.object({ line: z.string(), tenant: z.string() });
const installedRow = z.object({ tenantId: z.string(), connectionId: z.string() });

/** The app behind its web role, so that nothing changes by itself, with two tenants and two Data Center sites. */
export async function createAttackWorld(): Promise<AttackWorld> {
  const world = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {}, umbrella: {} }, identity: {} });
  const { initech, umbrella } = world.dataCenter;
  if (initech === undefined || umbrella === undefined) throw new Error('Both Data Center sites were asked for.');
  const database = await createTestDatabase();
  const issuer = makeEd25519Pair();
  const config = readAttackConfig(await freePort(), database.url, world, issuer.publicKey);
  const log: string[] = [];
  const running = await run(config, createLogger('info', { write: (line) => void log.push(line) }));
  await registerApp(world, config.publicUrl);
  const acme = await addTenant(world, database, 'acme', config.publicUrl);
  const globex = await addTenant(world, database, 'globex', config.publicUrl);
  const nameOf = (tenantId: string): string => (tenantId === acme.tenantId ? 'acme' : 'globex');
  return {
    ...{ world, initech, umbrella, database, config, issuer, acme, globex },
    url: config.publicUrl,
    secrets: composeSecrets(config),
    send: (call) => sendTo(config.publicUrl, call),
    async readState(but = '') {
      const tables = await dump(database);
      for (const table of [...COUNTERS, but]) tables.delete(table);
      return new Map([...tables].map(([name, rows]) => [name, rows.toSorted()]));
    },
    async takeAudit() {
      const sql =
        "SELECT tenant_id::text AS tenant, concat_ws(' ', action, detail) AS line FROM audit WHERE outcome = 'refused' ORDER BY at, entry_id";
      const lines = await database.rows(sql, [], auditRow);
      await database.execute('DELETE FROM audit', []);
      return lines.map(({ tenant, line }) => `${nameOf(tenant)} ${line}`);
    },
    takeLog: () => log.splice(0),
    async close() {
      await running.stop();
      await world.close();
      await database.drop();
    },
  };
}

function readAttackConfig(port: number, databaseUrl: string, world: Simulator, licenceKey: string): RunnableConfig {
  const identity = world.identity?.url ?? '';
  const encryptionKey = randomBytes(32).toString('hex');
  const environment = {
    NODE_ENV: 'test',
    ROLE: 'web',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: encryptionKey,
    CONNECT_KEYS_CDN_URL: world.keyServerUrl,
    CONNECT_ALL_JS_URL: `${world.sites.acme.url}/atlassian-connect/all.js`,
    ATLASSIAN_CLIENT_ID: APP.clientId,
    ATLASSIAN_CLIENT_SECRET: APP.clientSecret,
    ATLASSIAN_AUTH_URL: identity,
    ATLASSIAN_API_URL: identity,
    LICENCE_PUBLIC_KEY: licenceKey,
  };
  const read = readConfig(environment, JSON.parse(readFileSync(new URL('../../config.json', import.meta.url), 'utf8')));
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  return { ...read.value, databaseUrl, encryptionKeys: { current: encryptionKey, older: [] } };
}

async function registerApp({ identity }: Simulator, publicUrl: string): Promise<void> {
  await fetch(`${identity?.url}/__sim/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Tandem', redirectUris: [`${publicUrl}/oauth/callback`], ...APP }),
  });
}

const SPACES = { acme: 'SUP', globex: 'ENG' } as const;

async function addTenant(world: Simulator, database: TestDatabase, name: Tenant['name'], url: string): Promise<Tenant> {
  const site = world.sites[name];
  const installed = await site.connect.install(`${url}/atlassian-connect.json`);
  if (!installed.ok) throw new Error(installed.detail);
  const [installation] = site.connect.installations.values();
  if (installation === undefined) throw new Error('It was installed.');
  const { clientKey, sharedSecret: secret } = installation;
  const sql = 'SELECT tenant_id AS "tenantId", connection_id AS "connectionId" FROM connection WHERE client_key = $1';
  const [row] = await database.rows(sql, [clientKey], installedRow);
  const space = [...site.heart.projects.values()].find(({ key }) => key === SPACES[name]);
  const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  const times = () => ({ iat: Math.floor(site.heart.clock.now() / 1000), exp: Math.floor(site.heart.clock.now() / 1000) + 600 });
  const sign = (claims: object, signedWith: string): string =>
    signWithSecret({ claims: { iss: clientKey, ...claims } }, signedWith);
  return {
    ...{ name, site, clientKey, secret },
    tenantId: row?.tenantId as TenantId,
    connectionId: row?.connectionId as ConnectionId,
    page: pageApiOf(site, SPACES[name], url),
    contextToken(changes = {}, signedWith = secret) {
      const context = { jira: { project: { id: space?.id, key: space?.key } } };
      return sign({ sub: admin?.accountId, qsh: 'context-qsh', context, ...times(), ...changes }, signedWith);
    },
    siteToken: (method, target, changes = {}, signedWith = secret) =>
      sign({ qsh: hashOf(method, target), ...times(), ...changes }, signedWith),
  };
}

const codeIn = (text: string): string => /"code":"([a-z-]+)"/.exec(text)?.[1] ?? /<code>([a-z-]+)<\/code>/.exec(text)?.[1] ?? '';

async function sendTo(url: string, { method = 'GET', path, headers = {}, body }: Call): Promise<Answered> {
  const asked = request(url)[method.toLowerCase() as 'get'](path).redirects(0);
  if (typeof body === 'object') void asked.set('Content-Type', 'application/json');
  void asked.set(headers);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await (text === undefined ? asked : asked.send(text));
  return answeredOf(answer);
}

export const answeredOf = ({ status, text, headers }: Response): Answered => ({
  ...{ status, code: codeIn(text ?? ''), text: text ?? '', headers },
});

/** One attack, how it is answered, and where it is written down. */
export interface Attack {
  readonly title: string;
  /** Status and stable code: `401 jwt-signature`. */
  readonly answer: string;
  /**
   * The line of the audit log, with whose it is; or `log`, where no tenant is known or nobody's safety is concerned: the log of the process
   * alone has the code.
   */
  readonly noted: string;
  /** A table that may change, since the attack is an attempt that counts, and comes to nothing. */
  readonly touches?: string;
  /** What has to be there before, which is no part of the attack; what it hands out is given to `carryOut`. */
  prepare?(attacks: AttackWorld): Promise<string>;
  carryOut(attacks: AttackWorld, prepared: string): Promise<Answered>;
}
