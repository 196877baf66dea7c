import express from 'express';
import { mountCloud, mountNotFound } from './cloud/cloud-server.ts';
import { createFaults } from './cloud/faults.ts';
import { createConnectHost } from './connect/create-connect-host.ts';
import { answerKeys, installKeyOf } from './connect/key-server.ts';
import type { InstallKey } from './connect/sign.ts';
import { mountControl } from './control-routes.ts';
import type { DataCenterSite } from './datacenter/data-center-site.ts';
import type { DataCenterName } from './datacenter/data-center-world.ts';
import { type DataCenterOptions, openDataCenters } from './datacenter/open-data-center.ts';
import { createForgeHost } from './forge/forge-host.ts';
import { createKeyRing, type KeyRing } from './forge/key-ring.ts';
import type { Clock, Timers } from './heart/clock.ts';
import { seededRandom } from './heart/random.ts';
import type { Site } from './heart/site.ts';
import type { CallHttp } from './http-call.ts';
import type { CloudIdentity } from './identity/cloud-identity.ts';
import { createGatewayReader } from './identity/gateway-tokens.ts';
import { type IdentityServer, openIdentity, restoredIdentity } from './identity/open-identity.ts';
import { createPointsQuota, type PointsQuota } from './limits/points-quota.ts';
import { createRateLimits, type LimitSettings } from './limits/rate-limits.ts';
import { fileRecorder } from './recording/file-recorder.ts';
import { addRichProjects } from './rich/world-rich.ts';
import { readSavedWorld, restoreSite, type SavedSite, saveWorld } from './saved-world.ts';
import type { MountPages, SimulatedSite, SiteControl } from './simulated-site.ts';
import { systemClock, systemTimers } from './system-clock.ts';
import type { Endpoint, Network } from './transport/network.ts';
import { socketNetwork } from './transport/socket-network.ts';
import { createOutbox } from './webhooks/create-outbox.ts';
import type { WebhookSwitches } from './webhooks/outbox.ts';
import { buildSmallWorld } from './world.ts';
import { addLargeProject } from './world-large.ts';

export interface SimulatorOptions {
  readonly seed?: number;
  /** `large`: acme has 100,000 more items, in the project CARE. `rich`: three more projects on each site, with everything in them. */
  readonly world?: 'small' | 'large' | 'rich';
  /** Real time unless given. */
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** Sockets unless given. */
  readonly network?: Network;
  /** A free port where none is given. */
  readonly ports?: { readonly acme?: number; readonly globex?: number; readonly keyServer?: number };
  /** How long the search index lags behind; 2000 unless given. */
  readonly indexLagMs?: number;
  readonly webhooks?: Partial<WebhookSwitches>;
  /** Jira's rate limits; none unless given. */
  readonly limits?: Partial<LimitSettings>;
  readonly pages?: MountPages;
  /** Data Center sites besides the two of Cloud; none unless given. `{}`: as that site is by itself. */
  readonly dataCenter?: Readonly<Partial<Record<DataCenterName, DataCenterOptions>>>;
  /** Atlassian's accounts and gateway (auth.atlassian.com, api.atlassian.com) at an address of their own; none unless given. */
  readonly identity?: { readonly port?: number };
  /** What `save` of an earlier world of the same seed returned: the sites go on from there. */
  readonly saved?: Buffer;
}

/** The running world. */
export interface Simulator {
  readonly sites: { readonly acme: SimulatedSite; readonly globex: SimulatedSite };
  /** Those that were asked for. */
  readonly dataCenter: Readonly<Partial<Record<DataCenterName, DataCenterSite>>>;
  /** Null unless it was asked for. */
  readonly identity: IdentityServer | null;
  /** Where the public keys of signed installs are read: `GET {keyServerUrl}/{kid}`; those of Forge at `/.well-known/jwks.json`. */
  readonly keyServerUrl: string;
  /** Signs what Forge sends; to be rotated by a test. */
  readonly forgeKeys: KeyRing;
  /** Resolves when no site has a webhook waiting or under way. */
  idle(): Promise<void>;
  /** The state of both sites, to be given to a later start as `saved`. */
  save(): Buffer;
  /** Stops everything and closes all sockets. */
  close(): Promise<void>;
}

const INDEX_LAG_MS = 2000;
/** Between attempts of a Forge event. */
const FORGE_RETRY_MS = 60_000;
/** Keeps the random ids of one start apart from those of the next, and of the other site. */
const RESTART_SEED_STEP = 10_007;

interface SiteParts {
  readonly heart: Site;
  readonly control: SiteControl;
  readonly endpoint: Endpoint;
  readonly call: CallHttp;
  readonly quota: PointsQuota;
  /** The world's, not the site's, which may be wrong. */
  readonly clock: Clock;
  readonly installKey: InstallKey;
  readonly forgeKeys: KeyRing;
  readonly timers: Timers;
  readonly seed: number;
  readonly options: SimulatorOptions;
  readonly identity: CloudIdentity;
  readonly saved: SavedSite | undefined;
}

