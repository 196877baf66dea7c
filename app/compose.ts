import { readFileSync } from 'node:fs';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { fileURLToPath } from 'node:url';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Express } from 'express';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { z } from 'zod';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Config } from './config/read-config.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createConnectTransports } from './connections/connect-jwt.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { InstallationStore } from './connections/installation-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createObservationBox } from './connections/observation-box.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPostgresInstallationStore } from './connections/postgres-installation-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { rememberInstallations } from './connections/remember-installations.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createSecretBox } from './connections/secret-box.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createSiteDirectory } from './connections/site-directory.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createTenantKeys } from './connections/tenant-keys.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { makeTrace, readTrace } from './connections/trace.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { TenantId } from './core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { FieldValue } from './core/item.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createInstallKeys, type InstallKeys } from './hosts/connect/install-keys.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createLifecycle } from './hosts/connect/lifecycle.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Descriptor, renderDescriptor } from './hosts/connect/render-descriptor.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJwtVerifier } from './hosts/connect/verify-jwt.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createAgents } from './jira/agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraHttp, type JiraHttp } from './jira/client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { readObservation } from './jira/cloud/webhook-observation.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createSites } from './jira/reach-sites.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createInbox } from './lanes/inbox.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createLanes } from './lanes/lanes.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createQuotaStore } from './lanes/quota-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { turnLanes } from './lanes/turn-lanes.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Clock, systemClock } from './platform/clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createDatabase, type Database } from './platform/database.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type MakeId, makeRandomId } from './platform/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Logger } from './platform/logger.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createBrakes } from './store/brakes.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { readKeptText } from './store/kept-text.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createKeptValues } from './store/kept-values.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createOpenConflicts } from './store/open-conflicts.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createParkedStore } from './store/parked-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createScanMemory } from './store/scan-memory.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createScanSchedule } from './store/scan-schedule.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createSynchronizationStore } from './store/synchronization-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createTurnStore } from './store/turn-store.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createAskSpaceAdmin } from './sync/ask-space-admin.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { ParkedStore, ScanMemory, ScanSchedule } from './sync/healing-ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createQuota, type KeptQuota } from './sync/keep-quota.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  Brakes,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  Inbox,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  KeptValues,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  Lanes,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  OpenConflicts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  QuotaStore,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  SynchronizationStore,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  TurnStore,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
} from './sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { runRetries } from './sync/retry-parked.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { runScans } from './sync/run-scans.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createSpaceNames } from './sync/space-names.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { stopSite } from './sync/stop-site.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { takeTurn } from './sync/take-turn.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { TurnPorts } from './sync/turn.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createWorker } from './sync/work-lanes.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createApp } from './web/create-app.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createApiGuard } from './web/guards.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createApiRouter } from './web/routes/api-v1-router.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { FindUnready } from './web/routes/health-get.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A configuration with everything that running needs. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface RunnableConfig extends Config {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly databaseUrl: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly encryptionKeys: NonNullable<Config['encryptionKeys']>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What is remembered, and the ledger of work. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Memory {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly synchronizations: SynchronizationStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly lanes: Lanes;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly inbox: Inbox;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly turns: TurnStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly kept: KeptValues;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly conflicts: OpenConflicts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly brakes: Brakes;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly schedule: ScanSchedule;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly quotas: QuotaStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly scans: ScanMemory;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly parked: ParkedStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What of it cannot be reached now. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly findUnready: FindUnready;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Everything by which a Tandem touches what is outside of its own code. The fault laboratory (lab/) brings its own. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Parts {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly clock: Clock;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly makeId: MakeId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** 0 (included) to 1 (excluded). */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly random: () => number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly logger: Logger;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly secrets: Secrets;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly installations: InstallationStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly http: JiraHttp;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** `onWake` is to be called when a lane of this process became dirty. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly openMemory: (onWake: () => void) => Memory;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly installKeys: InstallKeys;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly descriptor: Descriptor;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** One Tandem, wired and not yet running. Several can live in one process. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Assembled {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The web role: listen with it. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly web: Express;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The worker role: turns of lanes and overlap scans, until `signal` aborts and the turns in hand are done. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  work(signal: AbortSignal): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What the worker works with, for whoever takes turns one by one. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly turns: TurnKit;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** {@link Assembled} on a database, the network and the machine's time. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Tandem extends Assembled {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly database: Database;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  close(): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface TurnKit {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly lanes: Lanes;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly synchronizations: SynchronizationStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly ports: TurnPorts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Where the files are that come with the code. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const ROOT = new URL('../', import.meta.url);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const file = (name: string): string => fileURLToPath(new URL(name, ROOT));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A connection to Jira that does not come about in this time is one to a site that is down. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const CONNECT_TIMEOUT_MS = 5_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const DAY_MS = 86_400_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Web and worker share the pool; a turn holds a connection only between its calls to Jira. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const POOL_SIZE = 20;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The only place where adapters meet (docs/architecture.md). */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export async function compose(config: RunnableConfig, logger: Logger): Promise<Tandem> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const clock = systemClock;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const database = createDatabase({ url: config.databaseUrl, poolSize: POOL_SIZE, clock });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const agents = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const assembled = assemble(config, {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeId: makeRandomId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    random: Math.random,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    logger,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    secrets: composeSecrets(config),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installations: createPostgresInstallationStore(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    http: createJiraHttp(agents),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    openMemory: (onWake) => openPostgres(database, onWake),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installKeys: createInstallKeys({ servers: config.installKeyServers, clock }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    descriptor: await composeDescriptor(config),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ...assembled,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    database,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async close() {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      agents.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await database.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Puts the parts together. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function assemble(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts): Assembled {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { clock, logger, random, makeId, secrets } = parts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const memory = parts.openMemory(() => worker.nudge());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const quota = createQuota({ store: memory.quotas, clock, onError: (error) => sayQuotasAway(logger, error) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const reach = composeReach(config, parts, quota);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { fingerprinter, makeTrace, observations } = secrets;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const ports: TurnPorts = {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turns: memory.turns,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    brakes: memory.brakes,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    sites: reach.sites,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    random,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fingerprinter,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeTrace,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    openObservation: observations.open,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    seal: secrets.secretBox.seal,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    keepValuesMs: config.keepLostValuesDays * DAY_MS,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const worker = createWorker({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    lanes: memory.lanes,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    takeTurn: (claim, isOurs) => takeTurn(claim, ports, isOurs),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    logger,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    concurrency: config.workerConcurrency,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    web: composeWeb(config, parts, reach, memory),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turns: { lanes: memory.lanes, synchronizations: memory.synchronizations, ports },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async work(signal) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await Promise.all([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        worker.run(signal),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        quota.run(signal),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        runScans({ ...memory, sites: reach.sites, fingerprinter, clock, random, logger }, signal),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        runRetries({ ...memory, clock, logger }, signal),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What the master keys open and what is derived from them. The oldest key is the one that fingerprints are made with. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function composeSecrets({ encryptionKeys: { current, older } }: Pick<RunnableConfig, 'encryptionKeys'>) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const keys = createTenantKeys(Buffer.from(older.at(-1) ?? current, 'hex'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const secretBox = createSecretBox({ current: Buffer.from(current, 'hex'), older: older.map((key) => Buffer.from(key, 'hex')) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    secretBox,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    observations: createObservationBox(secretBox),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fingerprinter: keys.fingerprinter,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeTrace: makeTrace.bind(null, keys),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    readTrace: readTrace.bind(null, keys),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export type Secrets = ReturnType<typeof composeSecrets>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The descriptor as this configuration has it. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export const composeDescriptor = ({ mode, publicUrl, appKey }: Pick<Config, 'mode' | 'publicUrl' | 'appKey'>) =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  renderDescriptor({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    descriptorPath: file('atlassian-connect.json'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    configPath: file('config.json'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    mode,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    publicUrl,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    appKey,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const sayQuotasAway = (logger: Logger, error: unknown): void =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Quotas could not be looked up or written down');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The way to the sites that installed the app. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function composeReach(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { appKey }: Pick<Config, 'appKey'>,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { installations: store, http, clock, secrets }: Parts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  quota: KeptQuota,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const installations = rememberInstallations(store, clock);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const transports = createConnectTransports({ installations, secretBox: secrets.secretBox, clock, appKey });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return { installations, sites: createSites({ transports, http, clock, quota, record: () => undefined }) };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
type Reach = ReturnType<typeof composeReach>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const openPostgres = (database: Database, onWake: () => void): Memory => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  synchronizations: createSynchronizationStore(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  lanes: createLanes({ database, onWake }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  inbox: createInbox({ database, onWake }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  turns: createTurnStore({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  kept: createKeptValues({ database, makeId: makeRandomId }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  conflicts: createOpenConflicts({ database, lanes: turnLanes, onWake }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  brakes: createBrakes({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  schedule: createScanSchedule(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  quotas: createQuotaStore(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  scans: createScanMemory(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  parked: createParkedStore(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  findUnready: () => findUnready(database),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function composeWeb(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts, reach: Reach, memory: Memory): Express {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { publicUrl, appKey, connectScriptUrl, allowedSiteHosts } = config;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { secrets, clock, makeId, logger, descriptor } = parts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const verifier = composeVerifier(config, parts, reach);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return createApp({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    descriptor,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    verifier,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    lifecycle: createLifecycle({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      installations: reach.installations,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      sealSecret: secrets.secretBox.seal,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      stopSite: (tenantId) => stopSite(tenantId, memory.synchronizations),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      makeId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      appKey,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      siteRule: { hosts: allowedSiteHosts, http: config.mode === 'production' ? 'never' : 'localhost-too' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    inbox: memory.inbox,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    readTrace: secrets.readTrace,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    observe(siteTenantId, webhook) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const observation = readObservation(webhook);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return observation === null ? null : secrets.observations.seal(siteTenantId, observation);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    apiRouter: composeApi(verifier, parts, reach, memory),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    findUnready: memory.findUnready,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    logger,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    makeId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    publicUrl,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    connectScriptUrl,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    siteHosts: allowedSiteHosts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    appVersion: readVersion(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    folders: { views: file('views'), public: file('public') },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function composeVerifier(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  config: Omit<RunnableConfig, 'databaseUrl'>,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { secrets, clock, installKeys }: Parts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { installations }: Reach,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return createJwtVerifier({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installations,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    openSecret: ({ tenantId, sealedSecret }) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const opened = secrets.secretBox.open(tenantId, sealedSecret);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return opened.ok ? opened.value : null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    installKeys,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    baseUrl: config.publicUrl,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function composeApi(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  verifier: ReturnType<typeof createJwtVerifier>,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { clock, makeId, secrets }: Parts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { sites, installations }: Reach,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { synchronizations, lanes, turns, kept, conflicts, brakes }: Memory,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const askSpaceAdmin = createAskSpaceAdmin({ sites, clock });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return createApiRouter({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    guard: createApiGuard(verifier, (context) => askSpaceAdmin({ ...context, siteTenantId: context.tenantId })),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    setUp: { sites, directory: createSiteDirectory(installations), synchronizations, lanes, clock, makeId },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turns,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    names: createSpaceNames({ sites, clock }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    conflicts: { sites, synchronizations, kept, conflicts, clock, openValue: openValueWith(secrets) },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    brakes,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A value that lost a conflict, out of its seal. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const openValueWith =
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ({ secretBox }: Secrets) =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  (tenantId: TenantId, sealed: string): FieldValue | null => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const opened = secretBox.open(tenantId, sealed);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return opened.ok ? readKeptText(opened.value) : null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The web role needs its database; Jira being away makes nothing unready. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function findUnready(database: Database): Promise<readonly string[]> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  try {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await database.rows('SELECT 1 AS one', [], z.object({ one: z.number() }));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  } catch {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return ['database'];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const readVersion = (): string =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file('package.json'), 'utf8'))).version;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
