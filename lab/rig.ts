import { composeSecrets } from '../app/compose-secrets.ts';
import { composeDescriptor } from '../app/compose-web.ts';
import { fail, succeed } from '../app/core/failure.ts';
import type { Descriptor } from '../app/hosts/connect/render-descriptor.ts';
import { EVERYTHING, type PageApi, synchronizeSpaces } from '../scripts/page-api.ts';
import { seededRandom } from '../simulator/heart/random.ts';
import { ALL_LIMITS } from '../simulator/limits/rate-limits.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { createMemoryNetwork, type MemoryNetwork } from '../simulator/transport/memory-network.ts';
import { createVirtualClock, type VirtualClock } from '../simulator/transport/virtual-clock.ts';
import { createMemoryInstallationStore } from '../test/fakes/memory-installation-store.ts';
import { watchDelivery } from './deliveries.ts';
import type { SharedFate } from './fate.ts';
import { type Ground, type LabConfig, type LabProcess, startProcess } from './lab-process.ts';
import { emptyTables } from './memory/tables.ts';
import type { Mutation } from './mutation.ts';
import { withoutRule } from './mutation.ts';
import { adminOf, type Couple, type Place, placeOf } from './sites.ts';
import { checkSignaturesOnTheSpot } from './synchronous-crypto.ts';
import { type Witness, watchSites } from './witness.ts';

export interface RigOptions {
  readonly seed: number;
  /** A second pair of sites, with tenants of its own, on the same app. */
  readonly twoTenants: boolean;
  /** Jira's rate limits are in force. */
  readonly limits: boolean;
  /** The longest that a request or an answer is on its way. */
  readonly travelMs: number;
  readonly processes: number;
  readonly without?: Mutation | undefined;
}

/** The app and its world in one process, in virtual time. */
export interface Rig {
  readonly ground: Ground;
  readonly clock: VirtualClock;
  readonly couples: readonly Couple[];
  readonly witness: Witness;
  /** Those of now; one that died is replaced by `revive`. */
  readonly processes: LabProcess[];
  revive(nth: number): void;
  /** Lets time pass until `work` is done. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** What administrators see to once nothing is broken any more: the app is installed and enabled, what stopped is started. */
  putRight(): Promise<void>;
  webhooksUnderWay(): number;
  close(): Promise<void>;
}

const START = Date.UTC(2026, 10, 22, 9);
const DAY_MS = 86_400_000;
/** A page of the app answers within this, also when its process stands still for a while, or a person tries again. */
const PAGE_TIMEOUT_MS = 120_000;
const KEY_TIMEOUT_MS = 5_000;
const CONCURRENCY = 8;
const ENCRYPTION_KEY = '1a'.repeat(32);
const SECOND_WORLD_SEED = 7_919;

const rendered = new Map<string, Promise<Descriptor>>();

/** Rendering takes a thread of its own and a third of a second: once for all laboratories of this process. */
const descriptorOf = (config: LabConfig): Promise<Descriptor> => {
  const known = rendered.get(config.publicUrl) ?? composeDescriptor(config);
  rendered.set(config.publicUrl, known);
  return known;
};

const configOf = (publicUrl: string): LabConfig => ({
  mode: 'test',
  role: 'all',
  appKey: 'com.tandem.jira',
  port: 0,
  publicUrl,
  encryptionKeys: { current: ENCRYPTION_KEY, older: [] },
  installKeyServers: [],
  connectScriptUrl: 'https://connect-cdn.atl-paas.net/all.js',
  allowedSiteHosts: ['localhost'],
  logLevel: 'info',
  workerConcurrency: CONCURRENCY,
  keepLostValuesDays: 30,
  eraseAfterDays: 30,
  allowedPrivateHosts: [],
  licencePublicKey: null,
  atlassian: { app: null, authUrl: 'https://auth.invalid', apiUrl: 'https://api.invalid' },
  tokenConnections: false,
});

export async function startRig(options: RigOptions): Promise<Rig> {
  checkSignaturesOnTheSpot();
  const { seed } = options;
  // Different runs meet different hours of the day, and with them other ends of the hour at which quotas begin anew.
  const random = seededRandom(seed);
  const clock = createVirtualClock(START + Math.floor(random.next() * DAY_MS), { withoutThreads: true });
  const travel = seededRandom(seed + 1);
  const journey = { longestMs: 0 };
  const network = createMemoryNetwork({ clock, timers: clock, travelMs: () => Math.floor(travel.next() * journey.longestMs) });
  const door = await network.open();
  const limits = options.limits ? { limits: ALL_LIMITS } : {};
  const open = (worldSeed: number): Promise<Simulator> =>
    startSimulator({ seed: worldSeed, clock, timers: clock, network, ...limits });
  const worlds = [await open(seed), ...(options.twoTenants ? [await open(seed + SECOND_WORLD_SEED)] : [])];
  const ground = await prepareGround(options, { clock, network, publicUrl: door.url, worlds });
  const processes = Array.from({ length: options.processes }, (_, n) => startProcess(ground, `p${n}.0`));
  let turn = 0;
  door.serve((request, response) => {
    watchDelivery(request, response, ground.deliveries);
    const alive = processes.filter(({ fate }) => !fate.dead);
    turn += 1;
    const next = alive[turn % Math.max(1, alive.length)];
    if (next === undefined) response.socket?.destroy();
    else next.serve(request, response);
  });
  const couples: Couple[] = [];
  for (const [n, { sites }] of worlds.entries()) {
    const [A, B] = [placeOf(sites.acme, 'SUP'), placeOf(sites.globex, 'ENG')];
    for (const { site } of [A, B]) await install(site, door.url);
    const { synchronizationId } = await synchronize(network, door.url, A, B);
    couples.push({ A, B, synchronizationId, canary: `canary${n}x${seed}` });
  }
  ground.secretWords.push(...couples.map(({ canary }) => canary));
  journey.longestMs = options.travelMs;
  const lives = processes.map(() => 0);
  const drive = driver(clock);
  return {
    ground,
    clock,
    couples,
    processes,
    drive,
    witness: watchSites(couples, clock),
    revive(nth) {
      lives[nth] = (lives[nth] ?? 0) + 1;
      processes[nth] = startProcess(ground, `p${nth}.${lives[nth]}`);
    },
    putRight: () => putRight(ground, couples, door.url, drive),
    webhooksUnderWay: () =>
      couples
        .flatMap(({ A, B }) => [A, B])
        .reduce((sum, { site }) => sum + site.webhooks.counts().waiting + site.webhooks.counts().sending, 0),
    async close() {
      for (const { fate } of processes) fate.die();
      for (const world of worlds) await world.close();
    },
  };
}

