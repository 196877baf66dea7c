import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { AxiosHeaders } from 'axios';
import type { Express } from 'express';
import { assemble } from '../../app/compose.ts';
import { openPostgres } from '../../app/compose-memory.ts';
import { composeAddressRule } from '../../app/compose-parts.ts';
import { composeSecrets } from '../../app/compose-secrets.ts';
import { composeDescriptor } from '../../app/compose-web.ts';
import { type Config, readConfig } from '../../app/config/read-config.ts';
import { createPostgresInstallationStore } from '../../app/connections/postgres-installation-store.ts';
import { succeed } from '../../app/core/failure.ts';
import type { ConnectionId, TenantId } from '../../app/core/ids.ts';
import { createAgents } from '../../app/jira/agents.ts';
import { createJiraHttp } from '../../app/jira/client.ts';
import { systemClock } from '../../app/platform/clock.ts';
import { createGuardedAgents, createSiteAddressCheck, type ResolveHost } from '../../app/platform/guarded-agents.ts';
import { makeRandomId } from '../../app/platform/ids.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { makeApiToken } from '../../app/sync/manage-api-tokens.ts';
import { administrationOn } from '../../scripts/administration.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

/** Something on this machine that must never be called. */
export interface Forbidden {
  readonly port: number;
  /** Connections that it got since the last call. */
  takeConnections(): number;
  close(): Promise<void>;
}

export async function openForbidden(): Promise<Forbidden> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens.');
  return {
    port: address.port,
    takeConnections() {
      const seen = connections;
      connections = 0;
      return seen;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

export interface ProductionWorld {
  readonly web: Express;
  readonly database: TestDatabase;
  readonly tenantId: TenantId;
  readonly publicUrl: string;
  /** With which Atlassian signs installs here. */
  readonly installKey: KeyObject;
  readonly appKey: string;
  readonly clientKey: string;
  /** Of a program that may connect and configure. */
  readonly token: string;
  close(): Promise<void>;
}

const PUBLIC_URL = 'https://tandem.example';

function readProductionConfig(databaseUrl: string) {
  const file: unknown = JSON.parse(readFileSync(new URL('../../config.json', import.meta.url), 'utf8'));
  const encryptionKey = randomBytes(32).toString('hex');
  const environment = {
    NODE_ENV: 'production',
    PUBLIC_URL,
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: encryptionKey,
    LOG_LEVEL: 'error',
  };
  const read = readConfig(environment, file);
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  return { ...read.value, databaseUrl, encryptionKeys: { current: encryptionKey, older: [] } };
}

/** The app as production has it, but for the name server, and for the Jira of its one tenant, which knows nothing. */
export async function createProductionWorld(
  resolve: ResolveHost,
  changes: Partial<Pick<Config, 'allowedPrivateHosts'>> = {},
): Promise<ProductionWorld> {
  const database = await createTestDatabase();
  const config = { ...readProductionConfig(database.url), ...changes };
  const [clock, logger, secrets] = [systemClock, createLogger('silent'), composeSecrets(config)];
  const agents = createAgents({ connectTimeoutMs: 1_000 });
  const guard = { rule: composeAddressRule(config), resolve, connectTimeoutMs: 1_000 };
  const guarded = createGuardedAgents(guard);
  const http = createJiraHttp(agents);
  http.instance.defaults.adapter = async (request) => ({
    ...{ status: 404, data: '{}', statusText: '', headers: new AxiosHeaders(), config: request },
  });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const installations = createPostgresInstallationStore(database);
  const { web } = assemble(config, {
    ...{ clock, logger, secrets, installations, http },
    makeId: makeRandomId,
    random: () => 0.5,
    givenHttp: createJiraHttp(guarded),
    checkAddress: createSiteAddressCheck(guard),
    openMemory: (onWake) => openPostgres({ database, clock, logger, onWake }),
    installKeys: { readPem: async () => succeed(pem) },
    descriptor: await composeDescriptor(config),
  });
  const [tenantId, connectionId] = [makeRandomId() as TenantId, makeRandomId() as ConnectionId];
  const [baseUrl, clientKey] = ['https://acme.atlassian.net', 'acme'];
  await installations.record({
    ...{ tenantId, connectionId, clientKey, baseUrl, displayUrl: baseUrl, oauthClientId: null, state: 'enabled' },
    sealedSecret: secrets.secretBox.seal(tenantId, 'secret-of-acme-secret-of-acme'),
    installedAt: clock.now(),
    uninstalledAt: null,
  });
  const wanted = { name: 'attacker', scopes: ['read', 'configure', 'connections'], expiresInDays: 1 } as const;
  const made = await makeApiToken(administrationOn(database), tenantId, { kind: 'operator' }, wanted);
  if (!made.ok) throw new Error(made.failure);
  return {
    ...{ web, database, tenantId, clientKey },
    publicUrl: PUBLIC_URL,
    installKey: privateKey,
    appKey: config.appKey,
    token: made.value.text,
    async close() {
      agents.close();
      guarded.close();
      await database.drop();
    },
  };
}
