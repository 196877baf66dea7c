import { type Memory, openPostgres } from './compose-memory.ts';
import {
  type Assembled,
  composeAddressRule,
  composeReach,
  type Parts,
  type Reach,
  type RunnableConfig,
  type Tandem,
} from './compose-parts.ts';
import { composeSecrets } from './compose-secrets.ts';
import { composeDescriptor, composeWeb } from './compose-web.ts';
import { createPostgresInstallationStore } from './connections/postgres-installation-store.ts';
import { createReportAccounts } from './connections/report-to-atlassian.ts';
import { createSendHttp } from './connections/send-http.ts';
import type { TenantId } from './core/ids.ts';
import { ITEM_PIECE } from './core/piece.ts';
import { createInstallKeys } from './hosts/connect/install-keys.ts';
import { createAgents } from './jira/agents.ts';
import { createJiraHttp } from './jira/client.ts';
import { systemClock } from './platform/clock.ts';
import { createDatabase } from './platform/database.ts';
import { createGuardedAgents, createSiteAddressCheck, resolveHost } from './platform/guarded-agents.ts';
import { makeRandomId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { careForConnections } from './sync/care-for-connections.ts';
import { createCloseWebhooks } from './sync/close-webhooks.ts';
import { expireSetUp } from './sync/expire-set-up.ts';
import { createQuota } from './sync/keep-quota.ts';
import { paceTurns } from './sync/pace-turns.ts';
import { runReporting } from './sync/report-accounts.ts';
import { runRetries } from './sync/retry-parked.ts';
import { runBackfills } from './sync/run-backfills.ts';
import { runErasure } from './sync/run-erasure.ts';
import { runRetention } from './sync/run-retention.ts';
import { runScans } from './sync/run-scans.ts';
import { shareCalls } from './sync/share-calls.ts';
import { takeTurn } from './sync/take-turn.ts';
import type { TurnPorts } from './sync/turn.ts';
import { createWorker } from './sync/work-lanes.ts';

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
  const guard = { rule: composeAddressRule(config), resolve: resolveHost, connectTimeoutMs: CONNECT_TIMEOUT_MS };
  const guarded = createGuardedAgents(guard);
  const assembled = assemble(config, {
    clock,
    makeId: makeRandomId,
    random: Math.random,
    logger,
    secrets: composeSecrets(config),
    installations: createPostgresInstallationStore(database),
    http: createJiraHttp(agents),
    givenHttp: createJiraHttp(guarded),
    checkAddress: createSiteAddressCheck(guard),
    openMemory: (onWake) => openPostgres({ database, clock, logger, onWake }),
    installKeys: createInstallKeys({ servers: config.installKeyServers, clock }),
    descriptor: await composeDescriptor(config),
  });
  return {
    ...assembled,
    database,
    async close() {
      agents.close();
      guarded.close();
      await database.close();
    },
  };
}

/** Puts the parts together. */
export function assemble(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts): Assembled {
  const { clock, logger, random, makeId, secrets } = parts;
  const memory = parts.openMemory(() => worker.nudge());
  const quota = createQuota({ store: memory.quotas, clock, onError: (error) => sayQuotasAway(logger, error) });
  const reach = composeReach(config, parts, quota, memory);
  const { fingerprinter, makeTrace, observations, items, commentEvents } = secrets;
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
    openCommentEvent: commentEvents.open,
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
      await Promise.all([worker.run(signal), quota.run(signal), ...runCare(config, parts, reach, memory, signal)]);
    },
  };
}

/** What goes on beside the turns, as far as there is something for it in that memory. */
function runCare(
  config: Omit<RunnableConfig, 'databaseUrl'>,
  { clock, logger, random, secrets, http }: Parts,
  { sites, cares, transports }: Reach,
  memory: Memory,
  signal: AbortSignal,
): readonly Promise<void>[] {
  const { backfills, retention, tenants, remote, personalData } = memory;
  const { app, apiUrl } = config.atlassian;
  const { fingerprinter, items } = secrets;
  const tools = { clock, logger };
  const expire = (tenantId: TenantId) => expireSetUp({ ...memory, clock }, tenantId);
  return [
    runScans({ ...memory, ...tools, sites, fingerprinter, random, backfilled: backfills !== null }, signal),
    runRetries({ ...memory, ...tools }, signal),
    ...(backfills === null ? [] : [runBackfills({ ...memory, ...tools, backfills, sites, sealItem: items.seal }, signal)]),
    ...(retention === null ? [] : [runRetention({ ...tools, retention, expire }, signal)]),
    ...(tenants === null
      ? []
      : [runErasure({ ...memory, ...tools, tenants, closeWebhooks: createCloseWebhooks({ ...memory, cares }) }, signal)]),
    // Only an OAuth app has credentials there (docs/limits.md).
    ...(personalData === null || app === null
      ? []
      : [
          runReporting(
            {
              ...tools,
              personalData,
              report: createReportAccounts({ personalData, transports, apiUrl, send: createSendHttp(http.instance) }),
            },
            signal,
          ),
        ]),
    ...(remote === null
      ? []
      : [careForConnections({ ...memory, ...tools, cares, addresses: secrets.webhookAddressesAt(config.publicUrl) }, signal)]),
  ];
}

const sayQuotasAway = (logger: Logger, error: unknown): void =>
  logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Quotas could not be looked up or written down');