interface Surroundings {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly publicUrl: string;
  readonly worlds: readonly Simulator[];
}

async function prepareGround(options: RigOptions, { clock, network, publicUrl, worlds }: Surroundings): Promise<Ground> {
  const config = configOf(publicUrl);
  const random = seededRandom(options.seed + 2);
  const outages = seededRandom(options.seed + 3);
  const shared: SharedFate = { storeAway: false, drawCarriedOut: () => outages.chance(0.5) };
  const secrets = composeSecrets(config);
  return {
    config,
    clock,
    network,
    random,
    makeId: () => random.uuid(),
    shared,
    secrets: options.without === 'echo' ? { ...secrets, readTrace: () => null } : secrets,
    installations: createMemoryInstallationStore(),
    tables: emptyTables(),
    without: withoutRule(options.without),
    descriptor: await descriptorOf(config),
    installKeys: { readPem: (keyId) => readKey(network, worlds, keyId) },
    rest: { lookEveryMs: null },
    calls: [],
    deliveries: [],
    log: [],
    secretWords: [],
    voidWrites: [],
    bare: [],
  };
}

async function readKey(network: MemoryNetwork, worlds: readonly Simulator[], keyId: string) {
  for (const { keyServerUrl } of worlds) {
    const answer = await network.call({ method: 'GET', url: `${keyServerUrl}/${keyId}`, timeoutMs: KEY_TIMEOUT_MS });
    if (answer.status === 200) return succeed(answer.body);
  }
  return fail('jwt-key-unknown' as const);
}

async function install(site: SimulatedSite, url: string): Promise<void> {
  const installed = await site.connect.install(`${url}/atlassian-connect.json`);
  if (!installed.ok) throw new Error(`The app could not be installed: ${installed.detail}`);
}

/** The app's own pages, over the network of memory. */
function pageApi(network: MemoryNetwork, url: string, place: Place): PageApi {
  return async <Answer>(method: string, route: string, body?: unknown): Promise<Answer> => {
    const { site, project } = place;
    const [appKey = ''] = site.connect.installations.keys();
    const token = site.connect.contextToken(appKey, adminOf(place).accountId, { project: { id: project.id, key: project.key } });
    const answer = await network.call({
      method: method === 'GET' ? 'GET' : 'POST',
      url: `${url}/api/v1${route}`,
      headers: {
        authorization: `JWT ${token}`,
        'content-type': 'application/json',
        ...(body === undefined ? { 'content-length': '0' } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: PAGE_TIMEOUT_MS,
    });
    if (answer.status === null || answer.status >= 300) throw new Error(`${method} ${route}: ${JSON.stringify(answer)}`);
    return (answer.body === '' ? null : JSON.parse(answer.body)) as Answer;
  };
}

const synchronize = (network: MemoryNetwork, url: string, A: Place, B: Place) =>
  synchronizeSpaces(
    pageApi(network, url, A),
    pageApi(network, url, B),
    {
      partner: { kind: 'other-site', siteUrl: B.site.url, projectKey: B.project.key },
      name: 'Laboratory',
      description: '',
      content: EVERYTHING,
    },
    'leave',
  );

/** So much at a time passes while something is waited for. */
const STEP_MS = 200;
const LONGEST_DRIVE_MS = 10 * 60_000;

const driver =
  (clock: VirtualClock) =>
  async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const mark = (): void => {
      isDone = true;
    };
    work.then(mark, mark);
    for (let passed = 0; !isDone && passed < LONGEST_DRIVE_MS; passed += STEP_MS) await clock.advance(isDone ? 0 : STEP_MS);
    if (!isDone) throw new Error('Something that was waited for never ended');
    return work;
  };

async function putRight(ground: Ground, couples: readonly Couple[], url: string, drive: Rig['drive']): Promise<void> {
  for (const couple of couples) {
    for (const { site } of [couple.A, couple.B]) {
      const [installation] = site.connect.installations.values();
      const known = installation === undefined ? null : await ground.installations.readByClientKey(installation.clientKey);
      if (installation?.enabled !== true || known?.state !== 'enabled') await drive(install(site, url));
    }
  }
  for (const { A, synchronizationId } of couples) {
    const row = [...ground.tables.synchronizations.values()].find((one) => one.synchronizationId === synchronizationId);
    if (row?.state === 'running') continue;
    const api = pageApi(ground.network, url, A);
    await drive(api('POST', `/synchronizations/${synchronizationId}/start`, { existingItems: 'leave' }));
  }
}
