import express, { type Express } from 'express';
import { mountNotFound } from '../cloud/cloud-server.ts';
import { createFaults } from '../cloud/faults.ts';
import { createConnectHost } from '../connect/create-connect-host.ts';
import type { InstallKey } from '../connect/sign.ts';
import { mountControl } from '../control-routes.ts';
import { createForgeHost } from '../forge/forge-host.ts';
import type { KeyRing } from '../forge/key-ring.ts';
import type { Clock, Timers } from '../heart/clock.ts';
import { seededRandom } from '../heart/random.ts';
import type { Site } from '../heart/site.ts';
import type { CallHttp } from '../http-call.ts';
import { emptyAccess, restoreAccess } from '../identity/data-center-access.ts';
import { createPointsQuota } from '../limits/points-quota.ts';
import { createRateLimits } from '../limits/rate-limits.ts';
import { fileRecorder } from '../recording/file-recorder.ts';
import { restoreSite, type SavedSite } from '../saved-world.ts';
import type { MountPages } from '../simulated-site.ts';
import type { Endpoint, Network } from '../transport/network.ts';
import type { WebhookSwitches } from '../webhooks/outbox.ts';
import { mountApplicationLinks } from './application-links-routes.ts';
import { mountDataCenterControl } from './control-data-center.ts';
import { createDataCenterOutbox } from './create-dc-outbox.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { buildDataCenter, type DataCenterName } from './data-center-world.ts';
import { mountDataCenter } from './dc-server.ts';
import { type DataCenterVersion, DIALECTS } from './dialect.ts';
import { mountLogin } from './login-routes.ts';
import { mountOAuth1 } from './oauth1-routes.ts';
import { mountOAuth2 } from './oauth2-routes.ts';
import { createRateLimit } from './rate-limit.ts';
import type { WebhookRegistry } from './webhook-registry.ts';

export interface DataCenterOptions {
  readonly version?: DataCenterVersion;
  /** Such as `/jira`; empty for none. */
  readonly contextPath?: string;
  readonly port?: number;
  readonly webhooks?: Partial<WebhookSwitches>;
}

/** What a site is unless its options say otherwise. */
const DEFAULTS: Readonly<Record<DataCenterName, { version: DataCenterVersion; contextPath: string; seed: number }>> = {
  initech: { version: '10.3', contextPath: '/jira', seed: 101 },
  umbrella: { version: '9.12', contextPath: '', seed: 151 },
};
const RESTART_SEED_STEP = 10_007;

interface Parts {
  readonly name: DataCenterName;
  readonly options: DataCenterOptions;
  readonly endpoint: Endpoint;
  readonly call: CallHttp;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly seed: number;
  readonly indexLagMs: number;
  readonly installKey: InstallKey;
  readonly forgeKeys: KeyRing;
  readonly pages: MountPages | undefined;
  /** Of the whole world; a site's own go before. */
  readonly webhooks: Partial<WebhookSwitches>;
  readonly saved: SavedSite | undefined;
}

/** What every simulated site has, though no app of Cloud can be installed here and no points are counted. */
const idleParts = ({ call, timers, installKey, forgeKeys, clock }: Parts, heart: Site, seed: number) => ({
  connect: createConnectHost({ site: heart, installKey, seed, call }),
  forge: createForgeHost({ site: heart, keys: forgeKeys, timers, seed: seed + 2, retryDelayMs: 0, call }),
  bearers: [],
  faults: createFaults(seededRandom(seed + 4)),
  limits: createRateLimits({
    siteName: heart.name,
    clock,
    quota: createPointsQuota(),
    users: () => heart.users.size,
    settings: {},
  }),
  timers,
  call,
});

function makeSite(parts: Parts, face: Express): DataCenterSite {
  const { name, options, endpoint, clock, timers, saved } = parts;
  const starts = saved?.starts ?? 0;
  const dialect = DIALECTS[options.version ?? DEFAULTS[name].version];
  const contextPath = options.contextPath ?? DEFAULTS[name].contextPath;
  const control = { latencyMs: 0, skewMs: 0 };
  const heart = buildDataCenter({
    name,
    baseUrl: `${endpoint.url}${contextPath}`,
    clock: { now: () => clock.now() + control.skewMs },
    // Tokens are drawn from it: a restart must not draw those of the last start again.
    seed: parts.seed + DEFAULTS[name].seed + starts * RESTART_SEED_STEP,
    indexLagMs: parts.indexLagMs,
  });
  const access = emptyAccess();
  const registry: WebhookRegistry = { webhooks: new Map() };
  if (saved !== undefined) restoreSite(heart, saved);
  if (saved?.dataCenter !== undefined) {
    restoreAccess(access, saved.dataCenter.access);
    for (const [id, webhook] of saved.dataCenter.webhooks) registry.webhooks.set(id, webhook);
  }
  const seed = parts.seed * 100 + DEFAULTS[name].seed;
  return {
    ...idleParts(parts, heart, seed),
    url: heart.baseUrl,
    face,
    heart,
    control,
    starts,
    dialect,
    contextPath,
    registry,
    access,
    rateLimit: createRateLimit(heart.clock),
    webhooks: createDataCenterOutbox({
      site: heart,
      dialect,
      registry,
      clock: heart.clock,
      timers,
      seed: seed + 1 + starts * RESTART_SEED_STEP,
      switches: { ...parts.webhooks, ...options.webhooks },
      call: parts.call,
    }),
  };
}

/** Makes a Data Center site and lets it be served at its endpoint, below its context path. */
function openDataCenter(parts: Parts): DataCenterSite {
  const face = express();
  const site = makeSite(parts, face);
  const recorder = fileRecorder('data-center');
  if (recorder !== null) face.use(recorder);
  mountDataCenter(face, site, parts.timers);
  const forms = express.urlencoded({ extended: false, limit: '1mb' });
  face.use(['/rest/oauth2', '/plugins/servlet', '/login.jsp'], forms);
  mountLogin(face, site);
  mountOAuth2(face, site);
  mountOAuth1(face, site);
  mountApplicationLinks(face, site);
  mountControl(face, site);
  mountDataCenterControl(face, site);
  // The pages in a browser link to each other from the root of their address.
  if (site.contextPath === '') parts.pages?.(face, site);
  mountNotFound(face);
  const server = express();
  for (const app of [face, server]) {
    app.disable('x-powered-by');
    app.disable('etag');
  }
  if (site.contextPath === '') parts.endpoint.serve(face);
  else {
    server.use(site.contextPath, face);
    mountNotFound(server);
    parts.endpoint.serve(server);
  }
  return site;
}

/** Opens the Data Center sites that are wanted, each at an endpoint of its own. */
export async function openDataCenters(
  wanted: Readonly<Partial<Record<DataCenterName, DataCenterOptions>>>,
  network: Network,
  saved: Readonly<Record<string, SavedSite | undefined>>,
  shared: Omit<Parts, 'name' | 'options' | 'endpoint' | 'call' | 'saved'>,
): Promise<{ sites: Partial<Record<DataCenterName, DataCenterSite>>; endpoints: readonly Endpoint[] }> {
  const sites: Partial<Record<DataCenterName, DataCenterSite>> = {};
  const endpoints: Endpoint[] = [];
  for (const name of ['initech', 'umbrella'] as const) {
    const options = wanted[name];
    if (options === undefined) continue;
    const endpoint = await network.open(options.port);
    endpoints.push(endpoint);
    sites[name] = openDataCenter({ ...shared, name, options, endpoint, call: network.call, saved: saved[name] });
  }
  return { sites, endpoints };
}
