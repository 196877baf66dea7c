import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { z } from 'zod';
import type { Config } from './config/read-config.ts';
import { createConnectTransports } from './connections/connect-jwt.ts';
import { createPostgresInstallationStore } from './connections/postgres-installation-store.ts';
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
import { runScans } from './sync/run-scans.ts';
import { createSpaceNames } from './sync/space-names.ts';
import { stopSite } from './sync/stop-site.ts';
import { takeTurn } from './sync/take-turn.ts';
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
  readonly database: Database;
  close(): Promise<void>;
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
  const clock = systemClock;
  const makeId = makeRandomId;
  const database = createDatabase({ url: config.databaseUrl, poolSize: POOL_SIZE, clock });

  const { current, older } = config.encryptionKeys;
  const secretBox = createSecretBox({ current: Buffer.from(current, 'hex'), older: older.map((key) => Buffer.from(key, 'hex')) });
  const keys = createTenantKeys(Buffer.from(older.at(-1) ?? current, 'hex'));
  const installations = createPostgresInstallationStore(database);

  const agents = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const transports = createConnectTransports({ installations, secretBox, clock, appKey: config.appKey });
  const sites = createSites({ transports, http: createJiraHttp(agents), clock, record: () => undefined });

  const nudge = (): void => worker.nudge();
  const synchronizations = createSynchronizationStore(database);
  const lanes = createLanes({ database, onWake: nudge });
  const inbox = createInbox({ database, onWake: nudge });
  const turns = createTurnStore({ database, lanes: turnLanes, makeId, onWake: nudge });

  const turnPorts = {
    turns,
    sites,
    clock,
    makeId,
    random: Math.random,
    fingerprinter: keys.fingerprinter,
    makeTrace: makeTrace.bind(null, keys),
  };
  const worker = createWorker({
    lanes,
    takeTurn: (claim) => takeTurn(claim, turnPorts),
    clock,
    logger,
    concurrency: config.workerConcurrency,
  });

  const setUp = { sites, directory: createSiteDirectory(installations), synchronizations, lanes, clock, makeId };
  const verifier = createJwtVerifier({
    installations,
    openSecret: ({ tenantId, sealedSecret }) => {
      const opened = secretBox.open(tenantId, sealedSecret);
      return opened.ok ? opened.value : null;
    },
    installKeys: createInstallKeys({ servers: config.installKeyServers, clock }),
    clock,
    baseUrl: config.publicUrl,
  });
  const guard = createApiGuard(verifier, (context) => askSpaceAdmin({ ...context, siteTenantId: context.tenantId }));
  const askSpaceAdmin = createAskSpaceAdmin({ sites, clock });
  const web = createApp({
    descriptor: await renderDescriptor({
      descriptorPath: file('atlassian-connect.json'),
      configPath: file('config.json'),
      mode: config.mode,
      publicUrl: config.publicUrl,
      appKey: config.appKey,
    }),
    verifier,
    lifecycle: createLifecycle({
      installations,
      sealSecret: secretBox.seal,
      stopSite: (tenantId) => stopSite(tenantId, synchronizations),
      makeId,
      clock,
      appKey: config.appKey,
      siteRule: { hosts: config.allowedSiteHosts, http: config.mode === 'production' ? 'never' : 'localhost-too' },
    }),
    inbox,
    readTrace: readTrace.bind(null, keys),
    apiRouter: createApiRouter({ guard, setUp, turns, names: createSpaceNames({ sites, clock }) }),
    findUnready: () => findUnready(database),
    logger,
    makeId,
    publicUrl: config.publicUrl,
    connectScriptUrl: config.connectScriptUrl,
    siteHosts: config.allowedSiteHosts,
    appVersion: readVersion(),
    folders: { views: file('views'), public: file('public') },
  });

  return {
    web,
    database,
    async work(signal) {
      const schedule = createScanSchedule(database);
      await Promise.all([
        worker.run(signal),
        runScans({ synchronizations, schedule, turns, lanes, sites, clock, logger }, signal),
      ]);
    },
    async close() {
      agents.close();
      await database.close();
    },
  };
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
