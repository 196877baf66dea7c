import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { mountCloud, mountNotFound } from './cloud/cloud-server.ts';
import { createFaults } from './cloud/faults.ts';
import { createConnectHost } from './connect/create-connect-host.ts';
import { createKeyServer, makeInstallKey } from './connect/key-server.ts';
import type { InstallKey } from './connect/sign.ts';
import { mountControl } from './control-routes.ts';
import { createForgeHost } from './forge/forge-host.ts';
import { createKeyRing, type KeyRing } from './forge/key-ring.ts';
import type { Clock, Timers } from './heart/clock.ts';
import { seededRandom } from './heart/random.ts';
import type { Site } from './heart/site.ts';
import { readSavedWorld, restoreSite, type SavedSite, saveWorld } from './saved-world.ts';
import type { MountPages, SimulatedSite } from './simulated-site.ts';
import { systemClock, systemTimers } from './system-clock.ts';
import { createOutbox } from './webhooks/create-outbox.ts';
import type { WebhookSwitches } from './webhooks/outbox.ts';
import { buildSmallWorld } from './world.ts';

export interface SimulatorOptions {
  readonly seed?: number;
  /** Real time unless given. */
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** A free port where none is given. */
  readonly ports?: { readonly acme?: number; readonly globex?: number; readonly keyServer?: number };
  /** How long the search index lags behind; 2000 unless given. */
  readonly indexLagMs?: number;
  readonly webhooks?: Partial<WebhookSwitches>;
  readonly pages?: MountPages;
  /** What `save` of an earlier world of the same seed returned: the sites go on from there. */
  readonly saved?: Buffer;
}

/** The running world. */
export interface Simulator {
  readonly sites: { readonly acme: SimulatedSite; readonly globex: SimulatedSite };
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

/** Listens on the loopback interface; the address is known before the site behind it exists. */
async function listen(server: http.Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

const stop = async (server: http.Server): Promise<void> => {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
};

interface SiteParts {
  readonly heart: Site;
  readonly server: http.Server;
  readonly installKey: InstallKey;
  readonly forgeKeys: KeyRing;
  readonly timers: Timers;
  readonly seed: number;
  readonly options: SimulatorOptions;
  readonly saved: SavedSite | undefined;
}

function openSite({ heart, server, installKey, forgeKeys, timers, seed, options, saved }: SiteParts): SimulatedSite {
  const starts = saved?.starts ?? 0;
  if (saved !== undefined) restoreSite(heart, saved);
  const connect = createConnectHost({
    site: heart,
    installKey,
    seed,
    ...(saved === undefined ? {} : { installations: saved.installations }),
  });
  const webhooks = createOutbox({
    site: heart,
    connect,
    clock: heart.clock,
    timers,
    seed: seed + 1 + starts * RESTART_SEED_STEP,
    switches: options.webhooks ?? {},
  });
  const forge = createForgeHost({
    site: heart,
    keys: forgeKeys,
    timers,
    seed: seed + 2 + starts * RESTART_SEED_STEP,
    retryDelayMs: options.webhooks?.retryDelayMs ?? FORGE_RETRY_MS,
    ...(saved?.forgeInstallations === undefined ? {} : { installations: saved.forgeInstallations }),
  });
  const simulated: SimulatedSite = {
    url: heart.baseUrl,
    heart,
    connect,
    forge,
    bearers: [forge.authenticate],
    webhooks,
    faults: createFaults(),
    control: { latencyMs: 0 },
    starts,
  };
  const face = express();
  face.disable('x-powered-by');
  face.disable('etag');
  mountCloud(face, simulated, timers);
  mountControl(face, simulated);
  options.pages?.(face, simulated);
  mountNotFound(face);
  server.on('request', face);
  return simulated;
}

/** Starts the seed world `small` on free or given ports of localhost. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? 1;
  const timers = options.timers ?? systemTimers;
  const installKey = makeInstallKey(seededRandom(seed));
  const forgeKeys = createKeyRing(seededRandom(seed + 3));
  const servers = { acme: http.createServer(), globex: http.createServer(), keys: createKeyServer(installKey, forgeKeys.jwks) };
  for (const server of Object.values(servers)) server.keepAliveTimeout = 60_000;
  const urls = {
    acme: await listen(servers.acme, options.ports?.acme ?? 0),
    globex: await listen(servers.globex, options.ports?.globex ?? 0),
  };
  const keyServerUrl = await listen(servers.keys, options.ports?.keyServer ?? 0);
  const world = buildSmallWorld({
    clock: options.clock ?? systemClock,
    seed,
    indexLagMs: options.indexLagMs ?? INDEX_LAG_MS,
    urls,
  });
  const saved = options.saved === undefined ? {} : readSavedWorld(options.saved);
  const sites = {
    acme: openSite({
      saved: saved.acme,
      heart: world.acme,
      server: servers.acme,
      installKey,
      forgeKeys,
      timers,
      seed: seed * 100 + 1,
      options,
    }),
    globex: openSite({
      saved: saved.globex,
      heart: world.globex,
      server: servers.globex,
      installKey,
      forgeKeys,
      timers,
      seed: seed * 100 + 51,
      options,
    }),
  };
  return {
    sites,
    keyServerUrl,
    forgeKeys,
    idle: async () => {
      await Promise.all(Object.values(sites).flatMap((site) => [site.webhooks.idle(), site.forge.idle()]));
    },
    save: () => saveWorld([sites.acme, sites.globex]),
    close: async () => {
      for (const site of Object.values(sites)) site.forge.close();
      await Promise.all([sites.acme.webhooks.close(), sites.globex.webhooks.close()]);
      await Promise.all(Object.values(servers).map(stop));
    },
  };
}