function openSite(parts: SiteParts): SimulatedSite {
  const { heart, control, call, installKey, forgeKeys, timers, seed, options, saved } = parts;
  const starts = saved?.starts ?? 0;
  if (saved !== undefined) restoreSite(heart, saved);
  const connect = createConnectHost({
    site: heart,
    installKey,
    seed,
    call,
    ...(saved === undefined ? {} : { installations: saved.installations }),
  });
  const webhooks = createOutbox({
    site: heart,
    connect,
    clock: heart.clock,
    timers,
    seed: seed + 1 + starts * RESTART_SEED_STEP,
    switches: options.webhooks ?? {},
    dynamic: new Map(saved?.dynamicWebhooks),
    admin: new Map(saved?.adminWebhooks),
    clientSecretOf: (clientId) => parts.identity.apps.get(clientId)?.clientSecret ?? null,
    call,
  });
  const forge = createForgeHost({
    site: heart,
    keys: forgeKeys,
    timers,
    seed: seed + 2 + starts * RESTART_SEED_STEP,
    retryDelayMs: options.webhooks?.retryDelayMs ?? FORGE_RETRY_MS,
    call,
    ...(saved?.forgeInstallations === undefined ? {} : { installations: saved.forgeInstallations }),
  });
  const face = express();
  const simulated: SimulatedSite = {
    url: heart.baseUrl,
    face,
    heart,
    connect,
    forge,
    bearers: [forge.authenticate, createGatewayReader(parts.identity, parts.clock, heart)],
    webhooks,
    faults: createFaults(seededRandom(seed + 4 + starts * RESTART_SEED_STEP)),
    control,
    limits: createRateLimits({
      siteName: heart.name,
      clock: parts.clock,
      quota: parts.quota,
      users: () => heart.users.size,
      settings: options.limits ?? {},
    }),
    timers,
    call,
    starts,
  };
  face.disable('x-powered-by');
  face.disable('etag');
  const recorder = fileRecorder('cloud');
  if (recorder !== null) face.use(recorder);
  mountCloud(face, simulated, timers);
  mountControl(face, simulated);
  options.pages?.(face, simulated);
  mountNotFound(face);
  parts.endpoint.serve(face);
  return simulated;
}

const SITE_SEEDS = { acme: 1, globex: 51 } as const;

async function idleWorld(sites: readonly SimulatedSite[]): Promise<void> {
  await Promise.all(sites.flatMap((site) => [site.webhooks.idle(), site.forge.idle()]));
}

async function closeWorld(
  sites: readonly SimulatedSite[],
  identity: IdentityServer | null,
  endpoints: readonly Endpoint[],
): Promise<void> {
  for (const site of sites) site.forge.close();
  await Promise.all(sites.map((site) => site.webhooks.close()));
  await identity?.close();
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
}

/** The hearts of the two Cloud sites, each with a clock of its own. */
function buildWorld(
  options: SimulatorOptions,
  clock: Clock,
  { acme, globex }: { readonly acme: SiteControl; readonly globex: SiteControl },
  urls: { readonly acme: string; readonly globex: string },
): { readonly acme: Site; readonly globex: Site } {
  const seed = options.seed ?? 1;
  const small = buildSmallWorld({
    clocks: { acme: { now: () => clock.now() + acme.skewMs }, globex: { now: () => clock.now() + globex.skewMs } },
    seed,
    indexLagMs: options.indexLagMs ?? INDEX_LAG_MS,
    urls,
  });
  if (options.world === 'rich')
    return { acme: addRichProjects(small.acme, 'acme'), globex: addRichProjects(small.globex, 'globex') };
  return options.world === 'large' ? { ...small, acme: addLargeProject(small.acme, seed) } : small;
}

/** Starts a seed world, `small` unless told otherwise, on free or given ports of localhost. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? 1;
  const [clock, timers, network] = [
    options.clock ?? systemClock,
    options.timers ?? systemTimers,
    options.network ?? socketNetwork,
  ];
  const installKey = installKeyOf(seededRandom(seed));
  const forgeKeys = createKeyRing(seededRandom(seed + 3));
  const endpoints = {
    acme: await network.open(options.ports?.acme),
    globex: await network.open(options.ports?.globex),
    keys: await network.open(options.ports?.keyServer),
  };
  endpoints.keys.serve(answerKeys(installKey, forgeKeys.jwks));
  const controls = { acme: { latencyMs: 0, skewMs: 0 }, globex: { latencyMs: 0, skewMs: 0 } };
  const world = buildWorld(options, clock, controls, { acme: endpoints.acme.url, globex: endpoints.globex.url });
  const saved = options.saved === undefined ? {} : readSavedWorld(options.saved);
  const quota = createPointsQuota();
  const identity = restoredIdentity(options.saved);
  const open = (name: keyof typeof SITE_SEEDS): SimulatedSite =>
    openSite({
      saved: saved[name],
      heart: world[name],
      control: controls[name],
      endpoint: endpoints[name],
      call: network.call,
      quota,
      clock,
      installKey,
      forgeKeys,
      timers,
      seed: seed * 100 + SITE_SEEDS[name],
      options,
      identity,
    });
  const sites = { acme: open('acme'), globex: open('globex') };
  const { sites: dataCenter, endpoints: more } = await openDataCenters(options.dataCenter ?? {}, network, saved, {
    clock,
    timers,
    seed,
    indexLagMs: options.indexLagMs ?? INDEX_LAG_MS,
    installKey,
    forgeKeys,
    pages: options.pages,
    webhooks: options.webhooks ?? {},
  });
  const identityServer = await openIdentity(options.identity, network, { identity, clock, seed, sites: Object.values(sites) });
  const all: readonly SimulatedSite[] = [...Object.values(sites), ...Object.values(dataCenter)];
  return {
    sites,
    dataCenter,
    identity: identityServer,
    keyServerUrl: endpoints.keys.url,
    forgeKeys,
    idle: () => idleWorld(all),
    save: () => saveWorld(all, identity),
    close: () => closeWorld(all, identityServer, [...Object.values(endpoints), ...more]),
  };
}
