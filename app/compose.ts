import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { z } from 'zod';
import type { Config } from './config/read-config.ts';
import { createConnectTransports } from './connections/connect-jwt.ts';
import { createPostgresInstallationStore } from './connections/postgres-installation-store.ts';
import { rememberInstallations } from './connections/remember-installations.ts';
import { createSecretBox } from './connections/secret-box.ts';
import { createSiteDirectory } from './connections/site-directory.ts';
import { createTenantKeys } from './connections/tenant-keys.ts';
import { makeTrace, readTrace } from './connections/trace.ts';
import { createInstallKeys } from './hosts/connect/install-keys.ts';
import { createLifecycle } from './hosts/connect/lifecycle.ts';
import { renderDescriptor } from './hosts/connect/render-descriptor.ts';
import { createJwtVerifier } from './hosts/connect/verify-jwt.ts';
import { createAgents } from './jira/agents.ts';
import { createJiraHttp } from './jira/client.ts';
import { createSites } from './jira/reach-sites.ts';
import { createInbox } from './lanes/inbox.ts';
import { createLanes } from './lanes/lanes.ts';
import { turnLanes } from './lanes/turn-lanes.ts';
import { systemClock } from './platform/clock.ts';
import { createDatabase, type Database } from './platform/database.ts';
import { makeRandomId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { createScanSchedule } from './store/scan-schedule.ts';
import { createSynchronizationStore } from './store/synchronization-store.ts';
import { createTurnStore } from './store/turn-store.ts';
import { createAskSpaceAdmin } from './sync/ask-space-admin.ts';
import type { Lanes, SynchronizationStore } from './sync/ports.ts';
import { runScans } from './sync/run-scans.ts';
import { createSpaceNames } from './sync/space-names.ts';
import { stopSite } from './sync/stop-site.ts';
import { takeTurn } from './sync/take-turn.ts';
import type { TurnPorts } from './sync/turn.ts';
import { createWorker } from './sync/work-lanes.ts';
import { createApp } from './web/create-app.ts';
import { createApiGuard } from './web/guards.ts';
import { createApiRouter } from './web/routes/api-v1-router.ts';

/** A configuration with everything that running needs. */
export interface RunnableConfig extends Config {
  readonly databaseUrl: string;
  readonly encryptionKeys: NonNullable<Config['encryptionKeys']>;
}

/** One Tandem, wired and not yet running. Several can live in one process. */
export interface Tandem {
  /** The web role: listen with it. */
  readonly web: Express;
  /** The worker role: turns of lanes and overlap scans, until `signal` aborts and the turns in hand are done. */
  work(signal: AbortSignal): Promise<void>;
  /** What the worker works with, for whoever takes turns one by one. */
  readonly turns: TurnKit;
  readonly database: Database;
  close(): Promise<void>;
}

export interface TurnKit {
  readonly lanes: Lanes;
  readonly synchronizations: SynchronizationStore;
  readonly ports: TurnPorts;
}

/** Where the files are that come with the code. */
const ROOT = new URL('../', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(name, ROOT));

/** A connection to Jira that does not come about in this time is one to a site that is down. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Web and worker share the pool; a turn holds a connection only between its calls to Jira. */
const POOL_SIZE = 20;

/** The only place where adapters meet (docs/architecture.md). */
export async function compose(config: RunnableConfig, logger: Logger): Promise<Tandem> {
  const database = createDatabase({ url: config.databaseUrl, poolSize: POOL_SIZE, clock });
  const secrets = composeSecrets(config);
  const reach = composeReach(config, database, secrets);
  const memory = composeMemory(database, () => worker.nudge());
  const ports = composeTurnPorts(secrets, reach, memory);
  const worker = createWorker({
    lanes: memory.lanes,
    takeTurn: (claim, isOurs) => takeTurn(claim, ports, isOurs),
    clock,
    logger,
    concurrency: config.workerConcurrency,
  });
  const web = await composeWeb(config, logger, secrets, reach, memory);
  const scanPorts = { ...memory, sites: reach.sites, schedule: createScanSchedule(database), clock, logger };
  return {
    web,
    database,
    turns: { lanes: memory.lanes, synchronizations: memory.synchronizations, ports },
    async work(signal) {
      await Promise.all([worker.run(signal), runScans(scanPorts, signal)]);
    },
    async close() {
      reach.agents.close();
      await database.close();
    },
  };
}

const clock = systemClock;
const makeId = makeRandomId;

/** What the master keys open and what is derived from them. The oldest key is the one that fingerprints are made with. */
function composeSecrets({ encryptionKeys: { current, older } }: RunnableConfig) {
  return {
    secretBox: createSecretBox({ current: Buffer.from(current, 'hex'), older: older.map((key) => Buffer.from(key, 'hex')) }),
    keys: createTenantKeys(Buffer.from(older.at(-1) ?? current, 'hex')),
  };
}

type Secrets = ReturnType<typeof composeSecrets>;

/** The way to the sites that installed the app. */
function composeReach(config: RunnableConfig, database: Database, { secretBox }: Secrets) {
  const installations = rememberInstallations(createPostgresInstallationStore(database), clock);
  const agents = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const transports = createConnectTransports({ installations, secretBox, clock, appKey: config.appKey });
  const sites = createSites({ transports, http: createJiraHttp(agents), clock, record: () => undefined });
  return { installations, agents, sites };
}

type Reach = ReturnType<typeof composeReach>;

/** All that is remembered, and the ledger of work. `onWake` is called when a lane of this process became dirty. */
function composeMemory(database: Database, onWake: () => void) {
  return {
    database,
    synchronizations: createSynchronizationStore(database),
    lanes: createLanes({ database, onWake }),
    inbox: createInbox({ database, onWake }),
    turns: createTurnStore({ database, lanes: turnLanes, makeId, onWake }),
  };
}

type Memory = ReturnType<typeof composeMemory>;

function composeTurnPorts({ keys }: Secrets, { sites }: Reach, { turns }: Memory): TurnPorts {
  return {
    turns,
    sites,
    clock,
    makeId,
    random: Math.random,
    fingerprinter: keys.fingerprinter,
    makeTrace: makeTrace.bind(null, keys),
  };
}

async function composeWeb(
  config: RunnableConfig,
  logger: Logger,
  secrets: Secrets,
  reach: Reach,
  memory: Memory,
): Promise<Express> {
  const { publicUrl, appKey, connectScriptUrl, allowedSiteHosts } = config;
  const verifier = composeVerifier(config, secrets, reach);
  return createApp({
    descriptor: await renderDescriptor({
      descriptorPath: file('atlassian-connect.json'),
      configPath: file('config.json'),
      mode: config.mode,
      publicUrl,
      appKey,
    }),
    verifier,
    lifecycle: createLifecycle({
      installations: reach.installations,
      sealSecret: secrets.secretBox.seal,
      stopSite: (tenantId) => stopSite(tenantId, memory.synchronizations),
      makeId,
      clock,
      appKey,
      siteRule: { hosts: allowedSiteHosts, http: config.mode === 'production' ? 'never' : 'localhost-too' },
    }),
    inbox: memory.inbox,
    readTrace: readTrace.bind(null, secrets.keys),
    apiRouter: composeApi(verifier, reach, memory),
    findUnready: () => findUnready(memory.database),
    logger,
    makeId,
    publicUrl,
    connectScriptUrl,
    siteHosts: allowedSiteHosts,
    appVersion: readVersion(),
    folders: { views: file('views'), public: file('public') },
  });
}

function composeVerifier(config: RunnableConfig, { secretBox }: Secrets, { installations }: Reach) {
  return createJwtVerifier({
    installations,
    openSecret: ({ tenantId, sealedSecret }) => {
      const opened = secretBox.open(tenantId, sealedSecret);
      return opened.ok ? opened.value : null;
    },
    installKeys: createInstallKeys({ servers: config.installKeyServers, clock }),
    clock,
    baseUrl: config.publicUrl,
  });
}

function composeApi(
  verifier: ReturnType<typeof createJwtVerifier>,
  { sites, installations }: Reach,
  { synchronizations, lanes, turns }: Memory,
) {
  const askSpaceAdmin = createAskSpaceAdmin({ sites, clock });
  return createApiRouter({
    guard: createApiGuard(verifier, (context) => askSpaceAdmin({ ...context, siteTenantId: context.tenantId })),
    setUp: { sites, directory: createSiteDirectory(installations), synchronizations, lanes, clock, makeId },
    turns,
    names: createSpaceNames({ sites, clock }),
  });
}

/** The web role needs its database; Jira being away makes nothing unready. */
async function findUnready(database: Database): Promise<readonly string[]> {
  try {
    await database.rows('SELECT 1 AS one', [], z.object({ one: z.number() }));
    return [];
  } catch {
    return ['database'];
  }
}

const readVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file('package.json'), 'utf8'))).version;
