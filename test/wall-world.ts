import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AxiosHeaders } from 'axios';
import type { Express } from 'express';
import { assemble } from '../app/compose.ts';
import { openPostgres } from '../app/compose-memory.ts';
import { composeSecrets } from '../app/compose-secrets.ts';
import { composeDescriptor } from '../app/compose-web.ts';
import { readConfig } from '../app/config/read-config.ts';
import { createPostgresInstallationStore } from '../app/connections/postgres-installation-store.ts';
import { fail } from '../app/core/failure.ts';
import type { ConnectionId, TenantId } from '../app/core/ids.ts';
import { createAgents } from '../app/jira/agents.ts';
import { createJiraHttp } from '../app/jira/client.ts';
import { systemClock } from '../app/platform/clock.ts';
import type { Database, Statements, TenantDatabase } from '../app/platform/database.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createLogger } from '../app/platform/logger.ts';
import { makeApiToken } from '../app/sync/manage-api-tokens.ts';
import type { TokenScope } from '../app/sync/set-up-ports.ts';
import { administrationOn } from '../scripts/administration.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { signWithSecret } from './fakes/connect-site.ts';

/** A site that has the app, with a secret of its own. */
export interface WallSite {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly clientKey: string;
  readonly secret: string;
  readonly displayUrl: string;
  /** The space in which its admin opens Tandem. */
  readonly projectId: string;
}

export interface Work {
  readonly statements: number;
  readonly jiraCalls: number;
}

/** The whole app on real Postgres, with sites that say yes to everything they are asked about people. Time stands still. */
export interface WallWorld {
  readonly web: Express;
  readonly database: TestDatabase;
  addSite(name: string, projectId: string): Promise<WallSite>;
  addToken(tenantId: TenantId, scopes: readonly TokenScope[]): Promise<string>;
  /** A token as the page of a site's admin has it; `changes` make it another one. */
  contextToken(site: WallSite, changes?: Readonly<Record<string, unknown>>, secret?: string): string;
  readonly secrets: ReturnType<typeof composeSecrets>;
  readonly publicUrl: string;
  /** What was done since the last call. */
  takeWork(): Work;
  /** Complaints of the app so far. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Counts statements, also those behind a wall and in transactions. */
const countIn = (statements: Statements, count: () => void): Statements => ({
  rows(sql, bind, row) {
    count();
    return statements.rows(sql, bind, row);
  },
  execute(sql, bind) {
    count();
    return statements.execute(sql, bind);
  },
});

const countBehind = (database: TenantDatabase, count: () => void): TenantDatabase => ({
  ...countIn(database, count),
  transaction: (work) => database.transaction((statements) => work(countIn(statements, count))),
});

const countAll = (database: Database, count: () => void): Database => ({
  ...database,
  ...countBehind(database, count),
  forTenant: (tenantId) => countBehind(database.forTenant(tenantId), count),
});

const PUBLIC_URL = 'http://localhost:3000';

const readTestConfig = (databaseUrl: string) => {
  const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
  const encryptionKey = randomBytes(32).toString('hex');
  const environment = {
    NODE_ENV: 'test',
    PUBLIC_URL,
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: encryptionKey,
    LOG_LEVEL: 'error',
  };
  const read = readConfig(environment, file);
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  return { ...read.value, databaseUrl, encryptionKeys: { current: encryptionKey, older: [] } };
};

interface PermissionQuestion {
  readonly projectPermissions: readonly { readonly permissions: readonly string[]; readonly projects: readonly number[] }[];
}

/** Everybody may everything, and there is nothing else. */
const answerOfJira = (path: string, body: unknown): { status: number; data: unknown } => {
  if (!path.includes('/permissions/check')) return { status: 404, data: { errorMessages: ['Not here'] } };
  const { projectPermissions }: PermissionQuestion = JSON.parse(String(body));
  const granted = projectPermissions.flatMap(({ permissions, projects }) =>
    permissions.map((permission) => ({ permission, projects, issues: [] })),
  );
  return { status: 200, data: { globalPermissions: ['ADMINISTER'], projectPermissions: granted } };
};

export async function createWallWorld(): Promise<WallWorld> {
  const database = await createTestDatabase();
  const config = readTestConfig(database.url);
  let [statements, jiraCalls] = [0, 0];
  const counted = countAll(database, () => {
    statements += 1;
  });
  const now = systemClock.now();
  const clock = { now: () => now, sleepUntil: systemClock.sleepUntil };
  const agents = createAgents({ connectTimeoutMs: 1_000 });
  const http = createJiraHttp(agents);
  http.instance.defaults.adapter = async (request) => {
    jiraCalls += 1;
    const { status, data } = answerOfJira(request.url ?? '', request.data);
    return { status, data: JSON.stringify(data), statusText: '', headers: new AxiosHeaders(), config: request };
  };
  const complaints: string[] = [];
  const logger = createLogger('error', { write: (line) => void complaints.push(line) });
  const secrets = composeSecrets(config);
  const installations = createPostgresInstallationStore(counted);
  const { web } = assemble(config, {
    clock,
    makeId: makeRandomId,
    random: () => 0.5,
    logger,
    secrets,
    installations,
    http,
    givenHttp: http,
    checkAddress: async () => fail('address-unknown'),
    openMemory: (onWake) => openPostgres({ database: counted, clock, logger, onWake }),
    installKeys: { readPem: async () => fail('jwt-key-unknown') },
    descriptor: await composeDescriptor(config),
  });
  return {
    web,
    database,
    secrets,
    publicUrl: PUBLIC_URL,
    complaints,
    async addSite(name, projectId) {
      const [tenantId, connectionId] = [makeRandomId() as TenantId, makeRandomId() as ConnectionId];
      const secret = `secret-of-${name}-${'x'.repeat(20)}`;
      const displayUrl = `https://${name}.atlassian.net`;
      await installations.record({
        tenantId,
        connectionId,
        clientKey: name,
        baseUrl: displayUrl,
        displayUrl,
        sealedSecret: secrets.secretBox.seal(tenantId, secret),
        oauthClientId: null,
        state: 'enabled',
        installedAt: now,
        uninstalledAt: null,
      });
      return { tenantId, connectionId, clientKey: name, secret, displayUrl, projectId };
    },
    async addToken(tenantId, scopes) {
      const actor = { kind: 'operator' } as const;
      const made = await makeApiToken(administrationOn(database), tenantId, actor, { name: 'test', scopes, expiresInDays: 30 });
      if (!made.ok) throw new Error(made.failure);
      return made.value.text;
    },
    contextToken({ clientKey, secret, projectId }, changes = {}, signedWith = secret) {
      const seconds = Math.floor(now / 1000);
      const context = { jira: { project: { id: projectId, key: 'SPACE' } } };
      const times = { iat: seconds, exp: seconds + 600 };
      return signWithSecret(
        { claims: { iss: clientKey, sub: 'somebody', qsh: 'context-qsh', context, ...times, ...changes } },
        signedWith,
      );
    },
    takeWork() {
      const work = { statements, jiraCalls };
      [statements, jiraCalls] = [0, 0];
      return work;
    },
    async close() {
      agents.close();
      await database.drop();
    },
  };
}
