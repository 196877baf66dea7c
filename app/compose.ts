import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import { z } from 'zod';
import type { Config } from './config/read-config.ts';
import { createConnectTransports } from './connections/connect-jwt.ts';
import type { InstallationStore } from './connections/installation-store.ts';
import { createItemBox } from './connections/item-box.ts';
import { createObservationBox } from './connections/observation-box.ts';
import { createPostgresInstallationStore } from './connections/postgres-installation-store.ts';
import { rememberInstallations } from './connections/remember-installations.ts';
import { createSecretBox } from './connections/secret-box.ts';
import { createSiteDirectory } from './connections/site-directory.ts';
import { createTenantKeys } from './connections/tenant-keys.ts';
import { makeTrace, readTrace } from './connections/trace.ts';
import type { TenantId } from './core/ids.ts';
import type { FieldValue } from './core/item.ts';
import { ITEM_PIECE } from './core/piece.ts';
import { createInstallKeys, type InstallKeys } from './hosts/connect/install-keys.ts';
import { createLifecycle } from './hosts/connect/lifecycle.ts';
import { type Descriptor, renderDescriptor } from './hosts/connect/render-descriptor.ts';
import { createJwtVerifier } from './hosts/connect/verify-jwt.ts';
import { createAgents } from './jira/agents.ts';
import { createJiraHttp, type JiraHttp } from './jira/client.ts';
import { readMaker, readObservation } from './jira/cloud/webhook-observation.ts';
import { createSites } from './jira/reach-sites.ts';
import { createInbox } from './lanes/inbox.ts';
import { createLanes } from './lanes/lanes.ts';
import { createQuotaStore } from './lanes/quota-store.ts';
import { turnLanes } from './lanes/turn-lanes.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { createDatabase, type Database } from './platform/database.ts';
import { type MakeId, makeRandomId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { createBackfills } from './store/backfills.ts';
import { createBrakes } from './store/brakes.ts';
import { readKeptText } from './store/kept-text.ts';
import { createKeptValues } from './store/kept-values.ts';
import { createOpenConflicts } from './store/open-conflicts.ts';
import { createParkedStore } from './store/parked-store.ts';
import { createRetention } from './store/retention.ts';
import { createScanMemory } from './store/scan-memory.ts';
import { createScanSchedule } from './store/scan-schedule.ts';
import { createSynchronizationStore } from './store/synchronization-store.ts';
import { createTurnStore } from './store/turn-store.ts';
import { createAskSpaceAdmin } from './sync/ask-space-admin.ts';
import type { Backfills } from './sync/backfill-ports.ts';
import type { Brakes } from './sync/brake-ports.ts';
import type { KeptValues, OpenConflicts } from './sync/conflict-ports.ts';
import type { ParkedStore, Retention, ScanMemory, ScanSchedule } from './sync/healing-ports.ts';
import { createQuota, type KeptQuota } from './sync/keep-quota.ts';
import { paceTurns } from './sync/pace-turns.ts';
import type { Inbox, Lanes, QuotaStore, SynchronizationStore, TurnStore } from './sync/ports.ts';
import { runRetries } from './sync/retry-parked.ts';
import { runBackfills } from './sync/run-backfills.ts';
import { runRetention } from './sync/run-retention.ts';
import { runScans } from './sync/run-scans.ts';
import { shareCalls } from './sync/share-calls.ts';
import { createSpaceNames } from './sync/space-names.ts';
import { stopSite } from './sync/stop-site.ts';
import { takeTurn } from './sync/take-turn.ts';
import type { TurnPorts } from './sync/turn.ts';
import { createWorker } from './sync/work-lanes.ts';
import { createApp } from './web/create-app.ts';
import { createApiGuard } from './web/guards.ts';
import { createApiRouter } from './web/routes/api-v1-router.ts';
import type { FindUnready } from './web/routes/health-get.ts';

/** A configuration with everything that running needs. */
export interface RunnableConfig extends Config {
  readonly databaseUrl: string;
  readonly encryptionKeys: NonNullable<Config['encryptionKeys']>;
}

/** What is remembered, and the ledger of work. */
export interface Memory {
  readonly synchronizations: SynchronizationStore;
  readonly lanes: Lanes;
  readonly inbox: Inbox;
  readonly turns: TurnStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly brakes: Brakes;
  readonly schedule: ScanSchedule;
  readonly quotas: QuotaStore;
  readonly scans: ScanMemory;
  readonly parked: ParkedStore;
  /** Null: existing items are found by overlap scans. */
  readonly backfills: Backfills | null;
  /** Null where nothing is kept for long. */
  readonly retention: Retention | null;
  /** What of it cannot be reached now. */
  readonly findUnready: FindUnready;
}

/** Everything by which a Tandem touches what is outside of its own code. The fault laboratory (lab/) brings its own. */
export interface Parts {
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly secrets: Secrets;
  readonly installations: InstallationStore;
  readonly http: JiraHttp;
  /** `onWake` is to be called when a lane of this process became dirty. */
  readonly openMemory: (onWake: () => void) => Memory;
  readonly installKeys: InstallKeys;
  readonly descriptor: Descriptor;
}

/** One Tandem, wired and not yet running. Several can live in one process. */
export interface Assembled {
  /** The web role: listen with it. */
  readonly web: Express;
  /** The worker role: turns of lanes and overlap scans, until `signal` aborts and the turns in hand are done. */
  work(signal: AbortSignal): Promise<void>;
  /** What the worker works with, for whoever takes turns one by one. */
  readonly turns: TurnKit;
}

/** {@link Assembled} on a database, the network and the machine's time. */
export interface Tandem extends Assembled {
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
const DAY_MS = 86_400_000;
/** Web and worker share the pool; a turn holds a connection only between its calls to Jira. */
const POOL_SIZE = 20;

/** The only place where adapters meet (docs/architecture.md). */
export async function compose(config: RunnableConfig, logger: Logger): Promise<Tandem> {
  const clock = systemClock;
  const database = createDatabase({ url: config.databaseUrl, poolSize: POOL_SIZE, clock });
  const agents = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const assembled = assemble(config, {
    clock,
    makeId: makeRandomId,
    random: Math.random,
    logger,
    secrets: composeSecrets(config),
    installations: createPostgresInstallationStore(database),
    http: createJiraHttp(agents),
    openMemory: (onWake) => openPostgres(database, onWake),
    installKeys: createInstallKeys({ servers: config.installKeyServers, clock }),
    descriptor: await composeDescriptor(config),
  });
  return {
    ...assembled,
    database,
    async close() {
      agents.close();
      await database.close();
    },
  };
}

/** Puts the parts together. */
export function assemble(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts): Assembled {
  const { clock, logger, random, makeId, secrets } = parts;
  const memory = parts.openMemory(() => worker.nudge());
  const quota = createQuota({ store: memory.quotas, clock, onError: (error) => sayQuotasAway(logger, error) });
  const reach = composeReach(config, parts, quota);
  const { fingerprinter, makeTrace, observations, items } = secrets;
  const ports: TurnPorts = {
    turns: memory.turns,
    brakes: memory.brakes,
    sites: shareCalls({
      sites: reach.sites,
      clock,
      makeSharedTrace: (siteTenantId, synchronizationId) => makeTrace(siteTenantId, synchronizationId, null, [ITEM_PIECE]),
    }),
    clock,
    makeId,
    random,
    fingerprinter,
    makeTrace,
    openObservation: observations.open,
    openListed: items.open,
    seal: secrets.secretBox.seal,
    keepValuesMs: config.keepLostValuesDays * DAY_MS,
  };
  const worker = createWorker({
    lanes: memory.lanes,
    takeTurn: paceTurns((claim, isOurs) => takeTurn(claim, ports, isOurs), ports),
    clock,
    logger,
    concurrency: config.workerConcurrency,
  });
  return {
    web: composeWeb(config, parts, reach, memory),
    turns: { lanes: memory.lanes, synchronizations: memory.synchronizations, ports },
    async work(signal) {
      await Promise.all([
        worker.run(signal),
        quota.run(signal),
        runScans(
          { ...memory, sites: reach.sites, fingerprinter, clock, random, logger, backfilled: memory.backfills !== null },
          signal,
        ),
        runRetries({ ...memory, clock, logger }, signal),
        ...(memory.backfills === null
          ? []
          : [
              runBackfills(
                { ...memory, backfills: memory.backfills, sites: reach.sites, sealItem: items.seal, clock, logger },
                signal,
              ),
            ]),
        ...(memory.retention === null ? [] : [runRetention({ retention: memory.retention, clock, logger }, signal)]),
      ]);
    },
  };
}

/** What the master keys open and what is derived from them. The oldest key is the one that fingerprints are made with. */
export function composeSecrets({ encryptionKeys: { current, older } }: Pick<RunnableConfig, 'encryptionKeys'>) {
  const keys = createTenantKeys(Buffer.from(older.at(-1) ?? current, 'hex'));
  const secretBox = createSecretBox({ current: Buffer.from(current, 'hex'), older: older.map((key) => Buffer.from(key, 'hex')) });
  return {
    secretBox,
    observations: createObservationBox(secretBox),
    items: createItemBox(secretBox),
    fingerprinter: keys.fingerprinter,
    makeTrace: makeTrace.bind(null, keys),
    readTrace: readTrace.bind(null, keys),
  };
}

export type Secrets = ReturnType<typeof composeSecrets>;

/** The descriptor as this configuration has it. */
export const composeDescriptor = ({ mode, publicUrl, appKey }: Pick<Config, 'mode' | 'publicUrl' | 'appKey'>) =>
  renderDescriptor({
    descriptorPath: file('atlassian-connect.json'),
    configPath: file('config.json'),
    mode,
    publicUrl,
    appKey,
  });

const sayQuotasAway = (logger: Logger, error: unknown): void =>
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Quotas could not be looked up or written down');

/** The way to the sites that installed the app. */
function composeReach(
  { appKey }: Pick<Config, 'appKey'>,
  { installations: store, http, clock, secrets }: Parts,
  quota: KeptQuota,
) {
  const installations = rememberInstallations(store, clock);
  const transports = createConnectTransports({ installations, secretBox: secrets.secretBox, clock, appKey });
  return { installations, sites: createSites({ transports, http, clock, quota, record: () => undefined }) };
}

type Reach = ReturnType<typeof composeReach>;

const openPostgres = (database: Database, onWake: () => void): Memory => ({
  synchronizations: createSynchronizationStore(database),
  lanes: createLanes({ database, onWake }),
  inbox: createInbox({ database, onWake }),
  turns: createTurnStore({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
  kept: createKeptValues({ database, makeId: makeRandomId }),
  conflicts: createOpenConflicts({ database, lanes: turnLanes, onWake }),
  brakes: createBrakes({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
  schedule: createScanSchedule(database),
  quotas: createQuotaStore(database),
  scans: createScanMemory(database),
  parked: createParkedStore(database),
  backfills: createBackfills(database),
  retention: createRetention(database),
  findUnready: () => findUnready(database),
});

function composeWeb(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts, reach: Reach, memory: Memory): Express {
  const { publicUrl, appKey, connectScriptUrl, allowedSiteHosts } = config;
  const { secrets, clock, makeId, logger, descriptor } = parts;
  const verifier = composeVerifier(config, parts, reach);
  return createApp({
    descriptor,
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
    readTrace: secrets.readTrace,
    readMaker,
    observe(siteTenantId, webhook) {
      const observation = readObservation(webhook);
      return observation === null ? null : secrets.observations.seal(siteTenantId, observation);
    },
    apiRouter: composeApi(verifier, parts, reach, memory),
    findUnready: memory.findUnready,
    logger,
    makeId,
    publicUrl,
    connectScriptUrl,
    siteHosts: allowedSiteHosts,
    appVersion: readVersion(),
    folders: { views: file('views'), public: file('public') },
  });
}

function composeVerifier(
  config: Omit<RunnableConfig, 'databaseUrl'>,
  { secrets, clock, installKeys }: Parts,
  { installations }: Reach,
) {
  return createJwtVerifier({
    installations,
    openSecret: ({ tenantId, sealedSecret }) => {
      const opened = secrets.secretBox.open(tenantId, sealedSecret);
      return opened.ok ? opened.value : null;
    },
    installKeys,
    clock,
    baseUrl: config.publicUrl,
  });
}

function composeApi(
  verifier: ReturnType<typeof createJwtVerifier>,
  { clock, makeId, secrets }: Parts,
  { sites, installations }: Reach,
  { synchronizations, lanes, turns, kept, conflicts, brakes, parked, scans }: Memory,
) {
  const askSpaceAdmin = createAskSpaceAdmin({ sites, clock });
  return createApiRouter({
    guard: createApiGuard(verifier, (context) => askSpaceAdmin({ ...context, siteTenantId: context.tenantId })),
    setUp: { sites, directory: createSiteDirectory(installations), synchronizations, lanes, clock, makeId },
    turns,
    names: createSpaceNames({ sites, clock }),
    conflicts: { sites, synchronizations, kept, conflicts, clock, openValue: openValueWith(secrets) },
    brakes,
    healing: { parked, lanes, clock, scans },
  });
}

/** A value that lost a conflict, out of its seal. */
const openValueWith =
  ({ secretBox }: Secrets) =>
  (tenantId: TenantId, sealed: string): FieldValue | null => {
    const opened = secretBox.open(tenantId, sealed);
    return opened.ok ? readKeptText(opened.value) : null;
  };

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
